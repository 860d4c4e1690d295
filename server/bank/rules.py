"""The life of one version of an item, and who may take which step: pure, knows no table and no clock.

A version is made as a draft, proposed, and approved by a second person, never by the one who proposed it; only approved
versions are in a version of the bank that can be drawn. Its text never changes: an edit makes the next version, and the
approval of that one replaces this one. ::

    draft → proposed → approved → replaced
              ↓  ↑        ↓
            returned    retired      a retired item comes back as its next version, proposed anew
"""

from collections.abc import Mapping
from enum import StrEnum
from typing import Final


class ItemState(StrEnum):
    """Where one version of an item stands."""

    ARRIVING = "arriving"
    """A piece of an import that is not finished; nobody sees it."""
    DRAFT = "draft"
    """起草"""
    PROPOSED = "proposed"
    """待审"""
    RETURNED = "returned"
    """退回, with a reason"""
    APPROVED = "approved"
    """已审, in use"""
    REPLACED = "replaced"
    """已被新版本取代"""
    RETIRED = "retired"
    """停用, with a reason"""


class Step(StrEnum):
    """What keepers do with items that are there."""

    PROPOSE = "propose"
    APPROVE = "approve"
    RETURN = "return"
    RETIRE = "retire"
    RESTORE = "restore"


S = ItemState

STEPS: Final[Mapping[tuple[ItemState, Step], ItemState]] = {
    (S.DRAFT, Step.PROPOSE): S.PROPOSED,
    (S.RETURNED, Step.PROPOSE): S.PROPOSED,
    (S.PROPOSED, Step.APPROVE): S.APPROVED,
    (S.PROPOSED, Step.RETURN): S.RETURNED,
    (S.DRAFT, Step.RETIRE): S.RETIRED,
    (S.RETURNED, Step.RETIRE): S.RETIRED,
    (S.PROPOSED, Step.RETIRE): S.RETIRED,
    (S.APPROVED, Step.RETIRE): S.RETIRED,
    (S.RETIRED, Step.RESTORE): S.PROPOSED,
}
"""Every step there is; what is absent is refused. A restored item becomes a new version in that state."""

NEEDS_REASON: Final = frozenset({Step.RETURN, Step.RETIRE})

OPEN: Final = frozenset({S.DRAFT, S.RETURNED, S.PROPOSED})
"""Versions that a newer one replaces as soon as it is made."""


def step(state: ItemState, verb: Step) -> ItemState | None:
    """The state after the step, or None when it is refused."""
    return STEPS.get((state, verb))


def may_approve(proposed_by: str | None, person: str) -> bool:
    """Whether this person is a second one to who proposed."""
    return proposed_by is not None and proposed_by != person
