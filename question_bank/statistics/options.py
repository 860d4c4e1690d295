"""How often each option of a choice was chosen, by whom."""

from collections.abc import Sequence
from dataclasses import dataclass

from question_bank.statistics.groups import Groups
from question_bank.statistics.moments import correlation
from question_bank.statistics.taken import AskedItem, TakenItem


@dataclass(frozen=True, slots=True)
class OptionStatistics:
    """One option of a choice. Shares are of those asked, 0 to 1; correlation: of choosing it with the total score."""

    option: int
    right: bool
    count: int
    share: float
    upper: float | None
    middle: float | None
    lower: float | None
    correlation: float | None


def analyse_options(
    taken: Sequence[TakenItem], totals: Sequence[int], groups: Groups | None, asked: AskedItem
) -> tuple[OptionStatistics, ...]:
    """The options of a choice, in the item's own order; none for other kinds. taken and totals go together."""
    if not asked.chooses:
        return ()
    found = []
    for option in range(asked.options):
        picked = [int(option in one.chosen) for one in taken]
        between = None if groups is None else groups.between(picked)
        found.append(
            OptionStatistics(
                option=option,
                right=asked.right(option),
                count=sum(picked),
                share=sum(picked) / len(taken),
                upper=None if groups is None else float(groups.in_upper(picked)),
                middle=None if between is None else float(between),
                lower=None if groups is None else float(groups.in_lower(picked)),
                correlation=correlation(picked, totals),
            )
        )
    return tuple(found)
