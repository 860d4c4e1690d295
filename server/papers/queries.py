"""Every SELECT of papers, and the few secrets derived for them."""

from typing import NamedTuple

from sqlmodel import Session, col, func, select

from protocol.paper import SealedPaper
from protocol.sealing import derive
from server.errors import NotFound
from server.papers.models import DrawPart, DrawPromise, ItemExposure, Paper, PaperDraw, SessionSecret
from server.papers.sealing import CAPTURE, SEAL, PaperRecord, open_record, unwrap


class PaperName(NamedTuple):
    """A paper's row without what is sealed in it."""

    attempt: str
    subject: str
    spare: int
    digest: str
    drawn: str
    given_to: str | None


def session_secret(db: Session, session: str, wrapping: bytes) -> bytes:
    """The session's own 32-byte secret; raises NotFound before the session is loaded."""
    row = db.get(SessionSecret, session)
    if row is None:
        raise NotFound(what=f"secret of session {session}")
    return unwrap(row.nonce, row.wrapped, session, wrapping)


def sealed_paper(db: Session, attempt: str) -> SealedPaper:
    """What the seat of this attempt is sent; raises NotFound before the session is loaded."""
    row = _paper(db, attempt)
    return SealedPaper(attempt=attempt, digest=row.digest, nonce=row.nonce, sealed=row.sealed)


def paper_record(db: Session, attempt: str, secret: bytes) -> PaperRecord:
    """Slots, items and keys of an attempt's paper, for scoring; raises NotFound before the session is loaded."""
    # Not the whole row: the sealed paper in it is as long again, and a hall is scored within seconds.
    query = select(Paper.digest, Paper.record_nonce, Paper.record).where(Paper.attempt == attempt)
    found = db.exec(query).first()
    if found is None:
        raise NotFound(what=f"paper of attempt {attempt}")
    return open_record(attempt, *found, secret)


def papers_of(db: Session, session: str) -> list[str]:
    """The attempts of a session that have a paper."""
    return list(db.exec(select(Paper.attempt).where(Paper.session == session).order_by(Paper.attempt)))


def item_counts(db: Session, session: str) -> dict[str, int]:
    """Items in each attempt's paper."""
    sealed_for_attempts = (Paper.session == session, Paper.spare == 0)
    rows = db.exec(select(Paper.attempt, Paper.items).where(*sealed_for_attempts))
    return dict(rows.all())


def draws(db: Session, session: str) -> list[PaperDraw]:
    """The draws of a session, one for each subject."""
    return list(db.exec(select(PaperDraw).where(PaperDraw.session == session).order_by(PaperDraw.subject)))


def promise(db: Session, session: str) -> DrawPromise | None:
    """The server's part of the draw's secret, wrapped."""
    return db.get(DrawPromise, session)


def parts(db: Session, session: str) -> list[DrawPart]:
    """The parts people entered so far, wrapped, in their order."""
    return list(db.exec(select(DrawPart).where(DrawPart.session == session).order_by(col(DrawPart.number))))


def next_spare(db: Session, session: str, subject: str) -> Paper | None:
    """The spare of the lowest number that nobody has: never a choice of anybody's."""
    free = (
        Paper.session == session,
        Paper.subject == subject,
        Paper.spare > 0,
        col(Paper.given_to).is_(None),
    )
    return db.exec(select(Paper).where(*free).order_by(col(Paper.spare))).first()


def spares_left(db: Session, session: str) -> dict[str, int]:
    """Spares nobody has yet, by subject."""
    free = (Paper.session == session, Paper.spare > 0, col(Paper.given_to).is_(None))
    return dict(db.exec(select(Paper.subject, func.count()).where(*free).group_by(Paper.subject)).all())


def paper_names(db: Session, session: str) -> list[PaperName]:
    """How every paper of a session is named, without what is sealed in it."""
    columns = (Paper.attempt, Paper.subject, Paper.spare, Paper.digest, Paper.drawn, Paper.given_to)
    rows = db.exec(select(*columns).where(Paper.session == session).order_by(Paper.attempt))  # type: ignore[call-overload]
    return [PaperName(*row) for row in rows]


def exposure_of(db: Session, bank: str) -> dict[str, int]:
    """On how many papers of past sessions each item of a bank was, whichever version of it."""
    total = func.sum(ItemExposure.papers)
    query = select(ItemExposure.item, total).where(ItemExposure.bank == bank).group_by(ItemExposure.item)
    return {item: int(papers) for item, papers in db.exec(query).all()}


def paper_key(secret: bytes, attempt: str) -> bytes:
    """The key that opens the seat's paper, sent with the start order."""
    return derive(secret, SEAL, attempt)


def capture_secret(secret: bytes, attempt: str) -> bytes:
    """The secret of the seat's capture schedule."""
    return derive(secret, CAPTURE, attempt)


def _paper(db: Session, attempt: str) -> Paper:
    row = db.get(Paper, attempt)
    if row is None:
        raise NotFound(what=f"paper of attempt {attempt}")
    return row
