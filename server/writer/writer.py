"""The one writer: a queue of verbs, one transaction for each batch, acknowledgement after the commit.

Verbs run on the event loop, in order, on the writer's own state; the commit alone waits in a thread, and while it waits
the next batch collects. When a commit fails nothing of the batch is told to anyone, every waiting verb gets
:class:`NotSaved`, and the writer stops for good: the server process ends and starts again from the ledger.
"""

import asyncio
import contextlib
import json
import logging
import secrets
import sqlite3
import time
from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from sqlalchemy.engine import RootTransaction
from sqlmodel import Session

from protocol import limits
from protocol.entry import Head
from protocol.entry_types import STREAM_OPENED
from protocol.keys import SigningKey
from recordings.ledger import Ledger, StreamRow
from server.clock import RoomClock
from server.db import Database
from server.errors import Refused
from server.writer.day import Day, Folding, Recorded, load_day
from server.writer.desk import Desk, Planned
from server.writer.models import CommandOutcome
from server.writer.office import Heads, OfficeStreams
from server.writer.packing import Packing

GATHER_S = 0.005
"""A commit begins so long after the one before it, that one sync carries what arrives in the same few milliseconds."""

GATHER_VERBS = 64
"""With so many verbs waiting the next commit begins at once."""

BATCH_VERBS_MAX = 512
"""Verbs in one transaction; the next ones wait for the next."""

QUEUE_VERBS_MAX = 20_000
"""Verbs waiting; one more is refused as busy, and a station keeps what it has."""

CHECKPOINT_ENTRIES = 20_000
"""A running session keeps a checkpoint after so many entries."""

PACKED_PER_TURN = 20
"""Attempts packed for a checkpoint after one commit: two milliseconds late in an exam."""

T = TypeVar("T")
Verb = Callable[[Desk], T]

_log = logging.getLogger(__name__)


class NotSaved(Refused):
    """The disk did not take it: nothing happened, and the room server restarts from its ledger."""

    code = "not_saved"
    status = 503
    zh = "未能保存：考场服务器的磁盘没有确认写入，服务器将从账本重新启动，请稍候重试。"
    en = "Not saved: the room server's disk did not confirm; it restarts from its ledger. Try again in a moment."


class Busy(Refused):
    """More verbs wait than the room can hold."""

    code = "busy"
    status = 503
    zh = "考场服务器繁忙，请稍候重试。"
    en = "The room server is busy. Try again in a moment."


@dataclass(frozen=True, slots=True)
class Committed:
    """What one commit made durable, in order, and the room's time of it."""

    entries: Sequence[Recorded]
    at: int


@dataclass(frozen=True)
class Projection:
    """Rows a noun keeps of the day: ``write`` is called once a commit with the entries of these types, as applied.

    What it writes is a function of the day as it stands, so that rebuilding comes to the same rows.
    """

    types: frozenset[str]
    write: Callable[[Session, Day, Sequence[Recorded]], None]


@dataclass(slots=True)
class _Job(Generic[T]):
    verb: Verb[T]
    done: "asyncio.Future[T]"
    command: str | None


