"""The upper and the lower group of candidates by total score, between which items are compared."""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

GROUP_PERCENT = 27
"""Share of the candidates in each group. T. L. Kelley, "The selection of upper and lower groups for the validation of
test items", Journal of Educational Psychology 30 (1939) 17-24: 27 percent separates best."""


@dataclass(frozen=True, slots=True)
class Groups:
    """How much each candidate belongs to the upper and to the lower group, and how large each is.

    Candidates tied at the boundary share the places that are left equally, so that no order of names decides.
    """

    size: int
    upper: tuple[Fraction, ...]
    lower: tuple[Fraction, ...]

    def difference(self, values: Sequence[int]) -> Fraction:
        """Mean of the upper group less mean of the lower."""
        return self.in_upper(values) - self.in_lower(values)

    def in_upper(self, values: Sequence[int]) -> Fraction:
        """Mean in the upper group."""
        return _weighed(self.upper, values) / self.size

    def in_lower(self, values: Sequence[int]) -> Fraction:
        """Mean in the lower group."""
        return _weighed(self.lower, values) / self.size

    def between(self, values: Sequence[int]) -> Fraction | None:
        """Mean of those in neither; None where there are none."""
        rest = len(self.upper) - 2 * self.size
        taken = _weighed(self.upper, values) + _weighed(self.lower, values)
        return (sum(values) - taken) / rest if rest else None


def groups_by(totals: Sequence[int]) -> Groups | None:
    """The groups by these totals; None for fewer than two candidates or when all totals are the same."""
    if len(totals) < 2 or min(totals) == max(totals):
        return None
    # To the nearest candidate, a half upwards.
    size = max(1, (GROUP_PERCENT * len(totals) + 50) // 100)
    negative = [-total for total in totals]
    return Groups(size, _top(totals, size), _top(negative, size))


def _top(totals: Sequence[int], size: int) -> tuple[Fraction, ...]:
    cut = sorted(totals, reverse=True)[size - 1]
    above, tied = sum(total > cut for total in totals), sum(total == cut for total in totals)
    share = Fraction(size - above, tied)
    one, none = Fraction(1), Fraction(0)
    return tuple(one if total > cut else share if total == cut else none for total in totals)


def _weighed(weights: Sequence[Fraction], values: Sequence[int]) -> Fraction:
    """The weighted sum; most weights are 0 or 1 and are added as whole numbers."""
    full, parts = 0, Fraction(0)
    for weight, value in zip(weights, values, strict=True):
        if weight == 1:
            full += value
        elif weight and value:
            parts += weight * value
    return full + parts
