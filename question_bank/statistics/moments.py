"""Means, spreads and correlations of whole numbers: exact sums, one rounding at the end.

What is not defined (nobody, one candidate, no variance) is None, never an exception and never NaN.
"""

import math
from collections.abc import Sequence
from fractions import Fraction


def mean(values: Sequence[int]) -> float | None:
    """The arithmetic mean."""
    return sum(values) / len(values) if values else None


def spread(values: Sequence[int]) -> int:
    """n·Σx² - (Σx)²: n² times the variance over n, n(n-1) times that over n-1. A whole number, 0 without variance."""
    return len(values) * sum(value * value for value in values) - sum(values) ** 2


def deviation(values: Sequence[int]) -> float | None:
    """The standard deviation of a sample, over n-1."""
    n = len(values)
    return math.sqrt(Fraction(spread(values), n * (n - 1))) if n > 1 else None


def median(values: Sequence[int]) -> float | None:
    """The middle value; of an even number the mean of the middle two."""
    if not values:
        return None
    ordered, half = sorted(values), len(values) // 2
    return float(ordered[half]) if len(values) % 2 else (ordered[half - 1] + ordered[half]) / 2


def correlation(xs: Sequence[int], ys: Sequence[int]) -> float | None:
    """Pearson's product-moment correlation; with a 0/1 variable it is the point-biserial correlation."""
    across, along = spread(xs), spread(ys)
    if len(xs) < 2 or not across or not along:
        return None
    together = len(xs) * sum(x * y for x, y in zip(xs, ys, strict=True)) - sum(xs) * sum(ys)
    found = together / math.sqrt(across * along)
    # A correlation of exactly one may come out a bit of the last place beyond.
    return max(-1.0, min(1.0, found))
