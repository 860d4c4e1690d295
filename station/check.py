"""``kaochang-station check``: is this machine fit for an exam? Camera, disk, clock and the way to the room."""

import asyncio
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import click

from protocol import limits, to_station
from protocol.files import DiskFiles, Files
from protocol.shapes import Closed
from station.browser import NAMES, find_browser
from station.camera.choice import SPELLINGS, NoSuchCamera, camera_named
from station.camera.driver import CameraFault, size_of
from station.enrolment import CannotEnrol, StationFiles
from station.identity import Identity, NotARoom
from station.link import Link
from station.room_clock import LinuxMachine, RoomClock, replace_file
from station.spool import DISK_FREE_BYTES_MIN
from vision.quality import UNCALIBRATED, Quality, judge, look

DISK_FREE_BYTES_WANTED = 4 * DISK_FREE_BYTES_MIN
"""Bytes free on the disk that an exam may need: a full spool beside what is left free (ours)."""

SYNC_MS_MAX = 100.0
"""Milliseconds a small synced write may take: an answer's way to "saved on this seat"."""

ROOM_S_MAX = 8.0
"""Seconds in which the room has to answer."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One line of the table."""

    what: str
    fit: bool
    found: str


def check_camera(words: str) -> Finding:
    """A frame of the size an exam needs, neither dark nor covered."""
    try:
        camera = camera_named(words)
    except NoSuchCamera as error:
        return Finding("摄像头 camera", False, str(error))
    try:
        camera.open()
        frame = camera.read()
    except CameraFault as fault:
        return Finding("摄像头 camera", False, fault.sentence)
    finally:
        camera.close()
    verdict = judge(look(frame), UNCALIBRATED)
    fit = verdict in (Quality.CLEAR, Quality.BLURRED)
    return Finding("摄像头 camera", fit, f"{size_of(frame)}, {verdict.value}")


def check_disk(files: Files, home: Path) -> Iterator[Finding]:
    """Room for an exam, and a sync that is quick enough."""
    files.make_folder(home)
    free = files.free_bytes(home)
    yield Finding("磁盘空间 disk", free >= DISK_FREE_BYTES_WANTED, f"{free // 1_048_576} MB free")
    took = []
    for _ in range(5):
        began = time.perf_counter()
        replace_file(files, home / "check.tmp", b"kaochang" * 64)
        took.append((time.perf_counter() - began) * 1000)
    files.unlink(home / "check.tmp")
    median = sorted(took)[2]
    yield Finding("磁盘写入 write", median <= SYNC_MS_MAX, f"{median:.1f} ms")


class _Call:
    """Says hello once and measures the time."""

    def __init__(self) -> None:
        self.welcome: to_station.Welcome | None = None
        self.refusal: to_station.Refused | None = None
        self.timed = asyncio.Event()

    def connected(self, welcome: to_station.Welcome) -> None:
        self.welcome = welcome

    def received(self, message: Closed) -> None:
        if isinstance(message, to_station.Pong):
            self.timed.set()

    def disconnected(self) -> None:
        pass

    def refused(self, refused: to_station.Refused) -> None:
        self.refusal = refused
        self.timed.set()

    def next_frame(self) -> list[str] | None:
        return None


async def check_room(identity: Identity) -> list[Finding]:
    """The room answers, knows this machine, and its time."""
    machine = LinuxMachine()
    clock, call = RoomClock(machine), _Call()
    link = Link(identity, clock, call, identity.tls())
    task = asyncio.create_task(link.run())
    try:
        await asyncio.wait_for(call.timed.wait(), ROOM_S_MAX)
    except TimeoutError:
        pass
    finally:
        task.cancel()
        await asyncio.wait([task])
    if call.refusal is not None:
        return [Finding("考场服务器 room", False, f"{call.refusal.sentence_zh} {call.refusal.sentence_en}")]
    if call.welcome is None:
        return [Finding("考场服务器 room", False, f"无法连接 cannot be reached: {identity.address}")]
    seat = call.welcome.seat if call.welcome.seat is not None else "–"
    ahead_ms = machine.wall_ms() - clock.now()
    # Exam time never follows the system clock; a wrong one only makes a reboot without network doubtful.
    fit = abs(ahead_ms) <= 10 * limits.CLOCK_DISAGREEMENT_MS
    return [
        Finding("考场服务器 room", True, f"{call.welcome.room}, 机位 seat {seat}"),
        Finding("系统时间 clock", fit, f"{ahead_ms / 1000:+.1f} s"),
    ]


def check_machine(files: Files, home: Path, camera: str) -> list[Finding]:
    """Everything."""
    findings = [check_camera(camera), *check_disk(files, home)]
    browser = find_browser()
    # A page may be opened by hand in any browser: this line informs and fails nothing.
    findings.append(Finding("浏览器 browser", True, browser or f"none of {', '.join(NAMES)} on a screen"))
    try:
        identity = StationFiles(files, home).read()
        if identity is None:
            return [*findings, Finding("登记 enrolment", False, "本机尚未登记 not enrolled: run --enrol FILE")]
        return [*findings, *asyncio.run(check_room(identity))]
    except (CannotEnrol, NotARoom) as error:
        return [*findings, Finding("登记 enrolment", False, str(error))]


@click.command()
@click.option("--data", "home", type=click.Path(path_type=Path), required=True, help="Folder of this seat.")
@click.option("--camera", default="device", show_default=True, help=SPELLINGS)
def command(home: Path, camera: str) -> None:
    """Check this machine before an exam; exit code 1 when it is not fit. Not while the station runs."""
    findings = check_machine(DiskFiles(), home, camera)
    for finding in findings:
        click.echo(f"{'✓' if finding.fit else '✗'} {finding.what}\t{finding.found}")
    if not all(finding.fit for finding in findings):
        raise click.exceptions.Exit(1)


