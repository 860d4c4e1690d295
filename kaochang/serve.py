"""``kaochang serve``: the room server of one data folder, over TLS; a supervisor starts it again when it ends."""

import asyncio
import gc
import logging
import signal
from collections.abc import Callable, Coroutine, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import click
import uvicorn
import uvloop
from fastapi import FastAPI

from protocol.limits import FRAME_BYTES_MAX
from server.app import RoomServer, create_app, open_room
from server.data_folder import DataFolder, FolderInUse
from server.http_limits import BoundedHttp
from server.settings import Settings, SettingsError, load
from server.stations.keys import KeysMissing

EXIT_NOT_SAVED = 75
"""The disk did not confirm a commit: start again from the ledger (sysexits' EX_TEMPFAIL)."""

KEEP_ALIVE_S = 30
STOP_S = 5
_log = logging.getLogger(__name__)


@click.command()
@click.argument("data", type=click.Path(file_okay=False, path_type=Path))
@click.option("--port", type=int, help="Port of stations and consoles (TLS), instead of the settings'.")
@click.option(
    "--demo-console",
    is_flag=True,
    help="Also serve the console over plain HTTP on 127.0.0.1, for trying it without the room's CA.",
)
@click.option("--console-port", type=int, help="Port of the demo console, instead of the settings'.")
def command(data: Path, port: int | None, demo_console: bool, console_port: int | None) -> None:
    """Run the room server of the folder DATA, made by `kaochang admin init`.

    Stops cleanly on Ctrl-C or SIGTERM. Ends with status 75 when the disk did not confirm a commit: nothing of it was
    told to anyone, and a supervisor starts the server again from its ledger.
    """
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    folder = DataFolder(data)
    try:
        settings = load(folder.settings) if folder.settings.exists() else Settings()
        listen = settings.listen
        with folder.held():
            room = open_room(folder, settings)
            try:
                saved = _run(
                    _serve(
                        room,
                        port or listen.port,
                        (console_port or listen.demo_console_port) if demo_console else None,
                    )
                )
            finally:
                room.close()
    except (FolderInUse, KeysMissing, SettingsError) as error:
        raise click.ClickException(str(error)) from error
    if not saved:
        raise SystemExit(EXIT_NOT_SAVED)


def _run(serving: Coroutine[Any, Any, bool]) -> bool:
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        return runner.run(serving)


class _Server(uvicorn.Server):
    """A server whose signals are the caller's: two of them share one loop."""

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Leave the process's signals alone."""
        yield


async def _serve(room: RoomServer, port: int, console_port: int | None) -> bool:
    """Serve until told to stop; False when the writer failed."""
    app = create_app(room)
    keys = room.keys
    tls = _config(app, room.settings.listen.address, port)
    tls.ssl_certfile, tls.ssl_keyfile = str(keys.certificate_file), str(keys.certificate_key_file)
    configs = [tls]
    if console_port is not None:
        configs.append(_config(app, "127.0.0.1", console_port))
    servers = [_Server(config) for config in configs]

    def stop() -> None:
        for server in servers:
            server.should_exit = True

    for sign in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(sign, stop)
    async with app.router.lifespan_context(app):
        # What stands from here to the end is never garbage: the collector need not look through it again and again.
        gc.collect()
        gc.freeze()
        failing = asyncio.create_task(_stop_when_failed(room, stop))
        await asyncio.gather(*(server.serve() for server in servers))
        failing.cancel()
    return not room.writer.failed.is_set()


def _config(app: FastAPI, host: str, port: int) -> uvicorn.Config:
    return uvicorn.Config(
        app,
        host=host,
        port=port,
        http=BoundedHttp,
        lifespan="off",
        log_config=None,
        access_log=False,
        server_header=False,
        # Nothing stands before the room server: who asks is who connected, whatever a header says.
        proxy_headers=False,
        timeout_keep_alive=KEEP_ALIVE_S,
        timeout_graceful_shutdown=STOP_S,
        ws_max_size=FRAME_BYTES_MAX,
        ws_ping_interval=None,
        ws_per_message_deflate=False,
    )


async def _stop_when_failed(room: RoomServer, stop: Callable[[], None]) -> None:
    await room.writer.failed.wait()
    _log.error("the disk did not confirm a commit; this server ends and is to be started again")
    stop()
