"""Every request becomes a picture in the spool or a miss on record, on a clock of the test."""

import asyncio
import errno
import hashlib
import itertools
import threading
from pathlib import Path

import cv2
import numpy as np
import pytest

from protocol.capture_schedule import offsets
from protocol.seat import CapturePolicy
from station.camera.driver import SMALLEST_FRAME, FrameSize
from station.camera.keeper import CameraKeeper, Frame, OnDemandCamera
from station.camera.room import SimulatedCamera
from station.capture import (
    PICTURE_LATE_S_MAX,
    REQUESTS_MAX,
    CameraChanged,
    Capture,
    CaptureEvent,
    Missed,
    Picture,
    SpoolChanged,
)
from station.pictures import Scene, SeatPainter
from station.spool import Spool
from tests.forgetful_files import ForgetfulFiles
from vision.quality import NotCalibratable, Quality

NOON_MS = 1_760_000_000_000
FOLDER = Path("/seat/spool")


class Time:
    """A seat's clocks, moved by the test; the exam's stands while `exam` is None."""

    def __init__(self) -> None:
        self.now_s = 50.0
        self.exam: int | None = None

    def monotonic_s(self) -> float:
        return self.now_s

    def room_ms(self) -> int:
        return NOON_MS + round(self.now_s * 1000)

    def exam_ms(self) -> int | None:
        return self.exam

    def pass_s(self, seconds: float) -> None:
        self.now_s += seconds
        if self.exam is not None:
            self.exam += round(seconds * 1000)


class Seat:
    """A simulated camera, a spool on a forgetful disk, and the capture between them."""

    def __init__(self, disk_bytes: int = 1 << 30, smallest: FrameSize = SMALLEST_FRAME) -> None:
        self.time = Time()
        self.disk = ForgetfulFiles(disk_bytes)
        self.spool = Spool(self.disk, FOLDER, disk_free_bytes_min=0)
        self.camera = SimulatedCamera(SeatPainter(5, "005"), self.time.room_ms)
        self.source = OnDemandCamera(self.camera, monotonic=self.time.monotonic_s)
        self.heard: asyncio.Queue[CaptureEvent] = asyncio.Queue()
        self.capture = Capture(self.source, self.spool, self.time, self.heard.put_nowait, smallest=smallest)

    def live(self, seconds: float, tick_s: float = 0.25) -> list[CaptureEvent]:
        """Let time pass in ticks, taking a step at each."""
        events = self.capture.step()
        for _ in range(round(seconds / tick_s)):
            self.time.pass_s(tick_s)
            events += self.capture.step()
        return events


@pytest.fixture
async def seat() -> Seat:
    return Seat()


def pictures(events: list[CaptureEvent]) -> list[Picture]:
    return [event for event in events if isinstance(event, Picture)]


def misses(events: list[CaptureEvent]) -> list[Missed]:
    return [event for event in events if isinstance(event, Missed)]


def camera_words(events: list[CaptureEvent]) -> list[str]:
    return [event.change.state for event in events if isinstance(event, CameraChanged)]


class TestForce:
    async def test_a_forced_picture_lies_durably_in_the_spool(self, seat: Seat) -> None:
        seat.capture.force("login")
        [picture] = pictures(seat.live(0))
        seat.disk.crash()
        data = Spool(seat.disk, FOLDER, disk_free_bytes_min=0).read(picture.digest)
        assert hashlib.sha256(data).hexdigest() == picture.digest
        assert (picture.reason, picture.planned_ms, picture.size) == ("login", None, len(data))
        assert picture.taken_at_ms == seat.time.room_ms()
        assert picture.quality is Quality.CLEAR
        frame = cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_COLOR)
        assert frame is not None
        assert frame.shape[:2] == (picture.height, picture.width) == (720, 1280)

    async def test_a_start_picture_waits_for_its_place_in_the_half_minute(self, seat: Seat) -> None:
        seat.capture.force("start", in_ms=17_000)
        assert pictures(seat.live(16.75)) == []
        assert [picture.reason for picture in pictures(seat.live(0.5))] == ["start"]

    async def test_two_at_once_are_two_pictures(self, seat: Seat) -> None:
        seat.capture.force("flag")
        seat.capture.force("hand_in")
        taken = pictures(seat.live(1))
        assert [picture.reason for picture in taken] == ["flag", "hand_in"]
        assert len({picture.digest for picture in taken}) == 2

    async def test_one_frame_never_answers_twice(self, seat: Seat) -> None:
        keeper = CameraKeeper(seat.camera, monotonic=seat.time.monotonic_s)
        capture = Capture(keeper, seat.spool, seat.time, seat.heard.put_nowait)
        capture.force("login")
        capture.force("flag")
        assert pictures(capture.step()) == []
        for reason in ("login", "flag"):
            keeper.step()
            assert [picture.reason for picture in pictures(capture.step())] == [reason]
            assert pictures(capture.step()) == []

    async def test_quality_is_on_the_picture(self, seat: Seat) -> None:
        seat.camera.scene = Scene.COVERED
        seat.capture.force("flag")
        assert pictures(seat.live(0))[0].quality is Quality.COVERED


