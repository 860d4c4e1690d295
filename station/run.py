"""``kaochang-station run``: everything of one seat put together, until SIGTERM or Ctrl-C."""

import asyncio
import contextlib
import fcntl
import logging
import signal
import socket
import sys
from collections.abc import Awaitable, Callable, Coroutine, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click
import httpx
import uvicorn

from protocol.files import DiskFiles, Files
from protocol.page import Stage
from protocol.station_entries import ClockChanged
from station import browser
from station.camera.choice import SPELLINGS, NoSuchCamera, camera_named
from station.camera.keeper import CameraKeeper, FrameSource
from station.disk import ThreadedDisk
from station.enrolment import CannotEnrol, EnrolmentLine, StationFiles, enrol, line_for, read_lines
from station.guard import Guard
from station.identity import Identity, NotARoom
from station.jpeg import preview
from station.link import ending
from station.orphans import orphans
from station.page import PAGE_FRAME_BYTES_MAX, Doorkeeper, PageServer
from station.photographer import Photographer
from station.room_clock import LinuxMachine, OffsetFile, RoomClock
from station.seat import Seat
from station.spool import Spool
from station.typed_code import enrol_by_code
from station.uploads import Uploads
from station.watching import Watcher

PORT = 8650
"""Where the exam page is served; the same after a restart, so that an open page comes back by itself."""

MACHINE_LOOK_S = 2.0
"""Seconds between two looks at this machine's clocks."""

PART_AGAIN_S = 1.0
"""Seconds before a part of the station that ended is begun again."""

OWN_PICTURE_WIDTH = 640
"""Pixels of the candidate's own picture on the waiting page."""

STATIC = Path(__file__).parent / "static" / "exam"

_LOG = logging.getLogger(__name__)


class CannotRun(Exception):
    """The station does not start; the message says what to do."""


class CameraHours(Watcher):
    """The camera is closed from hand-in until the seat is free again, once the last picture is taken."""

    def __init__(self, keeper: CameraKeeper, settled: Callable[[], Awaitable[None]]) -> None:
        self._keeper, self._settled = keeper, settled
        self._closing: asyncio.Task[None] | None = None

    def stage_changed(self, before: Stage, now: Stage) -> None:
        """Open or close with the stage."""
        if now in ("handed_in", "voided"):
            self._closing = asyncio.get_running_loop().create_task(self._close())
            return
        if self._closing is not None:
            self._closing.cancel()
            self._closing = None
        self._keeper.start()

    async def _close(self) -> None:
        await self._settled()
        await asyncio.to_thread(self._keeper.stop)


class Station:
    """One seat's parts, wired."""

    def __init__(self, identity: Identity, home: Path, camera: str, port: int, files: Files | None = None) -> None:
        self.files, self.home, self._port = files or DiskFiles(), home, port
        self._disk = ThreadedDisk()
        self._offsets = OffsetFile(self.files, home / "clock.json")
        self._clock = RoomClock(LinuxMachine(), self._offsets.read())
        self._tls = identity.tls()
        self.seat = Seat(
            identity, home, self.files, self._disk, self._clock, self._tls, keep_time=self._keep_time
        )
        self._keeper = CameraKeeper(camera_named(camera, self._clock.now))
        self._spool = Spool(self.files, home / "spool")
        self._guard = Guard(self.seat)
        self.door = Doorkeeper(self.files, home, lambda: self._port)
        self.page = PageServer(
            self.seat, self._guard, self.door, STATIC, lambda: own_picture(self._keeper)
        )
        self._identity = identity

    def address(self) -> str:
        """The page's address with a fresh one-use token."""
        return f"http://127.0.0.1:{self._port}/?token={self.door.token()}"

    async def run(self, show: bool, ready: Callable[[str], None]) -> None:
        """Run until cancelled; ``ready`` is told the page's address once it can be opened. Raises CannotRun."""
        listening = self._listen()
        async with httpx.AsyncClient(verify=self._tls or True, trust_env=False) as client:
            uploads = Uploads(self._identity, self._spool, client, self.seat.attempt_of, self.seat.unsent)
            photographer = Photographer(self.seat, self._keeper, self._spool, uploads.wake)
            self.seat.watchers += [CameraHours(self._keeper, photographer.capture.settled), _Wanted(uploads)]
            if self.seat.stage not in ("handed_in", "voided"):
                self._keeper.start()
            await self.seat.start()
            found = await asyncio.to_thread(orphans, self.seat, self._spool)
            for entry in found:
                self.seat.write("snapshot.taken", entry)
            server = _PageHttp(
                uvicorn.Config(
                    self.page.app(), log_level="warning", lifespan="off", ws_max_size=PAGE_FRAME_BYTES_MAX
                )
            )
            try:
                async with asyncio.TaskGroup() as tasks:
                    tasks.create_task(server.serve([listening]))
                    parts = (self.seat.run, photographer.run, uploads.run, self.page.keep_time, self._watch_machine)
                    for part in parts:
                        tasks.create_task(kept_running(part))
                    ready(self.address())
                    chromium = browser.find_browser() if show else None
                    if chromium is not None:
                        tasks.create_task(browser.keep_open(chromium, self.home / "browser", self.address))
            finally:
                await self.seat.close()
                await asyncio.to_thread(self._keeper.stop)

    def _listen(self) -> socket.socket:
        try:
            listening = socket.create_server(("127.0.0.1", self._port))
        except OSError as error:
            raise CannotRun(
                f"端口 {self._port} 已被占用，请用 --port 另选。 Port {self._port} is taken, choose another: {error}"
            ) from error
        self._port = listening.getsockname()[1]
        return listening

    async def _watch_machine(self) -> None:
        while True:
            await asyncio.sleep(MACHINE_LOOK_S)
            moved = self._clock.moved_by()
            if moved is not None:
                self.seat.write("clock.changed", ClockChanged(by_ms=moved, cause="moved"))
            await self._keep_time()

    async def _keep_time(self) -> None:
        write = self._offsets.due(self._clock.kept()) if self._clock.certain else None
        if write is not None:
            try:
                await self._disk.run(write)
            except OSError as error:
                _LOG.error("the clock's offset could not be kept: %s", error)


