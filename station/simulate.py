"""``kaochang-station simulate``: many seats in one process, each candidate of a plan of its own."""

import asyncio
import contextlib
import json
import logging
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Coroutine
from dataclasses import dataclass
from pathlib import Path

import click
from pydantic import BaseModel, TypeAdapter, ValidationError

from protocol.files import DiskFiles
from protocol.station_entries import PageLeft, PageReturned
from station.behaviour import (
    Action,
    Candidate,
    Choose,
    HandInNow,
    MarkItem,
    Misbehave,
    Misdeed,
    RaiseHand,
    Step,
)
from station.enrolment import CannotEnrol, EnrolmentLine, read_lines
from station.identity import NotARoom
from station.pictures import Scene
from station.refusals import Refusal
from station.run import kept_running, until_told_to_end
from station.simulated import Shared, SimulatedSeat, enrolled

ENROLLED_AT_ONCE = 8
"""Enrolments under way at the same time."""

REPORT_S = 10.0
"""Seconds between two lines on how the room stands."""

LOOK_S_MAX = 0.5
"""Seconds between two looks at exam time while waiting for a step: pauses and extensions move it."""

_SCENES = {Misdeed.COVERED_CAMERA: Scene.COVERED, Misdeed.SECOND_PERSON: Scene.SECOND_PERSON}
_LOG = logging.getLogger(__name__)


class Credentials(BaseModel):
    """Who sits where: a line of the credentials file."""

    station: str
    ticket: str
    document: str


@dataclass
class Performer:
    """Lets one candidate act at one seat, from arrival to receipt."""

    seat: SimulatedSeat
    candidate: Candidate
    ticket: str
    document: str

    def __post_init__(self) -> None:
        self._doing: set[asyncio.Task[None]] = set()

    async def run(self) -> None:
        """The whole day of this seat; a restart goes on where the journal stands."""
        manner, seat = self.candidate.manner, self.seat
        reading = asyncio.create_task(self._read_messages())
        try:
            if seat.seat.current is None:
                await asyncio.sleep(manner.arrives_s)
                await seat.sign_in(self.ticket, self.document)
            await self._sit_down()
            await self._work()
            await seat.until("handed_in", "voided")
            await asyncio.Event().wait()
        finally:
            reading.cancel()

    async def _sit_down(self) -> None:
        manner, seat = self.candidate.manner, self.seat
        if seat.stage == "confirm":
            await asyncio.sleep(manner.confirms_s)
            await seat.seat.confirm(True)
        if seat.stage == "notice":
            await asyncio.sleep(manner.reads_notice_s)
            await seat.seat.read_notice()
        if await seat.until("rules", "exam", "handed_in", "voided") == "rules":
            await asyncio.sleep(manner.reads_rules_s)
            with contextlib.suppress(Refusal):
                await seat.seat.read_rules()

    async def _work(self) -> None:
        sitting = self.seat.seat.current
        if sitting is None or sitting.paper is None or sitting.facts is None:
            return
        plan = self.candidate.plan(sitting.paper, sitting.facts.policy.earliest_hand_in_ms)
        for step in plan:
            if not await self._time_for(step):
                return
            try:
                await self._do(step.action)
            except Refusal as refusal:
                _LOG.info("%s: %s", self.seat.seat.identity.station, refusal)

    async def _time_for(self, step: Step) -> bool:
        """Wait for the step's moment of exam time and for a page that is free; False when the exam is over."""
        seat = self.seat.seat
        while True:
            if self.seat.stage in ("handed_in", "voided") or seat.current is None:
                return False
            used_ms = seat.exam_ms()
            if used_ms is not None and self.seat.stage == "exam" and used_ms >= step.at_ms:
                return True
            wait_s = LOOK_S_MAX if used_ms is None else (step.at_ms - used_ms) / 1000
            await asyncio.sleep(min(max(wait_s, 0.01), 5.0 if wait_s > 10 else max(LOOK_S_MAX, wait_s)))

    async def _do(self, action: Action) -> None:
        seat = self.seat.seat
        match action:
            case Choose():
                if seat.current is not None and seat.current.attempt.answers.get(action.slot) != [*action.response]:
                    seat.answer(action.slot, action.response)
            case MarkItem():
                seat.mark(action.slot, action.marked)
            case HandInNow():
                await seat.hand_in()
            case Misbehave():
                self._meanwhile(self._misbehave(action))
            case RaiseHand():
                self._meanwhile(self._raise_hand(action.for_ms / 1000))

    async def _misbehave(self, action: Misbehave) -> None:
        camera, seat = self.seat.camera, self.seat.seat
        if action.what is Misdeed.LEFT_PAGE:
            seat.write("page.left", PageLeft(cause="hidden"))
            await asyncio.sleep(action.for_ms / 1000)
            seat.write("page.returned", PageReturned(cause="hidden", away_ms=action.for_ms))
        elif camera is not None:
            camera.scene = _SCENES[action.what]
            try:
                await asyncio.sleep(action.for_ms / 1000)
            finally:
                camera.scene = Scene.SEATED

    async def _raise_hand(self, for_s: float) -> None:
        self.seat.seat.raise_hand(True)
        await asyncio.sleep(for_s)
        with contextlib.suppress(Refusal):
            self.seat.seat.raise_hand(False)

    async def _read_messages(self) -> None:
        while True:
            await asyncio.sleep(self.candidate.manner.reads_message_s)
            sitting = self.seat.seat.current
            for message in list(sitting.attempt.unread) if sitting is not None else []:
                self.seat.seat.acknowledge(message)

    def _meanwhile(self, work: Coroutine[None, None, None]) -> None:
        task = asyncio.get_running_loop().create_task(work)
        self._doing.add(task)
        task.add_done_callback(self._doing.discard)


