"""A web application behind a real socket on the loopback address."""

import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import uvicorn
from fastapi import FastAPI

from server.http_limits import BoundedHttp


@asynccontextmanager
async def serving(app: FastAPI, http: type[BoundedHttp] = BoundedHttp) -> AsyncIterator[int]:
    """Serve ``app`` on 127.0.0.1 until the block ends; gives the port. Who connects early waits in the backlog."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        server = uvicorn.Server(
            uvicorn.Config(app, http=http, log_level="warning", lifespan="off", ws="websockets-sansio")
        )
        running = asyncio.create_task(server.serve(sockets=[listening]))
        try:
            yield listening.getsockname()[1]
        finally:
            server.should_exit = True
            await running
