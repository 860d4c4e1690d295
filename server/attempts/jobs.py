"""What the timetable calls when an instant of a session has come."""

from server.attempts import actions
from server.attempts.rules import SITTING, A, Attempts
from server.sessions.rules import SessionFacts, SessionState
from server.writer.day import Day
from server.writer.desk import Desk

COLLECT_GRACE_MS = 5_000
"""A seat hands in by itself when its time is up; the room closes what is still open this much later (ours)."""


def next_due(day: Day, late_cutoff_ms: int) -> int | None:
    """The next instant at which the room itself must do something in this session; None when there is none known."""
    facts = day.part(SessionFacts)
    if facts.state is not SessionState.RUNNING or facts.started_at is None:
        return None
    due = []
    attempts = day.part(Attempts).by_id.values()
    if any(each.state is A.EXPECTED for each in attempts):
        due.append(facts.started_at + late_cutoff_ms + 1)
    due += [
        each.clock.end_at + COLLECT_GRACE_MS + 1
        for each in attempts
        if each.state in SITTING and each.clock.end_at is not None
    ]
    if not any(each.state in SITTING for each in attempts):
        end = facts.end_at()
        if end is not None:
            due.append(end + COLLECT_GRACE_MS + 1)
    return min(due, default=None)


def run_due(desk: Desk, session: str, late_cutoff_ms: int) -> int | None:
    """Do what is due now: mark the absent, collect what is over, end the session; returns the next instant."""
    day = desk.day(session)
    facts = day.part(SessionFacts)
    due = next_due(day, late_cutoff_ms)
    if due is None or due > desk.now:
        return due
    assert facts.started_at is not None
    attempts = day.part(Attempts).by_id.values()
    end = facts.end_at()
    open_still = [
        each for each in attempts if each.state in SITTING and not _over(each.clock.end_at, desk.now)
    ]
    if end is not None and desk.now > end + COLLECT_GRACE_MS and not open_still:
        actions.end(desk, session, actions.ROOM, "time_up")
        return None
    if desk.now > facts.started_at + late_cutoff_ms:
        actions.mark_all_absent(desk, session)
    actions.collect_due(desk, session, COLLECT_GRACE_MS)
    return None


def _over(end: int | None, now: int) -> bool:
    return end is not None and now > end + COLLECT_GRACE_MS
