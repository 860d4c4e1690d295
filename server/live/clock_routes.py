"""The room's clock over HTTP: whether it is proved, and whose time is right when it is not."""

from typing import Annotated, Literal

from fastapi import APIRouter
from pydantic import BaseModel
from starlette.requests import HTTPConnection

from server.errors import Refused
from server.live.clock_doubt import ClockDoubt
from server.people.access import CommandId, Me, requires
from server.people.rules import Person, Role
from server.sessions.schemas import Asked, Reason
from server.web import TheClock, TheWriter
from server.writer.desk import Desk
from server.writer.registers import changed

ROUTER = APIRouter(prefix="/api/clock", tags=["clock"])

Proctor = Annotated[Person, requires(Role.PROCTOR, Role.EXAM_OFFICE)]


class NothingToDecide(Refused):
    """The clock is proved, or nobody disagrees with it."""

    code = "clock_not_in_doubt"
    zh = "服务器时钟没有疑问，无需确认。"
    en = "The room's clock is not in doubt."


class ClockShown(BaseModel):
    """The room's time; ``offset_ms`` is by how much the seats run ahead when a person must decide."""

    room_time: int
    unconfirmed: bool
    seats: int
    offset_ms: int | None
    holds: bool


class Decision(Asked):
    """Whose time is right, and why."""

    take: Literal["seats", "server"]
    reason: Reason


@ROUTER.get("")
def clock(_me: Me, clock: TheClock, connection: HTTPConnection) -> ClockShown:
    """How the room's clock stands."""
    doubt: ClockDoubt = connection.app.state.clock_doubt
    return ClockShown(
        room_time=clock.now_ms(),
        unconfirmed=clock.rebooted,
        seats=doubt.seats,
        offset_ms=doubt.offset_ms,
        holds=doubt.holds(),
    )


@ROUTER.post("")
async def decide(
    asked: Decision, by: Proctor, command: CommandId, writer: TheWriter, connection: HTTPConnection
) -> dict[str, int]:
    """A person decides whose time is right after a reboot of the server's machine."""
    doubt: ClockDoubt = connection.app.state.clock_doubt

    def verb(desk: Desk) -> dict[str, int]:
        offset = doubt.offset_ms
        if offset is None:
            raise NothingToDecide()
        moved = offset if asked.take == "seats" else 0
        row = {"take": asked.take, "moved_ms": moved, "reason": asked.reason}
        changed(desk, "clock", "room", "confirmed", by=by.id, row=row)
        return {"moved_ms": moved}

    # The clock moves once the decision is durable; a repeat finds nothing left to move.
    outcome = await writer.submit(verb, command=command)
    doubt.settle(with_seats=asked.take == "seats")
    return outcome
