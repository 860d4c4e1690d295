"""Finding items among tens of thousands, in memory: one folded text for each, and a pass over all."""

import re
import unicodedata
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from html import unescape
from typing import NamedTuple

from question_bank.items import Item, Kind
from server.bank.rules import ItemState

EXCERPT_CHARS = 120
"""Characters of a stem in a list."""

WORDS_MAX = 16
"""Words of one search; further ones are not looked at."""

FACET_TAGS_MAX = 200
"""Tags counted beside a list, the most frequent."""

_TAG = re.compile(r"<[^>]*>")
_SPACE = re.compile(r"\s+")


class Sort(StrEnum):
    """How a list is ordered."""

    CODE = "code"
    NEWEST = "newest"
    KIND = "kind"
    POINT = "point"
    STATE = "state"
    DIFFICULTY = "difficulty"


class Listed(NamedTuple):
    """One item as lists show it; ``text`` is what searches look in."""

    code: str
    version: int
    kind: Kind
    stem: str
    point: str
    difficulty: int | None
    tags: tuple[str, ...]
    state: ItemState
    by: str
    at: int
    text: str


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is searched for; what is empty restricts nothing. ``q``: all of its words must stand in the item."""

    q: str = ""
    kinds: frozenset[Kind] = frozenset()
    states: frozenset[ItemState] = frozenset()
    points: frozenset[str] = frozenset()
    tags: frozenset[str] = frozenset()
    difficulty_min: int | None = None
    difficulty_max: int | None = None
    sort: Sort = Sort.CODE
    descending: bool = False


@dataclass(frozen=True, slots=True)
class Found:
    """Everything that was found, in order, and how it divides."""

    items: Sequence[Listed]
    kinds: dict[str, int]
    states: dict[str, int]
    points: dict[str, int]
    tags: dict[str, int]


def listed(item: Item, tags: tuple[str, ...], state: ItemState, by: str, at: int) -> Listed:
    """An item made ready to be searched."""
    stem = plain(item.stem, item.markup)
    parts = [item.code, stem, *tags, item.point]
    for asked in (item, *item.parts):
        parts += [plain(text, asked.markup) for text in (*asked.options, *asked.premises, asked.solution)]
        parts += [text for blank in asked.blanks for text in blank.accepted]
    parts += [plain(part.stem, part.markup) for part in item.parts]
    excerpt = stem if len(stem) <= EXCERPT_CHARS else stem[: EXCERPT_CHARS - 1] + "…"
    return Listed(
        item.code,
        item.version,
        item.kind,
        excerpt,
        item.point,
        item.difficulty,
        tags,
        state,
        by,
        at,
        searchable("\n".join(parts)),
    )


def plain(text: str, markup: str) -> str:
    """A text without its HTML, on one line."""
    if markup == "html":
        text = unescape(_TAG.sub(" ", text))
    return _SPACE.sub(" ", text).strip()


def searchable(text: str) -> str:
    """As compared in searches: NFKC, without case."""
    return unicodedata.normalize("NFKC", text).casefold()


def search(items: Sequence[Listed], wanted: Wanted) -> Found:
    """What is wanted of these items; 20,000 take some tens of milliseconds."""
    found: Sequence[Listed] = items
    for word in searchable(wanted.q).split()[:WORDS_MAX]:
        found = [each for each in found if word in each.text]
    found = [each for each in found if _fits(each, wanted)] if _restricts(wanted) else found
    tags = Counter(tag for each in found for tag in each.tags)
    return Found(
        _sorted(found, wanted),
        dict(Counter(each.kind.value for each in found)),
        dict(Counter(each.state.value for each in found)),
        dict(Counter(each.point for each in found)),
        dict(tags.most_common(FACET_TAGS_MAX)),
    )


def _restricts(wanted: Wanted) -> bool:
    return bool(wanted.kinds or wanted.states or wanted.points or wanted.tags) or (
        wanted.difficulty_min is not None or wanted.difficulty_max is not None
    )


def _fits(item: Listed, wanted: Wanted) -> bool:
    if wanted.kinds and item.kind not in wanted.kinds:
        return False
    if wanted.states and item.state not in wanted.states:
        return False
    if wanted.points and item.point not in wanted.points:
        return False
    if wanted.tags and not wanted.tags <= set(item.tags):
        return False
    least, most = wanted.difficulty_min, wanted.difficulty_max
    if least is None and most is None:
        return True
    return item.difficulty is not None and (least or 0) <= item.difficulty <= (100 if most is None else most)


def _sorted(found: Sequence[Listed], wanted: Wanted) -> Sequence[Listed]:
    if wanted.sort is Sort.CODE:
        return found[::-1] if wanted.descending else found
    if wanted.sort is Sort.NEWEST:
        return sorted(found, key=lambda each: (-each.at, each.code), reverse=wanted.descending)
    if wanted.sort is Sort.DIFFICULTY:
        # Unknown ones last, in either direction.
        known = [each for each in found if each.difficulty is not None]
        known.sort(key=lambda each: (each.difficulty or 0, each.code), reverse=wanted.descending)
        return [*known, *(each for each in found if each.difficulty is None)]
    name = wanted.sort.value
    return sorted(found, key=lambda each: (str(getattr(each, name)), each.code), reverse=wanted.descending)
