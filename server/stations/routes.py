"""The register of stations, the enrolment file, and enrolment itself."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends
from starlette.concurrency import run_in_threadpool
from starlette.requests import HTTPConnection

from server.db import Database
from server.people.access import CommandId, Me, OfficeOrAdministrator
from server.stations import actions, queries
from server.stations.keys import RoomKeys
from server.stations.schemas import Enrol, EnrolledShown, SecretsAsked, SecretShown, StationShown
from server.web import TheClock, TheDatabase, TheSettings, TheWriter

ROUTER = APIRouter(prefix="/api", tags=["stations"])


def _keys(connection: HTTPConnection) -> RoomKeys:
    keys: RoomKeys = connection.app.state.keys
    return keys


TheKeys = Annotated[RoomKeys, Depends(_keys)]


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


def _check(database: Database, asked: Enrol, now: int) -> None:
    with database.read() as db:
        actions.check_secret(db, asked.station, asked.secret, asked.public_key, now)
