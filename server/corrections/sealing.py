"""Sealing and opening of what a correction says."""

import hashlib
import os
from dataclasses import dataclass

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from protocol.keys import decode, encode
from protocol.sealing import derive
from question_bank.corrections import KeyCorrection

PURPOSE = "correction"
"""Purpose of the key derived from a session's secret."""


class CorrectionDamaged(ValueError):
    """The kept text is not the one the ledger names, or another secret sealed it."""


@dataclass(frozen=True, slots=True)
class Sealed:
    """A correction at rest; ``content`` is its name on the ledger."""

    session: str
    content: str
    nonce: str
    sealed: str


def seal(secret: bytes, session: str, correction: str, said: KeyCorrection) -> Sealed:
    """Seal a correction for one session."""
    nonce = os.urandom(12)
    plain = said.model_dump_json().encode()
    sealed = AESGCM(derive(secret, PURPOSE, correction)).encrypt(
        nonce, plain, _associated(session, correction)
    )
    return Sealed(session, hashlib.sha256(nonce + sealed).hexdigest(), encode(nonce), encode(sealed))


def unseal(secret: bytes, correction: str, one: Sealed) -> KeyCorrection:
    """What the correction says; raises CorrectionDamaged."""
    nonce, sealed = decode(one.nonce), decode(one.sealed)
    if hashlib.sha256(nonce + sealed).hexdigest() != one.content:
        raise CorrectionDamaged(f"correction {correction} is not the one on the ledger")
    try:
        plain = AESGCM(derive(secret, PURPOSE, correction)).decrypt(
            nonce, sealed, _associated(one.session, correction)
        )
    except InvalidTag as wrong:
        raise CorrectionDamaged(f"correction {correction} was sealed by another secret") from wrong
    return KeyCorrection.model_validate_json(plain)


def _associated(session: str, correction: str) -> bytes:
    return f"kaochang/correction/1\n{session}\n{correction}".encode()
