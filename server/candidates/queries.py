"""Every question asked about candidates."""

from collections.abc import Iterable, Iterator

from sqlmodel import Session, col, func, select

from recordings.store import Store, StoreDamaged
from server.candidates.models import Candidate

IDS_PER_QUERY = 500
"""SQLite takes a bounded number of parameters."""


def candidate_by_id(db: Session, candidate: str) -> Candidate | None:
    """One candidate."""
    return db.get(Candidate, candidate)


def candidates(db: Session, after: str = "", limit: int | None = None) -> list[Candidate]:
    """Candidates by ticket, those after a ticket."""
    query = select(Candidate).where(col(Candidate.ticket) > after).order_by(Candidate.ticket)
    return list(db.exec(query if limit is None else query.limit(limit)))


def candidates_by_id(db: Session, ids: Iterable[str]) -> dict[str, Candidate]:
    """These candidates, by id; who is unknown is missing."""
    found: dict[str, Candidate] = {}
    for piece in _pieces(ids):
        rows = db.exec(select(Candidate).where(col(Candidate.id).in_(piece)))
        found.update({row.id: row for row in rows})
    return found


def by_documents(db: Session, keys: Iterable[str]) -> dict[tuple[str, str], Candidate]:
    """Candidates with these folded document numbers, by type and number."""
    found: dict[tuple[str, str], Candidate] = {}
    for piece in _pieces(keys):
        rows = db.exec(select(Candidate).where(col(Candidate.document_key).in_(piece)))
        found.update({(row.document_type, row.document_key): row for row in rows})
    return found


def by_tickets(db: Session, tickets: Iterable[str]) -> dict[str, Candidate]:
    """Candidates with these tickets, by ticket."""
    found: dict[str, Candidate] = {}
    for piece in _pieces(tickets):
        found.update(
            {row.ticket: row for row in db.exec(select(Candidate).where(col(Candidate.ticket).in_(piece)))}
        )
    return found


def without_photo(db: Session) -> int:
    """How many of the register lack a photo."""
    query = select(func.count()).select_from(Candidate).where(col(Candidate.photo).is_(None))
    return db.exec(query).one()


def photo_of(store: Store, candidate: Candidate) -> bytes | None:
    """The registered photo's bytes; None when there is none, or it is gone or damaged."""
    if candidate.photo is None:
        return None
    try:
        return store.get(candidate.photo)
    except (FileNotFoundError, StoreDamaged):
        return None


def _pieces(values: Iterable[str]) -> Iterator[list[str]]:
    every = list(dict.fromkeys(values))
    for at in range(0, len(every), IDS_PER_QUERY):
        yield every[at : at + IDS_PER_QUERY]
