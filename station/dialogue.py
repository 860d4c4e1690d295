"""What a seat says to the room and hears from it: sign-in, delivery of every sitting, orders, witness, repair.

The current sitting is delivered first; older ones, of earlier candidates, whenever there is room.
"""

import asyncio
import logging
import secrets
import ssl
from collections import Counter
from collections.abc import Sequence
from typing import Protocol

from protocol import from_station, limits, to_station
from protocol.entry import Entry
from protocol.shapes import Closed, HeadRef
from protocol.witness import sign_head
from station.identity import Identity
from station.link import Link
from station.orders import NotAnOrder, checked_order
from station.outbox import Gap
from station.refusals import NoRoom, RoomRefused
from station.room_clock import RoomClock
from station.sitting import Sitting

SIGN_IN_S_MAX = 20.0
"""Seconds a candidate waits for the room's answer to a sign-in; the room seats 2,000 in 30."""

REPAIRS_AT_ONCE = 3
"""New streams opened without the room taking anything; after that it is asked again only after a wait."""

REPAIR_RETRY_S_FIRST, REPAIR_RETRY_S_MAX = 20.0, 1_280.0
"""Seconds until a room that accepts nothing is tried again: doubled from the first to the longest."""

EARLY_ORDERS_MAX = 64
"""Orders kept while a candidate is being seated; one past it the room sends again until it is heard."""

_LOG = logging.getLogger(__name__)


class SeatListener(Protocol):
    """What the seat does about the room's news."""

    def link_changed(self, up: bool) -> None:
        """The link came or went."""

    def time_heard(self) -> None:
        """The room's time was measured again."""

    def ordered(self, sitting: Sitting, entry: Entry, body: Closed, message: to_station.Order) -> None:
        """A checked order for this sitting that it has not heard yet."""

    def held_by_room(self, sitting: Sitting, stream: str, first: int, last: int) -> None:
        """The room holds these entries."""

    def moved_away(self, sitting: Sitting) -> None:
        """The candidate of this sitting goes on at another machine."""

    def pictures_wanted(self, digests: Sequence[str]) -> None:
        """The room misses these pictures."""

    def refused(self, refusal: RoomRefused) -> None:
        """The room refuses this station as a whole, or a request nobody waits for."""

    def released(self, attempt: str) -> None:
        """The session is archived: what the seat keeps of this attempt may go."""


