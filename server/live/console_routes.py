"""Consoles: the live floor over a socket, and a seat's timeline over HTTP."""

import asyncio
import contextlib
from typing import Annotated

from fastapi import APIRouter, Depends, Query, WebSocket
from starlette.requests import HTTPConnection
from starlette.websockets import WebSocketDisconnect

from protocol.console import TimelineLine
from server.attempts.queries import attempt_row
from server.clock import RoomClock
from server.db import Database
from server.errors import NotFound
from server.live.hub import CUT_OFF, Console, Hub
from server.live.timeline import line
from server.people.access import NotLoggedIn, logged_in, may_see_room, sees_the_room
from server.people.queries import people_by_id
from server.people.rules import SEES_LIVE_ROOM, Person, Role
from server.sessions.queries import session_row
from server.sessions.rules import OPEN
from server.web import TheClock, TheDatabase
from server.writer.day import read_row

ROUTER = APIRouter(prefix="/api", tags=["live"])

LOGIN_CHECK_S = 15.0
"""A console whose login ran out sees the room no longer than this; one that was taken away, not at all."""

CLOSE_S_MAX = 2.0
"""Seconds a console has to take its closing word; one that reads nothing is dropped without."""

TIMELINE_LINES_MAX = 2_000
"""Lines of one answer; the next ones are asked for after the last n."""

SeesFloor = Annotated[Person, sees_the_room(*SEES_LIVE_ROOM)]
SeesTimeline = Annotated[
    Person, sees_the_room(*SEES_LIVE_ROOM, Role.REVIEWER, Role.CONFIRMING_BODY, Role.ARCHIVIST)
]

_REVIEWS = frozenset({Role.REVIEWER, Role.CONFIRMING_BODY})
_SEES_SCORES = _REVIEWS | {Role.EXAM_OFFICE, Role.ARCHIVIST}


def _hub(connection: HTTPConnection) -> Hub:
    hub: Hub = connection.app.state.hub
    return hub


@ROUTER.websocket("/live/{session}")
async def live(
    socket: WebSocket,
    session: str,
    _by: SeesFloor,
    database: TheDatabase,
    clock: TheClock,
    hub: Annotated[Hub, Depends(_hub)],
) -> None:
    """A session's floor: a snapshot, then the rows that changed; nothing is taken from the console."""
    console = await hub.join(session)
    try:
        await socket.accept()
        code = await _serve(socket, console, database, clock)
        async with asyncio.timeout(CLOSE_S_MAX):
            await socket.close(code)
    except (WebSocketDisconnect, RuntimeError, TimeoutError):
        # Starlette says a lost peer in the first two ways.
        pass
    finally:
        hub.leave(console)


async def _serve(socket: WebSocket, console: Console, database: Database, clock: RoomClock) -> int:
    """Send until something ends it; the code to close with."""
    endings = {
        asyncio.create_task(_send(socket, console)): 1000,
        asyncio.create_task(_listen(socket)): 1000,
        asyncio.create_task(console.cut.wait()): CUT_OFF,
        asyncio.create_task(_may_look_no_more(socket, console, database, clock)): 4000 + NotLoggedIn.status,
    }
    try:
        done, _ = await asyncio.wait(endings, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for task in endings:
            task.cancel()
        await asyncio.gather(*endings, return_exceptions=True)
    return max(endings[task] for task in done)


async def _send(socket: WebSocket, console: Console) -> None:
    while True:
        await socket.send_text(await console.messages.get())


async def _listen(socket: WebSocket) -> None:
    """A console has nothing to say here; reading notices that it left."""
    while True:
        await socket.receive_text()


async def _may_look_no_more(
    socket: WebSocket, console: Console, database: Database, clock: RoomClock
) -> None:
    """Return once the login has ended, its person lost every role that sees a room, or was relieved of this one."""
    while True:
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(console.people_changed.wait(), LOGIN_CHECK_S)
        console.people_changed.clear()
        try:
            person = await asyncio.to_thread(logged_in, socket, database, clock)
        except NotLoggedIn:
            return
        if not await asyncio.to_thread(may_see_room, database, console.session, person, SEES_LIVE_ROOM):
            return


@ROUTER.get("/sessions/{session}/attempts/{attempt}/timeline")
def timeline(
    session: str,
    attempt: str,
    by: SeesTimeline,
    database: TheDatabase,
    after: Annotated[int, Query(ge=0)] = 0,
) -> list[TimelineLine]:
    """What happened at a seat after entry n, in the ledger's order.

    What was answered is for those who review, once the session is over; scores are for those who see results, and who
    scored by hand for no assessor, who would learn whose answers they had.
    """
    with database.read() as db:
        if attempt_row(db, attempt).session != session:
            raise NotFound(what=f"attempt {attempt}")
        sits = session_row(db, session).state in OPEN
    answers = not sits and not by.roles.isdisjoint(_REVIEWS)
    scores = not by.roles.isdisjoint(_SEES_SCORES)
    by_hand = scores and Role.ASSESSOR not in by.roles
    lines: list[TimelineLine] = []
    with database.read_ledger() as ledger:
        for row in ledger.entries(after, attempt=attempt):
            if row.type.startswith("hand_score.") and not by_hand:
                continue
            lines.append(line(read_row(row), ledger.note_text, answers=answers, scores=scores))
            if len(lines) == TIMELINE_LINES_MAX:
                break
    with database.read() as db:
        known = people_by_id(db, {one.by for one in lines if one.by is not None})
    return [one.model_copy(update={"by_name": known[one.by].display_name}) if one.by in known else one for one in lines]
