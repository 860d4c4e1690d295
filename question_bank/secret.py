"""The draw's secret: a part of the server's, promised when the session is planned, and a part each of two people.

Nobody can choose the outcome: the server's part is fixed before any person's, no person knows it or the other's part,
and every digest stands on the ledger before the next part is given. See docs/decisions/0011.
"""

import hashlib
import hmac
import unicodedata
from collections.abc import Sequence

PEOPLE = 2
SERVER_PART_BYTES = 32
SALT_BYTES = 16
# Characters: eight rolls of a die are the least that is taken; a sentence is more.
PART_CHARS_MIN = 8
PART_CHARS_MAX = 200

_SALT = b"kaochang draw secret 2"


class BadPart(ValueError):
    """A part that is too short or too long."""


def part_text(entered: str) -> str:
    """A person's part as it counts: NFC, without white space around it. Raises BadPart."""
    text = unicodedata.normalize("NFC", entered).strip()
    if not PART_CHARS_MIN <= len(text) <= PART_CHARS_MAX:
        raise BadPart(f"a part has {PART_CHARS_MIN} to {PART_CHARS_MAX} characters, this one {len(text)}")
    return text


def server_digest(session: str, server_part: bytes) -> str:
    """What the ledger says of the server's part: SHA-256, which 32 random bytes hide behind."""
    return hashlib.sha256(f"kaochang draw server part 2\n{session}\n".encode() + server_part).hexdigest()


def part_digest(session: str, number: int, salt: bytes, text: str) -> str:
    """What the ledger says of a person's part. The salt is kept with the part: rolls of a die could be guessed."""
    said = f"kaochang draw part 2\n{session}\n{number}\n".encode() + salt + b"\n"
    return hashlib.sha256(said + text.encode("utf-8", "surrogatepass")).hexdigest()


def draw_secret(server_part: bytes, parts: Sequence[str], session: str, subject: str) -> bytes:
    """The 32-byte secret of one subject's draw: HKDF-SHA256 (RFC 5869) over all parts, each behind its length."""
    if len(parts) != PEOPLE:
        raise ValueError(f"a draw needs {PEOPLE} people's parts, not {len(parts)}")
    material = b"".join(
        len(part).to_bytes(4, "big") + part
        for part in (server_part, *(text.encode("utf-8", "surrogatepass") for text in parts))
    )
    key = hmac.digest(_SALT, material, "sha256")
    return hmac.digest(key, f"kaochang/draw/2\n{session}\n{subject}".encode() + b"\x01", "sha256")
