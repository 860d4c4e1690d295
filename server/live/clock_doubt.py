"""After a reboot the server's clock is unproved: it is compared with the median of the seats that come back.

While they disagree by :data:`protocol.limits.CLOCK_DISAGREEMENT_MS` or more, nothing that hangs on time happens by
itself: seats are told their own time back, the timetable holds, and a proctor is asked whose time is right.
"""

import statistics
import time
from collections.abc import Callable, Sequence

from protocol.limits import CLOCK_DISAGREEMENT_MS
from server.clock import RoomClock

SETTLE_S = 15.0
"""Seconds after a reboot in which seats may come back before the room's own time is acted on (ours)."""


def disagreement(offsets: Sequence[int]) -> int | None:
    """The median of the seats' offsets in milliseconds when it matters, None when they agree or nobody came back."""
    if not offsets:
        return None
    middle = round(statistics.median(offsets))
    return middle if abs(middle) >= CLOCK_DISAGREEMENT_MS else None


class ClockDoubt:
    """What the seats said of the time since this server started; empty and silent within one boot."""

    def __init__(self, clock: RoomClock, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._monotonic = monotonic
        self._since = monotonic()
        self._offsets: dict[str, int] = {}

    def seat_says(self, station: str, room_time: int) -> None:
        """A seat's own view of the room's time; the first one counts, before it follows this server."""
        if self._clock.rebooted:
            self._offsets.setdefault(station, room_time - self._clock.now_ms())

    @property
    def seats(self) -> int:
        """How many seats have said theirs."""
        return len(self._offsets)

    @property
    def offset_ms(self) -> int | None:
        """By how much the seats' median runs ahead of the server, when a person must decide; None otherwise."""
        return disagreement(list(self._offsets.values())) if self._clock.rebooted else None

    def holds(self) -> bool:
        """Whether nothing that hangs on time may happen by itself."""
        if not self._clock.rebooted:
            return False
        return self.offset_ms is not None or self._monotonic() - self._since < SETTLE_S

    def time_for(self, seat_time: int | None) -> int:
        """The time a seat is told: the room's, or its own back while a person must decide."""
        if seat_time is not None and self.offset_ms is not None:
            return seat_time
        return self._clock.now_ms()

    def settle(self, *, with_seats: bool) -> int:
        """A person decided whose time is right; returns by how much the room's clock was moved."""
        moved = (self.offset_ms or 0) if with_seats else 0
        self._clock.set_to(self._clock.now_ms() + moved)
        self._offsets.clear()
        return moved
