"""Every SELECT of corrections."""

from collections.abc import Sequence

from sqlmodel import Session

from question_bank.corrections import Corrections, KeyCorrection
from server.corrections.models import KeyCorrectionRow
from server.corrections.sealing import Sealed, unseal
from server.errors import NotFound


def said(db: Session, session: str, correction: str, secret: bytes) -> KeyCorrection:
    """What a correction says; raises NotFound and CorrectionDamaged."""
    row = db.get(KeyCorrectionRow, (session, correction))
    if row is None:
        raise NotFound(what=f"correction {correction}")
    return unseal(secret, correction, Sealed(row.session, row.content, row.nonce, row.sealed))


def in_force(db: Session, session: str, applied: Sequence[str], secret: bytes) -> Corrections:
    """The corrections applied, in their order, as scoring takes them."""
    return Corrections(said(db, session, correction, secret) for correction in applied)
