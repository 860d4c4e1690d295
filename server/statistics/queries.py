"""Every SELECT of statistics over sessions."""

from sqlmodel import Session, col, select

from server.papers.models import PaperDraw
from server.sessions.models import ExamSession
from server.statistics.gathering import AFTER_THE_EXAM


def sessions_of_bank(db: Session, bank: str) -> list[ExamSession]:
    """The sessions that are over and had papers from a bank, the newest first."""
    drawn = select(PaperDraw.session).where(PaperDraw.bank == bank)
    query = (
        select(ExamSession)
        .where(col(ExamSession.id).in_(drawn), col(ExamSession.state).in_(AFTER_THE_EXAM))
        .order_by(col(ExamSession.starts_at).desc(), ExamSession.id)
    )
    return list(db.exec(query))
