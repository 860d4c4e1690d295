"""Simulated candidates behave believably, the same for the same seed, and lose nothing on the way to the room."""

import asyncio
import json
import sys
from contextlib import suppress
from pathlib import Path

import pytest

from protocol.files import DiskFiles
from station.behaviour import Candidate, Choose, HandInNow, MarkItem, Misbehave
from station.disk import InlineDisk
from station.enrolment import EnrolmentLine
from station.simulate import Performer, all_done, open_seats, summary
from station.simulated import Shared, SimulatedSeat
from tests.station.scripted_room import ScriptedRoom, paper_of
from tests.station.seats import identity_in
from tests.station.waiting import until

ROOT = Path(__file__).parents[2]
SEATS = 5


def room_for(seats: int, duration_ms: int) -> ScriptedRoom:
    return ScriptedRoom(
        duration_ms=duration_ms,
        candidates={f"T{n}": (f"D{n}", f"a{n}") for n in range(1, seats + 1)},
        one_use={f"st{n}": f"secret-{n}" for n in range(1, seats + 1)},
    )


def lines_in(room: ScriptedRoom, seats: int = SEATS) -> list[EnrolmentLine]:
    return [
        EnrolmentLine(
            station=f"st{n}",
            secret=f"secret-{n}",
            address=room.address,
            room_key=room.key.public,
            seat=n,
            ticket=f"T{n}",
            document=f"D{n}",
        )
        for n in range(1, seats + 1)
    ]


async def start_all(room: ScriptedRoom, seats: int = SEATS) -> None:
    at = room.now()
    for n in range(1, seats + 1):
        await room.order(f"a{n}", "session.started", {"starts_at": at, "by": "p1"})


class TestPlan:
    def test_is_the_same_for_the_same_seed_and_another_for_another(self) -> None:
        paper = paper_of("a1")
        assert Candidate(7).plan(paper, 0) == Candidate(7).plan(paper, 0)
        assert Candidate(7).plan(paper, 0) != Candidate(8).plan(paper, 0)

    @pytest.mark.parametrize("earliest_ms", [0, 1_800_000])
    def test_answers_most_items_and_hands_in_when_that_is_allowed(self, earliest_ms: int) -> None:
        paper = paper_of("a1")
        waiting = misbehaving = 0
        for seed in range(200):
            plan = Candidate(seed).plan(paper, earliest_ms)
            assert [step.at_ms for step in plan] == sorted(step.at_ms for step in plan)
            answered = {step.action.slot for step in plan if isinstance(step.action, Choose)}
            assert len(answered) >= 14
            ends = [step.at_ms for step in plan if isinstance(step.action, HandInNow)]
            assert len(ends) <= 1
            assert all(earliest_ms < at < paper.duration_ms for at in ends)
            waiting += not ends
            misbehaving += any(isinstance(step.action, Misbehave) for step in plan)
        assert 20 <= waiting <= 80
        assert 20 <= misbehaving <= 100

    def test_every_response_fits_its_item(self) -> None:
        offered = {
            item.slot: ({option.letter for option in item.options}, section.kind)
            for section in paper_of("a1").sections
            for item in section.items
        }
        for seed in range(50):
            for step in Candidate(seed).plan(paper_of("a1"), 0):
                if isinstance(step.action, Choose):
                    letters, kind = offered[step.action.slot]
                    assert letters.issuperset(step.action.response)
                    assert kind == "multiple" or len(step.action.response) == 1
                elif isinstance(step.action, MarkItem):
                    assert step.action.slot in offered


class TestPerform:
    async def test_a_room_of_candidates_hands_in_what_it_answered(self, tmp_path: Path) -> None:
        async with room_for(SEATS, 4_000).open() as room:
            seats = await open_seats(lines_in(room), tmp_path)
            performers = [
                Performer(seat, Candidate(n, 20), f"T{n}", f"D{n}") for n, seat in enumerate(seats, start=1)
            ]
            tasks = [asyncio.create_task(part.run()) for part in (*seats, *performers)]
            await until(lambda: all(seat.stage == "waiting" for seat in seats), 60)
            await start_all(room)
            await until(lambda: all_done(seats), 40)
            assert len(room.entries("handed_in")) == SEATS
            assert {one.body["by"] for one in room.entries("handed_in")} <= {"candidate", "time_up"}
            for n, seat in enumerate(seats, start=1):
                assert seat.seat.current is not None
                streams = [own for own in room.streams.values() if own[0].body["attempt"] == f"a{n}"]
                own = [one for stream in streams for one in stream if one.type == "answer.saved"]
                said = {one.body["slot"]: one.body["response"] for one in own}
                assert said == seat.seat.current.attempt.answers
            assert f"{SEATS} connected" in summary(seats)
            await _end(tasks)

    async def test_the_command_runs_with_pictures_until_everybody_left(self, tmp_path: Path) -> None:
        async with room_for(2, 5_000).open() as room:
            file = tmp_path / "enrolment.json"
            file.write_text(json.dumps([line.model_dump() for line in lines_in(room, 2)]))
            process = await asyncio.create_subprocess_exec(
                *(sys.executable, "-m", "station", "simulate", "--seats", "2", "--enrol", str(file), "--leave"),
                *("--hurry", "20", "--data", str(tmp_path / "seats")),
                cwd=ROOT,
                stdout=asyncio.subprocess.PIPE,
            )
            await until(lambda: len(room.entries("stream.opened")) == 2, 40)
            await start_all(room, 2)
            said, _ = await asyncio.wait_for(process.communicate(), 40)
            assert process.returncode == 0, said.decode()
            assert len(room.entries("handed_in")) == 2
            assert {one.body["reason"] for one in room.entries("snapshot.taken")} >= {"login", "start"}
            assert room.pictures


class TestDrivenByCode:
    async def test_sign_in_answer_and_hand_in_as_a_benchmark_does(self, tmp_path: Path) -> None:
        async with room_for(1, 7_200_000).open() as room:
            line = lines_in(room, 1)[0]
            seats = await open_seats([line], tmp_path)
            seat = seats[0]
            life = asyncio.create_task(seat.run())
            await seat.connected()
            await seat.sign_in("T1", "D1", patient=False)
            beginning = asyncio.create_task(seat.begin())
            await seat.until("waiting")
            await start_all(room, 1)
            await beginning
            await asyncio.gather(*[seat.answer(slot, ["A"]) for slot in range(1, 21)])
            assert room.answers() == dict.fromkeys(range(1, 21), "A")
            await seat.hand_in()
            await seat.delivered()
            assert room.entries("handed_in")[0].body["answered"] == 20
            await _end([life])

    async def test_seats_may_keep_their_journals_in_line_on_any_files(self, tmp_path: Path) -> None:
        async with room_for(1, 7_200_000).open() as room:
            line = lines_in(room, 1)[0]
            identity = identity_in(room)
            seat = SimulatedSeat(identity, tmp_path, Shared.of(identity, DiskFiles(), InlineDisk()))
            life = asyncio.create_task(seat.run())
            await seat.sign_in(line.ticket or "", line.document or "")
            await seat.until("confirm")
            await _end([life])


async def _end(tasks: list["asyncio.Task[None]"]) -> None:
    for task in tasks:
        task.cancel()
    for task in tasks:
        with suppress(asyncio.CancelledError):
            await task
