"""Rows of the table ``snapshot``, written in the commit of the entries that tell of pictures."""

from collections.abc import Sequence

from sqlmodel import Session, col, insert, update

from protocol import office_entries as office
from protocol import station_entries as station
from server.snapshots.folding import PART
from server.snapshots.models import SnapshotRow
from server.snapshots.rules import Snapshots
from server.writer.day import Day, Recorded
from server.writer.writer import Projection


def write(db: Session, day: Day, entries: Sequence[Recorded]) -> None:
    """Add the pictures announced and missed, then mark what was received."""
    told = [row for row in (_row(day, one) for one in entries) if row is not None]
    if told:
        db.exec(insert(SnapshotRow), params=told)
    for one in entries:
        if isinstance(one.body, office.SnapshotReceived):
            db.exec(
                update(SnapshotRow)
                .where(col(SnapshotRow.attempt) == one.body.attempt)
                .where(col(SnapshotRow.digest) == one.body.digest)
                .where(col(SnapshotRow.received_at).is_(None))
                .values(received_at=one.received_at)
            )


def _row(day: Day, one: Recorded) -> dict[str, object] | None:
    common: dict[str, object] = {"n": one.n, "session": day.session, "attempt": one.attempt}
    match one.body:
        case station.SnapshotTaken() as body:
            assert one.attempt is not None
            outstanding = day.part(Snapshots).of(one.attempt).outstanding
            return common | {
                "digest": body.digest,
                "reason": body.reason,
                "planned_ms": body.planned_ms,
                "taken_at": body.taken_at,
                "width": body.width,
                "height": body.height,
                "size": body.size,
                "quality": body.quality,
                "missed_cause": None,
                # Bytes that came before the announcement count as received with it.
                "received_at": None if body.digest in outstanding else one.received_at,
            }
        case station.SnapshotMissed() as body:
            return common | {
                "digest": None,
                "reason": body.reason,
                "planned_ms": body.planned_ms,
                "taken_at": one.entry.at,
                "width": 0,
                "height": 0,
                "size": 0,
                "quality": "",
                "missed_cause": body.cause,
                "received_at": None,
            }
    return None


PROJECTION = Projection(frozenset(PART.applies), write)
