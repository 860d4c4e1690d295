"""Keeps one camera open from sign-in to hand-in and offers its newest picture.

Here, and nowhere else, a camera is tried again:

    closed → opening → live ⇄ retrying
                         ⇄ needs_help      (a permanent fault: tried seldom, or at once when a person asks)

A step does one thing with the camera and says how long to wait; the thread only repeats it. A simulated seat
has no thread: it takes the same steps when a picture is asked for, so that a room of hundreds costs what its
pictures cost.
"""

import logging
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from station.camera.driver import Camera, CameraFault, Pixels

FRAME_EVERY_S = 0.5
"""Seconds between two pictures read from a live camera."""

RETRY_S_FIRST = 0.5
RETRY_S_MAX = 5.0
"""Seconds before a faulty camera is tried again: the first time, and after doubling, at most."""

NEEDS_HELP_RETRY_S = 60.0
"""Seconds before a camera with a permanent fault is tried without anybody asking."""

STALLED_AFTER_S = 4.0
"""Seconds without a picture after which a camera that claims to be live is called faulty: its driver hangs."""

STOP_WAIT_S = 2.0
"""Seconds `stop` waits for a driver to come back; a hung one is left behind in its daemon thread."""

_log = logging.getLogger(__name__)


class CameraPhase(StrEnum):
    """Where a kept camera stands."""

    CLOSED = "closed"
    OPENING = "opening"
    LIVE = "live"
    RETRYING = "retrying"
    NEEDS_HELP = "needs_help"


@dataclass(frozen=True, slots=True)
class CameraState:
    """Phase, the sentence of the last fault (empty when none), and faults in a row."""

    phase: CameraPhase
    sentence: str = ""
    faults: int = 0

    @property
    def lost(self) -> bool:
        """Whether the seat is without pictures."""
        return self.phase in (CameraPhase.RETRYING, CameraPhase.NEEDS_HELP)


@dataclass(frozen=True, slots=True, eq=False)
class Frame:
    """A picture, its running number, and when it was read in seconds of the keeper's monotonic clock."""

    pixels: Pixels
    number: int
    taken_s: float


class FrameSource(Protocol):
    """What whoever photographs asks of a kept camera. May be asked from any thread."""

    def state(self) -> CameraState:
        """Where the camera stands now."""

    def latest(self) -> Frame | None:
        """The newest picture however old, or None before the first. Never waits."""

    def fresh(self, after_number: int, since_s: float) -> Frame | None:
        """A picture numbered above `after_number` and read at or after `since_s`, or None when there is none yet."""


class CameraKeeper:
    """One camera, kept open by a thread between `start` and `stop`."""

    def __init__(
        self,
        camera: Camera,
        *,
        monotonic: Callable[[], float] = time.monotonic,
        frame_every_s: float = FRAME_EVERY_S,
    ) -> None:
        self._camera = camera
        self._monotonic = monotonic
        self._frame_every_s = frame_every_s
        self._state = CameraState(CameraPhase.CLOSED)
        self._latest: Frame | None = None
        self._number = 0
        self._stopping = False
        self._asked = threading.Event()
        self._thread: threading.Thread | None = None

    def start(self) -> None:
        """Open the camera in the background and keep it open; starting twice is harmless."""
        if self._thread is None:
            self._stopping = False
            self._asked.clear()
            self._state = CameraState(CameraPhase.OPENING)
            self._thread = threading.Thread(target=self._run, name="camera", daemon=True)
            self._thread.start()

    def stop(self) -> None:
        """Close the camera; the last picture stays to be seen."""
        thread, self._thread = self._thread, None
        if thread is not None:
            self._stopping = True
            self._asked.set()
            thread.join(STOP_WAIT_S)

    def try_again(self) -> None:
        """A person did something about the camera: try now."""
        self._asked.set()

    def state(self) -> CameraState:
        state = self._state
        if state.phase is CameraPhase.LIVE and self._thread is not None and self._stalled():
            return CameraState(
                CameraPhase.RETRYING,
                "摄像头停止输出画面，请重新插拔。 The camera stopped giving pictures: plug it in again.",
                state.faults + 1,
            )
        return state

    def latest(self) -> Frame | None:
        return self._latest

    def fresh(self, after_number: int, since_s: float) -> Frame | None:
        frame = self._latest
        if frame is not None and frame.number > after_number and frame.taken_s >= since_s:
            return frame
        return None

    def step(self) -> float:
        """Open or read once; returns the seconds to wait before the next step."""
        try:
            if self._state.phase is not CameraPhase.LIVE:
                self._camera.open()
            pixels = self._camera.read()
        except CameraFault as fault:
            return self._faulted(fault)
        except Exception as error:  # noqa: BLE001 (the edge to a driver: an unforeseen fault must not end the thread)
            _log.exception("camera driver failed")
            sentence = f"摄像头驱动出错：{error}。 The camera's driver failed: {error}."
            return self._faulted(CameraFault(False, sentence))
        self._number += 1
        now_s = self._monotonic()
        if self._state.phase is not CameraPhase.LIVE:
            self._state = CameraState(CameraPhase.LIVE)
        self._latest = Frame(pixels, self._number, now_s)
        return self._frame_every_s

    def close(self) -> None:
        """Close the camera from the thread that steps."""
        self._camera.close()
        self._state = CameraState(CameraPhase.CLOSED)

    def _faulted(self, fault: CameraFault) -> float:
        self._camera.close()
        faults = self._state.faults + 1
        phase = CameraPhase.NEEDS_HELP if fault.permanent else CameraPhase.RETRYING
        self._state = CameraState(phase, fault.sentence, faults)
        if fault.permanent:
            return NEEDS_HELP_RETRY_S
        return float(min(RETRY_S_MAX, RETRY_S_FIRST * 2 ** min(faults - 1, 10)))

    def _stalled(self) -> bool:
        return self._latest is not None and self._monotonic() - self._latest.taken_s > STALLED_AFTER_S

    def _run(self) -> None:
        while not self._stopping:
            self._asked.wait(self.step())
            self._asked.clear()
        self.close()


class OnDemandCamera:
    """A kept camera without a thread: it is read when a picture is asked for, and waits out the same back-off."""

    def __init__(self, camera: Camera, *, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._keeper = CameraKeeper(camera, monotonic=monotonic)
        self._monotonic = monotonic
        self._not_before_s = float("-inf")
        self._lock = threading.Lock()

    def state(self) -> CameraState:
        return self._keeper.state()

    def latest(self) -> Frame | None:
        return self._keeper.latest()

    def fresh(self, after_number: int, since_s: float) -> Frame | None:
        with self._lock:
            if self._monotonic() >= self._not_before_s:
                wait_s = self._keeper.step()
                live = self._keeper.state().phase is CameraPhase.LIVE
                self._not_before_s = float("-inf") if live else self._monotonic() + wait_s
        return self._keeper.fresh(after_number, since_s)

    def try_again(self) -> None:
        """A person did something about the camera: the next picture asked for tries it."""
        self._not_before_s = float("-inf")

    def stop(self) -> None:
        """Close the camera; the last picture stays to be seen."""
        with self._lock:
            self._keeper.close()
