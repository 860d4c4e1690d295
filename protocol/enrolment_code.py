"""The code that is typed at a machine to make it a station: part of the CA's fingerprint, then a one-use secret.

Twenty-five characters in five groups. The first fifteen are 75 bits of the SHA-256 of the room's CA certificate: a
machine believes nobody who shows another CA, and tells them nothing. The last ten are 50 bits of a secret that is
used once and guessed at by nobody in the time it lives. The alphabet is Crockford's: O is read as 0, I and L as 1.
"""

import hashlib
import secrets
import ssl
from typing import Final, NamedTuple

ALPHABET: Final = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
FINGERPRINT_CHARS: Final = 15
SECRET_CHARS: Final = 10
GROUP_CHARS: Final = 5

_READ_AS: Final = str.maketrans({"O": "0", "I": "1", "L": "1"})
_BETWEEN: Final = str.maketrans("", "", "-–— \t\u3000")


class NotACode(ValueError):
    """What was typed is no enrolment code."""


class EnrolmentCode(NamedTuple):
    """A code as it is used: what the CA must hash to, and the secret."""

    fingerprint: str
    secret: str

    def __str__(self) -> str:
        """As it is shown and typed."""
        text = self.fingerprint + self.secret
        return "-".join(text[at : at + GROUP_CHARS] for at in range(0, len(text), GROUP_CHARS))

    def trusts(self, ca_pem: str) -> bool:
        """Whether this is the CA the code was made for; False for what is no certificate."""
        try:
            return secrets.compare_digest(fingerprint_part(ca_pem), self.fingerprint)
        except ValueError:
            return False


def new_secret() -> str:
    """A one-use secret of 50 bits, short enough to be typed."""
    return "".join(secrets.choice(ALPHABET) for _ in range(SECRET_CHARS))


def fingerprint_part(ca_pem: str) -> str:
    """The first 75 bits of the SHA-256 of a CA certificate; raises ValueError when it is none."""
    digest = hashlib.sha256(ssl.PEM_cert_to_DER_cert(ca_pem.strip())).digest()
    number = int.from_bytes(digest, "big") >> (256 - 5 * FINGERPRINT_CHARS)
    return "".join(ALPHABET[number >> 5 * place & 31] for place in reversed(range(FINGERPRINT_CHARS)))


def read(text: str) -> EnrolmentCode:
    """Read what was typed, groups and case aside; raises :class:`NotACode`."""
    found = text.upper().translate(_BETWEEN).translate(_READ_AS)
    if len(found) != FINGERPRINT_CHARS + SECRET_CHARS or not set(found) <= set(ALPHABET):
        raise NotACode(
            f"a code has {FINGERPRINT_CHARS + SECRET_CHARS} letters and digits in groups of {GROUP_CHARS}"
        )
    return EnrolmentCode(found[:FINGERPRINT_CHARS], found[FINGERPRINT_CHARS:])