class Dialogue:
    """One seat's side of the conversation. ``sittings`` is the seat's own list, oldest first, the current one last."""

    def __init__(
        self,
        identity: Identity,
        clock: RoomClock,
        sittings: list[Sitting],
        listener: SeatListener,
        tls: ssl.SSLContext | None,
    ) -> None:
        self._identity, self._clock, self._sittings, self._listener = identity, clock, sittings, listener
        self.link = Link(identity, clock, self, tls)
        self.welcome: to_station.Welcome | None = None
        self._requests: dict[str, asyncio.Future[to_station.SignedIn]] = {}
        self._seating: str | None = None
        self._early: list[to_station.Order] = []
        self._office_head: HeadRef | None = None
        self._signed: str | None = None
        self._repairs: Counter[str] = Counter()
        self._repair_wait_s = REPAIR_RETRY_S_FIRST

    @property
    def up(self) -> bool:
        """Whether the link stands."""
        return self.link.up

    async def run(self) -> None:
        """Keep the link and the witness."""
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(self.link.run())
            tasks.create_task(self._bear_witness())

    async def sign_in(self, ticket: str, document: str) -> to_station.SignedIn:
        """Ask the room to seat a candidate here. Raises NoRoom and RoomRefused."""
        if not self.up:
            raise NoRoom()
        request = secrets.token_hex(8)
        answer: asyncio.Future[to_station.SignedIn] = asyncio.get_running_loop().create_future()
        self._requests[request] = answer
        try:
            async with asyncio.timeout(SIGN_IN_S_MAX):
                self.link.send(from_station.SignIn(request=request, ticket=ticket, document=document))
                return await answer
        except TimeoutError as error:
            raise NoRoom() from error
        finally:
            self._requests.pop(request, None)

    def seated(self) -> None:
        """The candidate who signed in sits here: obey the orders that came right behind the room's answer."""
        early, self._seating, self._early = self._early, None, []
        for order in early:
            self._order(order)

    def report(self, report: from_station.SeatReport) -> None:
        """Say how the seat is."""
        self.link.send(report)

    def sign_now(self) -> None:
        """Sign the newest head that was sent, when it moved since the last signature."""
        sitting = self._sittings[-1] if self._sittings else None
        head = sitting.outbox.sent_head() if sitting and self.up else None
        if head is None or head.hash == self._signed:
            return
        ref = HeadRef(**head.to_json())
        statement, signature = sign_head(self._identity.key, ref, self._office_head, self._clock.now())
        self.link.send(from_station.SignedHead(statement=statement, signature=signature))
        self._signed = head.hash

    # What the link tells and asks (LinkListener).

    def connected(self, welcome: to_station.Welcome) -> None:
        """Say which attempts this journal holds, the current one last: the room takes it for the present one."""
        self.welcome = welcome
        self._repairs.clear()
        asked: dict[str, None] = {}
        for sitting in self._sittings:
            if sitting.attempt_id is not None and (not sitting.delivered or sitting is self._sittings[-1]):
                asked.pop(sitting.attempt_id, None)
                asked[sitting.attempt_id] = None
        for attempt in asked:
            self.link.send(from_station.Resume(attempt=attempt))
        self._listener.link_changed(True)

    def disconnected(self) -> None:
        """Nothing is sent until the room has said again what it holds."""
        for sitting in self._sittings:
            sitting.outbox.disconnected()
        for answer in self._requests.values():
            if not answer.done():
                answer.set_exception(NoRoom())
        self._listener.link_changed(False)

    def refused(self, refused: to_station.Refused) -> None:
        """The handshake failed."""
        self._listener.refused(RoomRefused(refused.code, refused.sentence_zh, refused.sentence_en))

    def received(self, message: Closed) -> None:
        """One message of the room."""
        match message:
            case to_station.Ack():
                self._acknowledged(message)
            case to_station.Pong():
                self._office_head = message.office_head
                self._listener.time_heard()
            case to_station.Order():
                self._order(message)
            case to_station.SignedIn():
                self._answer(message)
            case to_station.Refused():
                self._refuse(message)
            case to_station.Resumed():
                self._resumed(message)
            case to_station.OpenNewStream():
                self._open_new_stream(message)
            case to_station.PicturesWanted():
                self._listener.pictures_wanted(message.digests)
            case to_station.Released():
                self._listener.released(message.attempt)

    def next_frame(self) -> list[str] | None:
        """The next entries to be sent, of the current sitting first."""
        for sitting in reversed(self._sittings):
            frame = sitting.outbox.next_frame()
            if isinstance(frame, Gap):
                self._repair(sitting, frame.stream, frame.held)
            elif frame is not None:
                return frame
        return None

    # Each kind of news.

    def _acknowledged(self, ack: to_station.Ack) -> None:
        for sitting in reversed(self._sittings):
            newly = sitting.outbox.acknowledged(ack.stream, ack.seq)
            if newly is not None:
                self._repairs.clear()
                self._repair_wait_s = REPAIR_RETRY_S_FIRST
                self._listener.held_by_room(sitting, *newly)
                self.link.wake()
                return

    def _resumed(self, message: to_station.Resumed) -> None:
        for sitting in self._sittings:
            if sitting.attempt_id == message.attempt:
                for newly in sitting.outbox.resumed(message.streams):
                    self._listener.held_by_room(sitting, *newly)
                if not message.seated_here and not sitting.closed:
                    self._listener.moved_away(sitting)
        self.link.wake()

    def _answer(self, message: to_station.SignedIn) -> None:
        answer = self._requests.get(message.request)
        if answer is not None and not answer.done():
            self._seating, self._early = message.facts.attempt, []
            answer.set_result(message)

    def _refuse(self, message: to_station.Refused) -> None:
        refusal = RoomRefused(message.code, message.sentence_zh, message.sentence_en)
        answer = self._requests.get(message.request or "")
        if answer is None:
            _LOG.warning("refused: %s: %s", message.code, message.sentence_en)
            self._listener.refused(refusal)
        elif not answer.done():
            answer.set_exception(refusal)

    def _order(self, message: to_station.Order) -> None:
        sitting = self._sittings[-1] if self._sittings else None
        if (
            sitting is None
            or sitting.attempt_id is None
            or sitting.closed
            or message.attempt != sitting.attempt_id
        ):
            if message.attempt == self._seating and len(self._early) < EARLY_ORDERS_MAX:
                self._early.append(message)
            return  # else of a candidate who sat here before
        try:
            entry, body = checked_order(message, self._identity.room_key, sitting.attempt_id)
        except NotAnOrder as error:
            _LOG.error("an order was not obeyed: %s", error)
            return
        if not sitting.attempt.heard(entry.hash):
            self._listener.ordered(sitting, entry, body, message)

    def _open_new_stream(self, message: to_station.OpenNewStream) -> None:
        for sitting in self._sittings:
            if sitting.journal.stream(message.stream) is not None:
                # An acknowledgement may have said more than a refusal that was written for one frame.
                held = max(message.held, sitting.outbox.held(message.stream))
                _LOG.warning("the room put an entry of %s aside: %s", message.stream, message.reason)
                self._repair(sitting, message.stream, held)

    def _repair(self, sitting: Sitting, stream: str, held: int) -> None:
        self._repairs[stream] += 1
        if self._repairs.total() > REPAIRS_AT_ONCE:
            # Nothing of it is accepted: asking at the speed of the network would help nobody.
            sitting.outbox.disconnected()
            asyncio.get_running_loop().call_later(self._repair_wait_s, self._ask_again, sitting)
            self._repair_wait_s = min(REPAIR_RETRY_S_MAX, 2 * self._repair_wait_s)
            return
        if sitting.journal.repair(stream, held, self._clock.now()):
            self.link.wake()

    def _ask_again(self, sitting: Sitting) -> None:
        self._repairs.clear()
        if self.up and not sitting.outbox.ready and sitting.attempt_id is not None:
            self.link.send(from_station.Resume(attempt=sitting.attempt_id))

    async def _bear_witness(self) -> None:
        while True:
            await asyncio.sleep(limits.HEAD_INTERVAL_MS / 1000)
            self.sign_now()
