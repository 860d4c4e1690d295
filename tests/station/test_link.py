"""The link's own life: it comes back after everything, and ends when it is told to."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager

from protocol import to_station
from protocol.shapes import Closed
from station.link import Link
from station.room_clock import LinuxMachine, RoomClock
from tests.station.scripted_room import ScriptedRoom
from tests.station.seats import identity_in
from tests.station.waiting import until


class Quiet:
    """Hears, and has nothing to say; ``fails`` is what its disk says when the link is lost."""

    def __init__(self, fails: OSError | None = None) -> None:
        self.fails = fails

    def connected(self, welcome: to_station.Welcome) -> None: ...

    def received(self, message: Closed) -> None: ...

    def disconnected(self) -> None:
        if self.fails is not None:
            raise self.fails

    def refused(self, refused: to_station.Refused) -> None: ...

    def next_frame(self) -> list[str] | None:
        return None


@asynccontextmanager
async def linked(room: ScriptedRoom, listener: Quiet) -> AsyncIterator[tuple[Link, "asyncio.Task[None]"]]:
    link = Link(identity_in(room), RoomClock(LinuxMachine()), listener, None)
    running = asyncio.create_task(link.run())
    try:
        yield link, running
    finally:
        running.cancel()
        await asyncio.wait([running], timeout=5)


async def test_comes_back_after_a_loss_and_a_room_that_answers_nothing() -> None:
    """A pulled cable: the connection fails, then every attempt times out; until somebody puts it in again."""
    room, attempts = ScriptedRoom(), list[asyncio.StreamWriter]()
    async with AsyncExitStack() as until_the_end:
        async with room.open():
            link, running = await until_the_end.enter_async_context(linked(room, Quiet()))
            await until(lambda: link.up)
        silent = await asyncio.start_server(lambda _, writer: attempts.append(writer), "127.0.0.1", room.port)
        async with silent:
            await until(lambda: len(attempts) > 1 or running.done())
            assert not running.done()
            for writer in attempts:
                writer.close()
        async with room.open(room.port):
            await until(lambda: link.up)


async def test_ends_when_told_to_though_the_loss_could_not_be_written() -> None:
    room = ScriptedRoom()
    async with room.open(), linked(room, Quiet(OSError("no space left on device"))) as (link, running):
        await until(lambda: link.up)
        running.cancel()
        done, _ = await asyncio.wait([running], timeout=5)
        assert done
