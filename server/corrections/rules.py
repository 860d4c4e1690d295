"""A key correction's lifecycle: pure, knows no table and no clock.

``proposed → ruled → applied``; ``withdrawn`` before the second signature. Only applied ones change what an answer is
worth, in the order in which they were applied.
"""

from dataclasses import dataclass, field
from enum import StrEnum

from server.sessions.rules import SessionState


class CorrectionState(StrEnum):
    """The words of the lifecycle."""

    PROPOSED = "proposed"
    RULED = "ruled"
    APPLIED = "applied"
    WITHDRAWN = "withdrawn"


C = CorrectionState

TRANSITIONS: dict[tuple[CorrectionState, str], CorrectionState] = {
    (C.PROPOSED, "rule"): C.RULED,
    # Whoever saw another report rules anew.
    (C.RULED, "rule"): C.RULED,
    (C.RULED, "apply"): C.APPLIED,
    (C.PROPOSED, "withdraw"): C.WITHDRAWN,
    (C.RULED, "withdraw"): C.WITHDRAWN,
}

CORRECTED_IN = frozenset(
    {
        SessionState.ENDED,
        SessionState.SIGNED,
        SessionState.UNDER_REVIEW,
        SessionState.CONFIRMED,
        SessionState.ARCHIVED,
    }
)
"""States of a session whose keys may be corrected: nobody sits any more."""


@dataclass(slots=True)
class Correction:
    """What is folded of one correction in one session; ``content`` names its sealed text."""

    id: str
    item: str
    version: int
    part: int | None
    remedy: str
    scope: str
    content: str
    by: str
    at: int
    note: str | None
    state: CorrectionState = CorrectionState.PROPOSED
    report: str = ""
    ruled_by: str | None = None
    ruled_at: int | None = None
    ruled_note: str | None = None
    applied_by: str | None = None
    applied_at: int | None = None
    withdrawn_by: str | None = None
    withdrawn_note: str | None = None


@dataclass(slots=True)
class KeyCorrections:
    """All corrections of a session by id, and those that count in the order in which they were applied."""

    by_id: dict[str, Correction] = field(default_factory=dict)
    applied: list[str] = field(default_factory=list)


def step(state: CorrectionState, verb: str) -> CorrectionState | None:
    """Where a verb leads, or None when it is not allowed."""
    return TRANSITIONS.get((state, verb))
