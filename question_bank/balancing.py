"""Bringing papers close in difficulty by exchanging dealt items of the same cell.

An exchange leaves everything else as it was dealt: sections, ranges, points, how often an item is used, and what
neighbours share. It looks at expected scores alone and never at seats, so every seat keeps the same chance of every
item.
"""

from collections import defaultdict
from collections.abc import Sequence
from itertools import product

from question_bank.dealing import CellKey
from question_bank.randomness import Stream

# A hall is settled after three or four rounds; more are for rooms in which few items can be exchanged.
ROUNDS_MAX = 24
# Pairs of places tried for one cell of two papers: all of three by three, some of more.
_PAIRS_OF_CELL_MAX = 9

Places = list[tuple[int, int]]
"""Places of one paper and of another that hold items of the same cell."""


class Balance:
    """Papers as flat lists of items, section after section, changed in place.

    layouts: the cell of every place, for each way papers are laid out; layout_of: each paper's. worth: for every place
    what an item there is expected to give, by item. Papers are numbered in dealing order: neighbours follow each other.
    """

    def __init__(
        self,
        papers: list[list[int]],
        layouts: Sequence[tuple[CellKey, ...]],
        layout_of: Sequence[int],
        worth: Sequence[Sequence[int]],
        point_of: Sequence[int],
    ) -> None:
        """Papers as dealt."""
        self._papers = papers
        self._cells = [_by_cell(layout) for layout in layouts]
        self._layout_of = layout_of
        self._point_of = point_of
        self._values = [
            [by_item[item] for by_item, item in zip(worth, paper, strict=True)] for paper in papers
        ]
        self._sets = [set(paper) for paper in papers]
        self._points = [{point_of[item] for item in paper} for paper in papers]
        self._places: dict[tuple[int, int], Places] = {}
        self.totals = [sum(values) for values in self._values]

    def settle(self, stream: Stream, close: int) -> None:
        """Exchange between papers expected to score high and low until no two are further apart than close."""
        ranked = stream.permutation(len(self._papers))
        totals = self.totals
        for turn in range(ROUNDS_MAX):
            ranked.sort(key=totals.__getitem__)
            if not ranked or totals[ranked[-1]] - totals[ranked[0]] <= close:
                return
            half = len(ranked) // 2
            lower, upper = ranked[:half], ranked[::-1][:half]
            # Two papers that cannot exchange now meet others in the next round.
            for low, high in zip(lower[turn % half :] + lower[: turn % half], upper, strict=True):
                if totals[high] - totals[low] > close:
                    self._exchange(high, low, close)

    def _exchange(self, high: int, low: int, close: int) -> None:
        """Move what one paper is expected to score beyond another's; the largest exchanges that fit come first."""
        above, below = self._values[high], self._values[low]
        apart = self.totals[high] - self.totals[low]
        gains = [
            (gain, here, there)
            for here, there in self._places_of(high, low)
            if 0 < (gain := above[here] - below[there]) < apart
        ]
        gains.sort(reverse=True)
        used_high: set[int] = set()
        used_low: set[int] = set()
        for gain, here, there in gains:
            if 2 * gain > apart or here in used_high or there in used_low:
                continue
            if self._fits(high, low, here, there):
                self._swap(high, low, here, there, gain)
                used_high.add(here)
                used_low.add(there)
                apart -= 2 * gain
                if apart <= close:
                    break

    def _places_of(self, high: int, low: int) -> Places:
        key = self._layout_of[high], self._layout_of[low]
        places = self._places.get(key)
        if places is None:
            places = self._places[key] = _matching(self._cells[key[0]], self._cells[key[1]])
        return places

    def _fits(self, high: int, low: int, here: int, there: int) -> bool:
        """Whether neither paper would ask about a point twice or share a further item with a neighbour."""
        leaves, comes = self._papers[high][here], self._papers[low][there]
        out, into = self._point_of[leaves], self._point_of[comes]
        if out != into and (into in self._points[high] or out in self._points[low]):
            return False
        return self._parts(high, leaves, comes, low) and self._parts(low, comes, leaves, high)

    def _parts(self, paper: int, leaves: int, comes: int, giver: int) -> bool:
        """Whether a paper shares no more with either neighbour afterwards; what the giver gives it shares no more."""
        sets = self._sets
        for neighbour in (paper - 1, paper + 1):
            if 0 <= neighbour < len(sets) and neighbour != giver:
                beside = sets[neighbour]
                if comes in beside and leaves not in beside:
                    return False
        return True

    def _swap(self, high: int, low: int, here: int, there: int, gain: int) -> None:
        papers, values = self._papers, self._values
        leaves, comes = papers[high][here], papers[low][there]
        papers[high][here], papers[low][there] = comes, leaves
        values[high][here], values[low][there] = values[low][there], values[high][here]
        for paper, lost, won in ((high, leaves, comes), (low, comes, leaves)):
            self._sets[paper].discard(lost)
            self._sets[paper].add(won)
            self._points[paper].discard(self._point_of[lost])
            self._points[paper].add(self._point_of[won])
        self.totals[high] -= gain
        self.totals[low] += gain


def _by_cell(layout: tuple[CellKey, ...]) -> dict[CellKey, list[int]]:
    places: defaultdict[CellKey, list[int]] = defaultdict(list)
    for place, cell in enumerate(layout):
        places[cell].append(place)
    return dict(places)


def _matching(one: dict[CellKey, list[int]], other: dict[CellKey, list[int]]) -> Places:
    """Pairs of places that hold items of the same cell, in the order of the first layout."""
    found: Places = []
    for cell, here in one.items():
        there = other.get(cell)
        if there is None:
            continue
        if len(here) * len(there) <= _PAIRS_OF_CELL_MAX:
            found += product(here, there)
            continue
        # Three turns of the longer against the shorter: enough to choose from, and no square of a large cell.
        longer = max(len(here), len(there))
        for turn in range(3):
            found += [
                (here[index % len(here)], there[(index + turn) % len(there)]) for index in range(longer)
            ]
    return found
