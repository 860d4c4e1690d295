"""Difficulty 难度系数 as the draw uses it: bands for quotas, and what counts where a difficulty is unknown."""

from collections.abc import Sequence
from enum import StrEnum

from question_bank.pinned_bank import PinnedBank

# Share expected to answer rightly, in hundredths (ours, after common practice: 0.7 and above is easy, below 0.4 hard).
EASY_FROM = 70
MEDIUM_FROM = 40


class Band(StrEnum):
    """易, 中, 难."""

    EASY = "easy"
    MEDIUM = "medium"
    HARD = "hard"


def band_of(difficulty: int) -> Band:
    """The band of a difficulty in hundredths (100 is the easiest)."""
    if difficulty >= EASY_FROM:
        return Band.EASY
    return Band.MEDIUM if difficulty >= MEDIUM_FROM else Band.HARD


def counted_difficulties(bank: PinnedBank) -> Sequence[int] | None:
    """What each item's difficulty counts as: its own, or the rounded mean of those known; None where none is."""
    known = [item.difficulty for item in bank.items if item.difficulty is not None]
    if not known:
        return None
    mean = (2 * sum(known) + len(known)) // (2 * len(known))
    return [mean if item.difficulty is None else item.difficulty for item in bank.items]
