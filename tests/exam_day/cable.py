"""The cable between one station and the room, which a test can pull out and put back."""

import asyncio
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from kaochang.room_process import free_port


class Cable:
    """Carries bytes from a port of its own to the room's.

    Pulled out, nothing is said to anybody: what is under way is lost, the ends notice by the silence, nobody new gets
    through. With the room's own keys it is a tap: ``heard`` is all that went towards the station, in plain.
    """

    def __init__(self, room_port: int, keys: Path | None = None) -> None:
        self.port, self._room_port = free_port(), room_port
        self.heard = bytearray()
        self._as_room = self._to_room = None
        if keys is not None:
            self._as_room = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            self._as_room.load_cert_chain(keys / "server.pem", keys / "server.key.pem")
            self._to_room = ssl.create_default_context(cafile=str(keys / "ca.pem"))
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
        self._server = await asyncio.start_server(self._accepted, "127.0.0.1", self.port, ssl=self._as_room)

    async def pull_out(self) -> None:
        """Nothing gets through from here."""
        assert self._server is not None
        self._server.close()
        self._server = None

    async def _accepted(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        there, to_room = await asyncio.open_connection("127.0.0.1", self._room_port, ssl=self._to_room)
        self._writers |= {writer, to_room}
        try:
            await asyncio.gather(self._carry(reader, to_room), self._carry(there, writer, True))
        except OSError:
            pass  # one end is gone, so the other goes
        finally:
            for each in (writer, to_room):
                self._writers.discard(each)
                each.transport.abort()

    async def _carry(
        self, source: asyncio.StreamReader, target: asyncio.StreamWriter, towards_station: bool = False
    ) -> None:
        while data := await source.read(65_536):
            if self._server is not None:
                if self._to_room is not None and towards_station:
                    self.heard += data
                target.write(data)
                await target.drain()
        if self._server is not None:
            raise ConnectionResetError


@asynccontextmanager
async def cable(room_port: int, keys: Path | None = None) -> AsyncIterator[Cable]:
    """A cable that is in; a tap where the room's keys are given."""
    found = Cable(room_port, keys)
    await found.put_in()
    try:
        yield found
    finally:
        if found._server is not None:
            await found.pull_out()
        for writer in list(found._writers):
            writer.transport.abort()
