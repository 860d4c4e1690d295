"""The stages of a seat on one screen: what each is, and what may be done in it.

``connecting → sign_in → confirm → notice → waiting → rules → exam ⇄ (paused | suspended) → handed_in``; ``voided`` from
any, and back when the void is lifted; ``handed_in → exam`` when the hand-in is revoked.

The stage is no state of its own: :func:`stage_of` reads it from the fold of the journal, so that a restart, a lifted
void or an order heard late stand where they should. :data:`TRANSITIONS` is the ordinary way from stage to stage; what a
person or an order tries that does not stand there is refused, or, for an order, changes another part of the state.
"""

from dataclasses import dataclass
from typing import Final, Literal

from protocol.page import Stage
from station.attempt import Attempt

Verb = Literal[
    "sign_in",
    "confirm",
    "not_me",
    "read_notice",
    "start",
    "read_rules",
    "answer",
    "mark",
    "pause",
    "resume",
    "suspend",
    "unsuspend",
    "hand_in",
    "revoke_hand_in",
    "leave",
]

TRANSITIONS: Final[dict[tuple[Stage, Verb], Stage]] = {
    ("connecting", "sign_in"): "confirm",
    ("sign_in", "sign_in"): "confirm",
    ("confirm", "confirm"): "notice",
    ("confirm", "not_me"): "sign_in",
    ("notice", "read_notice"): "waiting",
    ("waiting", "start"): "rules",
    ("rules", "read_rules"): "exam",
    ("exam", "answer"): "exam",
    ("exam", "mark"): "exam",
    ("exam", "pause"): "paused",
    ("rules", "pause"): "paused",
    ("paused", "resume"): "exam",
    ("exam", "suspend"): "suspended",
    ("paused", "suspend"): "suspended",
    ("suspended", "unsuspend"): "exam",
    ("exam", "hand_in"): "handed_in",
    ("handed_in", "revoke_hand_in"): "exam",
    ("handed_in", "leave"): "sign_in",
    ("voided", "leave"): "sign_in",
}
"""(stage, verb) → the stage that follows when nothing else stands in the way."""

RECEIPT_SHOWN_MS: Final = 10 * 60_000
"""How long after the end of the exam the receipt stays before the seat is free for the next candidate (ours)."""


@dataclass(frozen=True, slots=True)
class SittingFacts:
    """What the stage is read from, beside the attempt itself; None where nobody sits."""

    attempt: Attempt
    confirmed: bool
    notice_read: bool
    paper_open: bool


def stage_of(sitting: SittingFacts | None, now: int, *, ever_connected: bool) -> Stage:
    """The stage at an instant of room time: the first of these that applies."""
    if sitting is None:
        return "sign_in" if ever_connected else "connecting"
    attempt = sitting.attempt
    clock = attempt.clock
    started = clock.started_at is not None and now >= clock.started_at
    if attempt.voided:
        return "voided"
    if attempt.handed_in is not None:
        return "handed_in"
    if not sitting.confirmed:
        return "confirm"
    if not sitting.notice_read:
        return "notice"
    if not started or not sitting.paper_open:
        return "waiting"
    if attempt.suspended:
        return "suspended"
    if clock.paused_at is not None:
        return "paused"
    if not attempt.rules_acknowledged:
        return "rules"
    return "exam"


def allowed(stage: Stage, verb: Verb) -> bool:
    """Whether a verb may be done in a stage."""
    return (stage, verb) in TRANSITIONS


def hand_in_due(attempt: Attempt, now: int) -> Literal["time_up", "collected"] | None:
    """Why the seat hands in by itself now, None when it does not: the time is up, or the paper was collected."""
    if attempt.handed_in is not None or attempt.voided or attempt.clock.started_at is None:
        return None
    if attempt.clock.is_up(now):
        return "time_up"
    return "collected" if attempt.collected else None


def hand_in_wait_ms(attempt: Attempt, earliest_ms: int, now: int) -> int:
    """Milliseconds of exam time until the candidate may hand in; 0 when that is allowed."""
    return max(0, earliest_ms - attempt.clock.used_ms(now))


def next_instant(attempt: Attempt, now: int) -> int | None:
    """The next instant of room time at which the stage changes by itself: start, end, or the seat being free again."""
    clock = attempt.clock
    if clock.started_at is None:
        return None
    if now < clock.started_at:
        return clock.started_at
    end = clock.end_at
    if attempt.handed_in is None and not attempt.voided:
        return end
    return free_at(attempt)


def free_at(attempt: Attempt) -> int | None:
    """When the seat is free for the next candidate after a hand-in or a void; None while that is not known."""
    if attempt.handed_in is None and not attempt.voided:
        return None
    end = attempt.clock.end_at
    return None if end is None else end + RECEIPT_SHOWN_MS
