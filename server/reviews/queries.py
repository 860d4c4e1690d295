"""Every SELECT of reviews."""

from sqlmodel import Session, col, select

from server.reviews.models import ReviewWindowRow
from server.reviews.rules import Picture
from server.sessions.models import ExamSession
from server.sessions.rules import SessionState
from server.snapshots.models import SnapshotRow

TO_REVIEW = (SessionState.ENDED, SessionState.SIGNED, SessionState.UNDER_REVIEW)
"""The window runs from the session's end, whether or not its record form is signed."""


def sessions_to_review(db: Session) -> list[str]:
    """Ids of the sessions whose window runs, the one that ended first on top."""
    rows = db.exec(
        select(ExamSession.id)
        .where(col(ExamSession.state).in_(TO_REVIEW))
        .order_by(col(ExamSession.ended_at), ExamSession.id)
    )
    return list(rows)


def window_rows(db: Session, session: str) -> dict[str, ReviewWindowRow]:
    """The windows of a session as they were counted, by name."""
    rows = db.exec(select(ReviewWindowRow).where(ReviewWindowRow.session == session))
    return {row.name: row for row in rows}


def pictures_of(db: Session, attempt: str) -> list[Picture]:
    """The pictures of an attempt whose bytes are here, in order."""
    rows = db.exec(
        select(SnapshotRow.n, SnapshotRow.digest, SnapshotRow.reason)
        .where(SnapshotRow.attempt == attempt, col(SnapshotRow.digest).is_not(None))
        .where(col(SnapshotRow.received_at).is_not(None))
        .order_by(col(SnapshotRow.n))
    )
    return [Picture(n, digest, reason) for n, digest, reason in rows if digest is not None]
