"""Where camera and seat meet: pictures at sign-in, start, flag and hand-in, the timetable between, and their entries.

The camera is open from sign-in to hand-in; before that only the machine check asks for it. What the camera's people
call an event becomes an entry here, and nowhere else.
"""

import time
from collections.abc import Callable, Mapping
from typing import Literal

from protocol.capture_schedule import PolicyImpossible, offsets, start_offset_ms
from protocol.keys import decode
from protocol.page import Stage
from protocol.station_entries import CameraChanged as CameraEntry
from protocol.station_entries import SnapshotMissed, SnapshotTaken
from station.camera.keeper import FrameSource
from station.capture import CameraChanged, Capture, CaptureEvent, Missed, Picture
from station.seat import Seat
from station.sitting import Sitting
from station.spool import Spool
from station.watching import CameraState, Watcher

_SHOWN: Mapping[str, CameraState] = {
    "clear": "ok",
    "back": "ok",
    "lost": "lost",
    "covered": "covered",
    "dark": "dark",
}

WATCHED: frozenset[Stage] = frozenset({"rules", "exam", "paused", "suspended"})
"""Stages in which the timetable is followed."""


class SeatTime:
    """The three clocks of a picture, read from the seat."""

    def __init__(self, seat: Seat, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._seat, self._monotonic = seat, monotonic

    def monotonic_s(self) -> float:
        """The keeper's clock."""
        return self._monotonic()

    def room_ms(self) -> int:
        """The room's time."""
        return self._seat.clock.now()

    def exam_ms(self) -> int | None:
        """Exam time used; None while it does not run."""
        return self._seat.exam_ms()


class Photographer(Watcher):
    """Watches a seat, asks :class:`Capture` for pictures, and writes what came of it."""

    def __init__(
        self, seat: Seat, source: FrameSource, spool: Spool, picture_kept: Callable[[], None] = lambda: None
    ) -> None:
        self._seat, self._source, self._spool, self._picture_kept = seat, source, spool, picture_kept
        self.capture = Capture(source, spool, SeatTime(seat), self._deliver)
        self._camera: CameraState = "ok"
        self._size = (0, 0)
        self._following: Sitting | None = None
        self._asked: set[tuple[int, str]] = set()
        seat.watchers.append(self)
        seat.reporter = self

    async def run(self) -> None:
        """Photograph until cancelled."""
        self.stage_changed("connecting", self._seat.stage)
        await self.capture.run()

    def condition(self) -> tuple[CameraState, int, int, int]:
        """Camera, width and height of the newest frame, pictures waiting to be sent."""
        latest = self._source.latest()
        width, height = (latest.pixels.shape[1], latest.pixels.shape[0]) if latest is not None else self._size
        state: CameraState = "lost" if self._source.state().lost else self._camera
        return state, width, height, len(self._spool.waiting())

    def stage_changed(self, before: Stage, now: Stage) -> None:
        """Begin and end what the stage asks for."""
        sitting = self._seat.current
        if sitting is None or sitting.facts is None:
            self._stop_following()
            return
        if now not in ("handed_in", "voided"):
            self._force_once(sitting, "login")
        if now in WATCHED:
            policy = sitting.facts.policy.capture
            self._force_once(sitting, "start", start_offset_ms(sitting.facts.seat, policy.start_spread_ms))
            self._follow(sitting)
        elif now in ("handed_in", "voided"):
            self._stop_following()

    def picture_wanted(self, reason: Literal["flag", "hand_in"]) -> None:
        """A forced picture."""
        sitting = self._seat.current
        if sitting is not None and sitting.facts is not None and reason in sitting.facts.policy.capture.forced:
            self.capture.force(reason)

    def _force_once(self, sitting: Sitting, reason: Literal["login", "start"], in_ms: int = 0) -> None:
        assert sitting.facts is not None
        key = id(sitting), reason
        wanted = reason in sitting.facts.policy.capture.forced and reason not in sitting.attempt.pictures
        if wanted and key not in self._asked:
            self._asked.add(key)
            self.capture.force(reason, in_ms)

    def _follow(self, sitting: Sitting) -> None:
        if self._following is sitting or sitting.signed_in is None:
            return
        self._following = sitting
        facts, attempt = sitting.signed_in.facts, sitting.attempt
        # A late candidate is photographed from the moment of sitting down; before that nobody sat here.
        began_ms = attempt.clock.used_ms(sitting.began_at or 0)
        try:
            timetable = offsets(
                decode(sitting.signed_in.capture_secret), facts.attempt, facts.policy.capture, facts.duration_ms
            )
        except (PolicyImpossible, ValueError):
            return  # the room made this policy and misses the pictures itself
        self.capture.begin(timetable, max(attempt.planned_done, default=began_ms))

    def _stop_following(self) -> None:
        self._following = None
        self.capture.end()

    def _deliver(self, event: CaptureEvent) -> None:
        match event:
            case Picture():
                self._write_picture(event)
            case Missed():
                missed = SnapshotMissed(reason=event.reason, planned_ms=event.planned_ms, cause=event.cause)
                self._seat.write("snapshot.missed", missed)
            case CameraChanged():
                change = event.change
                self._camera = _SHOWN[change.state]
                self._seat.write("camera.changed", CameraEntry(state=change.state, detail=change.sentence[:200]))
                self._seat.report()
                for watcher in self._seat.watchers:
                    watcher.view_changed()

    def _write_picture(self, picture: Picture) -> None:
        if self._size != (picture.width, picture.height):
            # A camera that opens only for its pictures has no size to report before the first one.
            self._size = picture.width, picture.height
            self._seat.report()
        taken = SnapshotTaken(
            digest=picture.digest,
            size=picture.size,
            width=picture.width,
            height=picture.height,
            reason=picture.reason,
            planned_ms=picture.planned_ms,
            taken_at=picture.taken_at_ms,
            quality=picture.quality.value,
        )
        self._seat.write("snapshot.taken", taken)
        self._picture_kept()
