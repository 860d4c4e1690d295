"""Observed difficulty fed back into the bank: a proposal with how much it rests on; a bank keeper takes it over."""

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from question_bank.papers import ItemRef
from question_bank.statistics.items import ItemStatistics

PROPOSAL_N_MIN = 30
"""Candidates without whom nothing is proposed (ours): the standard error is then at most 9 hundredths."""


@dataclass(frozen=True, slots=True)
class DifficultyProposal:
    """What the bank could write as an item's difficulty 难度系数: hundredths; n: candidates over all sessions.

    standard_error: hundredths, sqrt(P(1-P)/n), the most it can be for a score between nothing and all.
    """

    item: str
    version: int
    difficulty: int
    n: int
    standard_error: int


def propose(sessions: Iterable[Iterable[ItemStatistics]]) -> tuple[DifficultyProposal, ...]:
    """One proposal for each item asked often enough over these sessions, a case as a whole; by code and version.

    Items everybody was given full score for must have been left out.
    """
    scores: dict[ItemRef, int] = {}
    worths: dict[ItemRef, int] = {}
    asked: dict[ItemRef, int] = {}
    for items in sessions:
        for ref, n in _add(items, scores, worths).items():
            asked[ref] = asked.get(ref, 0) + n
    return tuple(
        _proposal(ref, scores[ref], worths[ref], asked[ref])
        for ref in sorted(asked)
        if asked[ref] >= PROPOSAL_N_MIN and worths[ref]
    )


def _add(
    items: Iterable[ItemStatistics], scores: dict[ItemRef, int], worths: dict[ItemRef, int]
) -> Mapping[ItemRef, int]:
    asked: dict[ItemRef, int] = {}
    for one in items:
        ref = one.ref[:2]
        scores[ref] = scores.get(ref, 0) + one.score_sum
        worths[ref] = worths.get(ref, 0) + one.max_sum
        asked[ref] = max(asked.get(ref, 0), one.n)
    return asked


def _proposal(ref: ItemRef, score: int, worth: int, n: int) -> DifficultyProposal:
    facility = score / worth
    error = 100 * math.sqrt(facility * (1 - facility) / n)
    # To the nearest hundredth, a half upwards.
    difficulty = (200 * score + worth) // (2 * worth)
    return DifficultyProposal(*ref, difficulty=difficulty, n=n, standard_error=math.ceil(error))
