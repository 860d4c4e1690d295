"""A simulated seat: the real seat, journal, link and camera code, without a page and without a person.

Benchmarks drive it by code; :mod:`station.simulate` lets a :class:`~station.behaviour.Candidate` drive it.
"""

import asyncio
import random
import ssl
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import httpx

from protocol.files import DiskFiles, Files
from protocol.page import Stage
from station.camera.keeper import OnDemandCamera
from station.camera.room import SimulatedCamera
from station.disk import Disk, ThreadedDisk
from station.enrolment import EnrolmentLine, StationFiles, enrol
from station.identity import Identity
from station.photographer import Photographer
from station.pictures import SeatPainter
from station.refusals import NoRoom, RoomRefused
from station.room_clock import LinuxMachine, RoomClock
from station.seat import Seat
from station.spool import Spool
from station.uploads import Uploads
from station.watching import Watcher

SIGN_IN_AGAIN_S = (2.0, 5.0)
"""Seconds between two sign-ins of a candidate who is not checked in yet: from, to."""


@dataclass(frozen=True)
class Shared:
    """What the seats of one process share: files, threads, TLS and the connections pictures travel on."""

    files: Files
    disk: Disk
    tls: ssl.SSLContext | None
    http: httpx.AsyncClient

    @classmethod
    def of(cls, identity: Identity, files: Files | None = None, disk: Disk | None = None) -> "Shared":
        """For all seats of this identity's room."""
        tls = identity.tls()
        limits = httpx.Limits(max_connections=8)
        http = httpx.AsyncClient(verify=tls or True, trust_env=False, limits=limits)
        return cls(files or DiskFiles(), disk or ThreadedDisk(), tls, http)


class SimulatedSeat(Watcher):
    """One seat. ``run`` in a task, then sign in, answer, hand in; ``pictures`` draws its camera from ``seed``."""

    def __init__(
        self, identity: Identity, home: Path, shared: Shared, *, pictures: bool = False, seed: int = 0
    ) -> None:
        clock = RoomClock(LinuxMachine())
        shared.files.make_folder(home)
        self.seat = Seat(identity, home, shared.files, shared.disk, clock, shared.tls)
        self.seat.watchers.append(self)
        self.camera: SimulatedCamera | None = None
        self.uploads: Uploads | None = None
        self._photographer: Photographer | None = None
        self._moved = asyncio.Event()
        if pictures:
            self._open_camera(identity, home, shared, seed)

    async def run(self) -> None:
        """Live until cancelled."""
        await self.seat.start()
        try:
            async with asyncio.TaskGroup() as tasks:
                tasks.create_task(self.seat.run())
                if self._photographer is not None and self.uploads is not None:
                    tasks.create_task(self._photographer.run())
                    tasks.create_task(self.uploads.run())
        finally:
            await self.seat.close()

    @property
    def stage(self) -> Stage:
        """Where the seat stands."""
        return self.seat.stage

    async def until(self, *stages: Stage) -> Stage:
        """Wait for one of these stages."""
        while self.stage not in stages:
            self._moved.clear()
            await self._moved.wait()
        return self.stage

    async def connected(self) -> None:
        """Wait for the link."""
        while not self.seat.room.up:
            self._moved.clear()
            await self._moved.wait()

    async def sign_in(self, ticket: str, document: str, *, patient: bool = True) -> None:
        """Sign in; ``patient`` tries again politely until the room lets this candidate in.

        Raises RoomRefused or NoRoom when not patient.
        """
        while self.seat.current is None:
            try:
                await self.connected()
                await self.seat.sign_in(ticket, document)
            except (RoomRefused, NoRoom):
                if not patient:
                    raise
                await asyncio.sleep(random.uniform(*SIGN_IN_AGAIN_S))  # noqa: S311 - jitter, nothing secret

    async def begin(self) -> None:
        """Confirm, read the notice, wait for the start, read the rules: up to the first item."""
        if await self.until("confirm", "notice", "waiting", "rules", "exam") == "confirm":
            await self.seat.confirm(True)
        if self.stage == "notice":
            await self.seat.read_notice()
        if await self.until("rules", "exam", "handed_in", "voided") == "rules":
            await self.seat.read_rules()

    def answer(self, slot: int, response: Sequence[str]) -> "asyncio.Future[None]":
        """Answer an item; the future is done when the room holds the answer."""
        return self.seat.held(self.seat.answer(slot, response))

    async def hand_in(self) -> None:
        """Hand in; returns when it is durable at the seat. ``delivered`` waits for the room."""
        await self.seat.hand_in()

    async def delivered(self) -> None:
        """Wait until the room holds the hand-in."""
        while (sitting := self.seat.current) is None or not sitting.hand_in_delivered():
            self._moved.clear()
            await self._moved.wait()

    def view_changed(self) -> None:
        """Something moved (Watcher)."""
        self._moved.set()

    def pictures_wanted(self, digests: Sequence[str]) -> None:
        """The room misses pictures (Watcher)."""
        if self.uploads is not None:
            self.uploads.wanted(digests)

    def _open_camera(self, identity: Identity, home: Path, shared: Shared, seed: int) -> None:
        seat = self.seat
        label = str(identity.seat or identity.station)
        self.camera = SimulatedCamera(SeatPainter(seed, label), seat.clock.now)
        spool = Spool(shared.files, home / "spool")
        self.uploads = Uploads(identity, spool, shared.http, seat.attempt_of, seat.unsent)
        self._photographer = Photographer(seat, OnDemandCamera(self.camera), spool, self.uploads.wake)


async def enrolled(line: EnrolmentLine, home: Path, files: Files) -> Identity:
    """The identity of one simulated station: kept from an earlier run, or enrolled now. Raises CannotEnrol."""
    store = StationFiles(files, home)
    known = store.read()
    if known is not None and (known.station, known.room_key) == (line.station, line.room_key):
        return known
    return await enrol(line, store)
