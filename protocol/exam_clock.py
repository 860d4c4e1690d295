"""Exam time as one pure function of the orders that bind it; the seat and the room compute with this same page.

An attempt's clock is the fold of every order that concerns it, the session's and its own, in the order of the office's
stream. All values are milliseconds; instants are UTC milliseconds of the room's clock.

* One start instant is common to all (S2 统一时间); a late candidate keeps the common end.
* While the session is paused every clock stands still.
* Suspension stops nothing: time is given back only by an extension (``extended``), as lateness never is.
"""

from dataclasses import dataclass, replace


@dataclass(frozen=True, slots=True)
class ExamClock:
    """What is known of one attempt's time."""

    duration_ms: int
    started_at: int | None = None
    paused_at: int | None = None
    paused_ms: int = 0
    added_ms: int = 0

    def start(self, at: int) -> "ExamClock":
        """The session starts at this instant; a second start changes nothing."""
        return self if self.started_at is not None else replace(self, started_at=at)

    def pause(self, at: int) -> "ExamClock":
        """The session pauses; a pause of a paused or unstarted clock changes nothing."""
        if self.started_at is None or self.paused_at is not None:
            return self
        return replace(self, paused_at=max(at, self.started_at))

    def resume(self, at: int) -> "ExamClock":
        """The session goes on; the pause's length is added to the end."""
        if self.paused_at is None:
            return self
        return replace(self, paused_at=None, paused_ms=self.paused_ms + max(0, at - self.paused_at))

    def extend(self, by_ms: int) -> "ExamClock":
        """Time is added (补时), before or after the start."""
        return replace(self, added_ms=self.added_ms + by_ms)

    @property
    def end_at(self) -> int | None:
        """The instant the time is up; None before the start and while paused, when nobody can know it."""
        if self.started_at is None or self.paused_at is not None:
            return None
        return self.started_at + self.duration_ms + self.paused_ms + self.added_ms

    def remaining_ms(self, now: int) -> int:
        """Time left at ``now``, never negative; the whole allowance before the start."""
        if self.started_at is None:
            return self.duration_ms + self.added_ms
        return max(0, self.duration_ms + self.added_ms - self.used_ms(now))

    def used_ms(self, now: int) -> int:
        """Exam time gone by at ``now``: pauses do not count."""
        if self.started_at is None:
            return 0
        until = now if self.paused_at is None else min(now, self.paused_at)
        return max(0, until - self.started_at - self.paused_ms)

    def is_up(self, now: int) -> bool:
        """Whether the time is over at ``now``."""
        return self.started_at is not None and self.remaining_ms(now) == 0

    def accepts(self, at: int) -> bool:
        """Whether an answer given at ``at`` is in time: from the start to the end, both included, not while paused."""
        if self.started_at is None or at < self.started_at:
            return False
        if self.paused_at is not None:
            return at <= self.paused_at
        end = self.end_at
        return end is not None and at <= end
