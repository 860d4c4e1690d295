"""Every SELECT of snapshots."""

from sqlmodel import Session, col, select

from server.snapshots.models import SnapshotRow


def has_received(db: Session, session: str, digest: str, attempt: str | None = None) -> bool:
    """Whether the room holds the bytes of a picture of this session, or of one attempt of it."""
    query = (
        select(SnapshotRow.n)
        .where(SnapshotRow.digest == digest, SnapshotRow.session == session)
        .where(col(SnapshotRow.received_at).is_not(None))
    )
    if attempt is not None:
        query = query.where(SnapshotRow.attempt == attempt)
    return db.exec(query.limit(1)).first() is not None


def snapshots_of(db: Session, attempt: str) -> list[SnapshotRow]:
    """Every picture of an attempt, taken or missed, in the order the room heard of them."""
    return list(
        db.exec(select(SnapshotRow).where(SnapshotRow.attempt == attempt).order_by(col(SnapshotRow.n)))
    )


def outstanding(db: Session, attempt: str) -> list[str]:
    """Digests the seat announced and the room does not hold, oldest first."""
    rows = db.exec(
        select(SnapshotRow.digest)
        .where(SnapshotRow.attempt == attempt, col(SnapshotRow.digest).is_not(None))
        .where(col(SnapshotRow.received_at).is_(None))
        .order_by(col(SnapshotRow.n))
    )
    return [digest for digest in dict.fromkeys(rows) if digest is not None]


def accounted_offsets(db: Session, attempt: str) -> set[int]:
    """Offsets of the timetable of which the seat said what became of them."""
    rows = db.exec(
        select(SnapshotRow.planned_ms).where(
            SnapshotRow.attempt == attempt, col(SnapshotRow.planned_ms).is_not(None)
        )
    )
    return {planned for planned in rows if planned is not None}
