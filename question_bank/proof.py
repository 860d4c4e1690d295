"""Proving a draw afterwards: the revealed secret and the committed inputs must give exactly the papers that
were sat.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from question_bank.commitment import DrawInputs, commit
from question_bank.draw import draw
from question_bank.papers import DrawnPaper


class MismatchReason(StrEnum):
    """Why a paper is not the one that was drawn."""

    OTHER_ITEMS = "other_items"
    OTHER_ORDER = "other_order"
    NOT_DRAWN = "not_drawn"
    MISSING = "missing"


@dataclass(frozen=True, slots=True)
class Mismatch:
    """A paper that differs from the draw. numbers: slots at fault, empty when the whole paper is."""

    blueprint: str
    attempt: str | None
    spare: int
    reason: MismatchReason
    numbers: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Proof:
    """Whether secret and inputs are those committed to, and every paper the one drawn from them."""

    committed: bool
    papers: int
    mismatches: tuple[Mismatch, ...]

    @property
    def holds(self) -> bool:
        """Whether nothing was changed."""
        return self.committed and not self.mismatches


def verify(inputs: DrawInputs, secret: bytes, commitment: str, papers: Iterable[DrawnPaper]) -> Proof:
    """Recompute every paper from the revealed secret and compare.

    A secret or inputs other than those committed to prove nothing about papers, so none is compared then.
    Raises question_bank.draw.CannotDraw or ValueError only when the commitment fits inputs that no draw
    accepts.
    """
    given = {(paper.blueprint, paper.attempt, paper.spare): paper for paper in papers}
    if commit(inputs, secret) != commitment:
        return Proof(committed=False, papers=len(given), mismatches=())
    drawn = {(paper.blueprint, paper.attempt, paper.spare): paper for paper in draw(inputs, secret).papers}
    mismatches = [Mismatch(*place, MismatchReason.MISSING) for place in drawn if place not in given]
    for place, paper in given.items():
        if place not in drawn:
            mismatches.append(Mismatch(*place, MismatchReason.NOT_DRAWN))
        elif paper != drawn[place]:
            mismatches.append(_difference(paper, drawn[place]))
    return Proof(committed=True, papers=len(given), mismatches=tuple(mismatches))


def _difference(paper: DrawnPaper, drawn: DrawnPaper) -> Mismatch:
    numbers = tuple(
        expected.number
        for place, expected in enumerate(drawn.slots)
        if place >= len(paper.slots) or paper.slots[place] != expected
    )
    same_items = sorted(slot[2:4] for slot in paper.slots) == sorted(slot[2:4] for slot in drawn.slots)
    reason = MismatchReason.OTHER_ORDER if same_items else MismatchReason.OTHER_ITEMS
    return Mismatch(paper.blueprint, paper.attempt, paper.spare, reason, numbers)
