"""How a whole exam did: the distribution of totals and their reliability."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from question_bank.statistics.items import ItemStatistics, analyse_items
from question_bank.statistics.moments import deviation, mean, median
from question_bank.statistics.reliability import Reliability, reliability_of
from question_bank.statistics.taken import AskedItem, AskedRef, TakenPaper, whole

BARS = 20
"""Bars of the distribution: twentieths of the full score."""


@dataclass(frozen=True, slots=True)
class Bar:
    """So many totals from ``least`` on and below ``below``; the last bar holds the full score too. Hundredths."""

    least: int
    below: int
    count: int


@dataclass(frozen=True, slots=True)
class PaperStatistics:
    """Totals in hundredths, of the candidates whose papers are wholly scored; pending: of how many they are not.

    forms: how many different sets of items were asked. sd: over n-1.
    """

    n: int
    pending: int
    forms: int
    max_score: int
    mean: float | None
    sd: float | None
    median: float | None
    lowest: int | None
    highest: int | None
    bars: tuple[Bar, ...]
    reliability: Reliability


@dataclass(frozen=True, slots=True)
class Analysis:
    """One subject's papers with their items."""

    paper: PaperStatistics
    items: tuple[ItemStatistics, ...]


def analyse(papers: Sequence[TakenPaper], asked: Mapping[AskedRef, AskedItem]) -> Analysis:
    """Everything about papers of one blueprint. Raises KeyError when an item asked is not described."""
    return Analysis(analyse_papers(papers), analyse_items(papers, asked))


def analyse_papers(papers: Sequence[TakenPaper]) -> PaperStatistics:
    """The totals of papers of one blueprint."""
    scored = whole(papers)
    totals = [paper.total for paper in scored]
    full = max((paper.max_score for paper in scored), default=0)
    return PaperStatistics(
        n=len(scored),
        pending=len(papers) - len(scored),
        forms=len({paper.form for paper in scored}),
        max_score=full,
        mean=mean(totals),
        sd=deviation(totals),
        median=median(totals),
        lowest=min(totals, default=None),
        highest=max(totals, default=None),
        bars=_bars(totals, full),
        reliability=reliability_of(scored),
    )


def _bars(totals: Sequence[int], full: int) -> tuple[Bar, ...]:
    if not full:
        return ()
    edges = [full * place // BARS for place in range(BARS + 1)]
    counts = [0] * BARS
    for total in totals:
        place = min(BARS - 1, total * BARS // full)
        while total < edges[place]:
            place -= 1
        while place < BARS - 1 and total >= edges[place + 1]:
            place += 1
        counts[place] += 1
    return tuple(
        Bar(least, below, count) for least, below, count in zip(edges, edges[1:], counts, strict=False)
    )
