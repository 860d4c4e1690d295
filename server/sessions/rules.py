"""A session's lifecycle and what gates its start: pure, knows no table and no clock.

``planned → applied → approved (or returned) → loaded → checked → check_in → running ⇄ paused → ended → signed →
under_review → confirmed → archived``; ``cancelled``; ``aborted`` (re-arranged, no result, not counted).
"Rules read" is a recorded fact that gates the start, not a state.
"""

from dataclasses import dataclass, field
from enum import StrEnum

from protocol import office_entries as office
from server.writer.day import Part, Recorded


class SessionState(StrEnum):
    """The words of domain.md."""

    PLANNED = "planned"
    APPLIED = "applied"
    RETURNED = "returned"
    APPROVED = "approved"
    LOADED = "loaded"
    CHECKED = "checked"
    CHECK_IN = "check_in"
    RUNNING = "running"
    PAUSED = "paused"
    ENDED = "ended"
    SIGNED = "signed"
    UNDER_REVIEW = "under_review"
    CONFIRMED = "confirmed"
    ARCHIVED = "archived"
    CANCELLED = "cancelled"
    ABORTED = "aborted"


S = SessionState
_BEFORE_START = (S.PLANNED, S.APPLIED, S.RETURNED, S.APPROVED, S.LOADED, S.CHECKED, S.CHECK_IN)

TRANSITIONS: dict[tuple[SessionState, str], SessionState] = {
    (S.PLANNED, "applied"): S.APPLIED,
    (S.RETURNED, "applied"): S.APPLIED,
    (S.APPLIED, "approved"): S.APPROVED,
    (S.APPLIED, "returned"): S.RETURNED,
    (S.APPROVED, "loaded"): S.LOADED,
    (S.LOADED, "checked"): S.CHECKED,
    (S.CHECKED, "check_in"): S.CHECK_IN,
    (S.CHECK_IN, "started"): S.RUNNING,
    (S.RUNNING, "paused"): S.PAUSED,
    (S.PAUSED, "resumed"): S.RUNNING,
    (S.RUNNING, "ended"): S.ENDED,
    (S.PAUSED, "ended"): S.ENDED,
    (S.ENDED, "signed"): S.SIGNED,
    (S.SIGNED, "under_review"): S.UNDER_REVIEW,
    (S.UNDER_REVIEW, "confirmed"): S.CONFIRMED,
    (S.CONFIRMED, "archived"): S.ARCHIVED,
    **{(state, "cancelled"): S.CANCELLED for state in _BEFORE_START},
    **{(state, "aborted"): S.ABORTED for state in (S.CHECK_IN, S.RUNNING, S.PAUSED, S.ENDED)},
}

OPEN = frozenset({S.CHECK_IN, S.RUNNING, S.PAUSED})
"""States in which candidates may be checked in and sit."""

REVEALED = frozenset({S.ENDED, S.SIGNED, S.UNDER_REVIEW, S.CONFIRMED, S.ARCHIVED})
"""States in which the draw's secret gives nothing away any more."""


@dataclass(slots=True)
class SessionFacts:
    """What is folded of one session. Instants are UTC milliseconds."""

    state: SessionState = SessionState.PLANNED
    scheme: str = ""
    room: str = ""
    batch: str = ""
    starts_at: int = 0
    duration_ms: int = 0
    check_in_at: int | None = None
    started_at: int | None = None
    paused_at: int | None = None
    paused_ms: int = 0
    added_ms: int = 0
    ended_at: int | None = None
    collected: bool = False
    rules_read_by: str | None = None
    rules_read_at: int | None = None
    rules_waived: bool = False
    start_confirmed_by: list[str] = field(default_factory=list)
    signed_form: str = ""
    signed_by: list[str] = field(default_factory=list)
    """Who signed the record form as it stands; a form that changed in between is signed anew."""

    def end_at(self) -> int | None:
        """The common end of the session, without what single attempts were given; None while it is not known."""
        if self.started_at is None or self.paused_at is not None:
            return None
        return self.started_at + self.duration_ms + self.paused_ms + self.added_ms


