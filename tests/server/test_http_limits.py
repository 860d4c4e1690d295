"""What a connection may send before anybody asked who it is."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

import httpx
import pytest
import uvicorn
from fastapi import FastAPI

from kaochang.serve import _config
from server.http_limits import HEAD_BYTES_MAX, BoundedHttp
from tests.server.serving import serving

Streams = tuple[asyncio.StreamReader, asyncio.StreamWriter]


class Hasty(BoundedHttp):
    """As served, with little patience."""

    head_s_max = 0.3


@asynccontextmanager
async def connected(http: type[BoundedHttp] = BoundedHttp) -> AsyncIterator[tuple[Streams, int]]:
    app = FastAPI()

    @app.get("/")
    async def hello() -> str:
        return "hello"

    async with serving(app, http=http) as port:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        yield (reader, writer), port
        writer.close()


async def headers_without_end(writer: asyncio.StreamWriter) -> None:
    writer.write(b"GET / HTTP/1.1\r\nHost: x\r\n")
    for _ in range(4_000):
        writer.write(b"X-More: " + b"a" * 8_000 + b"\r\n")
        await writer.drain()
        # Let the other end read and answer.
        await asyncio.sleep(0)


async def test_headers_without_end_are_not_kept() -> None:
    async with connected() as ((_, writer), port):
        with pytest.raises(ConnectionError):
            await headers_without_end(writer)
        async with httpx.AsyncClient() as client:
            assert (await client.get(f"http://127.0.0.1:{port}/")).json() == "hello"


async def test_one_header_without_end_is_not_kept() -> None:
    async with connected() as ((reader, writer), _):
        writer.write(b"GET / HTTP/1.1\r\nX-Long: " + b"a" * (HEAD_BYTES_MAX + 1_000))
        assert (await reader.read(100)).startswith(b"HTTP/1.1 400")


@pytest.mark.parametrize("begin", [b"", b"GET / HT", b"GET / HTTP/1.1\r\nHost: x\r\n"])
async def test_a_head_that_does_not_come_holds_no_connection(begin: bytes) -> None:
    async with connected(Hasty) as ((reader, writer), _):
        writer.write(begin)
        async with asyncio.timeout(10):
            with suppress(ConnectionResetError):
                assert await reader.read() == b""


async def test_a_long_body_and_a_second_request_are_no_head() -> None:
    async with connected(Hasty) as ((reader, writer), _):
        body = b"b" * (2 * HEAD_BYTES_MAX)
        writer.write(b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: %d\r\n\r\n" % len(body) + body)
        assert (await reader.readuntil(b"}")).startswith(b"HTTP/1.1 405")
        writer.write(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")
        assert (await reader.readuntil(b'"hello"')).startswith(b"HTTP/1.1 200")


def test_the_room_serves_with_it() -> None:
    config: uvicorn.Config = _config(FastAPI(), "127.0.0.1", 0)
    assert config.http is BoundedHttp
