"""How reliable the scores of a paper are, and how far a score is uncertain. Undefined cases give None."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction

from question_bank.statistics.moments import deviation, spread
from question_bank.statistics.taken import TakenPaper


class Method(StrEnum):
    """How a reliability was found. ``kr20`` is alpha where every item gives all or nothing of one and the same score;
    ``stratified_parallel`` is the estimate for candidates who each had another paper drawn.
    """

    ALPHA = "alpha"
    KR20 = "kr20"
    STRATIFIED_PARALLEL = "stratified_parallel"


class Why(StrEnum):
    """Why there is no estimate."""

    TOO_FEW = "too_few_candidates"
    NO_VARIANCE = "no_variance"
    ONE_ITEM = "one_item"


@dataclass(frozen=True, slots=True)
class Reliability:
    """An estimate with its method, or why there is none. sem: standard error of measurement, in hundredths."""

    method: Method | None = None
    value: float | None = None
    sem: float | None = None
    why_not: Why | None = None


def cronbach_alpha(columns: Sequence[Sequence[int]]) -> float | None:
    """Cronbach's alpha of items, each with the scores of the same candidates in the same order.

    alpha = k/(k-1) · (1 - Σ item variances / variance of totals): L. J. Cronbach, "Coefficient alpha and the internal
    structure of tests", Psychometrika 16 (1951) 297-334. Whether variances are over n or n-1 makes no difference.
    None for fewer than two items or candidates, and when totals have no variance.
    """
    k = len(columns)
    if k < 2 or len(columns[0]) < 2:
        return None
    totals = [sum(row) for row in zip(*columns, strict=True)]
    whole = spread(totals)
    if not whole:
        return None
    return float(Fraction(k, k - 1) * (1 - Fraction(sum(map(spread, columns)), whole)))


def kr20(columns: Sequence[Sequence[int]]) -> float | None:
    """Kuder and Richardson's formula 20 of items scored 0 or 1; None where it is not defined, or one is not so scored.

    KR-20 = k/(k-1) · (1 - Σ p·q / variance of totals over n): G. F. Kuder and M. W. Richardson, "The theory of the
    estimation of test reliability", Psychometrika 2 (1937) 151-160, formula 20.
    """
    if any(value not in (0, 1) for column in columns for value in column):
        return None
    k, n = len(columns), len(columns[0]) if columns else 0
    whole = spread([sum(row) for row in zip(*columns, strict=True)])
    if k < 2 or n < 2 or not whole:
        return None
    pq = sum(Fraction(sum(column), n) * (1 - Fraction(sum(column), n)) for column in columns)
    return float(Fraction(k, k - 1) * (1 - pq / Fraction(whole, n * n)))


def standard_error(totals: Sequence[int], reliability: float | None) -> float | None:
    """Standard error of measurement: SD · sqrt(1 - reliability), F. M. Lord and M. R. Novick, Statistical Theories of
    Mental Test Scores (1968), section 3.4. In the unit of the totals.
    """
    sd = deviation(totals)
    return None if sd is None or reliability is None else sd * math.sqrt(max(0.0, 1 - reliability))


def reliability_of(papers: Sequence[TakenPaper]) -> Reliability:
    """The estimate that is honest for these papers, all of them wholly scored.

    One and the same form for everybody: alpha (KR-20 where it is that). Papers drawn for each: the stratified-parallel
    estimate. The parts of a case depend on each other and count as one item.
    """
    totals = [paper.total for paper in papers]
    if len(papers) < 2:
        return Reliability(why_not=Why.TOO_FEW)
    if not spread(totals):
        return Reliability(why_not=Why.NO_VARIANCE)
    return (
        _of_one_form(papers, totals) if len({paper.form for paper in papers}) == 1 else _drawn(papers, totals)
    )


def _of_one_form(papers: Sequence[TakenPaper], totals: Sequence[int]) -> Reliability:
    rows = [_by_item(paper) for paper in papers]
    columns = [[row[item][0] for row in rows] for item in rows[0]]
    alpha = cronbach_alpha(columns)
    if alpha is None:
        return Reliability(why_not=Why.ONE_ITEM)
    worths = {worth for worth, _ in _worths(papers[0]).values()}
    all_or_nothing = len(worths) == 1 and all(value in (0, *worths) for column in columns for value in column)
    return Reliability(Method.KR20 if all_or_nothing else Method.ALPHA, alpha, standard_error(totals, alpha))


def _drawn(papers: Sequence[TakenPaper], totals: Sequence[int]) -> Reliability:
    """1 - mean error variance / variance of totals, where a candidate's error variance is the sum over sections of
    n · (sample variance of the candidate's n item scores in the section): papers are random draws from the bank,
    section by section. N. Rajaratnam, L. J. Cronbach and G. C. Gleser, "Generalizability of stratified-parallel
    tests", Psychometrika 30 (1965) 39-56; for one section of 0/1 items the error variance is Lord's (1955)
    x(n-x)/(n-1). The blueprint's quotas within a section make papers more alike than this assumes: it is a lower
    estimate.
    """
    errors = [_error_variance(paper) for paper in papers]
    known = [error for error in errors if error is not None]
    if len(known) < len(errors):
        return Reliability(why_not=Why.ONE_ITEM)
    n = len(totals)
    error = sum(known, Fraction(0)) / n
    whole = Fraction(spread(totals), n * (n - 1))
    return Reliability(Method.STRATIFIED_PARALLEL, float(1 - error / whole), math.sqrt(error))


def _error_variance(paper: TakenPaper) -> Fraction | None:
    """None where a section holds a single item, of whose variance nothing is known."""
    sections: dict[int, list[int]] = {}
    for score, section in _by_item(paper).values():
        sections.setdefault(section, []).append(score)
    if any(len(scores) < 2 for scores in sections.values()):
        return None
    return sum((Fraction(spread(scores), len(scores) - 1) for scores in sections.values()), Fraction(0))


def _by_item(paper: TakenPaper) -> dict[tuple[str, int], tuple[int, int]]:
    """Score and section of each item, the parts of a case together; ordered by item."""
    found: dict[tuple[str, int], tuple[int, int]] = {}
    for one in sorted(paper.items, key=lambda one: one.ref[:2]):
        before, _ = found.get(one.ref[:2], (0, 0))
        found[one.ref[:2]] = (before + (one.score or 0), one.section)
    return found


def _worths(paper: TakenPaper) -> dict[tuple[str, int], tuple[int, int]]:
    found: dict[tuple[str, int], tuple[int, int]] = {}
    for one in paper.items:
        before, _ = found.get(one.ref[:2], (0, 0))
        found[one.ref[:2]] = (before + one.max_score, one.section)
    return found
