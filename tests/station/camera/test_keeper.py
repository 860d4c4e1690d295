"""The keeper: what a fault leads to, step by step on a clock of the test; and the thread, by conditions."""

import threading

import numpy as np
import pytest

from station.camera.driver import CameraFault, Pixels
from station.camera.keeper import (
    FRAME_EVERY_S,
    NEEDS_HELP_RETRY_S,
    RETRY_S_MAX,
    STALLED_AFTER_S,
    CameraKeeper,
    CameraPhase,
    OnDemandCamera,
)


class Clock:
    def __init__(self) -> None:
        self.now_s = 100.0

    def __call__(self) -> float:
        return self.now_s


class TroubledCamera:
    """Raises whatever stands in `trouble`, else gives a picture; `seen` is set by each read."""

    def __init__(self) -> None:
        self.trouble: Exception | None = None
        self.opened = 0
        self.closed = 0
        self.reads = 0
        self.seen = threading.Event()

    def open(self) -> None:
        self.opened += 1
        if self.trouble:
            raise self.trouble

    def read(self) -> Pixels:
        self.reads += 1
        self.seen.set()
        if self.trouble:
            raise self.trouble
        return np.zeros((720, 1280, 3), np.uint8)

    def close(self) -> None:
        self.closed += 1


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def camera() -> TroubledCamera:
    return TroubledCamera()


@pytest.fixture
def keeper(camera: TroubledCamera, clock: Clock) -> CameraKeeper:
    return CameraKeeper(camera, monotonic=clock)


class TestStep:
    def test_opens_once_and_reads_on(self, keeper: CameraKeeper, camera: TroubledCamera) -> None:
        assert keeper.state().phase is CameraPhase.CLOSED
        assert [keeper.step() for _ in range(3)] == [FRAME_EVERY_S] * 3
        assert (camera.opened, camera.reads) == (1, 3)
        assert keeper.state().phase is CameraPhase.LIVE

    def test_backs_off_up_to_a_limit_and_recovers(self, keeper: CameraKeeper, camera: TroubledCamera) -> None:
        keeper.step()
        camera.trouble = CameraFault(False, "cable")
        assert [keeper.step() for _ in range(6)] == [0.5, 1, 2, 4, RETRY_S_MAX, RETRY_S_MAX]
        assert keeper.state().lost
        assert keeper.state().sentence == "cable"
        camera.trouble = None
        assert keeper.step() == FRAME_EVERY_S
        assert keeper.state().phase is CameraPhase.LIVE
        camera.trouble = CameraFault(False, "cable")
        assert keeper.step() == 0.5

    def test_a_long_fault_still_has_its_limit(self, keeper: CameraKeeper, camera: TroubledCamera) -> None:
        camera.trouble = CameraFault(False, "cable")
        assert max(keeper.step() for _ in range(2000)) == RETRY_S_MAX

    def test_a_permanent_fault_waits_for_a_person(self, keeper: CameraKeeper, camera: TroubledCamera) -> None:
        camera.trouble = CameraFault(True, "too small")
        assert keeper.step() == NEEDS_HELP_RETRY_S
        assert keeper.state().phase is CameraPhase.NEEDS_HELP
        assert keeper.state().lost

    def test_a_faulty_camera_is_closed_before_it_is_opened_again(
        self, keeper: CameraKeeper, camera: TroubledCamera
    ) -> None:
        camera.trouble = CameraFault(False, "cable")
        keeper.step()
        assert camera.closed == 1

    def test_a_bug_in_a_driver_is_a_fault_too(self, keeper: CameraKeeper, camera: TroubledCamera) -> None:
        camera.trouble = ZeroDivisionError("in the driver")
        keeper.step()
        assert keeper.state().phase is CameraPhase.RETRYING
        assert "in the driver" in keeper.state().sentence


