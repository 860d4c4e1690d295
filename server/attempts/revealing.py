"""What a session's draw is known by: digests on the ledger, and after the session everything behind them."""

from collections.abc import Mapping

from sqlmodel import Session

from protocol import office_entries as office
from protocol import station_entries as station
from protocol.entry import BadEntry, parse
from protocol.entry_types import FROM_OFFICE, FROM_STATION, read_body
from protocol.shapes import Closed
from question_bank.reveal import PaperLine, PersonsPart, SessionDraws, SubjectDraw
from recordings.ledger import Ledger, Row
from server.papers.actions import open_part, server_part
from server.papers.models import PaperDraw
from server.papers.queries import PaperName, draws, paper_names, promise
from server.papers.queries import parts as parts_of
from server.sessions.queries import session_row
from server.sessions.rules import REVEALED

_OF_THE_DRAW = ("draw.promised", "draw.part_entered", "session.loaded", "spare.given", "paper.opened")


def session_draws(db: Session, ledger: Ledger, session: str, wrapping: bytes) -> SessionDraws:
    """The draws of a session; parts, inputs and papers only when it is over. Raises NotFound."""
    over = session_row(db, session).state in REVEALED
    promised = loaded = None
    opened: dict[str, str] = {}
    given: dict[tuple[str, int], office.SpareGiven] = {}
    entered: list[tuple[office.DrawPartEntered, int]] = []
    for row in ledger.entries_of_types(session, _OF_THE_DRAW):
        match _body(row):
            case office.DrawPromised() as body:
                promised = body
            case office.DrawPartEntered() as body:
                entered.append((body, row.at))
            case office.SessionLoaded() as body:
                loaded = body
            case office.SpareGiven() as body:
                given[body.subject, body.spare] = body
            case station.PaperOpened() as body if row.attempt is not None:
                opened.setdefault(row.attempt, body.digest)
    names = paper_names(db, session) if over else []
    kept = promise(db, session)
    return SessionDraws(
        session=session,
        server_digest=None if promised is None else promised.server_part,
        server_part=server_part(kept, wrapping).hex() if over and kept is not None else None,
        parts=_parts(db, session, entered, wrapping, over),
        commitment=None if loaded is None else loaded.commitment,
        papers_digest=None if loaded is None else loaded.papers_digest,
        draws=tuple(_subject(each, names, given, opened, over) for each in draws(db, session)),
        revealed=over,
    )


def _parts(
    db: Session,
    session: str,
    entered: list[tuple[office.DrawPartEntered, int]],
    wrapping: bytes,
    over: bool,
) -> tuple[PersonsPart, ...]:
    kept = {row.number: open_part(row, wrapping) for row in parts_of(db, session)} if over else {}
    return tuple(
        PersonsPart(
            number=body.number,
            by=body.by,
            at=at,
            digest=body.digest,
            salt=kept[body.number].salt.hex() if body.number in kept else None,
            text=kept[body.number].text if body.number in kept else None,
        )
        for body, at in entered
    )


def _subject(
    row: PaperDraw,
    names: list[PaperName],
    given: Mapping[tuple[str, int], office.SpareGiven],
    opened: Mapping[str, str],
    over: bool,
) -> SubjectDraw:
    of_spares = {name.given_to for name in names if name.given_to is not None}
    lines = [
        _line(name, given.get((row.subject, name.spare)), opened)
        for name in names
        if name.subject == row.subject and name.attempt not in of_spares
    ]
    return SubjectDraw(
        subject=row.subject,
        bank=row.bank,
        bank_version=row.bank_version,
        commitment=row.commitment,
        report=row.report,
        inputs=row.inputs if over else None,
        papers=tuple(lines),
    )


def _line(name: PaperName, given: office.SpareGiven | None, opened: Mapping[str, str]) -> PaperLine:
    """``given`` counts for spares alone; what a seat opened is what its own stream says."""
    if not name.spare:
        return PaperLine(
            attempt=name.attempt,
            spare=0,
            sealed=name.digest,
            drawn=name.drawn,
            opened=opened.get(name.attempt),
        )
    return PaperLine(
        attempt=None,
        spare=name.spare,
        sealed=name.digest,
        drawn=name.drawn,
        given_to=None if given is None else given.attempt,
        given=None if given is None else given.paper,
        opened=None if given is None else opened.get(given.attempt),
    )


def _body(row: Row) -> Closed | None:
    try:
        return read_body(parse(row.text), FROM_STATION if row.type in FROM_STATION else FROM_OFFICE)
    except BadEntry:
        return None