def step(state: SessionState, verb: str) -> SessionState | None:
    """Where a verb leads, or None when it is not allowed."""
    return TRANSITIONS.get((state, verb))


def start_gates(facts: SessionFacts, proctors_min: int) -> list[str]:
    """What still stands before the start: ``check_in``, ``rules``, ``proctors``; empty when it may begin (S3-A)."""
    missing = []
    if facts.state is not S.CHECK_IN:
        missing.append("check_in")
    if facts.rules_read_at is None:
        missing.append("rules")
    if len(set(facts.start_confirmed_by)) < proctors_min:
        missing.append("proctors")
    return missing


def _planned(facts: SessionFacts, one: Recorded) -> None:
    body = one.body
    assert isinstance(body, office.SessionPlanned)
    facts.state = S.PLANNED
    facts.scheme, facts.room, facts.batch = body.scheme, body.room, body.batch
    facts.starts_at, facts.duration_ms = body.starts_at, body.duration_ms


def _moved(facts: SessionFacts, one: Recorded) -> None:
    body = one.body
    assert isinstance(body, office.SessionMoved)
    facts.state = TRANSITIONS[facts.state, body.step]
    if body.step == "ended":
        facts.ended_at = one.entry.at
    elif body.step == "check_in":
        facts.check_in_at = one.entry.at


def _loaded(facts: SessionFacts, one: Recorded) -> None:
    facts.state = TRANSITIONS[facts.state, "loaded"]


def _rules_read(facts: SessionFacts, one: Recorded) -> None:
    body = one.body
    assert isinstance(body, office.RulesRead)
    facts.rules_read_by, facts.rules_read_at, facts.rules_waived = body.by, one.entry.at, body.waived


def _start_confirmed(facts: SessionFacts, one: Recorded) -> None:
    body = one.body
    assert isinstance(body, office.StartConfirmed)
    if body.by not in facts.start_confirmed_by:
        facts.start_confirmed_by.append(body.by)


def _started(facts: SessionFacts, one: Recorded) -> None:
    body = one.body
    assert isinstance(body, office.SessionStarted)
    facts.state = TRANSITIONS[facts.state, "started"]
    facts.started_at = body.starts_at


def _paused(facts: SessionFacts, one: Recorded) -> None:
    body = one.body
    assert isinstance(body, office.SessionPaused)
    facts.state = TRANSITIONS[facts.state, "paused"]
    facts.paused_at = body.paused_at


def _resumed(facts: SessionFacts, one: Recorded) -> None:
    body = one.body
    assert isinstance(body, office.SessionResumed)
    assert facts.paused_at is not None
    facts.state = TRANSITIONS[facts.state, "resumed"]
    facts.paused_ms += max(0, body.resumed_at - facts.paused_at)
    facts.paused_at = None


def _extended(facts: SessionFacts, one: Recorded) -> None:
    body = one.body
    assert isinstance(body, office.SessionExtended)
    facts.added_ms += body.by_ms


def _collected(facts: SessionFacts, one: Recorded) -> None:
    facts.collected = True


def _signed(facts: SessionFacts, one: Recorded) -> None:
    body = one.body
    assert isinstance(body, office.RecordSigned)
    form = f"{body.form_digest} {body.heads_digest}"
    if form != facts.signed_form:
        facts.signed_form, facts.signed_by = form, []
    if body.by not in facts.signed_by:
        facts.signed_by.append(body.by)
    if len(facts.signed_by) == 2 and facts.state is S.ENDED:
        facts.state = TRANSITIONS[facts.state, "signed"]


PART = Part(
    SessionFacts,
    {
        "session.planned": _planned,
        "session.moved": _moved,
        "session.loaded": _loaded,
        "session.rules_read": _rules_read,
        "session.start_confirmed": _start_confirmed,
        "session.started": _started,
        "session.paused": _paused,
        "session.resumed": _resumed,
        "session.extended": _extended,
        "session.collected": _collected,
        "record.signed": _signed,
    },
)
