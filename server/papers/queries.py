"""Every SELECT of papers, and the few secrets derived for them."""

from sqlmodel import Session, select

from protocol.paper import SealedPaper
from protocol.sealing import derive
from server.errors import NotFound
from server.papers.models import Paper, PaperDraw, SessionSecret
from server.papers.sealing import CAPTURE, SEAL, PaperRecord, open_record, unwrap


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
    rows = db.exec(select(Paper.attempt, Paper.items).where(Paper.session == session))
    return dict(rows.all())


def draws(db: Session, session: str) -> list[PaperDraw]:
    """The draws of a session, one for each subject."""
    return list(db.exec(select(PaperDraw).where(PaperDraw.session == session).order_by(PaperDraw.subject)))


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
