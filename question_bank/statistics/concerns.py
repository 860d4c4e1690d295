"""Which items somebody should look at, and why. A figure accuses no item: people decide."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from question_bank.items import Kind
from question_bank.statistics.options import OptionStatistics
from question_bank.statistics.taken import AskedItem

CONCERN_N_MIN = 30
"""Fewer candidates say too little of an item: the standard error of a facility of one half is then 9 percent (ours)."""

FACILITY_MIN = 0.30
"""Below it an item was too hard for those it is for; of two options guessing alone gives one half (ours)."""

FACILITY_MAX = 0.95
"""Above it an item tells nobody apart; in an exam of what everybody must know that may be meant (ours)."""

DISCRIMINATION_MIN = 0.20
"""Below it Ebel and Frisbie (1991, chapter 13) call an item poor: to be rejected or improved. Said only where the
facility leaves room for more, between one quarter and three quarters (ours)."""

DISTRACTOR_LEAD = 0.05
"""How much more often the best choose a wrong option than the weakest before it is said (ours)."""

OMITTED_MAX = 0.10
"""Share without an answer above which time or wording is asked about (ours)."""


class Code(StrEnum):
    """The reasons, gravest first."""

    KEY_SUSPECTED = "key_suspected"
    NEGATIVE = "negative_discrimination"
    BEST_MISLED = "distractor_of_the_best"
    TOO_HARD = "too_hard"
    WEAK = "weak_discrimination"
    OMITTED = "omitted_often"
    TOO_EASY = "too_easy"
    UNUSED = "distractor_unused"


_RANK = {code: place for place, code in enumerate(Code)}


@dataclass(frozen=True, slots=True)
class Concern:
    """One reason to look: the figure found beside the threshold it passed; option where it is about one."""

    code: Code
    found: float
    threshold: float
    option: int | None = None

    @property
    def rank(self) -> int:
        """0 is the gravest."""
        return _RANK[self.code]


def concerns_of(
    asked: AskedItem,
    n: int,
    facility: float | None,
    corrected: float | None,
    discrimination: float | None,
    omitted: int,
    options: Sequence[OptionStatistics],
) -> tuple[Concern, ...]:
    """The reasons to look at an item, gravest first; none for fewer than CONCERN_N_MIN candidates or a void item."""
    if n < CONCERN_N_MIN or asked.void:
        return ()
    found = [
        *_of_the_key(asked, options),
        *_of_the_figures(asked, facility, corrected, discrimination),
        *_of_distractors(asked, options),
    ]
    if omitted / n > OMITTED_MAX:
        found.append(Concern(Code.OMITTED, omitted / n, OMITTED_MAX))
    return tuple(sorted(found, key=lambda one: one.rank))


def _of_the_figures(
    asked: AskedItem, facility: float | None, corrected: float | None, discrimination: float | None
) -> Iterator[Concern]:
    if facility is None:
        return
    least = 0.5 if asked.kind is Kind.TRUE_FALSE else FACILITY_MIN
    if facility < least:
        yield Concern(Code.TOO_HARD, facility, least)
    if facility > FACILITY_MAX:
        yield Concern(Code.TOO_EASY, facility, FACILITY_MAX)
    if corrected is not None and corrected < 0:
        yield Concern(Code.NEGATIVE, corrected, 0.0)
    elif discrimination is not None and discrimination < DISCRIMINATION_MIN and 0.25 <= facility <= 0.75:
        yield Concern(Code.WEAK, discrimination, DISCRIMINATION_MIN)


def _of_the_key(asked: AskedItem, options: Sequence[OptionStatistics]) -> Iterator[Concern]:
    """The best disagree with the key: most of them choose otherwise."""
    if asked.kind is Kind.MULTIPLE:
        for one in options:
            if one.upper is not None and (one.upper > 0.5) != one.right and one.upper != 0.5:
                yield Concern(Code.KEY_SUSPECTED, one.upper, 0.5, one.option)
        return
    right = max((one.upper for one in options if one.right and one.upper is not None), default=None)
    wrong = [one for one in options if not one.right and one.upper is not None]
    if right is None or not wrong:
        return
    preferred = max(wrong, key=lambda one: (one.upper or 0.0, -one.option))
    if preferred.upper is not None and preferred.upper > right:
        yield Concern(Code.KEY_SUSPECTED, preferred.upper, right, preferred.option)


def _of_distractors(asked: AskedItem, options: Sequence[OptionStatistics]) -> Iterator[Concern]:
    for one in options:
        if one.right or one.upper is None or one.lower is None:
            continue
        if one.upper - one.lower > DISTRACTOR_LEAD:
            yield Concern(Code.BEST_MISLED, one.upper - one.lower, DISTRACTOR_LEAD, one.option)
        elif not one.count and asked.kind is not Kind.TRUE_FALSE:
            # T. M. Haladyna and S. M. Downing, "How many options is enough for a multiple-choice test item?",
            # Educational and Psychological Measurement 53 (1993) 999-1010: such an option does not work.
            yield Concern(Code.UNUSED, 0.0, 0.0, one.option)
