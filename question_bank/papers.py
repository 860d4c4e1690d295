"""Paper 试卷: the fixed, ordered items one attempt gets. It names items and orders; it holds no text and no
key.
"""

import hashlib
import json
from dataclasses import dataclass
from typing import NamedTuple

from pydantic import TypeAdapter

ItemRef = tuple[str, int]
"""Code and version of an item: the version pinned for ever by the papers that use it."""


class Slot(NamedTuple):
    """One numbered place of a paper.

    number: from 1 through the whole paper. section: index into the blueprint's sections. option_order: for
    each displayed letter from A, the index of the option in the item, () where none are shown. part: which part
    of a case, from 0; None for an item that is asked whole.
    """

    number: int
    section: int
    item: str
    version: int
    option_order: tuple[int, ...]
    part: int | None = None


@dataclass(frozen=True, slots=True)
class DrawnPaper:
    """What one attempt sits. A spare has no attempt yet and a number from 1; a seated paper has spare 0."""

    blueprint: str
    attempt: str | None
    spare: int
    slots: tuple[Slot, ...]


_PAPER = TypeAdapter(DrawnPaper)


def drawn_digest(paper: DrawnPaper) -> str:
    """SHA-256 (hex) over blueprint, items and orders, whoever gets them: a spare keeps its digest when it is given."""
    plain = json.dumps([paper.blueprint, paper.slots], ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(b"kaochang drawn paper 2\n" + plain.encode("utf-8", "surrogatepass")).hexdigest()


def paper_json(paper: DrawnPaper) -> bytes:
    """The paper as JSON, slots as arrays; paper_from_json reads it back to an equal value."""
    return _PAPER.dump_json(paper)


def paper_from_json(raw: bytes | str) -> DrawnPaper:
    """The paper written by paper_json. Raises pydantic.ValidationError for anything else."""
    return _PAPER.validate_json(raw)
