"""What is said about stations over HTTP."""

from typing import Annotated

from pydantic import AfterValidator, BaseModel, Field

from protocol.enrolment_code import SECRET_CHARS
from protocol.keys import check_public
from protocol.shapes import Id
from server.people.schemas import Asked
from server.rooms.rules import SEATS_MAX
from server.stations.models import StationRow
from server.stations.rules import StationState


class Enrol(Asked):
    """What a machine says once, over TLS pinned to the room's CA."""

    station: Id
    secret: Annotated[str, Field(min_length=8, max_length=100)]
    public_key: Annotated[str, AfterValidator(check_public)]


class EnrolByCode(Asked):
    """What a machine says of a typed code: its secret alone, once the CA proved to be the one the code names."""

    secret: Annotated[str, Field(min_length=SECRET_CHARS, max_length=SECRET_CHARS)]
    public_key: Annotated[str, AfterValidator(check_public)]


class AuthorityShown(BaseModel):
    """The room's CA certificate, for whoever knows its fingerprint from elsewhere."""

    ca_pem: str


class CodeShown(BaseModel):
    """One seat's enrolment code, to be typed at the machine there; ``expires_at`` in UTC milliseconds."""

    station: str
    seat: int
    code: str
    address: str
    expires_at: int


class EnrolledShown(BaseModel):
    """What it is told: who it is now, and the key by which it knows this room's orders."""

    station: str
    room_key: str
    room: str
    seat: int


class SecretsAsked(Asked):
    """Which seats need secrets; None for all of the room. ``address`` when it is not the server's usual one."""

    seats: Annotated[list[int], Field(min_length=1, max_length=SEATS_MAX)] | None = None
    address: Annotated[str, Field(pattern=r"^https://[^/\s]{1,255}$")] | None = None


class SecretShown(BaseModel):
    """One seat's line of the enrolment file."""

    station: str
    secret: str
    seat: int
    ca_pem: str
    room_key: str
    address: str


class StationShown(BaseModel):
    """A station as the register shows it."""

    id: str
    room: str
    seat: int
    state: StationState
    enrolled_at: int | None

    @classmethod
    def of(cls, row: StationRow) -> "StationShown":
        """From the row."""
        return cls(
            id=row.id,
            room=row.room,
            seat=row.seat,
            state=StationState(row.state),
            enrolled_at=row.enrolled_at,
        )
