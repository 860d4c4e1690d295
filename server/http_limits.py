"""The HTTP protocol of the room's sockets: uvicorn's own, with a limit where it has none.

The head of a request is read and held before any middleware is asked, from whoever reaches the port.
"""

import asyncio
from typing import ClassVar

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

HEAD_BYTES_MAX = 65_536
"""Request line and headers; a browser's are a few kilobytes, a longer head is answered with 400."""

HEAD_S_MAX = 10.0
"""Seconds a head may take to come; a connection that brings none in this time is dropped."""


class BoundedHttp(HttpToolsProtocol):
    """One connection; what it may send is bounded from its first byte."""

    head_bytes_max: ClassVar[int] = HEAD_BYTES_MAX
    head_s_max: ClassVar[float] = HEAD_S_MAX

    _head_bytes: int | None = 0
    """What came of the head so far; None while there is none to wait for."""
    _late: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Wait for the first head."""
        super().connection_made(transport)  # type: ignore[arg-type]
        self._wait_for_head()

    def connection_lost(self, exc: Exception | None) -> None:
        """Wait no more."""
        self._stop_waiting()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Take what came, and count it while the head is not whole."""
        super().data_received(data)
        if self._head_bytes is None:
            return
        self._head_bytes += len(data)
        if self._head_bytes > self.head_bytes_max and not self.transport.is_closing():
            self.send_400_response("The request's head is too large.")

    def on_message_begin(self) -> None:
        """A request begins."""
        super().on_message_begin()
        self._wait_for_head()

    def on_headers_complete(self) -> None:
        """Its head is whole."""
        self._stop_waiting()
        super().on_headers_complete()

    def _wait_for_head(self) -> None:
        self._stop_waiting()
        self._head_bytes = 0
        self._late = self.loop.call_later(self.head_s_max, self.transport.abort)

    def _stop_waiting(self) -> None:
        self._head_bytes = None
        if self._late is not None:
            self._late.cancel()
            self._late = None
