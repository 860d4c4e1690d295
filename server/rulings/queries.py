"""Every SELECT of rulings."""

from sqlmodel import Session, col, select

from server.attempts.models import AttemptRow
from server.rulings.models import FlagRow, VoidRow
from server.rulings.rules import STANDING, VoidState
from server.sessions.models import ExamSession


def barred(db: Session, candidate: str, batch: str) -> bool:
    """Whether a standing void bars this candidate from the batch, and from no other (S3-B 取消当批次测试资格)."""
    found = db.exec(
        select(VoidRow.ruling)
        .where(VoidRow.candidate == candidate, VoidRow.batch == batch, VoidRow.scope == "batch")
        .where(col(VoidRow.state).in_(STANDING))
        .limit(1)
    )
    return found.first() is not None


def attempts_in_batch(db: Session, candidate: str, batch: str) -> list[tuple[str, str]]:
    """Session and id of every attempt of this candidate in the batch."""
    rows = db.exec(
        select(AttemptRow.session, AttemptRow.id)
        .join(ExamSession, col(ExamSession.id) == AttemptRow.session)
        .where(AttemptRow.candidate == candidate, ExamSession.batch == batch)
        .order_by(AttemptRow.session, AttemptRow.id)
    )
    return [(session, attempt) for session, attempt in rows]


def voids_to_decide(db: Session) -> list[VoidRow]:
    """Voids the room has signed and the confirming body has not decided, oldest first."""
    return list(db.exec(select(VoidRow).where(VoidRow.state == VoidState.SIGNED).order_by(col(VoidRow.at))))


def voids_of(db: Session, session: str) -> list[VoidRow]:
    """All voids of a session's attempts, oldest first."""
    return list(db.exec(select(VoidRow).where(VoidRow.session == session).order_by(col(VoidRow.at))))


def flags_of(db: Session, session: str) -> list[FlagRow]:
    """All flags of a session, oldest first."""
    return list(db.exec(select(FlagRow).where(FlagRow.session == session).order_by(col(FlagRow.at))))
