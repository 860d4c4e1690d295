"""When this seat is photographed, and what becomes of each picture until it lies in the spool.

Two causes ask for a picture: the secret timetable (`protocol.capture_schedule`, offsets of exam time) and
forced pictures at login, start, flag and hand-in. Each request ends in exactly one event, `Picture` or
`Missed`; a request waits at most `PICTURE_LATE_S_MAX` for a usable frame. Beside it every new frame is looked
at, and a camera that is lost, covered or dark is told at once.

Nothing here knows entries or the link: events are handed to one function, which the station turns into
entries.
"""

import asyncio
import contextlib
import logging
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, Protocol

from station.camera.driver import SMALLEST_FRAME, CameraFault, FrameSize, checked, size_of
from station.camera.keeper import Frame, FrameSource
from station.camera.watch import CameraChange, CameraWatch
from station.jpeg import JpegEncoder, scaled_towards
from station.spool import Spool, SpoolFull
from vision.quality import UNCALIBRATED, Look, Quality, Thresholds, calibrate, judge, look

PICTURE_LATE_S_MAX = 10.0
"""Seconds a request waits for a frame; after that the picture is missed and on record as such."""

FRAME_AGE_S_MAX = 1.0
"""Seconds a frame may be older than the request it answers: the keeper reads two a second."""

TICK_S = 0.5
"""Seconds between two looks at timetable and camera when nothing is waiting."""

WAITING_TICK_S = 0.1
"""Seconds between two looks for a fresh frame while a request waits."""

REQUESTS_MAX = 16
"""Requests that may wait for a frame at once; one past it is missed at once, the camera being the cause."""

CALIBRATION_LOOKS_KEPT = 10
"""Newest frames a calibration is taken from: five seconds."""

Reason = Literal["schedule", "login", "start", "flag", "hand_in"]

_log = logging.getLogger(__name__)


