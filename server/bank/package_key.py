"""The key of a session package in two parts, as people carry them: neither part alone says anything about the key.

Part one is 32 random bytes, part two is the key XOR part one. Each is written as 14 groups of four characters: 52 that
carry the bytes (base32 with letters nobody mistakes for digits, after Crockford) and four that check them against the
package and the part's number, so that a slip of the pen, the other part or another package's is told at once.
"""

import hashlib
import os
import unicodedata

KEY_BYTES = 32
_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_VALUE_CHARS = 52
_CHECK_CHARS = 4
_GROUP = 4
PART_CHARS_MAX = 200
"""Characters a typed part may have, spaces and all."""

_MISTAKEN = str.maketrans({"I": "1", "L": "1", "O": "0"})


def split(key: bytes) -> tuple[bytes, bytes]:
    """Two parts of a key, both needed."""
    first = os.urandom(KEY_BYTES)
    return first, joined(first, key)


def joined(first: bytes, second: bytes) -> bytes:
    """What two parts come to."""
    return bytes(one ^ other for one, other in zip(first, second, strict=True))


def written(part: bytes, number: int, package: str) -> str:
    """A part as it is shown once: 14 groups of four characters."""
    text = _spelled(int.from_bytes(part), _VALUE_CHARS) + _check(part, number, package)
    return " ".join(text[at : at + _GROUP] for at in range(0, len(text), _GROUP))


def read(typed: str, package: str) -> tuple[int, bytes] | None:
    """Which part of this package was typed, 1 or 2, and its bytes; None when it is neither."""
    plain = unicodedata.normalize("NFKC", typed[:PART_CHARS_MAX]).upper().translate(_MISTAKEN)
    text = "".join(each for each in plain if each not in " -\t\r\n")
    if len(text) != _VALUE_CHARS + _CHECK_CHARS or not set(text) <= set(_ALPHABET):
        return None
    value = 0
    for each in text[:_VALUE_CHARS]:
        value = value * 32 + _ALPHABET.index(each)
    if value.bit_length() > 8 * KEY_BYTES:
        return None
    part = value.to_bytes(KEY_BYTES)
    for number in (1, 2):
        if _check(part, number, package) == text[_VALUE_CHARS:]:
            return number, part
    return None


def _check(part: bytes, number: int, package: str) -> str:
    digest = hashlib.sha256(f"kaochang/package part/1\n{package}\n{number}\n".encode() + part).digest()
    return _spelled(int.from_bytes(digest[:3]) >> 4, _CHECK_CHARS)


def _spelled(value: int, chars: int) -> str:
    return "".join(_ALPHABET[value >> (5 * place) & 31] for place in reversed(range(chars)))
