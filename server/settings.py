"""What an operator may set, one small class for each section; units stand in the names.

Read once, at the door (``kaochang serve``), and passed down; nothing reads it at import. The commented sample is
``config/kaochang.sample.toml``.
"""

import tomllib
from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, ValidationError

SETTINGS_FILE_BYTES_MAX = 64_000
"""Many times the sample; anything longer is no settings file."""

Port = Annotated[int, Field(ge=1, le=65_535)]


class SettingsError(ValueError):
    """The settings file cannot be used; the text names every setting that is wrong."""


class Section(BaseModel):
    """A section refuses settings it does not know."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


class Listen(Section):
    """Where stations and consoles reach the room server."""

    # A room server serves its room's network; the certificate and the logins guard it.
    address: str = "0.0.0.0"  # noqa: S104
    port: Port = 8443
    names: list[str] = []
    """Host names and addresses in the certificate, beside localhost and 127.0.0.1."""
    demo_console_port: Port = 8480
    """Plain HTTP on 127.0.0.1, opened by ``--demo-console`` only."""

    @property
    def public_address(self) -> str:
        """Where stations are told to find the server: the first name, else the address listened on."""
        anywhere = self.address in ("0.0.0.0", "::")  # noqa: S104 - compared, not listened on
        host = self.names[0] if self.names else "127.0.0.1" if anywhere else self.address
        return f"https://[{host}]:{self.port}" if ":" in host else f"https://{host}:{self.port}"


class Logins(Section):
    """How people log in."""

    hours: Annotated[int, Field(ge=1, le=72)] = 12
    """A login ends after so long."""
    tries_max: Annotated[int, Field(ge=1, le=100)] = 5
    """Wrong passwords for one login name within the window; one more is refused, whatever the address."""
    tries_window_s: Annotated[int, Field(ge=1, le=86_400)] = 60
    password_chars_min: Annotated[int, Field(ge=8, le=64)] = 10


class Argon2(Section):
    """What one password check costs (RFC 9106, second recommended option)."""

    memory_kib: Annotated[int, Field(ge=8, le=4_194_304)] = 65_536
    passes: Annotated[int, Field(ge=1, le=20)] = 3
    lanes: Annotated[int, Field(ge=1, le=64)] = 4


class Enrolment(Section):
    """How stations become known to the room."""

    secret_hours: Annotated[int, Field(ge=1, le=168)] = 24
    """A one-use secret ends after so long."""


class Review(Section):
    """What reviews need from the operator."""

    calendar: str = ""
    """Path of the office's working-day file; empty: calendar.toml or calendar.csv in the data folder, if there."""


class SecondCopy(Section):
    """Where ledger, store and keys are copied to while the room works."""

    folder: str = ""
    """A folder on another disk or machine, as secret as the room's own; empty: no second copy is kept."""
    every_s: Annotated[int, Field(ge=1, le=3600)] = 1
    """What was committed is on the second disk this much later."""


class Bank(Section):
    """How long the banks stay unlocked."""

    idle_minutes: Annotated[int, Field(ge=1, le=1440)] = 30
    """Minutes without a keeper's work after which the banks lock themselves."""


class Settings(Section):
    """All sections."""

    listen: Listen = Listen()
    logins: Logins = Logins()
    argon2: Argon2 = Argon2()
    enrolment: Enrolment = Enrolment()
    review: Review = Review()
    bank: Bank = Bank()
    second_copy: SecondCopy = SecondCopy()


def load(path: Path) -> Settings:
    """Read a settings file. Raises :class:`SettingsError` naming everything that is wrong, OSError when unreadable."""
    with path.open("rb") as file:
        data = file.read(SETTINGS_FILE_BYTES_MAX + 1)
    if len(data) > SETTINGS_FILE_BYTES_MAX:
        raise SettingsError(f"{path}: more than {SETTINGS_FILE_BYTES_MAX} bytes")
    try:
        return Settings.model_validate(tomllib.loads(data.decode("utf-8-sig")))
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise SettingsError(f"{path}: {error}") from error
    except ValidationError as error:
        lines = [f"{'.'.join(map(str, e['loc']))}: {e['msg']}" for e in error.errors(include_url=False)]
        raise SettingsError("\n".join([f"{path}:", *lines])) from error
