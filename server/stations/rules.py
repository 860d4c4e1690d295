"""A station's lifecycle and its enrolment secret: pure, knows no table and no clock.

``expected → enrolled → retired``; a wiped station enrols again with a new secret and stays enrolled, a retired one is
expected again once it is given a new secret.
"""

import base64
import hashlib
import secrets
from enum import StrEnum

SECRET_BYTES = 20


class StationState(StrEnum):
    """Where a station stands."""

    EXPECTED = "expected"
    ENROLLED = "enrolled"
    RETIRED = "retired"


def station_id(room: str, seat: int) -> str:
    """The id of the station at a seat: the machine there may change, the place does not."""
    return f"{room}.{seat}"


def new_secret() -> str:
    """A one-use secret of 160 bits, in capital letters and digits."""
    return base64.b32encode(secrets.token_bytes(SECRET_BYTES)).decode()


def secret_digest(secret: str) -> str:
    """What is kept of a secret."""
    return hashlib.sha256(secret.strip().upper().encode()).hexdigest()
