"""The lifecycle as one table, everything absent refused; and who vouches for an answer."""

from itertools import product

import pytest

from protocol.exam_clock import ExamClock
from server.attempts.rules import (
    ARRIVAL_GRACE_MS,
    CLOCK_TOLERANCE_MS,
    TRANSITIONS,
    AttemptState,
    counts,
    step,
)

ALLOWED = """
expected    check_in        checked_in
absent      check_in        checked_in
expected    refuse          refused
checked_in  absent          absent
checked_in  refuse          refused
expected    absent          absent
checked_in  seat            waiting
waiting     seat            waiting
running     seat            running
away        seat            running
suspended   seat            suspended
waiting     run             running
running     leave           away
away        return          running
running     suspend         suspended
away        suspend         suspended
waiting     suspend         suspended
suspended   unsuspend       running
running     hand_in         handed_in
away        hand_in         handed_in
suspended   hand_in         handed_in
waiting     collect         collected
running     collect         collected
away        collect         collected
suspended   collect         collected
handed_in   revoke_hand_in  running
expected    void            voided
checked_in  void            voided
waiting     void            voided
running     void            voided
away        void            voided
suspended   void            voided
handed_in   void            voided
collected   void            voided
refused     void            voided
absent      void            voided
"""

TABLE = {(state, verb): to for state, verb, to in (line.split() for line in ALLOWED.split("\n") if line)}
VERBS = sorted({verb for _, verb in TABLE} | {verb for _, verb in TRANSITIONS} | {"nothing"})


@pytest.mark.parametrize(("state", "verb"), list(product(AttemptState, VERBS)))
def test_step(state: AttemptState, verb: str) -> None:
    assert step(state, verb) == TABLE.get((state, verb))


MIN = 60_000
RUNNING = ExamClock(120 * MIN).start(0)
END = 120 * MIN
PAUSED = RUNNING.pause(60 * MIN)


@pytest.mark.parametrize(
    ("clock", "at", "received_at", "vouched"),
    [
        (RUNNING, 0, 0, "room"),
        (RUNNING, END, END, "room"),
        (RUNNING, END, END + ARRIVAL_GRACE_MS, "room"),
        (RUNNING, END, END + ARRIVAL_GRACE_MS + 1, "seat"),
        (RUNNING, 5 * MIN, END * 30, "seat"),
        (RUNNING, 5 * MIN, 100 * MIN, "room"),
        (RUNNING, END + 1, END + 1, None),
        (RUNNING, -1, 0, None),
        (RUNNING, 10 * MIN, 10 * MIN - CLOCK_TOLERANCE_MS, "room"),
        (RUNNING, 10 * MIN, 10 * MIN - CLOCK_TOLERANCE_MS - 1, None),
        (ExamClock(120 * MIN), 0, 0, None),
        (PAUSED, 60 * MIN, 61 * MIN, "room"),
        (PAUSED, 60 * MIN + 1, 61 * MIN, None),
        (PAUSED.resume(70 * MIN), END + 10 * MIN, END + 10 * MIN, "room"),
        (RUNNING.extend(MIN), END + MIN, END + MIN, "room"),
    ],
)
def test_counts(clock: ExamClock, at: int, received_at: int, vouched: str | None) -> None:
    assert counts(clock, at, received_at) == vouched
