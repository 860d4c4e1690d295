"""The whole timetable of the room: one next-due job for each session, derived from the ledger and from nothing else.

Every commit that may move an instant of a session derives its job anew, and so does the start of the server. A job that
fires early finds nothing due; :data:`TICK_S` makes a job that a moved system clock has delayed fire all the same.
"""

import asyncio
import logging
from collections.abc import Coroutine
from datetime import UTC, datetime, timedelta
from typing import Any

from apscheduler.schedulers.asyncio import AsyncIOScheduler

from server.attempts.jobs import next_due, run_due
from server.clock import RoomClock
from server.db import Database
from server.errors import NotFound, Refused
from server.live.clock_doubt import ClockDoubt
from server.live.orders import Orders
from server.sessions.queries import live_sessions, scheme_of, session_row
from server.writer.desk import Desk
from server.writer.writer import Committed, Writer

TICK_S = 5
"""The room looks at every live session this often, whatever its jobs say."""

_MOVES = ("session.", "attempt.", "handed_in", "rules.acknowledged", "void.")
_log = logging.getLogger(__name__)


class Timetable:
    """See the module."""

    def __init__(
        self, writer: Writer, database: Database, clock: RoomClock, doubt: ClockDoubt, orders: Orders
    ) -> None:
        self._writer = writer
        self._database = database
        self._clock = clock
        self._doubt = doubt
        self._orders = orders
        self._scheduler = AsyncIOScheduler(timezone=UTC)
        self._deriving: set[asyncio.Task[None]] = set()
        self._dirty: set[str] = set()

    def start(self) -> None:
        """Begin; on the running loop, after the writer."""
        self._writer.subscribe(self._committed)
        self._scheduler.add_job(
            self._tick, "interval", seconds=TICK_S, id="tick", max_instances=1, coalesce=True
        )
        self._scheduler.start()
        self._spawn(self._tick())
        self._spawn(self._orders.keep_resending())

    async def stop(self) -> None:
        """End all jobs."""
        self._scheduler.shutdown(wait=False)
        for task in list(self._deriving):
            task.cancel()
        await asyncio.gather(*self._deriving, return_exceptions=True)

    def _committed(self, committed: Committed) -> None:
        for one in committed.entries:
            if (
                one.session is not None
                and one.session not in self._dirty
                and one.entry.type.startswith(_MOVES)
            ):
                self._dirty.add(one.session)
                self._spawn(self._derive(one.session))

    async def _derive(self, session: str) -> None:
        self._dirty.discard(session)
        try:
            due = await self._writer.submit(lambda desk: _next_due(desk, session))
        except NotFound:
            return
        self._place(session, due)

    async def _run(self, session: str) -> None:
        if self._doubt.holds():
            return
        try:
            await self._writer.submit(lambda desk: run_due(desk, session, _late_cutoff_ms(desk, session)))
            await self._derive(session)
        except Refused as refusal:
            _log.error("the timetable could not act on session %s: %s", session, refusal)

    async def _tick(self) -> None:
        for session in await asyncio.to_thread(self._live):
            await self._run(session)

    def _place(self, session: str, due: int | None) -> None:
        if due is None:
            if self._scheduler.get_job(session):
                self._scheduler.remove_job(session)
            return
        wait = max(0, due - self._clock.now_ms()) / 1000
        self._scheduler.add_job(
            self._run,
            "date",
            run_date=datetime.now(UTC) + timedelta(seconds=wait),
            args=[session],
            id=session,
            replace_existing=True,
            misfire_grace_time=None,
        )

    def _live(self) -> list[str]:
        with self._database.read() as db:
            return live_sessions(db)

    def _spawn(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.get_running_loop().create_task(work)
        self._deriving.add(task)
        task.add_done_callback(self._deriving.discard)


def _next_due(desk: Desk, session: str) -> int | None:
    return next_due(desk.day(session), _late_cutoff_ms(desk, session))


def _late_cutoff_ms(desk: Desk, session: str) -> int:
    return scheme_of(session_row(desk.db, session)).admission.late_cutoff_minutes * 60_000
