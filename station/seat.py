"""One seat: what the candidate, the room and time itself may do here, each verb with what it refuses.

Every verb writes its entry first; whoever watches the seat is told when it is durable. The page, the camera and the
simulation are watchers; benchmarks drive a seat through the same verbs.
"""

import asyncio
import ssl
from collections.abc import Awaitable, Callable, Coroutine, Iterable, Sequence
from pathlib import Path
from typing import Literal

from protocol import from_station, to_station
from protocol import office_entries as office
from protocol import station_entries as entries
from protocol.answers import answered, canonical
from protocol.entry import Entry
from protocol.files import Files
from protocol.page import Stage
from protocol.shapes import Closed, HeadRef
from protocol.version import SOFTWARE
from station.dialogue import Dialogue
from station.disk import Disk
from station.identity import Identity
from station.journal import WRITE_RETRY_S, Rewritten
from station.lifecycle import (
    SittingFacts,
    Verb,
    allowed,
    free_at,
    hand_in_due,
    hand_in_wait_ms,
    next_instant,
    stage_of,
)
from station.promises import Promises
from station.refusals import NoSuchItem, NotNow, Refusal, RoomRefused, SeatTaken, TooEarly
from station.room_clock import RoomClock
from station.shelf import Shelf
from station.sitting import Sitting
from station.watching import NoCamera, Reporter, Watcher

DOUBT_MS = 1_000
"""Milliseconds between looks at a clock that nothing but the system clock stands for."""


