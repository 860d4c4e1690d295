"""The cable between one station and the room, which a test can pull out and put back."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from kaochang.room_process import free_port


class Cable:
    """Carries bytes from a port of its own to the room's.

    Pulled out, nothing is said to anybody: what is under way is lost, the ends notice by the silence, nobody new gets
    through.
    """

    def __init__(self, room_port: int) -> None:
        self.port, self._room_port = free_port(), room_port
        self._server: asyncio.Server | None = None
        self._writers: set[asyncio.StreamWriter] = set()

    @property
    def address(self) -> str:
        """What a station is told instead of the room's own address."""
        return f"https://127.0.0.1:{self.port}"

    async def put_in(self) -> None:
        """Connected; whatever hung on the broken line before is over."""
        for writer in list(self._writers):
            writer.transport.abort()
        self._server = await asyncio.start_server(self._accepted, "127.0.0.1", self.port)

    async def pull_out(self) -> None:
        """Nothing gets through from here."""
        assert self._server is not None
        self._server.close()
        self._server = None

    async def _accepted(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        there, to_room = await asyncio.open_connection("127.0.0.1", self._room_port)
        self._writers |= {writer, to_room}
        try:
            await asyncio.gather(self._carry(reader, to_room), self._carry(there, writer))
        except OSError:
            pass  # one end is gone, so the other goes
        finally:
            for each in (writer, to_room):
                self._writers.discard(each)
                each.transport.abort()

    async def _carry(self, source: asyncio.StreamReader, target: asyncio.StreamWriter) -> None:
        while data := await source.read(65_536):
            if self._server is not None:
                target.write(data)
                await target.drain()
        if self._server is not None:
            raise ConnectionResetError


@asynccontextmanager
async def cable(room_port: int) -> AsyncIterator[Cable]:
    """A cable that is in."""
    found = Cable(room_port)
    await found.put_in()
    try:
        yield found
    finally:
        if found._server is not None:
            await found.pull_out()
        for writer in list(found._writers):
            writer.transport.abort()
