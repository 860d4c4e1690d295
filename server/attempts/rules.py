"""An attempt's lifecycle, what binds its seat, and which answers count: pure, knows no table and no clock.

``expected → checked_in → waiting → running ⇄ (away | suspended) → handed_in | collected``; ``refused`` at the door,
``absent → checked_in`` with a reason, ``handed_in → running`` (hand-in revoked, before the end), ``voided`` from any.
Online or offline is a state of the link, not of the attempt.
"""

from dataclasses import dataclass, field
from enum import StrEnum

from protocol.exam_clock import ExamClock


class AttemptState(StrEnum):
    """The words of domain.md."""

    EXPECTED = "expected"
    CHECKED_IN = "checked_in"
    WAITING = "waiting"
    RUNNING = "running"
    AWAY = "away"
    SUSPENDED = "suspended"
    HANDED_IN = "handed_in"
    COLLECTED = "collected"
    REFUSED = "refused"
    ABSENT = "absent"
    VOIDED = "voided"


A = AttemptState

TRANSITIONS: dict[tuple[AttemptState, str], AttemptState] = {
    (A.EXPECTED, "check_in"): A.CHECKED_IN,
    (A.ABSENT, "check_in"): A.CHECKED_IN,
    (A.EXPECTED, "refuse"): A.REFUSED,
    (A.CHECKED_IN, "refuse"): A.REFUSED,
    (A.EXPECTED, "absent"): A.ABSENT,
    (A.CHECKED_IN, "absent"): A.ABSENT,
    (A.CHECKED_IN, "seat"): A.WAITING,
    (A.WAITING, "seat"): A.WAITING,
    (A.RUNNING, "seat"): A.RUNNING,
    (A.AWAY, "seat"): A.RUNNING,
    (A.SUSPENDED, "seat"): A.SUSPENDED,
    (A.WAITING, "run"): A.RUNNING,
    (A.RUNNING, "leave"): A.AWAY,
    (A.AWAY, "return"): A.RUNNING,
    (A.RUNNING, "suspend"): A.SUSPENDED,
    (A.AWAY, "suspend"): A.SUSPENDED,
    (A.WAITING, "suspend"): A.SUSPENDED,
    (A.SUSPENDED, "unsuspend"): A.RUNNING,
    **{(state, "hand_in"): A.HANDED_IN for state in (A.RUNNING, A.AWAY, A.SUSPENDED)},
    **{(state, "collect"): A.COLLECTED for state in (A.WAITING, A.RUNNING, A.AWAY, A.SUSPENDED)},
    (A.HANDED_IN, "revoke_hand_in"): A.RUNNING,
    **{(state, "void"): A.VOIDED for state in A if state is not A.VOIDED},
}

SITTING = frozenset({A.WAITING, A.RUNNING, A.AWAY, A.SUSPENDED})
"""A candidate sits at a seat and has not finished."""

RUNNING = frozenset({A.RUNNING, A.AWAY, A.SUSPENDED})
"""The paper is being answered, or would be."""

DONE = frozenset({A.HANDED_IN, A.COLLECTED})
"""Finished, scored at the end."""

ARRIVAL_GRACE_MS = 6_000
"""An answer given in time and received this long after the seat's end is vouched for by the seat alone (ours)."""

CLOCK_TOLERANCE_MS = 2_000
"""How far a seat's time may run ahead of the room's before its answer does not count (ours)."""


@dataclass(slots=True)
class Held:
    """The answer that counts for one item; ``vouched`` says who vouches that it was in time."""

    response: list[str]
    at: int
    n: int
    vouched: str = "room"


@dataclass(slots=True)
class OrderRef:
    """One order that concerns the attempt: its place on the ledger and in the office's stream."""

    n: int
    type: str
    stream: str
    seq: int
    hash: str


@dataclass(slots=True)
class Late:
    """An answer of a closed stream, waiting for a person to admit it."""

    stream: str
    slot: int
    response: list[str]
    at: int
    n: int


@dataclass(slots=True)
class Attempt:
    """What is folded of one attempt.

    ``clock`` is the room's view of its time, ``heard_clock`` what its seat has heard; ``orders`` all orders that
    concern it, ``told`` the hashes of those the machine at its seat has heard. ``before_void`` is the lifecycle under a
    void: it goes on, so that lifting the void restores what would have been. ``away`` are the ways in which the page is
    left at this moment: who is behind another window and out of full screen is away once, until both are over.
    ``closed_streams`` stand in the order of their age, the first ``streams_left`` of them written at machines the
    candidate has left.
    """

    id: str
    candidate: str
    subject: str
    seat: int
    clock: ExamClock
    heard_clock: ExamClock
    state: AttemptState = AttemptState.EXPECTED
    before_void: AttemptState | None = None
    station: str | None = None
    allowed_seat: int | None = None
    seated_at: int | None = None
    stream: str | None = None
    closed_streams: list[str] = field(default_factory=list)
    streams_left: int = 0
    orders: list[OrderRef] = field(default_factory=list)
    told: list[str] = field(default_factory=list)
    rules_acknowledged: bool = False
    paper_opened: bool = False
    answers: dict[int, Held] = field(default_factory=dict)
    touched: dict[int, str] = field(default_factory=dict)
    marks: list[int] = field(default_factory=list)
    late: list[Late] = field(default_factory=list)
    not_counted: int = 0
    hand_raised_at: int | None = None
    away: list[str] = field(default_factory=list)
    away_since: int | None = None
    away_ms: int = 0
    away_times: int = 0
    camera: str = "clear"
    link_losses: int = 0
    offline_ms: int = 0
    clock_doubt: bool = False
    handed_in_at: int | None = None
    handed_in_by: str | None = None
    receipt: str | None = None
    machine_changes: int = 0
    unread_messages: list[str] = field(default_factory=list)
    checked_in_by: str | None = None
    last_at: int = 0

    @property
    def standing(self) -> AttemptState:
        """Where the attempt would be without a void."""
        return self.state if self.before_void is None else self.before_void

    @property
    def heard(self) -> int:
        """How many orders from the first on the seat has heard without a gap."""
        return next((i for i, ref in enumerate(self.orders) if ref.hash not in self.told), len(self.orders))

    def age(self, stream: str) -> int:
        """Where a stream stands among the attempt's, the oldest first; one never opened is the newest."""
        if stream in self.closed_streams:
            return self.closed_streams.index(stream)
        return len(self.closed_streams)

    def answered(self) -> int:
        """Items with a response that is not empty."""
        return sum(1 for held in self.answers.values() if held.response)


@dataclass(slots=True)
class Attempts:
    """All attempts of a session, by id; and the session's own orders so far, which bind whoever is listed later."""

    by_id: dict[str, Attempt] = field(default_factory=dict)
    session_orders: list[OrderRef] = field(default_factory=list)
    session_clock: ExamClock = field(default_factory=lambda: ExamClock(0))


def step(state: AttemptState, verb: str) -> AttemptState | None:
    """Where a verb leads, or None when it is not allowed."""
    return TRANSITIONS.get((state, verb))


def unheard(attempt: Attempt) -> list[OrderRef]:
    """Orders the seat has not said it heard, in order."""
    return [ref for ref in attempt.orders if ref.hash not in attempt.told]


def counts(clock: ExamClock, at: int, received_at: int) -> str | None:
    """Who vouches that an answer given at ``at`` under this heard clock was in time; None when it does not count."""
    if at > received_at + CLOCK_TOLERANCE_MS or not clock.accepts(at):
        return None
    end = clock.end_at
    return "seat" if end is not None and received_at > end + ARRIVAL_GRACE_MS else "room"
