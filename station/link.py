"""The link to the room server: connect, prove the key, keep time, carry messages; and come back after anything.

The server speaks first (:class:`Challenge`); the station signs its nonce. Whatever ends a connection, the next attempt
comes after a growing, jittered wait of at most ``LINK_RETRY_MS_MAX``. What is to be sent is asked of the listener when
there is room for it, so that nothing queues up here.
"""

import asyncio
import logging
import random
import ssl
from collections import deque
from typing import Protocol, TypeVar

from pydantic import TypeAdapter, ValidationError
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import WebSocketException

from protocol import from_station, limits, to_station, wire
from protocol.keys import Purpose
from protocol.shapes import Closed
from protocol.version import PROTOCOL, PROTOCOL_MIN, SOFTWARE
from station.identity import Identity
from station.room_clock import RoomClock

CONNECT_S_MAX = 5.0
"""Seconds for connection, TLS and handshake together."""

RETRY_S_FIRST = 0.2
"""Seconds before the second attempt; doubled from there to LINK_RETRY_MS_MAX."""

M = TypeVar("M", bound=Closed)

_MESSAGES: TypeAdapter[to_station.Message] = TypeAdapter(to_station.Message)
_LOG = logging.getLogger(__name__)


class LinkListener(Protocol):
    """Who is told what the link hears, and asked what it should say."""

    def connected(self, welcome: to_station.Welcome) -> None:
        """The room knows this station; the clock has its first idea of the time."""

    def received(self, message: Closed) -> None:
        """Any later message of the server."""

    def disconnected(self) -> None:
        """The connection is gone."""

    def refused(self, refused: to_station.Refused) -> None:
        """The server refused this station in the handshake; it is tried again all the same."""

    def next_frame(self) -> list[str] | None:
        """Exact texts of entries to be sent now, or None."""


class _Dropped(Exception):
    """This connection ends; the message says why."""


