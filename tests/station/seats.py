"""Seats for tests: built against a scripted room, on a forgetful disk or a real folder."""

import asyncio
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from pathlib import Path

from protocol.files import Files
from protocol.keys import SigningKey
from protocol.page import AnswerState, Stage
from station.disk import Disk, InlineDisk
from station.identity import Identity
from station.room_clock import KeptOffset, LinuxMachine, Machine, RoomClock
from station.seat import Seat
from station.watching import Watcher
from tests.station.scripted_room import ScriptedRoom

HOME = Path("/seat")


class Seen(Watcher):
    """What the page would have shown."""

    def __init__(self) -> None:
        self.saved: list[AnswerState] = []
        self.stages: list[Stage] = []
        self.pictures: list[str] = []

    def answers_saved(self, answers: list[AnswerState]) -> None:
        self.saved += answers

    def stage_changed(self, before: Stage, now: Stage) -> None:
        self.stages.append(now)

    def picture_wanted(self, reason: str) -> None:
        self.pictures.append(reason)


def identity_in(room: ScriptedRoom, station: str = "st1", key: SigningKey | None = None) -> Identity:
    """An enrolled station of this room."""
    key = key or SigningKey.generate()
    room.stations[station] = key.public
    return Identity(station, key, room.address, room.key.public)


@asynccontextmanager
async def running(
    identity: Identity,
    files: Files,
    home: Path = HOME,
    machine: Machine | None = None,
    kept: KeptOffset | None = None,
    disk: Disk | None = None,
    tls: ssl.SSLContext | None = None,
    retry_s: float = 1.0,
    keep_time: Callable[[], Awaitable[None]] | None = None,
) -> AsyncIterator[tuple[Seat, Seen]]:
    """A started seat with its link, stopped without ceremony at the end as a killed process would be."""
    clock = RoomClock(machine or LinuxMachine(), kept)
    seat = Seat(identity, home, files, disk or InlineDisk(), clock, tls, write_retry_s=retry_s, keep_time=keep_time)
    seen = Seen()
    seat.watchers.append(seen)
    await seat.start()
    life = asyncio.create_task(seat.run())
    try:
        yield seat, seen
    finally:
        life.cancel()
        with suppress(asyncio.CancelledError):
            await life
        await seat.close()