class RoomTime(Protocol):
    """The three clocks a picture is dated by. May be asked from any thread."""

    def monotonic_s(self) -> float:
        """Seconds that only grow; the very clock the camera's keeper was given."""

    def room_ms(self) -> int:
        """UTC milliseconds of the room's clock as this seat knows it."""

    def exam_ms(self) -> int | None:
        """Milliseconds of exam time used by this attempt; None while its clock does not run."""


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture that lies durably in the spool.

    `planned_ms` is its offset on the timetable, None for a forced one. `taken_at_ms` is UTC milliseconds of
    the room's clock at the frame, `digest` the hex SHA-256 of the file's bytes, `size` their number.
    """

    reason: Reason
    planned_ms: int | None
    taken_at_ms: int
    digest: str
    width: int
    height: int
    size: int
    path: Path
    quality: Quality


@dataclass(frozen=True, slots=True)
class Missed:
    """A picture that was asked for and does not exist. `at_ms` as `Picture.taken_at_ms`, when that was certain."""

    reason: Reason
    planned_ms: int | None
    cause: Literal["camera", "spool_full"]
    at_ms: int
    sentence: str


@dataclass(frozen=True, slots=True)
class SpoolChanged:
    """The spool began to refuse pictures, or keeps them again; told once, not with every picture."""

    full: bool
    at_ms: int
    sentence: str


@dataclass(frozen=True, slots=True)
class CameraChanged:
    """The camera was lost or is back, its picture became covered, dark or clear."""

    change: CameraChange
    at_ms: int


CaptureEvent = Picture | Missed | SpoolChanged | CameraChanged


@dataclass(frozen=True, slots=True)
class _Request:
    reason: Reason
    planned_ms: int | None
    due_s: float


class Capture:
    """One seat's photographer.

    `step` does the work and may be called from a thread; `run` repeats it and hands the events to `deliver`
    on the event loop. `begin`, `end` and `force` may be called from the event loop at any time.
    """

    def __init__(
        self,
        source: FrameSource,
        spool: Spool,
        time: RoomTime,
        deliver: Callable[[CaptureEvent], None],
        *,
        smallest: FrameSize = SMALLEST_FRAME,
    ) -> None:
        self._source = source
        self._spool = spool
        self._time = time
        self._deliver = deliver
        self._smallest = smallest
        self._encoder = JpegEncoder()
        self._watch = CameraWatch()
        self._thresholds = UNCALIBRATED
        self._looks: tuple[Look, ...] = ()
        self._looked_at = 0
        self._used = 0
        self._spool_full = False
        self._forced: deque[_Request] = deque()
        self._waiting: list[_Request] = []
        self._timetable: _Timetable | None = None
        self._woken = asyncio.Event()
        self._settled = asyncio.Event()
        self._settled.set()

    def begin(self, offsets: Iterator[int], accounted_ms: int = -1) -> None:
        """Follow a timetable. Offsets up to `accounted_ms` are on record already, taken or missed, from before a
        restart; those that passed since are missed now.
        """
        self._timetable = _Timetable(offsets, accounted_ms)
        self._woken.set()

    def end(self) -> None:
        """Follow no timetable any more; forced pictures are still taken."""
        self._timetable = None

    def force(self, reason: Reason, in_ms: int = 0) -> None:
        """Ask for a picture outside the timetable, `in_ms` milliseconds from now (see `start_offset_ms`)."""
        self._forced.append(_Request(reason, None, self._time.monotonic_s() + in_ms / 1000))
        self._settled.clear()
        self._woken.set()

    async def settled(self) -> None:
        """Return when no request waits: each became a picture or a miss. For hand-in, before the camera closes."""
        await self._settled.wait()

    def calibrate(self) -> Thresholds:
        """Measure this seat by its last frames, while a person sees that they are good, and judge by that.

        Raises `vision.quality.NotCalibratable`, and judges as before.
        """
        self._thresholds = calibrate(self._looks)
        return self._thresholds

    async def run(self) -> None:
        """Photograph until cancelled."""
        while True:
            if self._has_work():
                await self._step_in_thread()
                if not self._waiting and not self._forced:
                    self._settled.set()
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(self._wait_s()):
                    await self._woken.wait()
            self._woken.clear()

    def step(self) -> list[CaptureEvent]:
        """Do what is due now; returns what happened, in order."""
        events: list[CaptureEvent] = []
        self._collect_requests()
        still_waiting = []
        for request in self._waiting:
            answer = self._answer(request)
            if answer is None:
                still_waiting.append(request)
            else:
                events += answer
        for request in still_waiting[REQUESTS_MAX:]:
            events.append(
                self._missed(request, "camera", "等待拍照过多。 Too many pictures wait for the camera.")
            )
        self._waiting = still_waiting[:REQUESTS_MAX]
        events += self._look()
        return events

    async def _step_in_thread(self) -> None:
        step = asyncio.ensure_future(asyncio.to_thread(self.step))
        try:
            events = await asyncio.shield(step)
        except asyncio.CancelledError:
            # A picture already in the spool must not be without its event.
            for event in await step:
                self._deliver(event)
            raise
        for event in events:
            self._deliver(event)

    # What is asked for.

    def _collect_requests(self) -> None:
        now_s = self._time.monotonic_s()
        exam_ms = self._time.exam_ms()
        timetable = self._timetable
        if timetable is not None and exam_ms is not None:
            for planned_ms in timetable.take_due(exam_ms):
                self._waiting.append(_Request("schedule", planned_ms, now_s - (exam_ms - planned_ms) / 1000))
        for _ in range(len(self._forced)):
            request = self._forced.popleft()
            if request.due_s <= now_s:
                self._waiting.append(request)
            else:
                self._forced.append(request)

    def _has_work(self) -> bool:
        if self._waiting or self._source.state().lost != self._watch.lost:
            return True
        latest = self._source.latest()
        if latest is not None and latest.number > self._looked_at:
            return True
        return self._next_due_s() <= 0

    def _wait_s(self) -> float:
        if self._waiting:
            return WAITING_TICK_S
        return max(0.0, min(TICK_S, self._next_due_s()))

    def _next_due_s(self) -> float:
        """Seconds until the next request is due; infinite when none is known."""
        now_s = self._time.monotonic_s()
        exam_ms = self._time.exam_ms()
        due = [request.due_s - now_s for request in self._forced]
        if self._timetable is not None and exam_ms is not None:
            due.append((self._timetable.next_ms - exam_ms) / 1000)
        return min(due, default=float("inf"))

    # What becomes of it.

    def _answer(self, request: _Request) -> list[CaptureEvent] | None:
        """The events that end a request, or None while it must wait for a frame."""
        frame = self._source.fresh(self._used, request.due_s - FRAME_AGE_S_MAX)
        late_s = self._time.monotonic_s() - request.due_s
        if frame is None or late_s > PICTURE_LATE_S_MAX:
            if late_s <= PICTURE_LATE_S_MAX:
                return None
            state = self._source.state()
            return [
                self._missed(
                    request, "camera", state.sentence or "没有可用的画面。 No picture was to be had."
                )
            ]
        self._used = frame.number
        try:
            picture = self._keep(request, frame)
        except CameraFault as fault:
            return [self._missed(request, "camera", fault.sentence)]
        except SpoolFull as full:
            return [*self._spool_refuses(full.sentence), self._missed(request, "spool_full", full.sentence)]
        except OSError as error:
            _log.exception("a picture could not be kept")
            sentence = (
                f"照片无法写入本机磁盘：{error}。 A picture could not be written to this disk: {error}."
            )
            return [*self._spool_refuses(sentence), self._missed(request, "spool_full", sentence)]
        return [*self._spool_keeps(), picture]

    def _keep(self, request: _Request, frame: Frame) -> Picture:
        pixels = scaled_towards(checked(frame.pixels, self._smallest), self._smallest)
        taken_at_ms = self._time.room_ms() - round((self._time.monotonic_s() - frame.taken_s) * 1000)
        planned = "" if request.planned_ms is None else f" {request.planned_ms}"
        data = self._encoder.encode(pixels, f"kaochang {taken_at_ms} {request.reason}{planned}")
        kept = self._spool.put(data)
        size = size_of(pixels)
        return Picture(
            reason=request.reason,
            planned_ms=request.planned_ms,
            taken_at_ms=taken_at_ms,
            digest=kept.digest,
            width=size.width,
            height=size.height,
            size=kept.size,
            path=kept.path,
            quality=judge(look(pixels), self._thresholds),
        )

    def _missed(self, request: _Request, cause: Literal["camera", "spool_full"], sentence: str) -> Missed:
        return Missed(request.reason, request.planned_ms, cause, self._time.room_ms(), sentence)

    def _spool_refuses(self, sentence: str) -> list[CaptureEvent]:
        told, self._spool_full = self._spool_full, True
        return [] if told else [SpoolChanged(True, self._time.room_ms(), sentence)]

    def _spool_keeps(self) -> list[CaptureEvent]:
        told, self._spool_full = self._spool_full, False
        sentence = "照片已可继续保存。 Pictures are kept again."
        return [SpoolChanged(False, self._time.room_ms(), sentence)] if told else []

    def _look(self) -> list[CaptureEvent]:
        changes = [self._watch.see_state(self._source.state())]
        frame = self._source.latest()
        if frame is not None and frame.number > self._looked_at:
            self._looked_at = frame.number
            seen = look(frame.pixels)
            self._looks = (*self._looks, seen)[-CALIBRATION_LOOKS_KEPT:]
            changes.append(self._watch.see_picture(judge(seen, self._thresholds)))
        return [CameraChanged(change, self._time.room_ms()) for change in changes if change is not None]


class _Timetable:
    """Reads offsets only as far as they are due."""

    def __init__(self, offsets: Iterator[int], accounted_ms: int) -> None:
        self._offsets = offsets
        self.next_ms = next(offset for offset in offsets if offset > accounted_ms)

    def take_due(self, exam_ms: int) -> list[int]:
        due = []
        while self.next_ms <= exam_ms:
            due.append(self.next_ms)
            self.next_ms = next(self._offsets)
        return due