async def kept_running(part: Callable[[], Coroutine[Any, Any, None]]) -> None:
    """Run one part of the station for ever: a fault in one must not end the exam at this seat."""
    while True:
        try:
            # In a task of its own, so that nothing of its end (a cancellation half told) is left to the next.
            await asyncio.create_task(part())
        except Exception:  # noqa: BLE001 - the edge of a part: whatever it was, the exam goes on
            _LOG.exception("%s ended and is begun again", getattr(part, "__qualname__", part))
            if ending():
                raise asyncio.CancelledError from None
        await asyncio.sleep(PART_AGAIN_S)


class _Wanted(Watcher):
    def __init__(self, uploads: Uploads) -> None:
        self._uploads = uploads

    def pictures_wanted(self, digests: Sequence[str]) -> None:
        self._uploads.wanted(digests)


class _PageHttp(uvicorn.Server):
    """Signals are the station's own."""

    def capture_signals(self) -> Any:
        return contextlib.nullcontext()


def own_picture(source: FrameSource) -> bytes | None:
    """The newest frame as a small JPEG, None while there is none."""
    frame = source.latest()
    if frame is None or source.state().lost:
        return None
    return preview(frame.pixels, OWN_PICTURE_WIDTH)


@contextlib.contextmanager
def only_one(home: Path) -> Iterator[None]:
    """One station process on a folder: two would write two journals of one seat. Raises CannotRun."""
    home.mkdir(mode=0o700, parents=True, exist_ok=True)
    with (home / "lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise CannotRun(f"{home}: 考试机程序已在运行。 A station is running on this folder already") from error
        yield


@dataclass(frozen=True)
class Typed:
    """A code and the server's address, as somebody typed them at this machine."""

    code: str
    server: str


async def become(store: StationFiles, line: EnrolmentLine | None, typed: Typed | None = None) -> Identity:
    """Who this machine is: as it was enrolled before, or enrolled now with this line or code. Raises CannotEnrol."""
    known = store.read()
    if typed is not None:
        return await enrol_by_code(typed.code, typed.server, store)
    if known is not None and (line is None or (line.station, line.room_key) == (known.station, known.room_key)):
        return known
    if line is None:
        raise CannotEnrol(
            "本机尚未登记，请用 --enrol 指定登记文件，或用 --code 输入登记码。"
            " This machine is not enrolled: give --enrol FILE, or --code CODE"
        )
    return await enrol(line, store)


def asked_for(code: str | None, server: str | None) -> Typed | None:
    """What was given with --code, asking the person at the machine for what is missing; None without --code."""
    if code is None:
        return None
    server = server or click.prompt("考场服务器地址 Server address", type=str)
    if code == "-":
        code = click.prompt("登记码 Enrolment code", type=str)
    return Typed(code, server)


async def until_told_to_end(work: Callable[[], Awaitable[None]]) -> None:
    """Run until it ends or SIGTERM or Ctrl-C come; then it is cancelled and may finish what it writes."""
    loop = asyncio.get_running_loop()
    task = asyncio.ensure_future(work())
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, task.cancel)
    with contextlib.suppress(asyncio.CancelledError):
        await task


@click.command()
@click.option("--data", "home", type=click.Path(path_type=Path), required=True, help="Folder of this seat.")
@click.option(
    "--enrol",
    "file",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="Enrolment file of the room, for the first run.",
)
@click.option("--code", help="Enrolment code from the console, for the first run; '-' asks for it.")
@click.option("--server", help="The room server's address, as the console shows it beside the code.")
@click.option("--station", help="This seat's id or number, when the file holds many.")
@click.option("--camera", default="device", show_default=True, help=SPELLINGS)
@click.option("--port", default=PORT, show_default=True, help="Loopback port of the exam page; 0 for any.")
@click.option("--no-browser", is_flag=True, help="Do not open Chromium.")
@click.option("--verbose", is_flag=True, help="Say more.")
def command(
    home: Path,
    file: Path | None,
    code: str | None,
    server: str | None,
    station: str | None,
    camera: str,
    port: int,
    no_browser: bool,
    verbose: bool,
) -> None:
    """Run the station of this seat, until SIGTERM or Ctrl-C.

    The first run enrols this machine with --enrol or --code; after that --data says who it is.
    """
    logging.basicConfig(level=logging.INFO if verbose else logging.WARNING, stream=sys.stderr)
    logging.getLogger("httpx").setLevel(logging.WARNING)

    async def live() -> None:
        identity = await become(StationFiles(DiskFiles(), home), line, typed)
        running = Station(identity, home, camera, port)
        await running.run(not no_browser, lambda address: click.echo(f"考试页面 Exam page: {address}"))

    try:
        line = line_for(read_lines(file.read_bytes(), file.name), station, file.name) if file else None
        typed = asked_for(code, server)
        with only_one(home):
            asyncio.run(until_told_to_end(live))
    except (CannotRun, CannotEnrol, NotARoom, NoSuchCamera) as error:
        raise click.ClickException(str(error)) from error
