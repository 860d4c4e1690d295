"""The projected columns of ``exam_session``, written in the commit of the entries that change them."""

from collections.abc import Sequence

from sqlmodel import Session

from server.sessions.models import ExamSession
from server.sessions.rules import PART, SessionFacts
from server.writer.day import Day, Recorded
from server.writer.writer import Projection


def write(db: Session, day: Day, _entries: Sequence[Recorded]) -> None:
    """Bring the session's row to what was folded."""
    facts, row = day.part(SessionFacts), db.get(ExamSession, day.session)
    if row is not None:
        row.state, row.started_at, row.ended_at = facts.state, facts.started_at, facts.ended_at
        db.add(row)


PROJECTION = Projection(frozenset(PART.applies), write)
