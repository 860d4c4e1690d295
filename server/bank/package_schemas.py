"""What is said about session packages over HTTP: one shape has a part of a key, shown once."""

from typing import Annotated

from pydantic import BaseModel, Field, StringConstraints

from protocol.limits import ID_PATTERN
from protocol.wire import INTEGER_MAX
from server.bank.package_file import Header
from server.bank.package_key import PART_CHARS_MAX
from server.bank.schemas import Asked, BankCode
from server.people.schemas import LoginName, Password


class NewPackage(Asked):
    """A package to make: the newest version of a bank for one session. ``not_before``: UTC milliseconds."""

    bank: BankCode
    blueprints: Annotated[list[BankCode], Field(min_length=1, max_length=50)]
    session: Annotated[str, StringConstraints(pattern=ID_PATTERN)]
    intended_for: Annotated[str, StringConstraints(strip_whitespace=True, max_length=200)] = ""
    not_before: Annotated[int, Field(ge=0, le=INTEGER_MAX)]


class PackageShown(BaseModel):
    """A package that is here: what stands on it in plain sight, and how far it is.

    parts_shown: of the key of a package made here, None for one that was brought; digest: of the whole file.
    """

    header: Header
    digest: str
    bytes: int
    made_here: bool
    kept_at: int
    parts_shown: int | None
    parts_entered: int
    opened: bool


class WhoSeesPart(Asked):
    """The person logged in, or another at the same console with a password."""

    login: LoginName | None = None
    password: Password | None = None


class TypedPart(WhoSeesPart):
    """A part as typed, by the person logged in or another at the same console."""

    part: Annotated[str, Field(min_length=1, max_length=PART_CHARS_MAX)]


class PartShown(BaseModel):
    """One part of a key, shown this once."""

    part: int
    text: str


class PartEntered(BaseModel):
    """How many parts are in, and whether the package is open for loading."""

    entered: int
    opened: bool
