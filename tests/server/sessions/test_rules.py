"""A session's lifecycle as one table, and what stands before its start."""

from itertools import product

import pytest

from server.sessions.rules import (
    OPEN,
    TRANSITIONS,
    SessionFacts,
    SessionState,
    start_gates,
    step,
)

ALLOWED = """
planned       applied       applied
returned      applied       applied
applied       approved      approved
applied       returned      returned
approved      loaded        loaded
loaded        checked       checked
checked       check_in      check_in
check_in      started       running
running       paused        paused
paused        resumed       running
running       ended         ended
paused        ended         ended
ended         signed        signed
signed        under_review  under_review
under_review  confirmed     confirmed
confirmed     archived      archived
planned       cancelled     cancelled
applied       cancelled     cancelled
returned      cancelled     cancelled
approved      cancelled     cancelled
loaded        cancelled     cancelled
checked       cancelled     cancelled
check_in      cancelled     cancelled
check_in      aborted       aborted
running       aborted       aborted
paused        aborted       aborted
ended         aborted       aborted
"""

TABLE = {(state, verb): to for state, verb, to in (line.split() for line in ALLOWED.split("\n") if line)}
VERBS = sorted({verb for _, verb in TABLE} | {verb for _, verb in TRANSITIONS} | {"nothing"})


@pytest.mark.parametrize(("state", "verb"), list(product(SessionState, VERBS)))
def test_step(state: SessionState, verb: str) -> None:
    assert step(state, verb) == TABLE.get((state, verb))


def test_every_state_is_reached_but_the_first() -> None:
    assert {*TRANSITIONS.values()} == set(SessionState) - {SessionState.PLANNED}


def test_candidates_come_in_while_the_session_is_open() -> None:
    assert set(OPEN) == {"check_in", "running", "paused"}


READY = {"state": SessionState.CHECK_IN, "rules_read_at": 1, "start_confirmed_by": ["p1", "p2"]}


class TestStartGates:
    @pytest.mark.parametrize(
        ("changes", "missing"),
        [
            ({}, []),
            ({"state": SessionState.CHECKED}, ["check_in"]),
            ({"state": SessionState.RUNNING}, ["check_in"]),
            ({"rules_read_at": None}, ["rules"]),
            ({"start_confirmed_by": []}, ["proctors"]),
            ({"start_confirmed_by": ["p1"]}, ["proctors"]),
            ({"start_confirmed_by": ["p1", "p1"]}, ["proctors"]),
            ({"start_confirmed_by": ["p1", "p2", "p3"]}, []),
            (
                {"state": SessionState.LOADED, "rules_read_at": None, "start_confirmed_by": []},
                ["check_in", "rules", "proctors"],
            ),
        ],
    )
    def test_say_what_is_missing(self, changes: dict[str, object], missing: list[str]) -> None:
        assert start_gates(SessionFacts(**{**READY, **changes}), 2) == missing

    def test_ask_for_as_many_proctors_as_the_scheme(self) -> None:
        assert start_gates(SessionFacts(**READY), 3) == ["proctors"]
        assert start_gates(SessionFacts(**READY), 1) == []


class TestEndAt:
    @pytest.mark.parametrize(
        ("facts", "end"),
        [
            (SessionFacts(duration_ms=100), None),
            (SessionFacts(duration_ms=100, started_at=0), 100),
            (SessionFacts(duration_ms=100, started_at=0, paused_at=10), None),
            (SessionFacts(duration_ms=100, started_at=0, paused_ms=20, added_ms=5), 125),
        ],
    )
    def test_is_the_common_end(self, facts: SessionFacts, end: int | None) -> None:
        assert facts.end_at() == end
