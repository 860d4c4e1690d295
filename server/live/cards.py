"""What the floor shows that is not on the ledger: names, tickets, titles, places; read once for each session."""

from collections.abc import Mapping

from sqlmodel import Session

from server.attempts.queries import attempts_of_session
from server.candidates.queries import candidates_by_id
from server.candidates.rules import masked_document
from server.live.floor import Card, SessionCard
from server.papers.queries import item_counts
from server.rooms.queries import room_by_id
from server.sessions.queries import scheme_of, session_row
from server.stations.queries import stations
from server.writer.day import Recorded

_CHANGES = frozenset({"attempt.listed", "session.planned", "session.loaded"})
_REGISTERS = frozenset({"candidate", "room", "station"})


def load(db: Session, session: str) -> SessionCard:
    """Everything static about a session; raises NotFound."""
    row = session_row(db, session)
    scheme, room = scheme_of(row), room_by_id(db, row.room)
    attempts, items = attempts_of_session(db, session), item_counts(db, session)
    known = candidates_by_id(db, {attempt.candidate for attempt in attempts})
    cards: Mapping[str, Card] = {
        attempt.id: Card(
            name=candidate.name if candidate else attempt.candidate,
            ticket=candidate.ticket if candidate else "",
            document_masked=masked_document(candidate.document) if candidate else "",
            subject=attempt.subject,
            photo=candidate.photo if candidate else None,
            items=items.get(attempt.id, 0),
        )
        for attempt, candidate in ((each, known.get(each.candidate)) for each in attempts)
    }
    return SessionCard(
        title=row.title,
        room=row.room if room is None else room.name,
        run_type=row.run_type,
        late_cutoff_ms=scheme.admission.late_cutoff_minutes * 60_000,
        proctors_min=scheme.opening.proctors_min,
        width_min=scheme.capture.width_min,
        height_min=scheme.capture.height_min,
        attempts=cards,
        stations={station.id: station.seat for station in stations(db, row.room)},
    )


def changes_cards(one: Recorded) -> bool:
    """Whether an entry may change what :func:`load` reads."""
    if one.entry.type == "register.changed":
        return one.entry.body["noun"] in _REGISTERS
    return one.entry.type in _CHANGES
