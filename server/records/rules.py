"""What a record form is filled from, and what a signature under it means: pure, knows no table and no clock.

Two different people sign one and the same form, over the heads of all streams as they stood at the first signature. A
form that changed in between is signed anew. After the second signature it is immutable.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import StrEnum

Fact = str | int | bool | None


class CorrectedField(StrEnum):
    """What a person may write on the form beside what the ledger says; each correction has its reason."""

    EXPECTED = "expected"
    ATTENDED = "attended"
    ABSENT = "absent"
    STARTED_AT = "started_at"
    ENDED_AT = "ended_at"
    RULES = "rules"
    VIOLATIONS = "violations"
    MACHINE_CHANGES = "machine_changes"
    TIME_COMPENSATION = "time_compensation"
    FAULTS = "faults"
    PATROL = "patrol"
    REMARKS = "remarks"


@dataclass(slots=True)
class RecordLine:
    """One thing that stands on the form: an office entry with who, whom, when and why."""

    n: int
    at: int
    type: str
    attempt: str | None
    by: str | None
    note: str | None
    facts: dict[str, Fact] = field(default_factory=dict)


@dataclass(slots=True)
class Correction:
    """One correction; ``value`` and ``note`` name texts."""

    field: str
    value: str | None
    by: str
    at: int
    note: str | None


@dataclass(slots=True)
class Signature:
    """Who signed the form as it stands, and when."""

    by: str
    at: int


@dataclass(slots=True)
class Record:
    """What is folded of one session's record form. ``stations`` is where each attempt sat last."""

    lines: list[RecordLine] = field(default_factory=list)
    corrections: list[Correction] = field(default_factory=list)
    stations: dict[str, str] = field(default_factory=dict)
    form_digest: str = ""
    heads_digest: str = ""
    signatures: list[Signature] = field(default_factory=list)

    def corrected(self, name: CorrectedField) -> bool:
        """Whether a person wrote something at this field."""
        return any(one.field == name for one in self.corrections)

    def lines_of(self, *types: str) -> Iterable[RecordLine]:
        """The lines of these entry types, in order."""
        return (one for one in self.lines if one.type in types)
