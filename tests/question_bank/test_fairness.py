"""Everybody is treated alike: statistics of many draws with fixed secrets.

A bound is the mean of a chi-square and five of its standard deviations, or five standard errors: a fair draw passes
with these secrets, and a biased one by far not.
"""

from collections import Counter
from dataclasses import replace
from functools import lru_cache
from itertools import combinations
from statistics import mean

import pytest

from question_bank.commitment import DrawInputs, DrawMode
from question_bank.draw import draw
from question_bank.items import Kind
from question_bank.papers import DrawnPaper
from question_bank.pinned_bank import PinnedBank
from question_bank.randomness import Stream
from tests.question_bank.builders import SECRET, make_bank, make_blueprint, make_inputs, make_outline

ROUNDS = 400
SEATS = 6


def _uneven_bank(points: int = 8, per_point: int = 3) -> PinnedBank:
    """One range; difficulties from very hard to very easy in every cell."""
    bank = make_bank(make_outline(1, 1, 1, points), {Kind.SINGLE: per_point})
    items = tuple(item._replace(difficulty=5 + 13 * (place * 5 % 8)) for place, item in enumerate(bank.items))
    return replace(bank, items=items)


@lru_cache
def _inputs() -> DrawInputs:
    return make_inputs(_uneven_bank(), make_blueprint(0, 4, 0, each=500), attempts=SEATS)


@lru_cache
def _many_draws() -> list[tuple[DrawnPaper, ...]]:
    return [draw(_inputs(), number.to_bytes(32, "big")).papers for number in range(ROUNDS)]


def _chi_square(counts: Counter[str], expected: float) -> float:
    return sum((count - expected) ** 2 / expected for count in counts.values())


class TestInclusion:
    @pytest.mark.parametrize("seat", range(SEATS))
    @pytest.mark.parametrize("importance", ["X", "Y"])
    def test_a_seat_meets_every_item_of_a_cell_equally_often(self, seat: int, importance: str) -> None:
        bank = _inputs().banks[0]
        assert bank.outline is not None
        points = {point.code for point in bank.outline.points if point.importance == importance}
        cell = [item.code for item in bank.items if item.point in points]
        met = Counter(
            slot.item for papers in _many_draws() for slot in papers[seat].slots if slot.item in cell
        )
        drawn = sum(met.values())
        assert drawn == ROUNDS * (3 if importance == "X" else 1)
        counts = Counter({code: met[code] for code in cell})
        freedom = len(cell) - 1
        assert _chi_square(counts, drawn / len(cell)) < freedom + 5 * (2 * freedom) ** 0.5

    def test_no_seat_gets_the_harder_papers(self) -> None:
        """The mean difficulty of each seat's papers over all draws is the same within five standard errors."""
        difficulty = {item.code: item.difficulty or 0 for item in _inputs().banks[0].items}
        scores = [
            [sum(difficulty[slot.item] for slot in papers[seat].slots) for papers in _many_draws()]
            for seat in range(SEATS)
        ]
        overall = mean(value for seat in scores for value in seat)
        for seat in scores:
            spread = (sum((value - overall) ** 2 for value in seat) / len(seat)) ** 0.5
            assert abs(mean(seat) - overall) <= 5 * spread / len(seat) ** 0.5 + 1e-9

    def test_an_item_that_is_hard_is_met_with_easy_ones_and_not_by_certain_seats(self) -> None:
        """Correlation of seat number and a paper's difficulty, before anything brings papers together."""
        bank = _inputs().banks[0]
        blind = replace(bank, items=tuple(item._replace(difficulty=None) for item in bank.items))
        inputs = replace(_inputs(), banks=(blind,))
        difficulty = {item.code: item.difficulty or 0 for item in bank.items}
        pairs = [
            (seat, sum(difficulty[slot.item] for slot in paper.slots))
            for number in range(ROUNDS // 2)
            for seat, paper in enumerate(draw(inputs, number.to_bytes(32, "big")).papers)
        ]
        middle, level = mean(seat for seat, _ in pairs), mean(score for _, score in pairs)
        together = sum((seat - middle) * (score - level) for seat, score in pairs)
        apart = sum((seat - middle) ** 2 for seat, _ in pairs) * sum((s - level) ** 2 for _, s in pairs)
        assert abs(together / apart**0.5) < 5 / len(pairs) ** 0.5


class TestOverlap:
    def test_papers_at_any_distance_share_what_chance_gives(self) -> None:
        """Beyond neighbours, no distance is special: a deck dealt in the same order again would show here."""
        bank = make_bank(make_outline(points=8), {Kind.SINGLE: 4})
        papers = draw(make_inputs(bank, make_blueprint(0, 24, 0), attempts=400), SECRET).papers
        sets = [frozenset(slot.item for slot in paper.slots) for paper in papers]
        uses = Counter(item for one in sets for item in one)
        pairs = len(sets) * (len(sets) - 1)
        expected = sum(count * (count - 1) for count in uses.values()) / pairs
        for distance in range(30, 120):
            shared = [len(one & other) for one, other in zip(sets, sets[distance:], strict=False)]
            # A shared item is a rare event: the variance of their number is at most its mean.
            assert abs(mean(shared) - expected) < 5 * (expected / len(shared)) ** 0.5, distance

    def test_no_pair_of_a_room_shares_much_more_than_the_others(self) -> None:
        papers = draw(make_inputs(_uneven_bank(48, 2), make_blueprint(0, 24, 0), attempts=40), SECRET).papers
        sets = [frozenset(slot.item for slot in paper.slots) for paper in papers]
        shared = [len(one & other) for one, other in combinations(sets, 2)]
        average = mean(shared)
        assert max(shared) < average + 6 * average**0.5


class TestPlaces:
    @pytest.mark.parametrize("mode", DrawMode)
    def test_the_right_option_stands_at_every_letter_equally_often(self, mode: DrawMode) -> None:
        bank = make_bank(make_outline(), {Kind.SINGLE: 2})
        papers = draw(make_inputs(bank, make_blueprint(0, 40, 0), attempts=100, mode=mode), SECRET).papers
        places = Counter(str(slot.option_order.index(1)) for paper in papers for slot in paper.slots)
        assert _chi_square(places, 1_000) < 3 + 5 * 6**0.5

    def test_every_order_of_options_is_seen_equally_often(self) -> None:
        """Three, four and five options share one table of numbers; each keeps its own uniform order."""
        orders = {2: 2, 3: 6, 4: 24, 5: 120}
        bank = make_bank(make_outline(points=8), {Kind.SINGLE: 1})
        items = tuple(item._replace(options=2 + place % 4) for place, item in enumerate(bank.items))
        inputs = make_inputs(replace(bank, items=items), make_blueprint(0, 60, 0), attempts=600)
        seen: dict[int, Counter[str]] = {options: Counter() for options in orders}
        for paper in draw(inputs, SECRET).papers:
            for slot in paper.slots:
                seen[len(slot.option_order)][str(slot.option_order)] += 1
        for options, number in orders.items():
            assert len(seen[options]) == number
            expected = sum(seen[options].values()) / number
            assert _chi_square(seen[options], expected) < number - 1 + 5 * (2 * (number - 1)) ** 0.5

    def test_numbers_read_together_are_those_read_one_by_one(self) -> None:
        for bound in (1, 2, 24, 120, 255, 256, 257, 1_000):
            together, alone = Stream(SECRET, "x"), Stream(SECRET, "x")
            assert together.several_below(bound, 300) == [alone.below(bound) for _ in range(300)]