class TestTimetable:
    async def test_follows_the_recomputable_schedule(self, seat: Seat) -> None:
        policy = CapturePolicy(
            gap_ms_min=5_000,
            gap_ms_max=30_000,
            count_min=4,
            width_min=1280,
            height_min=720,
            start_spread_ms=30_000,
            forced=[],
        )
        secret = bytes(range(32))
        seat.time.exam = 0
        seat.capture.begin(offsets(secret, "a", policy, 300_000))
        taken = pictures(seat.live(120))
        planned = list(itertools.takewhile(lambda due: due <= 120_000, offsets(secret, "a", policy, 300_000)))
        assert [picture.planned_ms for picture in taken] == planned
        assert len(planned) >= 4
        for picture in taken:
            assert picture.planned_ms is not None
            assert 0 <= picture.taken_at_ms - (NOON_MS + 50_000) - picture.planned_ms <= 250

    async def test_stands_still_with_the_exam_clock(self, seat: Seat) -> None:
        seat.capture.begin(itertools.count(10_000, 10_000))
        assert pictures(seat.live(30)) == []
        seat.time.exam = 0
        assert len(pictures(seat.live(9.5))) == 0
        standing, seat.time.exam = seat.time.exam, None
        assert pictures(seat.live(60)) == []
        seat.time.exam = standing
        assert [picture.planned_ms for picture in pictures(seat.live(1))] == [10_000]

    async def test_a_restart_takes_up_where_the_record_ends(self, seat: Seat) -> None:
        seat.time.exam = 65_000
        seat.capture.begin(itertools.count(10_000, 10_000), accounted_ms=20_000)
        events = seat.live(6)
        assert [missed.planned_ms for missed in misses(events)] == [30_000, 40_000, 50_000]
        assert [picture.planned_ms for picture in pictures(events)] == [60_000, 70_000]

    async def test_ends_but_still_takes_forced_pictures(self, seat: Seat) -> None:
        seat.time.exam = 0
        seat.capture.begin(itertools.count(1_000, 1_000))
        seat.live(1)
        seat.capture.end()
        seat.capture.force("hand_in")
        assert [picture.reason for picture in pictures(seat.live(5))] == ["hand_in"]


