"""Items that say nearly the same: found for all of a bank at once, the same whatever machine looks.

Texts are compared by the pairs of characters they hold (Jaccard similarity). Two texts that share four fifths of their
pairs must share one among the rarest pairs of each; so only items that meet under a rare pair are compared, which is
the prefix filter of Chaudhuri, Ganti and Kaushik, "A primitive operator for similarity joins" (ICDE 2006).
"""

import math
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from heapq import nlargest
from itertools import chain
from operator import add

from question_bank.items import Item, folded

SIMILAR_PERCENT = 80
"""From here on two items are nearly the same (ours)."""

PAIRS_MIN = 8
"""Texts of fewer different pairs of characters are too short to be called similar."""

COMPARED_MAX = 8
"""Items one item is compared with at most, those it shares the most rare pairs with: a bank made from one pattern would
otherwise be compared as a whole with each of its items."""

MEETING_MAX = 30
"""Items that are remembered under one pair; what more than these share is no trace of a copy."""

MET_MAX = 120
"""Items counted as met under an item's rare pairs, the rarest first; further pairs are not looked at."""

_SAYS_NOTHING = re.compile(r"[\W_]+")


@dataclass(frozen=True, slots=True)
class NearDuplicate:
    """Two items by their places in the sequence, and how much of their text they share, in percent (rounded down)."""

    place: int
    earlier: int
    percent: int


def near_duplicates(items: Sequence[Item], *, since: int = 0) -> Iterator[NearDuplicate]:
    """For each item from place ``since`` on the earlier one most like it, where that is SIMILAR_PERCENT or more.

    Two items of exactly the same words are not among them: they are duplicates, or differ in what is not a word.
    """
    said = [_words(item) for item in items]
    # Unlike a set, these keep their order, and with it which of two equally rare pairs is the rarer.
    held = [dict.fromkeys(map(add, text, text[1:])) for text in said]
    counts = Counter(chain.from_iterable(held))
    ranks = {pair: rank for rank, pair in enumerate(sorted(counts, key=counts.__getitem__))}
    # Pairs from here on stand in more than one text.
    shared_from = sum(1 for count in counts.values() if count == 1)
    pairs = [frozenset(map(ranks.__getitem__, each)) for each in held]
    meeting: dict[int, list[int]] = {}
    for place, own in enumerate(pairs):
        if len(own) < PAIRS_MIN:
            continue
        # Sharing 80 % of all pairs of both, two items share one of so many of the rarest of either.
        prefix = sorted(own)[: len(own) - math.ceil(len(own) * SIMILAR_PERCENT / 100) + 1]
        if place >= since:
            found = _most_like(place, own, pairs, said, _met(prefix, meeting))
            if found is not None:
                yield found
        for pair in prefix:
            if pair >= shared_from and len(met := meeting.setdefault(pair, [])) < MEETING_MAX:
                met.append(place)


def _words(item: Item) -> str:
    """What an item says, without white space and punctuation: stem, options in any order, premises, parts."""
    texts = [item.stem, *sorted(item.options), *item.premises]
    texts += [text for part in item.parts for text in (part.stem, *sorted(part.options))]
    return _SAYS_NOTHING.sub("", folded("".join(texts)).casefold())


def _met(prefix: Sequence[int], meeting: Mapping[int, Sequence[int]]) -> list[int]:
    """Earlier items under the same rare pairs, each once; of too many those that share several, and most of them."""
    under: list[int] = []
    for pair in prefix:
        under += meeting.get(pair, ())
        if len(under) >= MET_MAX:
            break
    met = Counter(under)
    if len(met) <= COMPARED_MAX:
        return list(met)
    several = [place for place, count in met.items() if count > 1]
    return nlargest(COMPARED_MAX, several or met, key=met.__getitem__)


def _most_like(
    place: int, own: frozenset[int], pairs: Sequence[frozenset[int]], said: Sequence[str], met: Sequence[int]
) -> NearDuplicate | None:
    best: NearDuplicate | None = None
    for earlier in met:
        other = pairs[earlier]
        # Sets whose sizes differ more cannot be that similar.
        if not SIMILAR_PERCENT * len(own) <= 100 * len(other) <= 10_000 * len(own) // SIMILAR_PERCENT:
            continue
        shared = len(own & other)
        percent = 100 * shared // (len(own) + len(other) - shared)
        if (
            percent >= SIMILAR_PERCENT
            and said[place] != said[earlier]
            and (best is None or percent > best.percent)
        ):
            best = NearDuplicate(place, earlier, percent)
    return best
