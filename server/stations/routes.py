"""The register of stations, the enrolment file, and enrolment itself."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request
from starlette.concurrency import run_in_threadpool
from starlette.requests import HTTPConnection

from protocol import enrolment_code
from server.db import Database
from server.people.access import CommandId, Me, OfficeOrAdministrator
from server.people.passwords import Tries
from server.stations import actions, queries
from server.stations.keys import RoomKeys
from server.stations.schemas import (
    AuthorityShown,
    CodeShown,
    Enrol,
    EnrolByCode,
    EnrolledShown,
    SecretsAsked,
    SecretShown,
    StationShown,
)
from server.web import TheClock, TheDatabase, TheSettings, TheWriter

CODE_TRIES_MAX = 10
CODE_WINDOW_MS = 60_000
"""Wrong enrolment codes from one address within the window; one more waits."""

ROUTER = APIRouter(prefix="/api", tags=["stations"])


def _keys(connection: HTTPConnection) -> RoomKeys:
    keys: RoomKeys = connection.app.state.keys
    return keys


TheKeys = Annotated[RoomKeys, Depends(_keys)]


def _tries(connection: HTTPConnection) -> Tries:
    tries: Tries = connection.app.state.code_tries
    return tries


TheTries = Annotated[Tries, Depends(_tries)]


@ROUTER.get("/stations")
def stations(_me: Me, database: TheDatabase, room: str | None = None) -> list[StationShown]:
    """All stations, or those of a room."""
    with database.read() as db:
        return [StationShown.of(row) for row in queries.stations(db, room)]


@ROUTER.post("/rooms/{room}/enrolment")
async def issue_secrets(
    room: str,
    asked: SecretsAsked,
    by: OfficeOrAdministrator,
    writer: TheWriter,
    settings: TheSettings,
    keys: TheKeys,
) -> list[SecretShown]:
    """The enrolment file of a room's seats, in place of the one before; it is told once and kept nowhere here."""
    hours = settings.enrolment.secret_hours
    issued = await writer.submit(lambda desk: actions.issue_secrets(desk, room, asked.seats, hours, by=by.id))
    address = asked.address or settings.listen.public_address
    return [
        SecretShown(
            station=one.station,
            secret=one.secret,
            seat=one.seat,
            ca_pem=keys.ca_pem,
            room_key=keys.room.public,
            address=address,
        )
        for one in issued
    ]


@ROUTER.post("/rooms/{room}/enrolment-codes")
async def issue_codes(
    room: str,
    asked: SecretsAsked,
    by: OfficeOrAdministrator,
    writer: TheWriter,
    settings: TheSettings,
    keys: TheKeys,
    clock: TheClock,
) -> list[CodeShown]:
    """Codes to be typed at machines, in place of secrets given before; told once and kept nowhere here."""
    hours = settings.enrolment.secret_hours
    issued = await writer.submit(
        lambda desk: actions.issue_secrets(
            desk, room, asked.seats, hours, by=by.id, make=enrolment_code.new_secret
        )
    )
    part = enrolment_code.fingerprint_part(keys.ca_pem)
    address = asked.address or settings.listen.public_address
    expires_at = clock.now_ms() + hours * 3_600_000
    return [
        CodeShown(
            station=one.station,
            seat=one.seat,
            code=str(enrolment_code.EnrolmentCode(part, one.secret)),
            address=address,
            expires_at=expires_at,
        )
        for one in issued
    ]


@ROUTER.get("/stations/authority")
def authority(keys: TheKeys) -> AuthorityShown:
    """The room's CA certificate; a machine compares it with the code that was typed before it believes anything."""
    return AuthorityShown(ca_pem=keys.ca_pem)


@ROUTER.post("/stations/enrol-by-code")
async def enrol_by_code(
    asked: EnrolByCode,
    request: Request,
    database: TheDatabase,
    clock: TheClock,
    writer: TheWriter,
    keys: TheKeys,
    tries: TheTries,
) -> EnrolledShown:
    """Make the machine that asks a station. Anyone may ask, so often from one address."""
    address = request.client.host if request.client else ""
    wait_ms = tries.begin(address, clock.now_ms())
    if wait_ms:
        raise actions.TooManyTries(seconds=-(-wait_ms // 1000))
    station = await run_in_threadpool(_station_of, database, asked, clock.now_ms())
    tries.take_back(address)
    done = await writer.submit(lambda desk: actions.enrol(desk, station, asked.secret, asked.public_key))
    return EnrolledShown(station=done.station, room_key=keys.room.public, room=done.room, seat=done.seat)


@ROUTER.post("/stations/enrol")
async def enrol(
    asked: Enrol, database: TheDatabase, clock: TheClock, writer: TheWriter, keys: TheKeys
) -> EnrolledShown:
    """Make the machine that asks a station. Anyone may ask; who has no secret never reaches the writer."""
    await run_in_threadpool(_check, database, asked, clock.now_ms())
    done = await writer.submit(
        lambda desk: actions.enrol(desk, asked.station, asked.secret, asked.public_key)
    )
    return EnrolledShown(station=done.station, room_key=keys.room.public, room=done.room, seat=done.seat)


@ROUTER.post("/stations/{station}/retire", response_model=StationShown)
async def retire(
    station: str, by: OfficeOrAdministrator, command: CommandId, writer: TheWriter
) -> dict[str, Any]:
    """Take a machine out of the room."""
    return await writer.submit(
        lambda desk: StationShown.of(actions.retire(desk, station, by=by.id)).model_dump(mode="json"),
        command=command,
    )


def _station_of(database: Database, asked: EnrolByCode, now: int) -> str:
    with database.read() as db:
        station = actions.station_of_code(db, asked.secret)
        actions.check_secret(db, station, asked.secret, asked.public_key, now)
        return station


def _check(database: Database, asked: Enrol, now: int) -> None:
    with database.read() as db:
        actions.check_secret(db, asked.station, asked.secret, asked.public_key, now)