class Link:
    """One station's connection. ``run`` never ends by itself."""

    def __init__(
        self, identity: Identity, clock: RoomClock, listener: LinkListener, tls: ssl.SSLContext | None
    ) -> None:
        self._identity, self._clock, self._listener, self._tls = identity, clock, listener, tls
        self._messages: deque[str] = deque()
        self._awake = asyncio.Event()
        self._heard_at = 0.0
        self.up = False

    def send(self, message: Closed) -> None:
        """Send a message on the present connection; without one it is dropped: what must arrive is an entry."""
        if self.up:
            self._messages.append(wire.write(message.to_json()))
            self._awake.set()

    def wake(self) -> None:
        """There may be entries to send."""
        self._awake.set()

    async def run(self) -> None:
        """Keep the link for as long as the task lives."""
        wait_s = RETRY_S_FIRST
        while True:
            try:
                async with asyncio.timeout(CONNECT_S_MAX) as patience:
                    socket = await self._connect()
                    try:
                        welcome = await self._shake_hands(socket)
                        patience.reschedule(None)
                        wait_s = RETRY_S_FIRST
                        # In a task of its own: before Python 3.13 a group of tasks that failed leaves its task marked
                        # as being cancelled, and the next timeout in it would end the link for good.
                        await asyncio.create_task(self._talk(socket, welcome))
                    finally:
                        await _close(socket)
            except (OSError, WebSocketException, TimeoutError, _Dropped, ExceptionGroup) as error:
                if ending():
                    raise asyncio.CancelledError from error
                self._explain(_first(error))
            wait_s = min(wait_s * 2, limits.LINK_RETRY_MS_MAX / 1000)
            await asyncio.sleep(wait_s * random.uniform(0.5, 1))  # noqa: S311 - jitter, nothing secret

    def _explain(self, error: BaseException) -> None:
        if isinstance(error, OSError | WebSocketException | TimeoutError | _Dropped):
            _LOG.info("no link to %s: %s", self._identity.link_address, error)
        else:
            # The socket is an edge: whatever one message broke, the next connection begins afresh.
            _LOG.error("the link to %s broke", self._identity.link_address, exc_info=error)

    async def _connect(self) -> ClientConnection:
        tls = {"ssl": self._tls, "server_hostname": self._identity.server_name} if self._tls else {}
        if self._identity.server_name is None:
            tls.pop("server_hostname", None)
        return await connect(
            self._identity.link_address,
            max_size=limits.SEALED_PAPER_BYTES_MAX,
            compression=None,
            ping_interval=None,
            close_timeout=1,
            proxy=None,
            **tls,  # type: ignore[arg-type]
        )

    async def _shake_hands(self, socket: ClientConnection) -> to_station.Welcome:
        challenge = _expect(to_station.Challenge, await socket.recv())
        if not (challenge.protocol_min <= PROTOCOL and challenge.protocol_max >= PROTOCOL_MIN):
            raise _Dropped(
                f"the room speaks protocol {challenge.protocol_min} to {challenge.protocol_max}, this station "
                f"{PROTOCOL_MIN} to {PROTOCOL}: update the older one before check-in"
            )
        identity = self._identity
        proof = f"{challenge.nonce}\n{challenge.server}\n{identity.station}"
        hello = from_station.Hello(
            protocol=min(PROTOCOL, challenge.protocol_max),
            station=identity.station,
            key=identity.key.public,
            software=SOFTWARE,
            signature=identity.key.sign(Purpose.LINK, proof),
        )
        asked_at = self._clock.boot_ms()
        await socket.send(wire.write(hello.to_json()))
        answer = _read(await socket.recv())
        if isinstance(answer, to_station.Refused):
            self._listener.refused(answer)
            raise _Dropped(f"{answer.code}: {answer.sentence_en}")
        if not isinstance(answer, to_station.Welcome):
            raise _Dropped("the server did not welcome this station")
        if answer.room_key != identity.room_key:
            raise _Dropped("this is another room: its key is not the one pinned at enrolment")
        self._clock.heard(asked_at, answer.room_time)
        return answer

    async def _talk(self, socket: ClientConnection, welcome: to_station.Welcome) -> None:
        self._messages.clear()
        self._heard_at = self._clock.boot_ms()
        self.up = True
        try:
            self._listener.connected(welcome)
            async with asyncio.TaskGroup() as tasks:
                tasks.create_task(self._hear(socket))
                tasks.create_task(self._say(socket))
                tasks.create_task(self._ask_time())
        finally:
            self.up = False
            self._listener.disconnected()

    async def _hear(self, socket: ClientConnection) -> None:
        async for frame in socket:
            self._heard_at = self._clock.boot_ms()
            try:
                message = _read(frame)
            except _Dropped as error:
                _LOG.warning("not understood and passed over: %s", error)
                continue
            if isinstance(message, to_station.Pong):
                self._clock.heard(message.sent_at / 1000, message.room_time)
            self._listener.received(message)
        raise _Dropped("the room closed the connection")

    async def _say(self, socket: ClientConnection) -> None:
        while True:
            await self._awake.wait()
            self._awake.clear()
            while self._messages:
                await socket.send(self._messages.popleft())
            while (texts := self._listener.next_frame()) is not None:
                await socket.send(wire.write({"type": "entries", "entries": texts}))

    async def _ask_time(self) -> None:
        while True:
            silent_ms = self._clock.boot_ms() - self._heard_at
            if silent_ms > limits.LINK_SILENCE_MS_MAX:
                raise _Dropped(f"the room said nothing for {silent_ms / 1000:.0f} s")
            view = self._clock.now() if self._clock.certain else None
            # In microseconds: a millisecond would be too coarse for a local network.
            self.send(from_station.Ping(sent_at=int(self._clock.boot_ms() * 1000), room_time=view))
            await asyncio.sleep(limits.PING_INTERVAL_MS / 1000)


def ending() -> bool:
    """Whether this task was told to end: a failure in the same moment must not swallow that."""
    task = asyncio.current_task()
    return task is not None and task.cancelling() > 0


async def _close(socket: ClientConnection) -> None:
    try:
        await socket.close()
    except (OSError, WebSocketException) as error:
        _LOG.debug("closing failed: %s", error)


def _read(frame: str | bytes) -> to_station.Message:
    try:
        return _MESSAGES.validate_python(wire.read(frame, bytes_max=limits.FRAME_BYTES_MAX))
    except (wire.Malformed, ValidationError) as error:
        raise _Dropped(str(error)) from error


def _expect(kind: type[M], frame: str | bytes) -> M:
    message = _read(frame)
    if not isinstance(message, kind):
        raise _Dropped(f"{kind.__name__} was expected, {type(message).__name__} came")
    return message


def _first(error: BaseException) -> BaseException:
    while isinstance(error, BaseExceptionGroup):
        error = error.exceptions[0]
    return error
