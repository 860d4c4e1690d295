"""How alike the papers of a draw are, for who answers for them: difficulty, overlap, exposure."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain, pairwise
from math import isqrt

from question_bank.plan import BandDeviation, Deviation


@dataclass(frozen=True, slots=True)
class ExpectedScores:
    """Scores expected from the items' difficulties, in hundredths: of the easiest and hardest paper, mean, standard
    deviation. unknown: items of the papers without a difficulty, which count as the bank's mean.
    """

    lowest: int
    highest: int
    mean: int
    sd: int
    unknown: int


@dataclass(frozen=True, slots=True)
class BlueprintReport:
    """How alike the papers of one blueprint are.

    neighbour_overlap: items shared by papers next to each other in seat order, at most and on average in
    hundredths. exposure: uses of the most used item in this draw, and how many items were used at all. worn: items
    used although past sessions wore them out, for want of others. expected: None where no difficulty is known.
    """

    blueprint: str
    papers: int
    deviations: tuple[Deviation, ...]
    band_deviations: tuple[BandDeviation, ...]
    neighbour_overlap_max: int
    neighbour_overlap_mean: int
    exposure_max: int
    items_used: int
    worn: int
    expected: ExpectedScores | None


@dataclass(frozen=True, slots=True)
class DrawReport:
    """What a bank keeper reads before the papers are sealed."""

    blueprints: tuple[BlueprintReport, ...]
    outside: tuple[str, ...]


def expected_scores(totals: Sequence[int], unknown: int) -> ExpectedScores | None:
    """Of what every paper is expected to give, in ten-thousandths."""
    if not totals:
        return None
    count, whole = len(totals), sum(totals)
    variance = (sum(total * total for total in totals) * count - whole * whole) // (count * count)
    return ExpectedScores(
        lowest=min(totals) // 100,
        highest=max(totals) // 100,
        mean=whole // count // 100,
        sd=isqrt(variance) // 100,
        unknown=unknown,
    )


def shared_with_neighbours(papers: Sequence[Sequence[int]]) -> tuple[int, int]:
    """Items shared by two papers next to each other: at most, and on average in hundredths."""
    sets = list(map(frozenset, papers))
    shared = [len(one & following) for one, following in pairwise(sets)]
    return max(shared, default=0), 100 * sum(shared) // len(shared) if shared else 0


def uses_of(papers: Sequence[Sequence[int]]) -> Counter[int]:
    """On how many papers each item is."""
    return Counter(chain.from_iterable(papers))


def greatest_overlap(papers: Sequence[Sequence[int]]) -> int:
    """The most items any two papers share; takes a second for 2,000 papers, so no draw asks."""
    masks = [sum(1 << item for item in paper) for paper in papers]
    return max(
        ((one & other).bit_count() for place, one in enumerate(masks) for other in masks[:place]), default=0
    )
