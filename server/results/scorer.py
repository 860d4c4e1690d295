"""Scores by itself: everyone when a session ends, and again whoever delivers late, until the record form is signed.

Who had short answers is scored when the last of them is settled by assessors, also after the signatures.
"""

import asyncio
import logging

from server.db import Database
from server.errors import NotFound, Refused
from server.hand_scoring.rules import HandScores
from server.papers.queries import session_secret
from server.results.actions import SCORES_PER_PIECE, Cause, Scored, ToScore, keep_scores, score, still_open
from server.sessions.rules import SessionFacts, SessionState
from server.writer.day import Recorded
from server.writer.desk import Desk
from server.writer.writer import Committed, Writer

_LATE = frozenset({"answer.saved", "attempt.late_admitted", "handed_in"})
_log = logging.getLogger(__name__)


class Scorer:
    """Listens to commits and scores in the background; what it would miss when killed it finds at the start."""

    def __init__(self, writer: Writer, database: Database, wrapping: bytes) -> None:
        self._writer = writer
        self._database = database
        self._wrapping = wrapping
        self._wanted: dict[str, set[str] | None] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._ended: set[str] = set()
        writer.subscribe(self._committed)

    def watch(self, session: str) -> None:
        """Score what is unscored of a session that has ended, at the server's start."""
        self._want(session, None)

    async def settled(self) -> None:
        """Wait until nothing is left to score."""
        while self._tasks:
            await asyncio.gather(*list(self._tasks), return_exceptions=True)

    async def stop(self) -> None:
        """End the work; it is found again at the next start."""
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def _committed(self, committed: Committed) -> None:
        for one in committed.entries:
            if one.session is None:
                continue
            if one.entry.type == "session.moved" and one.entry.body["step"] == "ended":
                self._ended.add(one.session)
                self._want(one.session, None)
            elif one.entry.type == "record.signed":
                self._signed(one)
            elif one.entry.type == "hand_score.given":
                self._assessed(one)
            elif one.entry.type in _LATE and one.session in self._ended and one.attempt is not None:
                self._want(one.session, one.attempt)

    def _signed(self, one: Recorded) -> None:
        # After the signatures scores change only by ruling.
        if one.session is not None:
            self._ended.discard(one.session)

    def _assessed(self, one: Recorded) -> None:
        if one.session is None or one.attempt is None:
            return
        if not self._writer.day(one.session).part(HandScores).waiting(one.attempt):
            self._want(one.session, one.attempt)

    def _want(self, session: str, attempt: str | None) -> None:
        running = session in self._wanted
        if attempt is None or self._wanted.get(session, set()) is None:
            self._wanted[session] = None
        else:
            wanted = self._wanted.setdefault(session, set())
            assert wanted is not None
            wanted.add(attempt)
        if not running:
            task = asyncio.get_running_loop().create_task(self._work(session))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    async def _work(self, session: str) -> None:
        try:
            attempts = self._wanted.pop(session, None)
            cause: Cause = "session_end" if attempts is None else "late_delivery"
            wanted = await self._writer.submit(lambda desk: self._to_score(desk, session, attempts))
            for at in range(0, len(wanted), SCORES_PER_PIECE):
                scored = await asyncio.to_thread(self._score, session, wanted[at : at + SCORES_PER_PIECE])
                await self._keep(session, scored, cause)
        except (Refused, NotFound) as refusal:
            _log.error("session %s could not be scored: %s", session, refusal)

    async def _keep(self, session: str, scored: list[Scored], cause: Cause) -> None:
        await self._writer.submit(lambda desk: keep_scores(desk, session, scored, cause))

    def _to_score(self, desk: Desk, session: str, attempts: set[str] | None) -> list[ToScore]:
        if desk.day(session).part(SessionFacts).state is SessionState.ENDED:
            self._ended.add(session)
        return still_open(desk, session, attempts)

    def _score(self, session: str, wanted: list[ToScore]) -> list[Scored]:
        with self._database.read() as db:
            return score(db, session_secret(db, session, self._wrapping), wanted)
