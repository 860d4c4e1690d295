"""What a draw may know of a bank: which items there are and what they are about, but no stem, option or
key.
"""

import hmac
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import NamedTuple

from question_bank.items import Item, Kind
from question_bank.outline import ContentOutline

Shape = tuple[Kind, int]
"""What a section asks for: a kind, and how many slots an item takes. A case is drawn whole, so a case with another
number of parts does not fit.
"""


class ItemFacts(NamedTuple):
    """One item as the draw sees it.

    options: how many it shows, 0 for none. shuffle: whether their order may change. parts: for a case, how many
    options each part shows and whether their order may change.
    """

    code: str
    version: int
    digest: str
    kind: Kind
    point: str
    options: int
    shuffle: bool
    difficulty: int | None
    parts: tuple[tuple[int, bool], ...] = ()

    @property
    def shape(self) -> Shape:
        """The kind, and how many slots the item takes."""
        return self.kind, len(self.parts) or 1

    @property
    def place(self) -> str:
        """What a paper may ask about once: the assessment point, or the item itself where the bank names
        none.
        """
        return self.point or f"item {self.code}"


def facts_of(item: Item, salt: bytes | None = None) -> ItemFacts:
    """What the draw may know of an item.

    salt: a secret that is never revealed. With it the facts name the item's content, key included, by an HMAC: who
    reads the revealed inputs cannot test guesses of a key, and whoever keeps the salt can show that an item was not
    changed. Without, as for a trial, they name code and version alone.
    """
    return ItemFacts(
        code=item.code,
        version=item.version,
        digest="" if salt is None else hmac.digest(salt, item.digest().encode(), "sha256").hex(),
        kind=item.kind,
        point=item.point,
        options=len(item.options),
        shuffle=item.shufflable,
        difficulty=_difficulty(item),
        parts=tuple((len(part.options), part.shufflable) for part in item.parts),
    )


def _difficulty(item: Item) -> int | None:
    """The item's own, or of a case that gives none the mean of its parts', rounded down."""
    parts = [part.difficulty for part in item.parts if part.difficulty is not None]
    if item.difficulty is not None or not parts or len(parts) < len(item.parts):
        return item.difficulty
    return sum(parts) // len(parts)


@dataclass(frozen=True)
class PinnedBank:
    """One version of a bank, as pinned by a session.

    code: what blueprints name as their outline. outline: None for a bank without assessment points; then
    nothing but kinds is asked of it. exposure: how often each item code was sat in past batches, absent
    meaning never.
    """

    code: str
    version: str
    outline: ContentOutline | None
    items: tuple[ItemFacts, ...]
    exposure: Mapping[str, int] = field(default_factory=dict)

    @cached_property
    def places(self) -> frozenset[str]:
        """What papers may ask about: the outline's points, or every item's place without an outline."""
        if self.outline is None:
            return frozenset(item.place for item in self.items)
        return frozenset(point.code for point in self.outline.points)

    @cached_property
    def outside(self) -> tuple[str, ...]:
        """Codes of items on no point of the outline: never drawn, always reported."""
        return tuple(item.code for item in self.items if item.place not in self.places)
