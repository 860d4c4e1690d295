"""The station's socket: the server speaks first, the station proves its key, then entries, orders and time flow.

A link never waits for a commit: frames go to the writer as they come, acknowledgements leave when they are durable. A
station that is too far ahead is not read until the room has caught up. Orders are resent until the seat's stream says
it heard them.
"""

import asyncio
import contextlib
import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

from fastapi import WebSocket
from pydantic import ValidationError
from starlette.websockets import WebSocketDisconnect

from protocol import from_station, limits, to_station, wire
from protocol.entry import Head
from protocol.shapes import Closed, HeadRef
from protocol.to_station import (
    ENTRIES_FULL,
    OpenNewStream,
    PicturesWanted,
    Pong,
    Released,
    Resumed,
)
from protocol.witness import read_head
from server import errors
from server.attempts.budget import BUDGET, MIB, Budget
from server.attempts.queries import attempt_row
from server.attempts.receiving import Author, Taken, receive
from server.attempts.rules import Attempts
from server.attempts.signing_in import Machine, Photo, UnknownCandidate, sign_in, stream_states
from server.attempts.witnessing import keep_head
from server.clock import RoomClock
from server.db import Database
from server.live.clock_doubt import ClockDoubt
from server.live.handshake import HANDSHAKE_S_MAX, Door, MalformedMessage, read_message, refused, shake_hands
from server.live.links import Links, TooManyUnproved, Unproved
from server.live.orders import Orders
from server.live.presence import Presence
from server.people.passwords import Tries
from server.sessions.rules import SessionFacts, SessionState
from server.snapshots.queries import outstanding
from server.writer.desk import Desk
from server.writer.writer import Writer

SIGN_IN_TRIES_MAX = 8
SIGN_IN_WINDOW_MS = 60_000
"""Wrong tickets or documents typed at one station within the window; one more waits. Others are not concerned."""

CLOSE_S_MAX = 2.0
"""Seconds a station has to take the closing word; one that is gone is dropped without."""

CUT_OFF = 1013
"""The code a link is cut with: come again."""

FRAMES_PENDING_MAX = 32
"""Frames of one link waiting for the writer; the next is not read before one of them is durable."""

SEND_QUEUE_MAX = 4_096
"""Messages waiting for one station; one more closes the link, and the station catches up."""

PICTURES_PER_MESSAGE = 1_000
"""Digests of missing pictures in one message."""

_log = logging.getLogger(__name__)


class TooManySignIns(errors.Refused):
    """Somebody tries out tickets and documents at this machine."""

    code = "too_many_tries"
    status = 429
    zh = "准考证号或证件号码输错次数过多，请 {seconds} 秒后再试，或举手。"
    en = "Wrong ticket or document number too many times. Try again in {seconds} seconds, or raise your hand."


class EntriesFull(errors.Refused):
    """The attempt wrote all it may: honest use never comes near it."""

    code = ENTRIES_FULL
    status = 507
    zh = "本机发送的记录已达上限（{limit} MB），考场不再接收；请举手，由监考人员导出本机日志。"
    en = "The room takes no more than {limit} MB of a seat. Raise your hand: a proctor brings its journal."


@dataclass(frozen=True)
class LinkRoom:
    """What a link needs of the room: ``room_key`` is the public one, ``wrapping`` the key of the session secrets.

    A link that says nothing for ``silence_s`` seconds is lost, whatever its connection claims.
    """

    writer: Writer
    database: Database
    clock: RoomClock
    doubt: ClockDoubt
    room_key: str
    wrapping: bytes
    photo_of: Photo
    title_of: Callable[[str], str]
    links: Links
    tries: Tries = field(default_factory=lambda: Tries(SIGN_IN_TRIES_MAX, SIGN_IN_WINDOW_MS))
    silence_s: float = limits.LINK_SILENCE_MS_MAX / 1000
    budget: Budget = BUDGET
    unproved: Unproved = field(default_factory=Unproved)

    @property
    def door(self) -> Door:
        """What the handshake needs of it."""
        return Door(self.writer.run, self.room_key, self.database, self.clock.now_ms, self.title_of)


