"""Rows of the table ``attempt``, written in the commit of the entries that change them."""

from collections.abc import Sequence
from typing import Any

from sqlmodel import Session

from protocol.entry_types import ORDERS
from server.attempts.folding import PART
from server.attempts.models import AttemptRow
from server.attempts.rules import Attempt, Attempts
from server.writer.day import Day, Recorded
from server.writer.rows import put
from server.writer.writer import Projection

_SILENT = frozenset(
    {
        "answer.saved",
        "attempt.extended",
        "attempt.seat_change_allowed",
        "camera.changed",
        "clock.changed",
        "hand.raised",
        "item.marked",
        "link.changed",
        "message.acknowledged",
        "message.sent",
        "order.heard",
        "paper.opened",
        "snapshot.requested",
        "stream.opened",
        *(kind for kind in ORDERS if kind.startswith("session.")),
    }
)
"""They move nothing that stands in a row; an order that comes back from a seat is told of by ``room.alarm``."""


def write(db: Session, day: Day, entries: Sequence[Recorded]) -> None:
    """Write the rows of every attempt these entries touched."""
    attempts = day.part(Attempts).by_id
    touched = {one.attempt for one in entries if one.attempt is not None}
    put(db, AttemptRow, [_row(day.session, attempts[key]) for key in touched])


def _row(session: str, attempt: Attempt) -> dict[str, Any]:
    return {
        "id": attempt.id,
        "session": session,
        "candidate": attempt.candidate,
        "subject": attempt.subject,
        "seat": attempt.seat,
        "state": attempt.state.value,
        "station": attempt.station,
        "handed_in_at": attempt.handed_in_at,
        "handed_in_by": attempt.handed_in_by,
    }


PROJECTION = Projection(frozenset(PART.applies) - _SILENT | {"room.alarm"}, write)
