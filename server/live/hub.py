"""The floor on its way to consoles: what a commit touched is gathered, rendered and sent, at most every 200 ms.

Only what is durable is shown. A day in memory runs ahead of the disk while its commit is under way, so rows are
rendered only when the day stands where its last commit left it; else the commit's own news renders them. A console
that reads slowly is cut off with 1013, opens again and gets a fresh snapshot; it never slows the room.
"""

import asyncio
import functools
import logging
from collections.abc import Callable
from dataclasses import dataclass, field

from sqlmodel import Session

from protocol.console import CONSOLE_QUEUE_MESSAGES_MAX, FLOOR_INTERVAL_MS
from server.attempts.rules import Attempts
from server.clock import RoomClock
from server.db import Database
from server.live.cards import changes_cards
from server.live.floor import Floor, SessionCard, touched
from server.live.presence import Presence
from server.sessions.actions import facts_of
from server.writer.desk import Desk
from server.writer.writer import Committed, Writer

CUT_OFF = 1013
"""The code a slow console is closed with: try again later."""

Cards = Callable[[Session, str], SessionCard]

_WHO_MAY_LOOK = frozenset({"person", "login", "staff"})

_log = logging.getLogger(__name__)


@dataclass(eq=False)
class Console:
    """One console's messages, written already; ``cut`` is set when it read too slowly.

    ``people_changed`` is set when somebody's login or roles changed: may this one still look?
    """

    session: str
    messages: "asyncio.Queue[str]" = field(default_factory=lambda: asyncio.Queue(CONSOLE_QUEUE_MESSAGES_MAX))
    cut: asyncio.Event = field(default_factory=asyncio.Event)
    people_changed: asyncio.Event = field(default_factory=asyncio.Event)


@dataclass(eq=False)
class _Watched:
    """One session that somebody watches. ``attempts`` and ``stations`` None: all have to be rendered anew."""

    session: str
    floor: Floor
    loads: int = 0
    consoles: set[Console] = field(default_factory=set)
    joining: list[Console] = field(default_factory=list)
    attempts: set[str] | None = None
    stations: set[str] | None = None
    due: asyncio.TimerHandle | None = None
    sent_at: float = float("-inf")


class Hub:
    """Sends floors to consoles; see the module."""

    def __init__(
        self, writer: Writer, database: Database, clock: RoomClock, presence: Presence, cards: Cards
    ) -> None:
        self._writer = writer
        self._database = database
        self._clock = clock
        self._presence = presence
        self._cards = cards
        self._watched: dict[str, _Watched] = {}
        self._durable: dict[str, int] = {}
        self._loading: set[asyncio.Task[None]] = set()
        writer.subscribe(self._committed)
        presence.subscribe(self._line_changed)

    async def join(self, session: str) -> Console:
        """Begin to send a session's floor, a snapshot first; raises NotFound."""
        n = await self._writer.submit(lambda desk: _where_it_stands(desk, session))
        self._durable.setdefault(session, n)
        watched = self._watched.get(session)
        if watched is None:
            card = await asyncio.to_thread(self._load, session)
            # Another console may have come while the card was read.
            watched = self._watched.get(session)
            if watched is None:
                floor = Floor(card, self._presence.line, functools.cache(self._text))
                watched = self._watched[session] = _Watched(session, floor)
        console = Console(session)
        watched.joining.append(console)
        self._soon(watched)
        return console

    def leave(self, console: Console) -> None:
        """Send nothing more to this console."""
        watched = self._watched.get(console.session)
        if watched is None:
            return
        watched.consoles.discard(console)
        watched.joining = [each for each in watched.joining if each is not console]
        if not watched.consoles and not watched.joining:
            if watched.due is not None:
                watched.due.cancel()
            del self._watched[console.session]

    # -- what changed ------------------------------------------------------------------------------------------

    def _committed(self, committed: Committed) -> None:
        changed: set[_Watched] = set()
        for one in committed.entries:
            if one.session is not None:
                self._durable[one.session] = one.n
            if changes_cards(one):
                self._reload(one.session)
            if one.entry.type == "register.changed" and one.entry.body["noun"] in _WHO_MAY_LOOK:
                self._ask_again_who_looks()
            watched = self._watched.get(one.session or "")
            if watched is None:
                continue
            changed.add(watched)
            attempts = touched(one)
            if attempts is None:
                watched.attempts = None
            elif watched.attempts is not None:
                watched.attempts |= attempts
        for watched in changed:
            self._soon(watched)

    def _ask_again_who_looks(self) -> None:
        for watched in self._watched.values():
            for console in (*watched.consoles, *watched.joining):
                console.people_changed.set()

    def _line_changed(self, station: str) -> None:
        for watched in self._watched.values():
            known = self._writer.day(watched.session).part(Attempts).by_id.values()
            at_it = {attempt.id for attempt in known if attempt.station == station}
            if not at_it and station not in watched.floor.card.stations:
                continue
            if watched.attempts is not None:
                watched.attempts |= at_it
            if watched.stations is not None:
                watched.stations.add(station)
            self._soon(watched)

    def _reload(self, session: str | None) -> None:
        for watched in self._watched.values():
            if session in (None, watched.session):
                task = asyncio.get_running_loop().create_task(self._load_again(watched))
                self._loading.add(task)
                task.add_done_callback(self._loading.discard)

    async def _load_again(self, watched: _Watched) -> None:
        watched.loads += 1
        load = watched.loads
        card = await asyncio.to_thread(self._load, watched.session)
        if load != watched.loads:
            return  # a later reading is under way
        watched.floor.card = card
        watched.attempts = watched.stations = None
        self._soon(watched)

    # -- out ---------------------------------------------------------------------------------------------------

    def _soon(self, watched: _Watched) -> None:
        """Send now, or when the interval since the last sending has passed."""
        loop = asyncio.get_running_loop()
        wait = watched.sent_at + FLOOR_INTERVAL_MS / 1000 - loop.time()
        if wait <= 0:
            self._flush(watched)
        elif watched.due is None:
            watched.due = loop.call_later(wait, self._flush, watched)

    def _flush(self, watched: _Watched) -> None:
        if watched.due is not None:
            watched.due.cancel()
            watched.due = None
        day = self._writer.day(watched.session)
        if day.n != self._durable[watched.session]:
            return  # a commit is under way; its news comes here again
        now = self._clock.now_ms()
        changes = watched.floor.refresh(day, now, watched.attempts, watched.stations)
        watched.attempts, watched.stations = set(), set()
        watched.sent_at = asyncio.get_running_loop().time()
        if changes is not None and watched.consoles:
            self._send(watched, list(watched.consoles), changes.model_dump_json())
        if watched.joining:
            joining, watched.joining = watched.joining, []
            watched.consoles.update(joining)
            self._send(watched, joining, watched.floor.snapshot(day, now).model_dump_json())

    def _send(self, watched: _Watched, consoles: list[Console], message: str) -> None:
        for console in consoles:
            try:
                console.messages.put_nowait(message)
            except asyncio.QueueFull:
                _log.warning("a console of %s reads too slowly and is cut off", watched.session)
                console.cut.set()
                self.leave(console)

    # -- beside the ledger -------------------------------------------------------------------------------------

    def _load(self, session: str) -> SessionCard:
        with self._database.read() as db:
            return self._cards(db, session)

    def _text(self, digest: str) -> str | None:
        with self._database.read_ledger() as ledger:
            note = ledger.note_text(digest)
        return None if note is None else note[1]


def _where_it_stands(desk: Desk, session: str) -> int:
    facts_of(desk, session)
    return desk.day(session).n
