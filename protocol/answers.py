"""The answers of one attempt as one value: what fits an item, and the digest that receipts and scores speak about."""

import hashlib
from collections.abc import Mapping, Sequence

from protocol import limits, wire
from protocol.paper import SeatItem


def canonical(item: SeatItem, response: Sequence[str]) -> list[str] | None:
    """The response in the one form it is kept in, [] when nothing is answered, or None when it does not fit the item.

    Chosen letters stand sorted, each once; an order names each letter at most once; a match names one letter or "" for
    each premise; typed texts stand one for each blank.
    """
    given = list(response)
    if not any(text.strip() for text in given):
        return []
    if item.kind in ("fill_in", "short_answer"):
        places = item.blanks if item.kind == "fill_in" else 1
        short = sum(map(len, given)) <= limits.RESPONSE_CHARS_MAX
        return given if len(given) == places and short else None
    offered = {option.letter for option in item.options}
    if item.kind == "matching":
        return given if len(given) == len(item.premises) and offered.issuperset(set(given) - {""}) else None
    if not offered.issuperset(given):
        return None
    if item.kind == "ordering":
        return given if len(set(given)) == len(given) else None
    chosen = sorted(set(given))
    return chosen if item.kind == "multiple" or len(chosen) == 1 else None


def answers_digest(answers: Mapping[int, Sequence[str]]) -> str:
    """SHA-256 over every answered item by its slot, in the form of :func:`canonical`; an empty response is no answer.

    Seat and room hold the same answers exactly when this is the same.
    """
    given = [[slot, *answers[slot]] for slot in sorted(answers) if answers[slot]]
    return hashlib.sha256(wire.write({"answers": given}).encode()).hexdigest()


def answered(answers: Mapping[int, Sequence[str]]) -> int:
    """How many items have an answer."""
    return sum(1 for response in answers.values() if response)
