"""Item analysis: how each item did, among those who were asked it. Undefined figures are None."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from question_bank.statistics.concerns import Concern, concerns_of
from question_bank.statistics.groups import groups_by
from question_bank.statistics.moments import correlation, mean
from question_bank.statistics.options import OptionStatistics, analyse_options
from question_bank.statistics.taken import AskedItem, AskedRef, TakenItem, TakenPaper, whole


@dataclass(frozen=True, slots=True)
class ItemStatistics:
    """How one item did.

    n: candidates asked whose paper is wholly scored. facility 难度 P: mean score over the score to be had.
    discrimination 区分度 D: facility in the upper less that in the lower 27 percent by total score (R. L. Ebel and
    D. A. Frisbie, Essentials of Educational Measurement, 5th edition 1991, chapter 13). point_biserial: correlation of
    item and total score; corrected: with the total of the other items (S. Henrysson, "Correction of item-total
    correlations in item analysis", Psychometrika 28 (1963) 211-218). omitted: without an answer. time_ms: mean of the
    estimated times of time_n candidates.
    """

    ref: AskedRef
    n: int
    score_sum: int
    max_sum: int
    facility: float | None
    discrimination: float | None
    point_biserial: float | None
    corrected: float | None
    omitted: int
    time_ms: float | None
    time_n: int
    options: tuple[OptionStatistics, ...]
    concerns: tuple[Concern, ...]


def analyse_items(
    papers: Sequence[TakenPaper], asked: Mapping[AskedRef, AskedItem]
) -> tuple[ItemStatistics, ...]:
    """Every item of these papers, those to look at first, then by code."""
    taken: dict[AskedRef, list[tuple[TakenItem, int]]] = {}
    for paper in whole(papers):
        total = paper.total
        for one in paper.items:
            taken.setdefault(one.ref, []).append((one, total))
    found = [_item(ref, rows, asked[ref]) for ref, rows in taken.items()]
    return tuple(sorted(found, key=_to_look_at_first))


def _to_look_at_first(one: ItemStatistics) -> tuple[object, ...]:
    worst = min((concern.rank for concern in one.concerns), default=99)
    code, version, part = one.ref
    return (worst, -len(one.concerns), code, version, -1 if part is None else part)


def _item(ref: AskedRef, rows: Sequence[tuple[TakenItem, int]], asked: AskedItem) -> ItemStatistics:
    scores = [one.score or 0 for one, _ in rows]
    totals = [total for _, total in rows]
    worth = sum(one.max_score for one, _ in rows)
    groups = groups_by(totals)
    times = [one.time_ms for one, _ in rows if one.time_ms is not None]
    options = analyse_options([one for one, _ in rows], totals, groups, asked)
    facility = sum(scores) / worth if worth else None
    each = worth / len(rows)
    discrimination = None if groups is None or not each else float(groups.difference(scores)) / each
    corrected = correlation(scores, [total - score for total, score in zip(totals, scores, strict=True)])
    omitted = sum(not one.answered for one, _ in rows)
    return ItemStatistics(
        ref=ref,
        n=len(rows),
        score_sum=sum(scores),
        max_sum=worth,
        facility=facility,
        discrimination=discrimination,
        point_biserial=correlation(scores, totals),
        corrected=corrected,
        omitted=omitted,
        time_ms=mean(times),
        time_n=len(times),
        options=options,
        concerns=concerns_of(asked, len(rows), facility, corrected, discrimination, omitted, options),
    )
