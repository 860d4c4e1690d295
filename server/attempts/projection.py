"""Rows of the table ``attempt``, written in the commit of the entries that change them."""

from collections.abc import Sequence

from sqlmodel import Session

from server.attempts.folding import PART
from server.attempts.models import AttemptRow
from server.attempts.rules import Attempt, Attempts
from server.writer.day import Day, Recorded
from server.writer.writer import Projection

_SILENT = frozenset(
    {"answer.saved", "item.marked", "order.heard", "camera.changed", "clock.changed", "stream.opened"}
)
"""They move nothing that stands in a row; an order that comes back from a seat is told of by ``room.alarm``."""


def write(db: Session, day: Day, entries: Sequence[Recorded]) -> None:
    """Write the rows of every attempt these entries touched."""
    attempts = day.part(Attempts).by_id
    whole = any(one.entry.type.startswith("session.") for one in entries)
    touched = attempts.keys() if whole else {one.attempt for one in entries if one.attempt is not None}
    for key in touched:
        db.merge(row_of(day.session, attempts[key]))


def row_of(session: str, attempt: Attempt) -> AttemptRow:
    """The row as the fold has it."""
    return AttemptRow(
        id=attempt.id,
        session=session,
        candidate=attempt.candidate,
        subject=attempt.subject,
        seat=attempt.seat,
        state=attempt.state,
        station=attempt.station,
        handed_in_at=attempt.handed_in_at,
        handed_in_by=attempt.handed_in_by,
    )


PROJECTION = Projection(frozenset(PART.applies) - _SILENT | {"room.alarm"}, write)