class Seat:
    """An enrolled seat on its folder ``home``. ``start`` once, then ``run`` until cancelled."""

    def __init__(
        self,
        identity: Identity,
        home: Path,
        files: Files,
        disk: Disk,
        clock: RoomClock,
        tls: ssl.SSLContext | None = None,
        reporter: Reporter | None = None,
        *,
        write_retry_s: float = WRITE_RETRY_S,
        keep_time: Callable[[], Awaitable[None]] | None = None,
    ) -> None:
        self.identity, self.home, self.clock = identity, home, clock
        self.watchers: list[Watcher] = []
        self.sittings: list[Sitting] = []
        self.refusal: Refusal | None = None
        self.full: Refusal | None = None
        self.reporter: Reporter = reporter or NoCamera()
        self.page_open = False
        self._files = files
        self._shelf = Shelf(files, home, disk, write_retry_s=write_retry_s)
        self._promises = Promises()
        self._keep_time = keep_time
        self._ever_connected = False
        self._offline_since: float | None = None
        self._told_stage: Stage = "connecting"
        self._told_delivered = False
        self._timer: asyncio.TimerHandle | None = None
        self._tasks: set[asyncio.Task[None]] = set()
        for sitting in self._shelf.read():
            self._adopt(sitting)
        self.room = Dialogue(identity, clock, self.sittings, self, tls)

    # Where it stands.

    @property
    def current(self) -> Sitting | None:
        """Who sits here now."""
        last = self.sittings[-1] if self.sittings else None
        return last if last is not None and last.facts is not None and not last.closed else None

    @property
    def stage(self) -> Stage:
        """The stage at this moment."""
        sitting = self.current
        facts = None
        if sitting is not None:
            open_ = sitting.paper is not None
            facts = SittingFacts(sitting.attempt, sitting.confirmed, sitting.notice_read, open_)
        return stage_of(facts, self.clock.now(), ever_connected=self._ever_connected)

    def exam_ms(self) -> int | None:
        """Exam time used, None while the clock does not run: what the capture timetable is counted in."""
        if self.stage not in ("rules", "exam", "suspended"):
            return None
        assert self.current is not None
        return self.current.attempt.clock.used_ms(self.clock.now())

    # Life.

    async def start(self) -> None:
        """Go on where the journal stands, with or without a network."""
        sitting = self.current
        if sitting is not None:
            self.clock.not_before(sitting.last_at)
            now = self.clock.now()
            sitting.go_on(self.identity.station, self.identity.key, now)
            if not self.clock.certain:
                self._offline_since = self.clock.boot_ms()
                self.write("clock.changed", entries.ClockChanged(by_ms=0, cause="rebooted_offline"))
                self.write("link.changed", entries.LinkChanged(state="lost"))
            sitting.open_paper(now)
            await sitting.journal.flushed()
        self.check_time()

    async def run(self) -> None:
        """Talk with the room until cancelled."""
        await self.room.run()

    async def close(self) -> None:
        """Finish what is being written."""
        if self._timer is not None:
            self._timer.cancel()
        for task in list(self._tasks):
            task.cancel()
        for sitting in self.sittings:
            await sitting.journal.close()

    # What the candidate does.

    async def sign_in(self, ticket: str, document: str) -> None:
        """Ask the room to seat this candidate here. Raises Refusal."""
        before = self.current
        if before is not None:
            if not allowed(self.stage, "leave") or not before.attempt.clock.is_up(self.clock.now()):
                raise SeatTaken() if before.confirmed else NotNow()
            self._close_sitting(before)
        signed_in = await self.room.sign_in(ticket.strip(), document.strip())
        if self._keep_time is not None:
            # Before anybody sits here: a station killed the next moment must know the room's time when it is back.
            await self._keep_time()
        sitting = self._shelf.next()
        self._adopt(sitting)
        sitting.begin(signed_in, self.identity.station, self.identity.key, self.clock.now())
        sitting.outbox.resumed([])
        self.full = None
        self.room.seated()
        await self._settled(sitting)

    async def confirm(self, me: bool) -> None:
        """信息核对: it is me, or not: then a proctor is called and the seat is free again."""
        sitting = self._require("confirm" if me else "not_me")
        if me:
            sitting.keep({"kind": "confirmed"})
        else:
            self.write("hand.raised", entries.HandRaised(raised=True, cause="not_me"))
            self._close_sitting(sitting)
        await self._settled(sitting)

    async def read_notice(self) -> None:
        """The notice on camera and data was read."""
        sitting = self._require("read_notice")
        sitting.keep({"kind": "notice_read"})
        await self._settled(sitting)

    async def read_rules(self) -> None:
        """我已阅读: from here the paper is shown."""
        sitting = self._require("read_rules")
        self.write("rules.acknowledged", entries.RulesAcknowledged())
        await self._settled(sitting)

    def answer(self, slot: int, response: Sequence[str]) -> Entry:
        """Save a whole response to one item; an empty one clears it. Raises NotNow and NoSuchItem."""
        sitting = self._require("answer")
        item = sitting.item(slot)
        fitting = None if item is None else canonical(item, response)
        if fitting is None:
            raise NoSuchItem()
        return sitting.write(
            "answer.saved", entries.AnswerSaved(slot=slot, response=fitting), self.clock.now()
        )

    def mark(self, slot: int, marked: bool) -> Entry:
        """Mark an item for review, or take the mark away. Raises NotNow and NoSuchItem."""
        sitting = self._require("mark")
        if sitting.item(slot) is None:
            raise NoSuchItem()
        return sitting.write("item.marked", entries.ItemMarked(slot=slot, marked=marked), self.clock.now())

    async def hand_in(self) -> None:
        """The candidate hands in. Raises NotNow and TooEarly."""
        sitting = self._require("hand_in")
        assert sitting.facts is not None
        wait_ms = hand_in_wait_ms(sitting.attempt, sitting.facts.policy.earliest_hand_in_ms, self.clock.now())
        if wait_ms > 0:
            raise TooEarly(wait_ms)
        self._close_attempt(sitting, "candidate")
        await self._settled(sitting)

    def raise_hand(self, raised: bool) -> None:
        """举手. Raises NotNow when nobody sits here."""
        sitting = self._sitting()
        if sitting.attempt.hand_raised != raised:
            self.write("hand.raised", entries.HandRaised(raised=raised))
            self._later(self._settled(sitting))

    def acknowledge(self, message: str) -> None:
        """A proctor's message was read; a repeat is harmless."""
        sitting = self._sitting()
        if message in sitting.attempt.unread:
            self.write("message.acknowledged", entries.MessageAcknowledged(message=message))
            self._later(self._settled(sitting))

    # What is observed here.

    def write(self, kind: str, body: Closed) -> Entry | None:
        """Put something on the record of whoever sits here; None when nobody does."""
        sitting = self.current
        return sitting.write(kind, body, self.clock.now()) if sitting is not None else None

    def held(self, entry: Entry) -> "asyncio.Future[None]":
        """A future that is done once the room holds this entry, also when it had to be written again."""
        return self._promises.held(entry)

    def attempt_of(self, digest: str) -> str | None:
        """The attempt a picture was announced for, None when no entry names it."""
        for sitting in reversed(self.sittings):
            if digest in sitting.attempt.digests:
                return sitting.attempt_id
        return None

    def unsent(self) -> int | None:
        """Entries of the present sitting the room does not hold yet; None without a link."""
        if not self.room.up:
            return None
        return self.current.outbox.unacknowledged() if self.current is not None else 0

    def report(self) -> None:
        """Tell the room how this seat is."""
        camera, width, height, spooled = self.reporter.condition()
        self.room.report(
            from_station.SeatReport(
                camera=camera,
                width=width,
                height=height,
                disk_free_mb=self._files.free_bytes(self.home) // 1_048_576,
                page="open" if self.page_open else "none",
                spooled=spooled,
                software=SOFTWARE,
            )
        )

    def check_time(self) -> None:
        """Do what is due by the clock alone: open the paper, hand in, free the seat; look again at the next instant."""
        sitting, now = self.current, self.clock.now()
        if sitting is not None:
            started_at = sitting.attempt.clock.started_at
            if started_at is not None and now >= started_at:
                sitting.open_paper(now)
            surely = self.clock.surely()
            due = hand_in_due(sitting.attempt, surely)
            free = free_at(sitting.attempt)
            if due is not None:
                self._close_attempt(sitting, due)
            elif free is not None and surely >= free:
                self._close_sitting(sitting)
            self._later(self._settled(sitting))
        self._set_timer(now)

    # What the room says (SeatListener).

    def link_changed(self, up: bool) -> None:
        """The link came or went; a loss is on record with its length."""
        if up:
            self._ever_connected = True
            self.refusal = self.full = None
            if self._offline_since is not None:
                offline_ms = int(self.clock.boot_ms() - self._offline_since)
                self.write("link.changed", entries.LinkChanged(state="back", offline_ms=offline_ms))
                self._offline_since = None
            self.report()
            self.check_time()
        elif self._offline_since is None:
            self._offline_since = self.clock.boot_ms()
            self.write("link.changed", entries.LinkChanged(state="lost"))
        self._changed()

    def time_heard(self) -> None:
        """The time was measured: a timer set by an older measurement may be off."""
        self._set_timer(self.clock.now())

    def ordered(self, sitting: Sitting, entry: Entry, body: Closed, message: to_station.Order) -> None:
        """An order binds from here: written with its text and signature before anything follows from it."""
        if (
            isinstance(body, office.SessionStarted)
            and message.paper_key is None
            and not sitting.has_paper_key
        ):
            return  # a start without its key would bind the clock and show nothing: it is sent again
        if message.paper_key is not None:
            sitting.keep({"kind": "paper_key", "key": message.paper_key})
        if isinstance(body, office.MessageSent) and message.text is not None:
            sitting.keep({"kind": "text", "message": body.message, "text": message.text})
        heard = entries.OrderHeard(
            order=HeadRef(**entry.head.to_json()), text=message.entry, signature=message.signature
        )
        sitting.write("order.heard", heard, self.clock.now())
        self._later(self._obey(sitting, body))

    def held_by_room(self, sitting: Sitting, stream: str, first: int, last: int) -> None:
        """Tell who waits, and the page."""
        self._promises.keep(stream, first, last)
        if sitting is self.current:
            self._tell_saved(sitting, ((stream, seq) for seq in range(first, last + 1)))
            if sitting.hand_in_delivered() and not self._told_delivered:
                self._told_delivered = True
                self._changed()
        elif not sitting.delivered and sitting.all_delivered():
            sitting.keep({"kind": "delivered"})

    def moved_away(self, sitting: Sitting) -> None:
        """换机: the candidate sits elsewhere; what is here is delivered, and the seat is free."""
        self._close_sitting(sitting)
        self._later(self._settled(sitting))

    def pictures_wanted(self, digests: Sequence[str]) -> None:
        """The room misses pictures."""
        for watcher in self.watchers:
            watcher.pictures_wanted(digests)

    def refused(self, refusal: RoomRefused) -> None:
        """The room refuses this station; the page says so while nobody sits here, or when it takes no more entries."""
        if refusal.code == to_station.ENTRIES_FULL:
            self.full = refusal
            self._changed()
        elif self.current is None:
            self.refusal = refusal
            self._changed()

    def released(self, attempt: str) -> None:
        """Journal and pictures of an archived session may go."""
        for sitting in self.sittings[:-1]:
            if sitting.attempt_id == attempt and sitting.delivered:
                sitting.journal.forget()

    # Inside.

    async def _obey(self, sitting: Sitting, body: Closed) -> None:
        await sitting.journal.flushed()
        if isinstance(body, office.SnapshotRequested):
            for watcher in self.watchers:
                watcher.picture_wanted("flag")
        self.check_time()
        for watcher in self.watchers:
            watcher.time_changed()

    def _close_attempt(self, sitting: Sitting, by: Literal["candidate", "time_up", "collected"]) -> None:
        attempt = sitting.attempt
        body = entries.HandedIn(by=by, answered=answered(attempt.answers), digest=attempt.digest())
        self._told_delivered = False
        entry = sitting.write("handed_in", body, self.clock.now())
        for watcher in self.watchers:
            watcher.picture_wanted("hand_in")
        self.held(entry).add_done_callback(lambda held: self.room.sign_now())

    def _close_sitting(self, sitting: Sitting) -> None:
        sitting.keep({"kind": "closed"})
        if sitting.all_delivered():
            sitting.keep({"kind": "delivered"})

    def _sitting(self) -> Sitting:
        sitting = self.current
        if sitting is None:
            raise NotNow()
        return sitting

    def _require(self, verb: Verb) -> Sitting:
        sitting = self._sitting()
        if not allowed(self.stage, verb):
            raise NotNow()
        return sitting

    async def _settled(self, sitting: Sitting) -> None:
        await sitting.journal.flushed()
        self._set_timer(self.clock.now())
        self._changed()

    def _changed(self) -> None:
        stage, before = self.stage, self._told_stage
        self._told_stage = stage
        for watcher in self.watchers:
            if stage != before:
                watcher.stage_changed(before, stage)
            watcher.view_changed()

    def _later(self, work: Coroutine[None, None, None]) -> None:
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    def _set_timer(self, now: int) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        sitting = self.current
        instant = next_instant(sitting.attempt, now) if sitting is not None else None
        if instant is not None:
            # One millisecond past: room time is cut to whole milliseconds. A doubtful clock is asked again.
            wait_s = max(0 if self.clock.certain else DOUBT_MS, instant - now + 1) / 1000
            self._timer = asyncio.get_running_loop().call_later(wait_s, self.check_time)

    def _adopt(self, sitting: Sitting) -> None:
        sitting.journal.on_durable = lambda durable: self._durable(sitting, durable)
        sitting.journal.on_rewritten = lambda moved: self._rewritten(sitting, moved)
        self.sittings.append(sitting)

    def _durable(self, sitting: Sitting, durable: Sequence[Entry]) -> None:
        self.room.link.wake()
        if sitting is self.current:
            self._tell_saved(sitting, ((entry.stream, entry.seq) for entry in durable))

    def _tell_saved(self, sitting: Sitting, places: Iterable[tuple[str, int]]) -> None:
        if not self.watchers:
            return
        # Only the newest word on an item: an older one that becomes safe says nothing about what the page shows.
        slots = [sitting.slot_at[place] for place in places if place in sitting.slot_at]
        if slots:
            states = [sitting.answer_state(slot) for slot in slots]
            for watcher in self.watchers:
                watcher.answers_saved(states)

    def _rewritten(self, sitting: Sitting, moved: Sequence[Rewritten]) -> None:
        sitting.rewritten(moved)
        self._promises.move(moved)
