"""Ed25519 keys of stations and rooms: how a statement is signed, checked, and how a key is named.

Every signature covers a purpose as well as the bytes, so that a signed head can never pass for a signed order.
"""

import base64
import binascii
import hashlib
from enum import StrEnum

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey


class Purpose(StrEnum):
    """What a signature is for."""

    LINK = "kaochang/link/1"
    HEAD = "kaochang/head/1"
    PICTURE = "kaochang/picture/1"
    ORDER = "kaochang/order/1"
    BUNDLE = "kaochang/bundle/1"
    ENROLMENT = "kaochang/enrolment/1"


class BadKey(ValueError):
    """What was given is no Ed25519 key in the form asked for: 32 public bytes in base64, or a private key in PEM."""


class SigningKey:
    """A private key that signs for one author."""

    def __init__(self, private: Ed25519PrivateKey) -> None:
        self._private = private
        self.public = encode(private.public_key().public_bytes_raw())

    @classmethod
    def generate(cls) -> "SigningKey":
        """Make a new key from the system's randomness."""
        return cls(Ed25519PrivateKey.generate())

    @classmethod
    def from_pem(cls, pem: bytes) -> "SigningKey":
        """Read an unencrypted PKCS#8 PEM; raises :class:`BadKey`."""
        try:
            key = serialization.load_pem_private_key(pem, password=None)
        except (ValueError, TypeError, UnsupportedAlgorithm) as error:
            raise BadKey("no unencrypted private key in PEM") from error
        if not isinstance(key, Ed25519PrivateKey):
            raise BadKey("not an Ed25519 private key")
        return cls(key)

    def to_pem(self) -> bytes:
        """The private key as PKCS#8 PEM."""
        return self._private.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )

    def to_raw(self) -> bytes:
        """The 32 secret bytes, as input of a key derivation."""
        return self._private.private_bytes_raw()

    def sign(self, purpose: Purpose, statement: str) -> str:
        """Sign a statement's exact text; base64 of 64 bytes."""
        return encode(self._private.sign(_covered(purpose, statement)))


def verify(public: str, purpose: Purpose, statement: str, signature: str) -> bool:
    """Whether ``signature`` over the exact text is that of the key ``public`` (base64 of 32 bytes)."""
    try:
        key = Ed25519PublicKey.from_public_bytes(decode(public))
        key.verify(decode(signature), _covered(purpose, statement))
    except (InvalidSignature, ValueError):
        return False
    return True


def check_public(public: str) -> str:
    """Return ``public`` when it is a key; raises :class:`BadKey`."""
    try:
        Ed25519PublicKey.from_public_bytes(decode(public))
    except ValueError as error:
        raise BadKey("not an Ed25519 public key in base64") from error
    return public


def fingerprint(public: str) -> str:
    """A key's name for people: the SHA-256 of its bytes in hexadecimal, in groups of four, sixteen groups."""
    digest = hashlib.sha256(decode(public)).hexdigest()
    return " ".join(digest[i : i + 4] for i in range(0, 64, 4))


def same_fingerprint(one: str, other: str) -> bool:
    """Whether two fingerprints are the same, however they were typed (spaces, colons, case)."""
    bare = [text.replace(" ", "").replace(":", "").replace("-", "").lower() for text in (one, other)]
    return len(bare[0]) == 64 and bare[0] == bare[1]


def encode(data: bytes) -> str:
    """Bytes as base64."""
    return base64.b64encode(data).decode()


def decode(text: str) -> bytes:
    """Base64 as bytes; raises ValueError."""
    try:
        return base64.b64decode(text, validate=True)
    except binascii.Error as error:
        raise ValueError("not base64") from error


def _covered(purpose: Purpose, statement: str) -> bytes:
    return purpose.encode() + b"\n" + statement.encode()
