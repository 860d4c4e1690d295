"""The review queue: sessions by deadline, their attempts by risk."""

from collections import Counter
from collections.abc import Mapping

from config.calendar import WorkingCalendar
from server.attempts.rules import Attempt, Attempts
from server.candidates.models import Candidate
from server.candidates.queries import candidates_by_id
from server.people.rules import Person
from server.records.rules import CorrectedField, Record
from server.results.rules import Result, Results, sat
from server.reviews.actions import Policy, policy_of, why_recused
from server.reviews.rules import Reviews, risk
from server.reviews.schemas import QueuedAttempt, QueuedSession, RiskReason, WindowShown
from server.reviews.windows import window_shown, windows_of
from server.rulings.rules import Rulings
from server.sessions.queries import session_row, sessions_of_batch
from server.sessions.rules import SessionFacts
from server.snapshots.rules import Snapshots
from server.writer.day import Day
from server.writer.desk import Desk


def queued(desk: Desk, session: str, by: Person, calendar: WorkingCalendar) -> QueuedSession:
    """One session as it stands in the queue."""
    row, day = session_row(desk.db, session), desk.day(session)
    policy = policy_of(desk, session)
    attempts = [one for one in day.part(Attempts).by_id.values() if sat(one)]
    candidates = candidates_by_id(desk.db, [one.candidate for one in attempts])
    found = [window_shown(one, calendar, desk.now) for one in windows_of(desk, session, calendar)]
    lines = [_attempt(day, one, candidates, policy) for one in attempts]
    return QueuedSession(
        session=session,
        title=row.title,
        batch=row.batch,
        scheme=row.scheme_code,
        state=row.state,
        ended_at=day.part(SessionFacts).ended_at,
        deadline_at=nearest(found),
        windows=found,
        patrol_missing=policy.scheme.patrol.required and not _patrolled(desk, session, row.batch),
        recused=why_recused(desk, session, None, by),
        counts=dict(Counter(one.result for one in lines)),
        attempts=sorted(lines, key=lambda one: (-one.risk, one.seat)),
    )


def _patrolled(desk: Desk, session: str, batch: str) -> bool:
    """Whether a patrol wrote of this session, or of another of its batch: every batch is patrolled (S3-A)."""
    return any(
        desk.day(each).part(Record).corrected(CorrectedField.PATROL)
        for each in dict.fromkeys([session, *(row.id for row in sessions_of_batch(desk.db, batch))])
    )


def nearest(windows: list[WindowShown]) -> int | None:
    """The next deadline of these windows; None while none is known."""
    return min((one.deadline_at for one in windows if one.deadline_at is not None), default=None)


def _attempt(
    day: Day, attempt: Attempt, candidates: Mapping[str, Candidate], policy: Policy
) -> QueuedAttempt:
    candidate = candidates.get(attempt.candidate)
    result = day.part(Results).by_attempt.get(attempt.id) or Result()
    found = risk(attempt, day.part(Rulings).of(attempt.id), day.part(Snapshots).of(attempt.id))
    return QueuedAttempt(
        attempt=attempt.id,
        seat=attempt.seat,
        name=candidate.name if candidate else "",
        ticket=candidate.ticket if candidate else "",
        subject=attempt.subject,
        state=attempt.state,
        result=result.state,
        risk=found.weight,
        reasons=[RiskReason(code=code, count=count) for code, count in found.reasons],
        chosen=attempt.id in policy.chosen,
        seen=len(day.part(Reviews).seen_of(attempt.id)),
    )
