"""The answers of one attempt as one value, and its digest: what a receipt, a hand-in and a score speak about."""

import hashlib
from collections.abc import Mapping, Sequence

from protocol import wire


def answers_digest(answers: Mapping[int, Sequence[str]]) -> str:
    """SHA-256 over every answered item by its slot, letters sorted; an empty response is no answer.

    Seat and room hold the same answers exactly when this is the same.
    """
    given = [[slot, *sorted(answers[slot])] for slot in sorted(answers) if answers[slot]]
    return hashlib.sha256(wire.write({"answers": given}).encode()).hexdigest()


def answered(answers: Mapping[int, Sequence[str]]) -> int:
    """How many items have an answer."""
    return sum(1 for response in answers.values() if response)
