"""Every SELECT of attempts."""

from sqlmodel import Session, col, select

from server.attempts.models import AttemptRow
from server.errors import NotFound


def attempt_row(db: Session, attempt: str) -> AttemptRow:
    """One attempt; raises NotFound."""
    row = db.get(AttemptRow, attempt)
    if row is None:
        raise NotFound(what=f"attempt {attempt}")
    return row


def attempts_of_session(db: Session, session: str) -> list[AttemptRow]:
    """All attempts of a session, by seat."""
    rows = db.exec(select(AttemptRow).where(AttemptRow.session == session).order_by(col(AttemptRow.seat)))
    return list(rows)


def attempts_of_candidate(db: Session, candidate: str) -> list[AttemptRow]:
    """Everything a candidate sat or is expected to sit."""
    return list(db.exec(select(AttemptRow).where(AttemptRow.candidate == candidate)))
