"""What is folded of a seat's pictures, and which of the timetable are missing: pure, knows no table and no clock.

A picture is announced by the seat's stream and received when its bytes are durable in the room; it is outstanding in
between. The fold keeps numbers and what is outstanding; the pictures themselves are rows of the table ``snapshot``.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

EARLY_MAX = 64
"""Pictures of one attempt whose bytes may come before the seat announced them; one more is refused until it has."""


USUAL_TIMES_MAX = 6
"""Bytes of one attempt's pictures, in times of what its scheme's mean number takes at the usual size (ours)."""

USUAL_TIMES_SHARE = 2
"""What every attempt may send however much the others did, counted likewise."""

USUAL_TIMES_PER_SESSION_MAX = 3
"""Bytes of all pictures of a session, counted likewise; past it, attempts that had their share are refused."""

PICTURES_BYTES_MIN = 256 * 1_048_576
"""No budget is smaller: a short exam has its forced pictures too."""

RECENT_MAX = 16
"""Newest received pictures an attempt remembers by name, so that bytes sent twice at once count once."""


@dataclass(slots=True)
class Outstanding:
    """An announced picture whose bytes are not here yet."""

    taken_at: int
    width: int
    height: int


@dataclass(slots=True)
class Newest:
    """The newest picture whose bytes are here."""

    digest: str
    taken_at: int


@dataclass(slots=True)
class Pictures:
    """One attempt's pictures: ``bytes`` in the store, ``early`` received and not announced yet, ``recent`` the last."""

    announced: int = 0
    bytes: int = 0
    received: int = 0
    missed: int = 0
    outstanding: dict[str, Outstanding] = field(default_factory=dict)
    early: list[str] = field(default_factory=list)
    recent: list[str] = field(default_factory=list)
    newest: Newest | None = None

    def announce(self, digest: str, one: Outstanding) -> None:
        """The seat took a picture; it is received at once when its bytes came before."""
        self.announced += 1
        if digest in self.early:
            self.early.remove(digest)
            self._receive(digest, one.taken_at)
        else:
            self.outstanding[digest] = one

    def receive(self, digest: str, size: int) -> None:
        """The bytes are durable in the room, ``size`` of them."""
        self.bytes += size
        one = self.outstanding.pop(digest, None)
        if one is not None:
            self._receive(digest, one.taken_at)
        elif digest not in self.early and digest not in self.recent:
            self.early.append(digest)

    def _receive(self, digest: str, taken_at: int) -> None:
        self.received += 1
        self.recent = [*self.recent[-RECENT_MAX + 1 :], digest]
        if self.newest is None or taken_at >= self.newest.taken_at:
            self.newest = Newest(digest, taken_at)


@dataclass(slots=True)
class Snapshots:
    """All pictures of a session, by attempt."""

    by_attempt: dict[str, Pictures] = field(default_factory=dict)

    def of(self, attempt: str) -> Pictures:
        """The pictures of one attempt; none where none were announced. Reading leaves no trace."""
        return self.by_attempt.get(attempt) or Pictures()

    def full(self, attempt: str, size: int, usual: Callable[[str], int]) -> bool:
        """Whether a picture of ``size`` bytes is past the budget; ``usual`` bytes are expected of an attempt."""
        mine, mine_usual = self.of(attempt).bytes + size, usual(attempt)
        if mine > max(PICTURES_BYTES_MIN, USUAL_TIMES_MAX * mine_usual):
            return True
        if mine <= USUAL_TIMES_SHARE * mine_usual:
            return False
        together = sum(each.bytes for each in self.by_attempt.values()) + size
        expected = sum(usual(each) for each in self.by_attempt)
        return together > max(PICTURES_BYTES_MIN, USUAL_TIMES_PER_SESSION_MAX * expected)


class Expected:
    """Which pictures of one seat's timetable are overdue.

    Watched are offsets after ``from_ms`` of exam time, from where the seat was there to take them. ``account`` is told
    every offset the seat announced or reported missed, in any order.
    """

    def __init__(self, offsets: Iterator[int], from_ms: int) -> None:
        self._offsets = offsets
        self._from_ms = from_ms
        self._next = next(offsets)
        self._accounted: set[int] = set()

    def account(self, planned_ms: int) -> None:
        """The seat said what became of this one."""
        if planned_ms >= self._next:
            self._accounted.add(planned_ms)

    def overdue(self, until_ms: int) -> list[int]:
        """Offsets up to ``until_ms`` of exam time, each told once, of which the seat said nothing."""
        missing = []
        while self._next <= until_ms:
            if self._next in self._accounted:
                self._accounted.discard(self._next)
            elif self._next > self._from_ms:
                missing.append(self._next)
            self._next = next(self._offsets)
        return missing
