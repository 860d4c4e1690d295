"""Rows of ``flag`` and ``void``, written in the commit of the entries that change them."""

from collections.abc import Sequence

from sqlmodel import Session

from protocol import office_entries as office
from server.attempts.rules import Attempts
from server.rulings.models import FlagRow, VoidRow
from server.rulings.rules import Flag, Rulings, Void
from server.sessions.rules import SessionFacts
from server.writer.day import Day, Recorded
from server.writer.writer import Projection

_TYPES = frozenset(
    {"flag.raised", "flag.closed", "void.proposed", "void.signed", "void.withdrawn", "void.decided"}
)


def write(db: Session, day: Day, entries: Sequence[Recorded]) -> None:
    """Write the row of every flag and void these entries touched."""
    rulings = day.part(Rulings)
    for one in entries:
        match one.body:
            case office.FlagRaised() | office.FlagClosed() as body:
                db.merge(_flag_row(day.session, rulings.of(body.attempt).flags[body.flag]))
            case (
                office.VoidProposed() | office.VoidSigned() | office.VoidWithdrawn() | office.VoidDecided()
            ) as body:
                db.merge(_void_row(day, rulings.of(body.attempt).voids[body.ruling]))


def _flag_row(session: str, flag: Flag) -> FlagRow:
    return FlagRow(
        id=flag.id,
        session=session,
        attempt=flag.attempt,
        code=flag.code,
        severity=flag.severity,
        source=flag.source,
        at=flag.at,
        outcome=flag.outcome,
    )


def _void_row(day: Day, void: Void) -> VoidRow:
    return VoidRow(
        ruling=void.ruling,
        attempt=void.attempt,
        session=day.session,
        candidate=day.part(Attempts).by_id[void.attempt].candidate,
        batch=day.part(SessionFacts).batch,
        code=void.code,
        scope=void.scope,
        state=void.state,
        by=void.by,
        signed_by=void.signed_by,
        decided_by=void.decided_by,
        at=void.at,
    )


PROJECTION = Projection(_TYPES, write)
