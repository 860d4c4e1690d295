"""What is said about snapshots over HTTP."""

from pydantic import BaseModel

from server.snapshots.models import SnapshotRow


class SnapshotShown(BaseModel):
    """One picture, or one that could not be taken; ``held`` says that its bytes are in the room."""

    n: int
    digest: str | None
    reason: str
    planned_ms: int | None
    taken_at: int
    width: int
    height: int
    quality: str
    missed_cause: str | None
    held: bool

    @classmethod
    def of(cls, row: SnapshotRow) -> "SnapshotShown":
        """From the row."""
        return cls(
            n=row.n,
            digest=row.digest,
            reason=row.reason,
            planned_ms=row.planned_ms,
            taken_at=row.taken_at,
            width=row.width,
            height=row.height,
            quality=row.quality,
            missed_cause=row.missed_cause,
            held=row.received_at is not None,
        )


class SnapshotsShown(BaseModel):
    """All pictures of an attempt: those taken, how many are not here yet, how many were missed."""

    snapshots: list[SnapshotShown]
    received: int
    outstanding: int
    missed: int

    @classmethod
    def of(cls, rows: list[SnapshotRow]) -> "SnapshotsShown":
        """From the rows."""
        taken = [row for row in rows if row.digest is not None]
        received = sum(row.received_at is not None for row in taken)
        return cls(
            snapshots=[SnapshotShown.of(row) for row in rows],
            received=received,
            outstanding=len(taken) - received,
            missed=len(rows) - len(taken),
        )
