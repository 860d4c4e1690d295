"""Every SELECT of sessions."""

from functools import lru_cache

from sqlmodel import Session, col, select

from config.scheme import Scheme, scheme_from_canonical
from server.errors import NotFound
from server.sessions.models import ExamSession, SessionSubject
from server.sessions.rules import SessionState

FINISHED = (SessionState.ARCHIVED, SessionState.CANCELLED)


def sessions(db: Session) -> list[ExamSession]:
    """All sessions, the nearest start last."""
    return list(db.exec(select(ExamSession).order_by(col(ExamSession.starts_at), ExamSession.id)))


def session_row(db: Session, session: str) -> ExamSession:
    """One session; raises NotFound."""
    row = db.get(ExamSession, session)
    if row is None:
        raise NotFound(what=f"session {session}")
    return row


def live_sessions(db: Session) -> list[str]:
    """Ids of sessions whose day the room keeps in memory."""
    return list(db.exec(select(ExamSession.id).where(col(ExamSession.state).not_in(FINISHED))))


def sessions_of_batch(db: Session, batch: str) -> list[ExamSession]:
    """All sessions of a batch."""
    return list(
        db.exec(select(ExamSession).where(ExamSession.batch == batch).order_by(col(ExamSession.starts_at)))
    )


def subjects(db: Session, session: str) -> dict[str, SessionSubject]:
    """The subjects examined in a session, by code."""
    rows = db.exec(select(SessionSubject).where(SessionSubject.session == session))
    return {row.subject: row for row in rows}


def scheme_of(row: ExamSession) -> Scheme:
    """The policy the session pinned when it was planned."""
    return _scheme(row.scheme, row.scheme_digest)


@lru_cache(maxsize=64)
def _scheme(canonical: str, digest: str) -> Scheme:
    # A pinned scheme never changes, and every verb of a session asks for it.
    return scheme_from_canonical(canonical.encode(), digest)
