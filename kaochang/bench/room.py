"""A room to measure: a real server process, a session loaded for many seats, and the seats' own code against it."""

import asyncio
import time
from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from kaochang.exam_office import Office
from kaochang.fictional import Fictional, people
from kaochang.room_process import RoomProcess
from protocol.files import DiskFiles
from station.disk import InlineDisk
from station.enrolment import EnrolmentLine, StationFiles, enrol
from station.room_clock import LinuxMachine, RoomClock
from station.seat import Seat

SESSION = "bench"
AT_ONCE = 64
"""Seats that enrol or sign in at the same moment while the room is prepared."""

SEATS_MAX = 500
"""Seats of one room."""


@dataclass
class Bench:
    """A prepared room: ``seats`` stand in the order of their numbers, with their candidates beside them."""

    room: RoomProcess
    office: Office
    people: list[Fictional]
    attempts: list[str]
    seats: list[Seat]
    runs: list[asyncio.Task[None]]

    async def leave(self) -> None:
        """Every seat stops; its journal is closed."""
        for run in self.runs:
            run.cancel()
        await asyncio.gather(*self.runs, return_exceptions=True)
        self.runs.clear()
        for seat in self.seats:
            await seat.close()

    async def close(self) -> None:
        """Everybody goes home."""
        await self.leave()
        self.office.close()
        self.room.stop()


async def prepare(
    folder: Path, journals: Path, seats: int, say: Callable[[str], None], scheme: str = "s3-a"
) -> Bench:
    """Found a room in ``folder``, load a session for so many seats, enrol and connect them; nobody has signed in.

    ``journals`` is where the seats write.
    """
    say(f"a room for {seats} seats …")
    room = RoomProcess(folder / "room")
    room.found()
    room.start()
    office = room.office()
    await asyncio.to_thread(office.hire)
    place = await asyncio.to_thread(office.furnish, seats, 20)
    bank = await asyncio.to_thread(office.stock, "sgy-tujian", "施工员（土建施工）")
    made_up = people(seats, seed=seats, batch="B")
    ids = await asyncio.to_thread(lambda: office.register(made_up, scheme, photos=False))
    say("papers drawn and sealed …")
    await asyncio.to_thread(
        lambda: office.plan(
            SESSION,
            room=place,
            batch="bench",
            title="bench",
            scheme=scheme,
            subject="theory",
            bank=bank,
            blueprint="s3a",
            candidates=[ids[person.ticket] for person in made_up],
            run_type="formal",
        )
    )
    office.open_door(SESSION)
    attempts = await asyncio.to_thread(office.check_in, SESSION)
    say("seats enrolled and connected …")
    lines = sorted(office.enrolment(place, room.address), key=lambda line: line["seat"])
    machines = await at_once([_machine(journals, line) for line in lines[:seats]])
    bench = Bench(room, office, made_up, attempts, machines, [])
    for seat in machines:
        await seat.start()
        bench.runs.append(asyncio.create_task(seat.run()))
    await until(lambda: all(seat.room.up for seat in machines), "seats connected")
    return bench


async def sign_in_all(bench: Bench) -> float:
    """Every candidate signs in and confirms; seconds until the last one waits for the start."""
    began = time.perf_counter()

    async def one(seat: Seat, person: Fictional) -> None:
        await seat.sign_in(person.ticket, person.document)
        await seat.confirm(me=True)
        await seat.read_notice()

    await at_once([one(seat, person) for seat, person in zip(bench.seats, bench.people, strict=True)])
    return time.perf_counter() - began


async def at_work(bench: Bench) -> None:
    """Everybody has signed in, the session runs, and every seat shows its first item; nothing to do when they do."""
    if all(seat.stage == "exam" for seat in bench.seats):
        return
    if not all(has_paper(seat) for seat in bench.seats):
        await sign_in_all(bench)
        await pass_gates(bench)
        await begin(bench)
    await at_once([seat.read_rules() for seat in bench.seats])


async def pass_gates(bench: Bench) -> None:
    """The rules are read, both proctors are ready."""
    first, second = bench.office.desk("proctor1"), bench.office.logins["proctor2"]
    await asyncio.to_thread(first.do, f"/api/sessions/{SESSION}/rules-read", {})
    await asyncio.to_thread(first.do, f"/api/sessions/{SESSION}/confirm-start", {})
    await asyncio.to_thread(
        first.do,
        f"/api/sessions/{SESSION}/confirm-start",
        {"login": second.login, "password": second.password},
    )


async def begin(bench: Bench) -> tuple[float, float]:
    """Start the session; seconds from the command until the last seat has its key, and its opened paper."""
    office, began = bench.office, time.perf_counter()
    command = asyncio.create_task(
        asyncio.to_thread(office.desk("proctor1").do, f"/api/sessions/{SESSION}/start")
    )
    await until(lambda: all(_has_key(seat) for seat in bench.seats), "keys received", every_s=0.002)
    keys = time.perf_counter() - began
    await until(lambda: all(has_paper(seat) for seat in bench.seats), "papers opened", every_s=0.002)
    papers = time.perf_counter() - began
    await command
    return keys, papers


def has_paper(seat: Seat) -> bool:
    """Whether the seat has opened its paper."""
    return seat.current is not None and seat.current.paper is not None


def _has_key(seat: Seat) -> bool:
    return seat.current is not None and seat.current.has_paper_key


async def at_once(work: list[Coroutine[Any, Any, Any]]) -> list[Any]:
    """Do all, so many side by side."""
    gate = asyncio.Semaphore(AT_ONCE)

    async def gated(one: Coroutine[Any, Any, Any]) -> Any:
        async with gate:
            return await one

    return await asyncio.gather(*(gated(one) for one in work))


async def until(
    holds: Callable[[], bool], what: str, every_s: float = 0.02, seconds_max: float = 120.0
) -> None:
    """Wait for a condition; raises TimeoutError naming it."""
    deadline = time.monotonic() + seconds_max
    while not holds():
        if time.monotonic() > deadline:
            raise TimeoutError(f"after {seconds_max} s still not: {what}")
        await asyncio.sleep(every_s)


async def _machine(folder: Path, line: dict[str, Any]) -> Seat:
    home = folder / str(line["seat"])
    files = DiskFiles()
    identity = await enrol(EnrolmentLine.model_validate(line), StationFiles(files, home))
    clock = RoomClock(LinuxMachine())
    return Seat(identity, home, files, InlineDisk(), clock, identity.tls())
