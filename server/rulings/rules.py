"""Flags and voids as folded, and what may follow what: pure, knows no table and no clock.

A flag is open until a person closes it. A void goes ``proposed → signed → upheld | lifted``, or ``proposed →
withdrawn``: what the room's two people sign is provisional, the confirming body's word is the 处理决定. One ruling may
void several attempts of one candidate; each session's stream carries its own entries of it, under the same id.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Literal

Severity = Literal["info", "minor", "major", "severe"]

SEVERITIES: tuple[Severity, ...] = ("info", "minor", "major", "severe")
"""From the least to the worst."""

PAGE_LEFT = "page_left"
"""The code of the machine's flag for a page left longer than the scheme's grace."""


class VoidState(StrEnum):
    """The words of domain.md."""

    PROPOSED = "proposed"
    SIGNED = "signed"
    WITHDRAWN = "withdrawn"
    UPHELD = "upheld"
    LIFTED = "lifted"


V = VoidState

TRANSITIONS: dict[tuple[VoidState, str], VoidState] = {
    (V.PROPOSED, "sign"): V.SIGNED,
    (V.PROPOSED, "withdraw"): V.WITHDRAWN,
    (V.SIGNED, "upheld"): V.UPHELD,
    (V.SIGNED, "lifted"): V.LIFTED,
}

STANDING = frozenset({V.SIGNED, V.UPHELD})
"""The void binds: the attempt is voided, and with scope ``batch`` later sessions of the batch refuse the candidate."""

PENDING = frozenset({V.PROPOSED, V.SIGNED, V.UPHELD})
"""No second void of the same attempt is proposed beside one of these."""

ShownVoid = Literal["none", "proposed", "signed", "upheld", "lifted"]

_SHOWN: dict[VoidState, ShownVoid] = {
    V.UPHELD: "upheld",
    V.SIGNED: "signed",
    V.PROPOSED: "proposed",
    V.LIFTED: "lifted",
}


@dataclass(slots=True)
class Flag:
    """One suspicion. ``outcome`` None: open. ``duration_ms`` is known where what was seen has ended."""

    id: str
    attempt: str
    code: str
    severity: Severity
    source: Literal["person", "machine"]
    by: str
    at: int
    evidence: list[str]
    note: str | None
    duration_ms: int | None = None
    outcome: str | None = None
    closed_by: str | None = None
    closed_at: int | None = None

    @property
    def open(self) -> bool:
        """Whether it still asks for a person."""
        return self.outcome is None


@dataclass(slots=True)
class Void:
    """What one ruling does to one attempt."""

    ruling: str
    attempt: str
    code: str
    scope: Literal["subject", "batch"]
    flags: list[str]
    statement: str | None
    statement_declined: bool
    by: str
    at: int
    note: str | None
    state: VoidState = VoidState.PROPOSED
    signed_by: str | None = None
    decided_by: str | None = None
    decided_note: str | None = None
    source: Literal["room", "body"] = "room"


@dataclass(slots=True)
class AttemptRulings:
    """Everything ruled, and asked to be ruled, about one attempt.

    ``left_n`` is the entry with which the page was last left, ``left_at`` the instant while it still is, ``left_by``
    the ways in which it is.
    """

    flags: dict[str, Flag] = field(default_factory=dict)
    voids: dict[str, Void] = field(default_factory=dict)
    left_n: int | None = None
    left_at: int | None = None
    left_by: list[str] = field(default_factory=list)

    def open_flags(self) -> list[Flag]:
        """Flags nobody has closed."""
        return [flag for flag in self.flags.values() if flag.open]

    def pending_void(self) -> Void | None:
        """The one void that is proposed or stands."""
        return next((void for void in self.voids.values() if void.state in PENDING), None)

    def shown_void(self) -> ShownVoid:
        """What a screen says of voids: what binds before what is asked for, ``none`` where all were withdrawn."""
        states = {void.state for void in self.voids.values()}
        return next((shown for state, shown in _SHOWN.items() if state in states), "none")


@dataclass(slots=True)
class RoomWideAlarm:
    """Something the room's machine saw that concerns no single attempt."""

    id: str
    code: str
    at: int
    detail: str


@dataclass(slots=True)
class Rulings:
    """All rulings of a session, by attempt."""

    by_attempt: dict[str, AttemptRulings] = field(default_factory=dict)
    alarms: dict[str, RoomWideAlarm] = field(default_factory=dict)

    def of(self, attempt: str) -> AttemptRulings:
        """The rulings of one attempt; empty ones where there are none. Reading leaves no trace."""
        return self.by_attempt.get(attempt) or AttemptRulings()

    def flag(self, flag: str) -> Flag | None:
        """A flag by its id."""
        for found in self.by_attempt.values():
            if flag in found.flags:
                return found.flags[flag]
        return None


def step(state: VoidState, verb: str) -> VoidState | None:
    """Where a verb leads a void, or None when it is not allowed."""
    return TRANSITIONS.get((state, verb))


def worst(flags: Iterable[Flag]) -> Severity | None:
    """The worst severity among these flags."""
    ranks = [SEVERITIES.index(flag.severity) for flag in flags]
    return SEVERITIES[max(ranks)] if ranks else None


def already_said(flags: Iterable[Flag], code: str, severity: Severity) -> bool:
    """Whether an open flag says this already, at least as badly: a machine repeats nobody."""
    rank = SEVERITIES.index(severity)
    return any(flag.open and flag.code == code and SEVERITIES.index(flag.severity) >= rank for flag in flags)