class TestMisses:
    async def test_an_unplugged_camera_is_a_miss_after_the_patience(self, seat: Seat) -> None:
        seat.camera.unplugged = True
        seat.capture.force("flag")
        events = seat.live(PICTURE_LATE_S_MAX)
        assert misses(events) == []
        assert camera_words(events) == ["lost"]
        [missed] = misses(seat.live(0.5))
        assert (missed.reason, missed.cause) == ("flag", "camera")
        assert "unplugged" in missed.sentence

    async def test_a_camera_that_returns_in_time_is_no_miss(self, seat: Seat) -> None:
        seat.camera.unplugged = True
        seat.capture.force("flag")
        seat.live(3)
        seat.camera.unplugged = False
        events = seat.live(5)
        assert [picture.reason for picture in pictures(events)] == ["flag"]
        assert camera_words(events) == ["back"]
        assert misses(events) == []

    async def test_too_small_a_frame_is_no_picture(self) -> None:
        seat = Seat(smallest=FrameSize(1920, 1080))
        seat.capture.force("login")
        [missed] = misses(seat.live(0))
        assert missed.cause == "camera"
        assert "1280x720" in missed.sentence
        assert seat.spool.waiting() == []

    async def test_a_full_spool_is_told_once_and_every_miss_is_on_record(self) -> None:
        seat = Seat(disk_bytes=250_000)
        events: list[CaptureEvent] = []
        for _ in range(6):
            seat.capture.force("flag")
            events += seat.live(1)
        kept = pictures(events)
        assert 1 <= len(kept) < 6
        assert len(kept) + len(misses(events)) == 6
        assert {missed.cause for missed in misses(events)} == {"spool_full"}
        assert [event.full for event in events if isinstance(event, SpoolChanged)] == [True]
        seat.spool.acknowledged(kept[0].digest)
        seat.capture.force("flag")
        events = seat.live(1)
        assert len(pictures(events)) == 1
        assert [event.full for event in events if isinstance(event, SpoolChanged)] == [False]

    async def test_a_failing_disk_is_a_miss(self, seat: Seat) -> None:
        seat.disk.break_next("sync", errno.EIO)
        seat.capture.force("flag")
        assert [missed.cause for missed in misses(seat.live(0))] == ["spool_full"]
        seat.capture.force("flag")
        assert len(pictures(seat.live(1))) == 1

    async def test_no_more_than_the_limit_wait(self, seat: Seat) -> None:
        seat.camera.unplugged = True
        for _ in range(REQUESTS_MAX + 3):
            seat.capture.force("flag")
        assert len(misses(seat.live(0))) == 3
        assert len(misses(seat.live(PICTURE_LATE_S_MAX + 0.5))) == REQUESTS_MAX


class TestLook:
    async def test_a_covered_lens_is_told_while_nothing_is_photographed(self, seat: Seat) -> None:
        def look_again() -> list[str]:
            seat.source.fresh(0, 0)
            return camera_words(seat.capture.step())

        assert [look_again() for _ in range(3)] == [[], [], []]
        seat.camera.scene = Scene.COVERED
        assert [look_again() for _ in range(3)] == [[], ["covered"], []]
        seat.camera.scene = Scene.SEATED
        assert [look_again() for _ in range(3)] == [[], ["clear"], []]
        assert seat.spool.waiting() == []

    async def test_is_calibrated_from_the_last_frames(self, seat: Seat) -> None:
        with pytest.raises(NotCalibratable):
            seat.capture.calibrate()
        for _ in range(6):
            seat.source.fresh(0, 0)
            seat.capture.step()
        assert seat.capture.calibrate().dark_below > 14


class TestRun:
    async def test_delivers_on_the_loop_and_settles(self, seat: Seat) -> None:
        running = asyncio.create_task(seat.capture.run())
        seat.capture.force("login")
        seat.capture.force("hand_in")
        async with asyncio.timeout(20):
            await seat.capture.settled()
        assert seat.heard.qsize() == 2
        await cancel(running)

    async def test_a_force_wakes_a_waiting_run(self, seat: Seat) -> None:
        running = asyncio.create_task(seat.capture.run())
        for reason in ("login", "flag"):
            seat.capture.force(reason)
            async with asyncio.timeout(20):
                event = await seat.heard.get()
            assert isinstance(event, Picture)
            assert event.reason == reason
        await cancel(running)

    async def test_what_was_kept_is_told_though_the_run_ends(self, seat: Seat) -> None:
        slow = SlowSource(seat.source)
        capture = Capture(slow, seat.spool, seat.time, seat.heard.put_nowait)
        running = asyncio.create_task(capture.run())
        capture.force("flag")
        assert await asyncio.to_thread(slow.asked.wait, 20)
        running.cancel()
        await asyncio.sleep(0)
        slow.may_answer.set()
        with pytest.raises(asyncio.CancelledError):
            await running
        assert len(seat.spool.waiting()) == 1
        assert isinstance(seat.heard.get_nowait(), Picture)


class SlowSource:
    """A kept camera that answers when the test lets it."""

    def __init__(self, source: OnDemandCamera) -> None:
        self.asked = threading.Event()
        self.may_answer = threading.Event()
        self.state = source.state
        self.latest = source.latest
        self._source = source

    def fresh(self, after_number: int, since_s: float) -> Frame | None:
        self.asked.set()
        assert self.may_answer.wait(20)
        return self._source.fresh(after_number, since_s)


async def cancel(task: asyncio.Task[None]) -> None:
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
