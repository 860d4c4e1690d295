"""Every SELECT of scoring by hand."""

from sqlmodel import Session, col, select

from server.hand_scoring.actions import SCORED_BY_HAND_IN
from server.sessions.models import ExamSession


def sessions_to_score(db: Session) -> list[tuple[str, str]]:
    """Id and title of the sessions in which assessors may work, the one that ended first on top."""
    rows = db.exec(
        select(ExamSession.id, ExamSession.title)
        .where(col(ExamSession.state).in_(SCORED_BY_HAND_IN))
        .order_by(col(ExamSession.ended_at), ExamSession.id)
    )
    return [(session, title) for session, title in rows]
