"""Papers as they were taken and scored: what all statistics are computed from. No name is among it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from question_bank.items import CHOICES, Kind

AskedRef = tuple[str, int, int | None]
"""Code, version and, in a case, part of what was asked."""


class TakenItem(NamedTuple):
    """What one candidate gave to one slot.

    score: hundredths, None while it waits for a score by hand. chosen: indexes into the item's own options. time_ms:
    the estimate of question_bank.statistics.time_used, None where there is none.
    """

    ref: AskedRef
    section: int
    score: int | None
    max_score: int
    chosen: tuple[int, ...] = ()
    answered: bool = True
    time_ms: int | None = None


@dataclass(frozen=True, slots=True)
class TakenPaper:
    """One candidate's paper, all of its slots scored or waiting."""

    items: tuple[TakenItem, ...]

    @property
    def pending(self) -> bool:
        """Whether a score by hand is missing, so that there is no total."""
        return any(one.score is None for one in self.items)

    @property
    def total(self) -> int:
        """Hundredths of what is scored."""
        return sum(one.score or 0 for one in self.items)

    @property
    def max_score(self) -> int:
        """Hundredths."""
        return sum(one.max_score for one in self.items)

    @property
    def form(self) -> frozenset[AskedRef]:
        """What was asked, whatever the order."""
        return frozenset(one.ref for one in self.items)


class AskedItem(NamedTuple):
    """What statistics must know of an item: its kind, and for choices how many options and which sets are right.

    void: everybody was given its full score by ruling, so that its scores say nothing of it.
    """

    kind: Kind
    options: int = 0
    keys: tuple[tuple[int, ...], ...] = ()
    void: bool = False

    @property
    def chooses(self) -> bool:
        """Whether its answers are choices of options."""
        return self.kind in CHOICES

    def right(self, option: int) -> bool:
        """Whether an option is right by any accepted key."""
        return any(option in key for key in self.keys)


def whole(papers: Sequence[TakenPaper]) -> list[TakenPaper]:
    """The papers whose every slot is scored."""
    return [one for one in papers if not one.pending]
