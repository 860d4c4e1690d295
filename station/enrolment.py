"""How a machine becomes a station of a room, and how it remembers that it is one.

The room gives a file (on a stick or in the image): for each seat a line with the server's address, the room's CA, its
public key and a one-use secret. The machine makes its own key pair, proves the secret over TLS pinned to that CA, and
keeps who it is in ``station.json`` and ``station.key``, readable by their owner only. A wiped machine enrols again.
Without a stick a code is typed instead: ``station.typed_code``.
"""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

import httpx
from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

from protocol.files import Files
from protocol.keys import SigningKey, check_public
from protocol.shapes import Id, PublicKey
from station.identity import Identity, pinned_tls
from station.room_clock import replace_file

ENROL_S_MAX = 20.0
"""Seconds an enrolment may take."""

FILE_BYTES_MAX = 16 * 1_048_576
"""An enrolment file in bytes: some thousand seats."""

IDENTITY_FILE, KEY_FILE = "station.json", "station.key"


class CannotEnrol(Exception):
    """The machine is no station yet; the message says what to do."""


class EnrolmentLine(BaseModel):
    """One seat's line of the enrolment file; ``ticket`` and ``document`` are those of a simulated candidate."""

    model_config = ConfigDict(extra="ignore")

    station: Id
    secret: str
    address: str
    room_key: PublicKey
    ca_pem: str | None = None
    server_name: str | None = None
    seat: Annotated[int, Field(ge=1)] | None = None
    ticket: str | None = None
    document: str | None = None


class Enrolled(BaseModel):
    """What the room says to a machine that became a station."""

    model_config = ConfigDict(extra="ignore")

    station: str
    room_key: str
    room: str
    seat: int | None = None


class _Kept(BaseModel):
    """``station.json``."""

    station: Id
    address: str
    room_key: PublicKey
    ca_pem: str | None
    server_name: str | None
    seat: int | None
    room: str


@dataclass(frozen=True)
class StationFiles:
    """Where a machine remembers who it is."""

    files: Files
    home: Path

    def read(self) -> Identity | None:
        """The identity of an enrolled machine; None before. Raises CannotEnrol when it is damaged."""
        if not self.files.exists(self.home / IDENTITY_FILE):
            return None
        try:
            kept = _Kept.model_validate_json(self.files.read(self.home / IDENTITY_FILE))
            key = SigningKey.from_pem(self.files.read(self.home / KEY_FILE))
        except (ValueError, FileNotFoundError) as error:
            raise CannotEnrol(
                f"{self.home}: 考试机登记信息已损坏，请重新登记。 The identity here is damaged, enrol again: {error}"
            ) from error
        return Identity(
            kept.station, key, kept.address, kept.room_key, kept.ca_pem, kept.server_name, kept.seat, kept.room
        )

    def key(self) -> SigningKey:
        """This machine's key, made and kept on the first call: a repeated enrolment shows the same one."""
        path = self.home / KEY_FILE
        self.files.make_folder(self.home)
        if self.files.exists(path):
            try:
                return SigningKey.from_pem(self.files.read(path))
            except ValueError as error:
                raise CannotEnrol(f"{path}: 密钥文件无法读取。 The key is unreadable: {error}") from error
        key = SigningKey.generate()
        replace_file(self.files, path, key.to_pem())
        return key

    def keep(self, identity: Identity) -> None:
        """Remember; the key lies there already."""
        kept = _Kept(
            station=identity.station,
            address=identity.address,
            room_key=identity.room_key,
            ca_pem=identity.ca,
            server_name=identity.server_name,
            seat=identity.seat,
            room=identity.room,
        )
        replace_file(self.files, self.home / IDENTITY_FILE, kept.model_dump_json(indent=2).encode())


def read_lines(data: bytes, name: str) -> list[EnrolmentLine]:
    """The lines of an enrolment file: one object, or a list of them. Raises CannotEnrol."""
    if len(data) > FILE_BYTES_MAX:
        raise CannotEnrol(f"{name}: 文件过大。 The file is larger than {FILE_BYTES_MAX} bytes")
    try:
        found: Any = json.loads(data)
        return TypeAdapter(list[EnrolmentLine]).validate_python(found if isinstance(found, list) else [found])
    except (ValueError, ValidationError) as error:
        raise CannotEnrol(f"{name}: 不是考试机登记文件。 This is no enrolment file: {error}") from error


def line_for(lines: list[EnrolmentLine], station: str | None, name: str) -> EnrolmentLine:
    """The line of one station, or the only one. Raises CannotEnrol."""
    chosen = [line for line in lines if station in (None, line.station, str(line.seat))]
    if len(chosen) == 1:
        return chosen[0]
    known = ", ".join(line.station for line in lines[:8])
    raise CannotEnrol(
        f"{name}: 请用 --station 指定本机位（{known} …）。 Name this seat with --station, {len(lines)} stand there"
    )


async def enrol(line: EnrolmentLine, store: StationFiles) -> Identity:
    """Make this machine the station of one line. Raises CannotEnrol with a sentence for the person at the machine."""
    key = store.key()
    body = {"station": line.station, "secret": line.secret, "public_key": key.public}
    tls = pinned_tls(line.address, line.ca_pem)
    extensions = {"sni_hostname": line.server_name} if line.server_name and tls else {}
    try:
        async with httpx.AsyncClient(verify=tls or True, trust_env=False, timeout=ENROL_S_MAX) as client:
            answer = await client.post(
                f"{line.address.rstrip('/')}/api/stations/enrol", json=body, extensions=extensions
            )
    except httpx.HTTPError as error:
        raise CannotEnrol(
            f"{line.address}: 无法连接考场服务器。 The room server cannot be reached: {error}"
        ) from error
    if answer.status_code != 200:
        raise CannotEnrol(f"{line.station}: {sentence(answer)}")
    try:
        enrolled = Enrolled.model_validate_json(answer.content)
        check_public(enrolled.room_key)
    except ValueError as error:
        raise CannotEnrol(f"{line.address}: the answer is no enrolment: {error}") from error
    if enrolled.room_key != line.room_key:
        raise CannotEnrol(
            f"{line.address}: 考场密钥与登记文件不符。 The room's key is not the one in the file: another room?"
        )
    identity = Identity(
        enrolled.station,
        key,
        line.address.rstrip("/"),
        line.room_key,
        line.ca_pem,
        line.server_name,
        enrolled.seat,
        enrolled.room,
    )
    store.keep(identity)
    return identity


def sentence(answer: httpx.Response) -> str:
    """The room's own sentence of a refusal."""
    try:
        told = answer.json()
        return f"{told['zh']} {told['en']}"
    except (ValueError, KeyError, TypeError):
        return f"登记被拒绝。 Enrolment was refused (HTTP {answer.status_code})."
