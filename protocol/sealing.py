"""Sealing and opening of papers, and the derivation of one session secret into keys of separate purposes."""

import hashlib
import os

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from protocol import wire
from protocol.keys import decode, encode
from protocol.paper import SealedPaper, SeatPaper

NONCE_BYTES = 12


class CannotOpen(ValueError):
    """The key does not open this paper, or the paper is not the one promised."""


def derive(secret: bytes, purpose: str, subject: str) -> bytes:
    """A 32-byte key for one purpose (``seal``, ``capture``, …) and one subject (an attempt's id)."""
    return HKDF(SHA256(), 32, salt=None, info=f"kaochang/{purpose}/{subject}".encode()).derive(secret)


def seal(paper: SeatPaper, key: bytes) -> SealedPaper:
    """Seal a paper under a 32-byte key; the digest is that of its plain text."""
    plain = wire.write(paper.to_json()).encode()
    digest = hashlib.sha256(plain).hexdigest()
    nonce = os.urandom(NONCE_BYTES)
    sealed = AESGCM(key).encrypt(nonce, plain, _associated(paper.attempt, digest))
    return SealedPaper(attempt=paper.attempt, digest=digest, nonce=encode(nonce), sealed=encode(sealed))


def open_paper(sealed: SealedPaper, key: bytes) -> SeatPaper:
    """Open a sealed paper; raises :class:`CannotOpen`."""
    try:
        plain = AESGCM(key).decrypt(
            decode(sealed.nonce), decode(sealed.sealed), _associated(sealed.attempt, sealed.digest)
        )
    except (InvalidTag, ValueError) as error:
        raise CannotOpen("the key does not open this paper") from error
    if hashlib.sha256(plain).hexdigest() != sealed.digest:
        raise CannotOpen("the paper is not the one its digest names")
    return SeatPaper.model_validate_json(plain)


def _associated(attempt: str, digest: str) -> bytes:
    return f"kaochang/paper/1\n{attempt}\n{digest}".encode()
