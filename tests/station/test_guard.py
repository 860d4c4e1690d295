"""Guard, photographer and orphaned pictures: what is observed at a seat becomes entries, once each."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import suppress
from pathlib import Path

import pytest

from protocol.page import PageEvent
from station.camera.keeper import OnDemandCamera
from station.camera.room import SimulatedCamera
from station.guard import Guard
from station.jpeg import JpegEncoder
from station.orphans import orphans
from station.photographer import Photographer
from station.pictures import Scene, SeatPainter
from station.spool import Spool
from tests.forgetful_files import ForgetfulFiles
from tests.station.scripted_room import ScriptedRoom
from tests.station.seats import identity_in, running
from tests.station.test_seat import ATTEMPT, begin, sit_down
from tests.station.waiting import until


@pytest.fixture
async def room() -> AsyncIterator[ScriptedRoom]:
    async with ScriptedRoom(candidates={"T1": ("D1", ATTEMPT)}).open() as opened:
        yield opened


@pytest.fixture
def disk() -> ForgetfulFiles:
    return ForgetfulFiles()


def told(event: str, cause: str) -> PageEvent:
    return PageEvent.model_validate({"event": event, "cause": cause})


class TestGuard:
    async def test_each_cause_is_its_own_absence_and_counted_in_room_time(
        self, room: ScriptedRoom, disk: ForgetfulFiles
    ) -> None:
        async with running(identity_in(room), disk) as (seat, _):
            guard = Guard(seat)
            guard.told(told("left", "hidden"))
            await begin(seat, room)
            for event, cause in (
                ("left", "hidden"),
                ("left", "focus_lost"),
                ("left", "hidden"),
                ("returned", "hidden"),
                ("returned", "full_screen_left"),
                ("clipboard", "copy"),
            ):
                guard.told(told(event, cause))
            await until(lambda: room.entries("clipboard.used"))
            assert [one.body["cause"] for one in room.entries("page.left")] == ["hidden", "focus_lost"]
            left, back = room.entries("page.left")[0], room.entries("page.returned")[0]
            assert back.body == {"cause": "hidden", "away_ms": back.at - left.at}

    async def test_a_restart_in_between_loses_no_absence(self, room: ScriptedRoom, disk: ForgetfulFiles) -> None:
        identity = identity_in(room)
        async with running(identity, disk) as (seat, _):
            await begin(seat, room)
            Guard(seat).left("page_lost")
            await until(lambda: room.entries("page.left"))
            kept = seat.clock.kept()
        disk.crash()
        async with running(identity, disk, kept=kept) as (seat, _):
            Guard(seat).page_opened()
            await until(lambda: room.entries("page.returned"))
            left, back = room.entries("page.left")[0], room.entries("page.returned")[0]
            assert back.body == {"cause": "page_lost", "away_ms": back.at - left.at}

    async def test_a_quick_reload_is_no_loss(self, room: ScriptedRoom, disk: ForgetfulFiles) -> None:
        async with running(identity_in(room), disk) as (seat, _):
            await begin(seat, room)
            guard = Guard(seat, page_lost_s=0.05)
            guard.page_closed()
            guard.page_opened()
            Guard(seat, page_lost_s=0.01).page_closed()
            await until(lambda: room.entries("page.left"))
            assert len(room.entries("page.left")) == 1


class TestPhotographer:
    async def test_login_start_timetable_flag_and_hand_in(self, room: ScriptedRoom, disk: ForgetfulFiles) -> None:
        async with running(identity_in(room), disk) as (seat, _):
            camera = SimulatedCamera(SeatPainter(1, "7"), seat.clock.now)
            spool = Spool(disk, Path("/seat/spool"), disk_free_bytes_min=0)
            photographer = Photographer(seat, OnDemandCamera(camera), spool)
            life = asyncio.create_task(photographer.run())
            await begin(seat, room)
            await until(lambda: _reasons(room).count("schedule") >= 2)
            await room.order(ATTEMPT, "snapshot.requested", {"attempt": ATTEMPT, "flag": None, "by": "p1"})
            await until(lambda: "flag" in _reasons(room))
            camera.scene = Scene.COVERED
            await until(lambda: room.entries("camera.changed"))
            assert seat.reporter.condition()[0] == "covered"
            camera.scene = Scene.SEATED
            await until(lambda: len(room.entries("camera.changed")) == 2)
            await seat.hand_in()
            await until(lambda: "hand_in" in _reasons(room))
            assert set(_reasons(room)) == {"login", "start", "schedule", "flag", "hand_in"}
            assert [_reasons(room).count(one) for one in ("login", "start", "flag", "hand_in")] == [1] * 4
            planned = [one.body["planned_ms"] for one in room.entries("snapshot.taken") if one.body["planned_ms"]]
            assert planned == sorted(set(planned))
            assert len(spool.waiting()) == len(_reasons(room))
            await _end(life)

    async def test_a_late_candidate_misses_no_picture_of_before(
        self, room: ScriptedRoom, disk: ForgetfulFiles
    ) -> None:
        await room.start(ATTEMPT, in_ms=-600_000)
        async with running(identity_in(room), disk) as (seat, _):
            camera = SimulatedCamera(SeatPainter(1, "7"), seat.clock.now)
            spool = Spool(disk, Path("/seat/spool"), disk_free_bytes_min=0)
            life = asyncio.create_task(Photographer(seat, OnDemandCamera(camera), spool).run())
            await sit_down(seat)
            await until(lambda: seat.stage == "rules")
            await until(lambda: "schedule" in _reasons(room))
            assert room.entries("snapshot.missed") == []
            assert all((one.body["planned_ms"] or 600_000) >= 600_000 for one in room.entries("snapshot.taken"))
            await _end(life)


class TestOrphans:
    async def test_a_picture_without_an_entry_is_put_on_record_again(
        self, room: ScriptedRoom, disk: ForgetfulFiles
    ) -> None:
        async with running(identity_in(room), disk) as (seat, _):
            await begin(seat, room)
            spool = Spool(disk, Path("/seat/spool"), disk_free_bytes_min=0)
            painter, encoder = SeatPainter(1, "7"), JpegEncoder()
            now = seat.clock.now()
            for at, words in ((now, f"{now} schedule 5000"), (now - 90_000_000, f"{now - 90_000_000} login")):
                spool.put(encoder.encode(painter.paint(at), f"kaochang {words}"))
            spool.put(b"no picture at all")
            found = orphans(seat, spool)
            assert [(one.reason, one.planned_ms, one.taken_at) for one in found] == [("schedule", 5_000, now)]
            assert (found[0].width, found[0].height) == (1280, 720)
            seat.write("snapshot.taken", found[0])
            assert orphans(seat, spool) == []


def _reasons(room: ScriptedRoom) -> list[str]:
    return [one.body["reason"] for one in room.entries("snapshot.taken")]


async def _end(task: "asyncio.Task[None]") -> None:
    task.cancel()
    with suppress(asyncio.CancelledError):
        await task