@dataclass(eq=False)
class StationLink:
    """One connected station. ``attempt`` is the one it last signed in, resumed or wrote for."""

    socket: WebSocket
    room: LinkRoom
    orders: Orders
    presence: Presence
    author: Author
    machine: Machine
    attempt: str | None = None
    session: str | None = None
    outbox: "asyncio.Queue[str]" = field(default_factory=lambda: asyncio.Queue(SEND_QUEUE_MAX))
    pending: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(FRAMES_PENDING_MAX))
    cut: asyncio.Event = field(default_factory=asyncio.Event)
    heard_s: float = field(default_factory=lambda: asyncio.get_running_loop().time())

    # -- out ---------------------------------------------------------------------------------------------------

    def send(self, message: Closed) -> None:
        """Queue a message; a station that does not read is cut off and comes back."""
        self.send_text(message.model_dump_json())

    def send_text(self, text: str) -> None:
        """Queue a message that is written already."""
        try:
            self.outbox.put_nowait(text)
        except asyncio.QueueFull:
            _log.warning("station %s does not read; its link is cut", self.author.station)
            self.cut.set()

    async def write(self) -> None:
        """Send what is queued, in order."""
        while True:
            await self.socket.send_text(await self.outbox.get())

    # -- in ----------------------------------------------------------------------------------------------------

    async def silence(self) -> None:
        """Return once the station has said nothing for too long; not while it is the room that does not read."""
        loop = asyncio.get_running_loop()
        while True:
            left_s = self.heard_s + self.room.silence_s - loop.time()
            if left_s <= 0 and not self.pending.locked():
                return
            await asyncio.sleep(max(left_s, self.room.silence_s / 10))

    async def read(self) -> None:
        """Take messages until the link ends."""
        loop = asyncio.get_running_loop()
        while True:
            text = await self.socket.receive_text()
            self.heard_s = loop.time()
            self.presence.heard(self.author.station)
            try:
                message = read_message(text)
            except wire.Malformed as error:
                self.refuse(MalformedMessage(why=error), None)
                continue
            await self._take(message)

    async def _take(self, message: Closed) -> None:
        match message:
            case from_station.Entries():
                await self.pending.acquire()
                texts = message.entries
                done = self.room.writer.submit(
                    lambda desk: receive(desk, self.author, texts, budget=self.room.budget)
                )
                done.add_done_callback(self._taken)
            case from_station.Ping():
                self._tell_time(message)
            case from_station.SignedHead():
                await self._witness(message)
            case from_station.SignIn():
                await self._sign_in(message)
            case from_station.Resume():
                await self._resume(message)
            case from_station.SeatReport():
                self.presence.report(self.author.station, message)
            case _:
                self.refuse(MalformedMessage(why="not now"), None)

    def _tell_time(self, ping: from_station.Ping) -> None:
        if ping.room_time is not None:
            self.presence.offset(self.author.station, ping.room_time - self.room.clock.now_ms())
            self.room.doubt.seat_says(self.author.station, ping.room_time)
        told, office = self.room.doubt.time_for(ping.room_time), self.orders.office_head(self.session)
        self.send(Pong(sent_at=ping.sent_at, room_time=told, office_head=_ref(office)))

    def _taken(self, done: "asyncio.Future[Taken]") -> None:
        self.pending.release()
        problem = done.exception()
        if problem is not None:
            # Not saved: no acknowledgement; the station keeps what it has and sends it again.
            if isinstance(problem, errors.Refused):
                self.refuse(problem, None)
            return
        taken = done.result()
        for stream, seq in taken.acks.items():
            self.send_text(_ack(stream, seq))
        for stream, reason in taken.refused.items():
            self.send(OpenNewStream(stream=stream, held=taken.acks.get(stream, -1), reason=reason))
        if taken.full:
            self.refuse(EntriesFull(limit=self.room.budget.attempt_bytes // MIB), None)

    async def _sign_in(self, message: from_station.SignIn) -> None:
        room = self.room

        def verb(desk: Desk) -> to_station.SignedIn:
            return sign_in(
                desk,
                self.machine,
                message.request,
                message.ticket,
                message.document,
                room.wrapping,
                room.photo_of,
            )

        station = self.machine.station
        wait_ms = room.tries.begin(station, room.clock.now_ms())
        if wait_ms:
            self.refuse(TooManySignIns(seconds=-(-wait_ms // 1000)), message.request)
            return
        try:
            signed_in = await room.writer.submit(verb)
        except errors.Refused as refusal:
            if not isinstance(refusal, UnknownCandidate):
                room.tries.take_back(station)
            self.refuse(refusal, message.request)
            return
        room.tries.take_back(station)
        self.concerns(signed_in.facts.session, signed_in.facts.attempt)
        self.send(signed_in)

    async def _resume(self, message: from_station.Resume) -> None:
        try:
            held = await self.room.writer.submit(
                lambda desk: _held_by_room(desk, self.author.station, message.attempt)
            )
        except errors.Refused as refusal:
            self.refuse(refusal, None)
            return
        if held.seated_here:
            self.concerns(held.session, message.attempt)
        self.send(Resumed(attempt=message.attempt, streams=held.streams, seated_here=held.seated_here))
        if held.seated_here:
            await self.orders.resend(self)
        for at in range(0, len(held.pictures), PICTURES_PER_MESSAGE):
            self.send(PicturesWanted(digests=held.pictures[at : at + PICTURES_PER_MESSAGE]))
        if held.archived:
            self.send(Released(attempt=message.attempt))

    async def _witness(self, message: from_station.SignedHead) -> None:
        try:
            statement = read_head(self.author.key, message.statement, message.signature)
        except (wire.Malformed, ValidationError):
            statement = None
        if statement is None:
            self.refuse(MalformedMessage(why="the signed head does not bear this station's signature"), None)
            return
        try:
            await self.room.writer.submit(
                lambda desk: keep_head(desk, self.author, statement, message.statement, message.signature)
            )
        except errors.Refused as refusal:
            self.refuse(refusal, None)

    def concerns(self, session: str, attempt: str) -> None:
        """From here the link is this attempt's: its orders go here."""
        self.session, self.attempt = session, attempt
        self.orders.attach(self)

    def refuse(self, refusal: errors.Refused, request: str | None, *, fatal: bool = False) -> None:
        """Say no, with a sentence for the person who reads it."""
        self.send(refused(refusal, request, fatal))


async def serve(socket: WebSocket, room: LinkRoom, orders: Orders, presence: Presence) -> None:
    """One link from its first word to its end."""
    try:
        with room.unproved.one(socket.client.host if socket.client else ""):
            await socket.accept()
            async with asyncio.timeout(HANDSHAKE_S_MAX):
                proved = await shake_hands(socket, room.door)
    except TooManyUnproved:
        await socket.close(CUT_OFF)
        return
    except (TimeoutError, WebSocketDisconnect):
        return
    if proved is None:
        await socket.close(1008)
        return
    link = StationLink(socket, room, orders, presence, *proved)
    presence.connected(link.author.station)
    room.links.add(link)
    try:
        await _until_over(link)
    finally:
        room.links.remove(link)
        orders.detach(link)
        presence.lost(link.author.station)
    with contextlib.suppress(TimeoutError, WebSocketDisconnect, RuntimeError):
        async with asyncio.timeout(CLOSE_S_MAX):
            await socket.close(CUT_OFF)


async def _until_over(link: StationLink) -> None:
    """Read and write until the station leaves, falls silent or is cut off."""
    endings = [
        asyncio.create_task(one)
        for one in (_quietly(link.read), _quietly(link.write), link.silence(), link.cut.wait())
    ]
    try:
        done, _ = await asyncio.wait(endings, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for task in endings:
            task.cancel()
        await asyncio.gather(*endings, return_exceptions=True)
    for task in done:
        task.result()


@dataclass(frozen=True, slots=True)
class _Held:
    """What the room holds of an attempt, as a station that resumes is told."""

    session: str
    streams: list[to_station.StreamState]
    seated_here: bool
    pictures: list[str]
    archived: bool


def _held_by_room(desk: Desk, station: str, attempt: str) -> _Held:
    """For the station where the attempt sits, or one it has left that still has something to deliver."""
    session = attempt_row(desk.db, attempt).session
    day = desk.day(session)
    found = day.part(Attempts).by_id.get(attempt)
    seated_here = found is not None and found.station == station
    wrote_here = any(one.attempt == attempt and one.station == station for one in day.streams.values())
    if found is None or not (seated_here or wrote_here):
        raise errors.NotFound(what="attempt")
    return _Held(
        session,
        stream_states(day, attempt),
        seated_here,
        outstanding(desk.db, attempt),
        day.part(SessionFacts).state is SessionState.ARCHIVED,
    )


async def _quietly(part: Callable[[], Awaitable[None]]) -> None:
    """Until it ends or the peer is lost, which Starlette says in these three ways."""
    try:
        await part()
    except (WebSocketDisconnect, RuntimeError, KeyError):
        return


def _ack(stream: str, seq: int) -> str:
    # Written by hand: one is sent for every answer of the room.
    return f'{{"type":"ack","stream":"{stream}","seq":{seq}}}'


def _ref(head: Head | None) -> HeadRef | None:
    return None if head is None else HeadRef(stream=head.stream, seq=head.seq, hash=head.hash)