async def open_seats(
    lines: list[EnrolmentLine], folder: Path, shared: Shared | None = None, *, pictures: bool = False, seed: int = 0
) -> list[SimulatedSeat]:
    """Enrol every line's station under ``folder`` and make its seat; none runs yet. Raises CannotEnrol."""
    files = shared.files if shared is not None else DiskFiles()
    gate = asyncio.Semaphore(ENROLLED_AT_ONCE)

    async def one(line: EnrolmentLine) -> SimulatedSeat:
        nonlocal shared
        async with gate:
            identity = await enrolled(line, folder / line.station, files)
        if shared is None:
            shared = Shared.of(identity, files)
        number = line.seat or 0
        return SimulatedSeat(
            identity, folder / line.station, shared, pictures=pictures, seed=seed * 10_000 + number
        )

    return list(await asyncio.gather(*[one(line) for line in lines]))


def summary(seats: list[SimulatedSeat]) -> str:
    """One line on how the seats stand."""
    stages = Counter(seat.stage for seat in seats)
    up = sum(seat.seat.room.up for seat in seats)
    answers = sum(len(seat.seat.current.attempt.answers) for seat in seats if seat.seat.current is not None)
    pictures = sum(seat.uploads.sent for seat in seats if seat.uploads is not None)
    stood = ", ".join(f"{stage} {count}" for stage, count in sorted(stages.items()))
    return f"{len(seats)} seats, {up} connected; {stood}; {answers} items answered, {pictures} pictures delivered"


def all_done(seats: list[SimulatedSeat]) -> bool:
    """Whether every candidate handed in and the room holds it."""
    return all(
        seat.stage in ("handed_in", "voided") and seat.seat.unsent() == 0 for seat in seats
    )


async def perform(
    lines: list[EnrolmentLine], folder: Path, seed: int, *, pictures: bool, leave: bool, hurry: float
) -> None:
    """Let all candidates act; with ``leave`` until everybody's hand-in is delivered, else until cancelled."""
    seats = await open_seats(lines, folder, pictures=pictures, seed=seed)
    performers = [
        Performer(seat, Candidate(seed * 10_000 + index, hurry), line.ticket or "", line.document or "")
        for index, (seat, line) in enumerate(zip(seats, lines, strict=True))
    ]
    click.echo(f"{len(seats)} 个模拟机位 simulated seats: {folder}")
    async with asyncio.TaskGroup() as tasks:
        lives = [seat.run for seat in seats] + [performer.run for performer in performers]
        running = [tasks.create_task(kept_running(life)) for life in lives]
        told = time.monotonic()
        while not (leave and all_done(seats)):
            await asyncio.sleep(1)
            if time.monotonic() - told >= REPORT_S:
                told = time.monotonic()
                click.echo(summary(seats))
        click.echo(summary(seats))
        for task in running:
            task.cancel()


def with_credentials(lines: list[EnrolmentLine], file: Path | None) -> list[EnrolmentLine]:
    """The lines that have a candidate, their ticket and document taken from the file where there is one."""
    known: dict[str, Credentials] = {}
    if file is not None:
        try:
            found = TypeAdapter(list[Credentials]).validate_python(json.loads(file.read_bytes()))
        except (ValueError, ValidationError) as error:
            raise CannotEnrol(f"{file.name}: not a list of station, ticket, document: {error}") from error
        known = {one.station: one for one in found}
    filled = [
        line.model_copy(update={"ticket": known[line.station].ticket, "document": known[line.station].document})
        if line.station in known
        else line
        for line in lines
    ]
    return [line for line in filled if line.ticket and line.document]


@click.command()
@click.option("--seats", type=click.IntRange(1), help="How many; all of the file without it.")
@click.option(
    "--enrol", "file", type=click.Path(exists=True, dir_okay=False, path_type=Path), required=True,
    help="Enrolment file; ticket and document may stand in its lines.",
)  # fmt: skip
@click.option(
    "--credentials", type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="JSON list of {station, ticket, document}.",
)  # fmt: skip
@click.option("--data", "folder", type=click.Path(path_type=Path), help="Folder of journals and pictures.")
@click.option("--seed", default=1, show_default=True, help="The same seed, the same behaviour.")
@click.option("--no-pictures", is_flag=True, help="Cameras stay closed.")
@click.option("--hurry", type=click.FloatRange(0.1), default=1.0, help="Divide waits outside the exam by this.")
@click.option("--leave", is_flag=True, help="End when everybody has handed in and all is delivered.")
def command(
    seats: int | None,
    file: Path,
    credentials: Path | None,
    folder: Path | None,
    seed: int,
    no_pictures: bool,
    leave: bool,
    hurry: float,
) -> None:
    """Drive many seats in one process through the real link and journal."""
    logging.basicConfig(level=logging.WARNING, stream=sys.stderr)
    try:
        lines = with_credentials(read_lines(file.read_bytes(), file.name), credentials)[:seats]
        if not lines:
            raise CannotEnrol(f"{file.name}: 没有考生凭据。 No line has a ticket and a document")
        with contextlib.ExitStack() as stack:
            where = folder or Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="kaochang-seats-")))
            asyncio.run(
                until_told_to_end(
                    lambda: perform(lines, where, seed, pictures=not no_pictures, leave=leave, hurry=hurry)
                )
            )
    except (CannotEnrol, NotARoom) as error:
        raise click.ClickException(str(error)) from error