class TestFresh:
    def test_is_never_older_or_the_same_again(self, keeper: CameraKeeper, clock: Clock) -> None:
        keeper.step()
        frame = keeper.fresh(0, since_s=clock.now_s)
        assert frame is not None
        assert keeper.fresh(frame.number, since_s=0) is None
        assert keeper.fresh(0, since_s=clock.now_s + 0.1) is None
        clock.now_s += 1
        keeper.step()
        again = keeper.fresh(frame.number, since_s=clock.now_s)
        assert again is not None
        assert again.taken_s == clock.now_s

    def test_the_last_picture_of_a_lost_camera_is_latest_but_not_fresh(
        self, keeper: CameraKeeper, camera: TroubledCamera, clock: Clock
    ) -> None:
        keeper.step()
        camera.trouble = CameraFault(False, "cable")
        clock.now_s += 5
        keeper.step()
        latest = keeper.latest()
        assert latest is not None
        assert latest.taken_s == clock.now_s - 5
        assert keeper.fresh(0, since_s=clock.now_s - 1) is None


class TestThread:
    def test_keeps_reading_until_stopped(self, camera: TroubledCamera) -> None:
        keeper = CameraKeeper(camera, frame_every_s=0)
        keeper.start()
        keeper.start()
        for _ in range(3):
            camera.seen.clear()
            assert camera.seen.wait(10)
        keeper.stop()
        assert camera.closed == 1
        assert keeper.state().phase is CameraPhase.CLOSED
        assert keeper.latest() is not None
        keeper.stop()

    def test_a_person_need_not_wait_for_the_back_off(self, camera: TroubledCamera) -> None:
        camera.trouble = CameraFault(True, "too small")
        keeper = CameraKeeper(camera)
        keeper.start()
        camera.trouble = None
        for _ in range(2):
            camera.seen.clear()
            keeper.try_again()
            assert camera.seen.wait(10)
        keeper.stop()
        assert camera.opened <= 2

    def test_a_hanging_driver_is_lost_though_it_claims_to_be_live(
        self, camera: TroubledCamera, clock: Clock
    ) -> None:
        keeper = CameraKeeper(camera, monotonic=clock, frame_every_s=30)
        keeper.start()
        assert camera.seen.wait(10)
        wait_until_live(keeper)
        clock.now_s += STALLED_AFTER_S + 0.1
        assert keeper.state().lost
        assert keeper.state().sentence
        keeper.stop()


class TestOnDemand:
    def test_reads_only_when_asked(self, camera: TroubledCamera, clock: Clock) -> None:
        source = OnDemandCamera(camera, monotonic=clock)
        assert source.latest() is None
        assert camera.opened == 0
        for number in (1, 2, 3):
            frame = source.fresh(number - 1, clock.now_s)
            assert frame is not None
            assert frame.number == number
        assert (camera.opened, camera.reads) == (1, 3)
        clock.now_s += 100
        assert not source.state().lost
        source.stop()
        assert camera.closed == 1

    def test_waits_out_the_back_off(self, camera: TroubledCamera, clock: Clock) -> None:
        source = OnDemandCamera(camera, monotonic=clock)
        camera.trouble = CameraFault(False, "cable")
        for _ in range(5):
            assert source.fresh(0, clock.now_s) is None
        assert camera.opened == 1
        assert source.state().lost
        camera.trouble = None
        clock.now_s += 0.5
        assert source.fresh(0, clock.now_s) is not None

    def test_a_person_need_not_wait(self, camera: TroubledCamera, clock: Clock) -> None:
        source = OnDemandCamera(camera, monotonic=clock)
        camera.trouble = CameraFault(True, "too small")
        assert source.fresh(0, clock.now_s) is None
        camera.trouble = None
        source.try_again()
        assert source.fresh(0, clock.now_s) is not None


def wait_until_live(keeper: CameraKeeper) -> None:
    """A condition, not a delay: the read was seen, its frame is published within the same step."""
    turn = threading.Event()
    for _ in range(1000):
        if keeper.latest() is not None:
            return
        turn.wait(0.01)
    raise AssertionError("the keeper published no frame")
