"""The machine's eyes over the running room: a thin listener that asks ``rulings.watch`` and raises what it finds.

After each commit it looks at what seats reported; once a second at what they did not: pages still left, links silent,
pictures of the timetable missing. It raises flags and nothing else; only people rule.
"""

import asyncio
import contextlib
import functools
from dataclasses import dataclass, field
from typing import Any

from protocol.capture_schedule import PolicyImpossible, offsets
from protocol.entry_types import STREAM_OPENED
from protocol.seat import CapturePolicy
from protocol.station_entries import SnapshotMissed, SnapshotTaken
from server.attempts.rules import RUNNING, SITTING, Attempt, Attempts
from server.attempts.signing_in import seat_policy
from server.clock import RoomClock
from server.errors import NotFound
from server.live.presence import Presence
from server.papers.queries import capture_secret, session_secret
from server.rulings.actions import machine_flag_id, raise_finding
from server.rulings.rules import Rulings, already_said
from server.rulings.watch import (
    INTERESTING,
    Finding,
    link_silent,
    observe,
    pictures_missing,
    still_away,
)
from server.sessions.queries import scheme_of, session_row, subjects
from server.sessions.rules import OPEN, SessionFacts
from server.snapshots.rules import Expected
from server.writer.day import Day, Recorded
from server.writer.desk import Desk
from server.writer.writer import Committed, Verb, Writer

TICK_S = 1.0
"""Seconds between two looks at what seats did not report."""

PICTURE_LATE_MS = 15_000
"""Exam time after its instant until a picture is missing: a seat tries for ten seconds, then says so itself (ours)."""


@dataclass(frozen=True, slots=True)
class Terms:
    """What of a session's policy the watch needs; ``secret`` is the session's own, None before it was loaded."""

    grace_ms: int
    capture: dict[str, CapturePolicy]
    secret: bytes | None


@dataclass(slots=True)
class _Watched:
    """One session under watch; ``expected`` are the timetables of seats that are there."""

    terms: Terms
    expected: dict[str, Expected] = field(default_factory=dict)


class Watching:
    """See the module. ``wrapping`` is the key session secrets rest under."""

    def __init__(self, writer: Writer, presence: Presence, clock: RoomClock, wrapping: bytes) -> None:
        self._writer = writer
        self._presence = presence
        self._clock = clock
        self._wrapping = wrapping
        self._since = clock.now_ms()
        self._watched: dict[str, _Watched] = {}
        self._task: asyncio.Task[None] | None = None
        writer.subscribe(self._committed)

    async def watch(self, session: str) -> None:
        """Take a session up; once at the server's start, for each that is live."""
        await self._writer.submit(lambda desk: self._take_up(desk, session))

    def start(self) -> None:
        """Begin to look once a second."""
        self._task = asyncio.create_task(self._keep_looking(), name="watching")

    async def stop(self) -> None:
        """Look no more."""
        if self._task is not None:
            self._task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._task

    def tick(self) -> None:
        """Look at what seats did not report."""
        now = self._clock.now_ms()
        for session, watched in self._watched.items():
            day = self._writer.day(session)
            if day.part(SessionFacts).state not in OPEN:
                continue
            for attempt in day.part(Attempts).by_id.values():
                if attempt.state in SITTING:
                    for found in self._silent(day, watched, attempt, now):
                        self._raise(day, session, found)

    async def _keep_looking(self) -> None:
        while True:
            await asyncio.sleep(TICK_S)
            self.tick()

    # -- what seats report -------------------------------------------------------------------------------------

    def _committed(self, committed: Committed) -> None:
        for one in committed.entries:
            if one.session is None:
                continue
            if one.entry.type in ("session.planned", "session.loaded"):
                # The secret is there from the loading on.
                self._submit(functools.partial(self._take_up, session=one.session, again=True))
            watched = self._watched.get(one.session)
            if watched is None:
                continue
            if one.entry.type in ("attempt.seated", STREAM_OPENED):
                # A machine that begins anew takes the pictures from there on.
                watched.expected.pop(one.attempt or "", None)
            self._account(watched, one)
            if one.entry.type in INTERESTING:
                day = self._writer.day(one.session)
                found = observe(day, one, watched.terms.grace_ms)
                if found is not None:
                    self._raise(day, one.session, found)

    def _account(self, watched: _Watched, one: Recorded) -> None:
        if isinstance(one.body, SnapshotTaken | SnapshotMissed) and one.body.planned_ms is not None:
            expected = watched.expected.get(one.attempt or "")
            if expected is not None:
                expected.account(one.body.planned_ms)

    # -- what they do not --------------------------------------------------------------------------------------

    def _silent(self, day: Day, watched: _Watched, attempt: Attempt, now: int) -> list[Finding]:
        line = self._presence.line(attempt.station)
        there = line is not None and line.connected
        found = [still_away(day, attempt, now, watched.terms.grace_ms)]
        if there:
            found.append(self._missing(day.session, watched, attempt, now))
        else:
            watched.expected.pop(attempt.id, None)
            since = self._since if line is None else line.heard_at
            found.append(link_silent(attempt, since, now))
        return [each for each in found if each is not None]

    def _missing(self, session: str, watched: _Watched, attempt: Attempt, now: int) -> Finding | None:
        if attempt.state not in RUNNING or attempt.heard_clock.started_at is None:
            return None
        used_ms = attempt.heard_clock.used_ms(now)
        expected = watched.expected.get(attempt.id)
        if expected is None:
            started = self._expected(watched.terms, attempt, used_ms)
            if started is not None:
                watched.expected[attempt.id] = started
            return None
        return pictures_missing(attempt, expected.overdue(used_ms - PICTURE_LATE_MS))

    def _expected(self, terms: Terms, attempt: Attempt, from_ms: int) -> Expected | None:
        policy = terms.capture.get(attempt.subject)
        if terms.secret is None or policy is None:
            return None
        secret = capture_secret(terms.secret, attempt.id)
        try:
            return Expected(offsets(secret, attempt.id, policy, attempt.clock.duration_ms), from_ms)
        except PolicyImpossible:
            return None

    # -- raising -----------------------------------------------------------------------------------------------

    def _raise(self, day: Day, session: str, found: Finding) -> None:
        flags = day.part(Rulings).of(found.attempt).flags
        if machine_flag_id(found) in flags or already_said(flags.values(), found.code, found.severity):
            return
        self._submit(functools.partial(raise_finding, session=session, found=found))

    def _submit(self, verb: Verb[Any]) -> None:
        done = self._writer.submit(verb)
        # A refusal means that it no longer holds; a fault is logged by the writer.
        done.add_done_callback(lambda each: each.cancelled() or each.exception())

    def _take_up(self, desk: Desk, session: str, again: bool = False) -> None:
        if session in self._watched and not again:
            return
        desk.day(session)
        row = session_row(desk.db, session)
        scheme = scheme_of(row)
        try:
            secret = session_secret(desk.db, session, self._wrapping)
        except NotFound:
            secret = None
        codes = subjects(desk.db, session)
        terms = Terms(
            scheme.leaving.grace_s * 1_000,
            {code: seat_policy(scheme, code).capture for code in codes},
            secret,
        )
        kept = self._watched.get(session)
        self._watched[session] = _Watched(terms, {} if kept is None else kept.expected)