class Writer:
    """See the module. Built by the app from all nouns' parts and projections."""

    def __init__(
        self,
        database: Database,
        clock: RoomClock,
        key: SigningKey,
        folding: Folding,
        projections: Sequence[Projection],
        *,
        stream_entries_max: int = limits.STREAM_ENTRIES_MAX,
        checkpoint_entries: int = CHECKPOINT_ENTRIES,
    ) -> None:
        self._database = database
        self._clock = clock
        self.folding = folding
        self._projections = projections
        self.connection: sqlite3.Connection = database.writer
        self.ledger = Ledger(self.connection)
        self.run = secrets.token_hex(8)
        self._days: dict[str, Day] = {}
        self._office = OfficeStreams(key, self.run, stream_entries_max, self._head_before)
        self._session_of: dict[str, str] = {}
        self._checkpoint_entries = checkpoint_entries
        self._queue: deque[_Job[Any]] = deque()
        self._awake = asyncio.Event()
        self._committing = ThreadPoolExecutor(1, thread_name_prefix="commit")
        self._listeners: list[Callable[[Committed], None]] = []
        self._since_checkpoint: dict[str, int] = {}
        self._packing: dict[str, Packing] = {}
        self._bound: RootTransaction | None = None
        self._task: asyncio.Task[None] | None = None
        self._stopping = False
        self._unwritten: dict[tuple[str, int], str] = {}
        self.failed: asyncio.Event = asyncio.Event()
        self.busy_s = 0.0

    # -- the room's side ---------------------------------------------------------------------------------------

    def start(self) -> None:
        """Begin to work; once, on the running loop."""
        self._task = asyncio.create_task(self._work(), name="writer")

    async def stop(self) -> None:
        """Finish what is waiting, keep a checkpoint of every day, and stop; what comes later is refused as busy."""
        if self._task is None:
            return
        if not self._stopping and not self.failed.is_set():
            last = self.submit(self._checkpoint_all)
            self._stopping = True
            with contextlib.suppress(Refused):
                await last
        self._stopping = True
        self._awake.set()
        # Not cancelled: a commit on its way must not lose those who wait for it.
        await self._task
        self._committing.shutdown()

    def subscribe(self, listener: Callable[[Committed], None]) -> None:
        """Call ``listener`` on the loop after each commit, before its verbs are answered; it must not wait."""
        self._listeners.append(listener)

    def submit(self, verb: Verb[T], *, command: str | None = None) -> "asyncio.Future[T]":
        """Queue a verb; the future has its outcome once it is durable, or what it refused.

        With a command's id, a repeat returns the first outcome, which must then be a JSON value.
        """
        done: asyncio.Future[T] = asyncio.get_running_loop().create_future()
        if self.failed.is_set():
            done.set_exception(NotSaved())
            return done
        if self._stopping:
            done.set_exception(Busy())
            return done
        if len(self._queue) >= QUEUE_VERBS_MAX:
            done.set_exception(Busy())
            return done
        self._queue.append(_Job(verb, done, command))
        self._awake.set()
        return done

    # -- the desk's side ---------------------------------------------------------------------------------------

    def day(self, session: str) -> Day:
        """The folded state of a session, loaded from its checkpoint and the rest when it is not in memory."""
        found = self._days.get(session)
        if found is None:
            found = self._days[session] = load_day(self.ledger, self.folding, session)
            self._session_of.update(dict.fromkeys(found.streams, session))
        return found

    def session_of(self, stream: str) -> str | None:
        """The session of a stream in a day that is in memory."""
        return self._session_of.get(stream)

    def hash_at(self, stream: str, seq: int) -> str | None:
        """The hash of the entry at a place of a stream, with those of this batch that no table has yet."""
        found = self._unwritten.get((stream, seq))
        if found is None:
            row = self.ledger.entry_at(stream, seq)
            found = None if row is None else row.hash
        return found

    def session(self) -> Session:
        """An ORM session inside the open transaction."""
        if self._bound is None:
            self._bound = self._database.bound.begin()
        return Session(
            self._database.bound,
            # A flush that fails must roll back this session alone, not the batch under it.
            join_transaction_mode="create_savepoint",
            expire_on_commit=False,
            autoflush=True,
        )

    # -- the work ----------------------------------------------------------------------------------------------

    async def _work(self) -> None:
        loop, began = asyncio.get_running_loop(), 0.0
        while True:
            while not self._queue:
                if self._stopping:
                    return
                self._awake.clear()
                await self._awake.wait()
            early_s = began + GATHER_S - loop.time()
            if early_s > 0 and len(self._queue) < GATHER_VERBS and not self._stopping:
                await asyncio.sleep(early_s)
            began = loop.time()
            batch = [self._queue.popleft() for _ in range(min(len(self._queue), BATCH_VERBS_MAX))]
            try:
                await self._turn(batch)
            except Exception:  # noqa: BLE001 - the edge of a commit: whatever failed, nobody may be told it was saved
                _log.exception("nothing of %d verbs was saved; the writer stops", len(batch))
                self.failed.set()
                self._refuse_all(batch)
                return

    async def _turn(self, batch: list[_Job[Any]]) -> None:
        now = self._clock.now_ms()
        self.ledger.begin()
        n = self.ledger.last_n
        recorded: list[Recorded] = []
        answers: list[tuple[_Job[Any], Any, Exception | None]] = []
        for job in batch:
            outcome, problem, laid = self._decide(job, now, n)
            answers.append((job, outcome, problem))
            n += len(laid)
            recorded += laid
            for one in laid:
                self._unwritten[one.entry.stream, one.entry.seq] = one.entry.hash
        self._write(recorded)
        self._unwritten.clear()
        await asyncio.get_running_loop().run_in_executor(self._committing, self.ledger.commit, n)
        if self._bound is not None:
            self._bound.commit()
            self._bound = None
        if recorded:
            self._tell(Committed(recorded, now))
        for job, outcome, problem in answers:
            if job.done.done():
                continue
            if problem is None:
                job.done.set_result(outcome)
            else:
                job.done.set_exception(problem)
        if self._packing:
            self._pack_on()

    def _tell(self, committed: Committed) -> None:
        for listener in self._listeners:
            try:
                listener(committed)
            except Exception:  # noqa: BLE001 - it is durable: a view's fault must not turn it into "not saved"
                _log.exception("a listener failed on what was committed")

    def _decide(self, job: _Job[Any], now: int, n: int) -> tuple[Any, Exception | None, list[Recorded]]:
        """Run one verb; apply what it laid down. An exception outside the verb itself stops the writer."""
        desk = Desk(self, now)
        try:
            if job.command is not None:
                first = desk.db.get(CommandOutcome, job.command)
                if first is not None:
                    desk.finish()
                    return json.loads(first.outcome), None, []
            outcome = job.verb(desk)
            if job.command is not None:
                desk.db.add(
                    CommandOutcome(id=job.command, at=now, outcome=json.dumps(outcome, ensure_ascii=False))
                )
            laid, heads = self._lay_down(desk, now, n)
            desk.finish()
        except Exception as problem:  # noqa: BLE001 - the edge of a verb: its fault is its caller's alone
            desk.undo()
            if not isinstance(problem, Refused):
                _log.error("a verb failed and was undone", exc_info=problem)
            return None, problem, []
        self._office.moved(heads)
        for one in laid:
            if one.session is not None:
                if self._packing:
                    self._pack_before(one.session, one.attempt)
                self.folding.apply(self._days[one.session], one)
                if one.entry.type == STREAM_OPENED:
                    self._session_of[one.entry.stream] = one.session
        return outcome, None, laid

    def _lay_down(self, desk: Desk, now: int, n: int) -> tuple[list[Recorded], Heads]:
        """What the verb recorded as entries, and where it leaves the office's streams."""
        laid: list[Recorded] = []
        heads: Heads = {}
        for one in desk.laid:
            if isinstance(one, Planned):
                laid += self._office.write(one, heads, now, n + len(laid) + 1)
            else:
                self.day(one.session)
                laid.append(
                    Recorded(
                        n + len(laid) + 1, one.entry, one.body, one.session, one.attempt, now, None, True
                    )
                )
        return laid, heads

    def _head_before(self, session: str | None) -> Head | None:
        """Where the office's stream of an earlier run of the server stands."""
        return self.ledger.last_head(None) if session is None else self.day(session).office_head

    def _write(self, recorded: list[Recorded]) -> None:
        started = time.perf_counter()
        self.ledger.append([one.row() for one in recorded])
        for one in recorded:
            if one.entry.type == STREAM_OPENED:
                self.ledger.open_stream(_stream_row(one))
        by_session: dict[str, list[Recorded]] = {}
        for one in recorded:
            if one.session is not None:
                by_session.setdefault(one.session, []).append(one)
        for session, entries in by_session.items():
            self._project(self._days[session], entries)
            self._checkpoint_when_due(session, len(entries))
        self.busy_s += time.perf_counter() - started

    def _project(self, day: Day, entries: list[Recorded]) -> None:
        kinds = {one.entry.type for one in entries}
        for projection in self._projections:
            if kinds.isdisjoint(projection.types):
                continue
            concerned = [one for one in entries if one.entry.type in projection.types]
            with self.session() as db:
                projection.write(db, day, concerned)
                db.commit()

    def _checkpoint_when_due(self, session: str, entries: int) -> None:
        since = self._since_checkpoint.get(session, 0) + entries
        if since >= self._checkpoint_entries and session not in self._packing:
            self._packing[session] = self.folding.pack(self._days[session])
            since = 0
        self._since_checkpoint[session] = since

    def _pack_before(self, session: str, attempt: str | None) -> None:
        packing = self._packing.get(session)
        if packing is None:
            return
        if attempt is not None:
            packing.before(attempt)
        else:
            # It may touch everybody, and nobody is to wait until all are packed: the next entry begins it anew.
            del self._packing[session]
            self._since_checkpoint[session] = self._checkpoint_entries

    def _pack_on(self) -> None:
        """Pack a few attempts more; a day that is packed whole goes with the next commit."""
        for session, packing in list(self._packing.items()):
            try:
                whole = packing.some(PACKED_PER_TURN)
            except Exception:  # noqa: BLE001 - a checkpoint only makes a start quicker: without one the room goes on
                _log.exception("session %s could not be packed; its next checkpoint is tried later", session)
                del self._packing[session]
                continue
            if whole:
                del self._packing[session]
                self._keep(session, packing.n, packing.packed())

    def _keep(self, session: str, n: int, packed: bytes) -> None:
        done = self.submit(lambda desk: desk.ledger.checkpoint(session, n, self.folding.shape, packed))
        # Not kept when the writer stops or fails: the one before and the rest are the same day.
        done.add_done_callback(lambda each: each.exception())

    def _checkpoint_all(self, _desk: Desk) -> None:
        self._packing.clear()
        for session, day in self._days.items():
            if day.n:
                self.ledger.checkpoint(session, day.n, self.folding.shape, self.folding.dump(day))

    def _refuse_all(self, batch: list[_Job[Any]]) -> None:
        waiting = [*batch, *self._queue]
        self._queue.clear()
        for job in waiting:
            if not job.done.done():
                job.done.set_exception(NotSaved())


def _stream_row(one: Recorded) -> StreamRow:
    body = one.entry.body
    return StreamRow(
        one.entry.stream, body["author"], body.get("station"), one.session, one.attempt, body["key"], one.n
    )
