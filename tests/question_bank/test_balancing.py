"""Papers of one session are as hard as each other, and nothing else about them changes for it."""

from collections import Counter
from dataclasses import replace
from itertools import chain, pairwise
from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st

from question_bank.balancing import Balance
from question_bank.draw import draw
from question_bank.items import Kind
from question_bank.pinned_bank import PinnedBank
from question_bank.randomness import Stream
from question_bank.supply import Form
from tests.question_bank.builders import SECRET, make_bank, make_blueprint, make_inputs, make_outline

CELL = (0, 0, Form(Kind.SINGLE, 1))
OTHER = (0, 1, Form(Kind.SINGLE, 1))


def mixed_bank(per_point: int = 6, points: int = 6) -> PinnedBank:
    """Difficulties from 0.15 to 0.95, spread over every cell alike."""
    bank = make_bank(make_outline(points=points), {Kind.TRUE_FALSE: per_point, Kind.SINGLE: per_point})
    shares = [15 + 16 * (place * 7 % 6) for place in range(len(bank.items))]
    items = tuple(item._replace(difficulty=share) for item, share in zip(bank.items, shares, strict=True))
    return replace(bank, items=items)


class TestSpread:
    def test_papers_of_a_room_are_expected_to_score_within_half_a_point(self) -> None:
        blueprint = make_blueprint(20, 20, 0, each=250)
        report = draw(make_inputs(mixed_bank(), blueprint, attempts=40, spares=2), SECRET).report.blueprints[
            0
        ]
        assert report.expected is not None
        assert report.expected.highest - report.expected.lowest <= 50
        assert report.expected.sd <= 20

    def test_an_unknown_difficulty_counts_as_the_banks_mean_and_is_told(self) -> None:
        bank = mixed_bank()
        half = tuple(
            item._replace(difficulty=None)
            if index % 2
            else item._replace(difficulty=(30, 50)[index // 2 % 2])
            for index, item in enumerate(bank.items)
        )
        drawn = draw(make_inputs(replace(bank, items=half), make_blueprint(10, 10, 0, each=500)), SECRET)
        expected = drawn.report.blueprints[0].expected
        assert expected is not None
        known = {item.code for item in half if item.difficulty is not None}
        used = {slot.item for paper in drawn.papers for slot in paper.slots}
        assert expected.unknown == len(used - known) > 0
        assert 3_000 < expected.lowest <= expected.highest < 5_000

    def test_without_any_difficulty_nothing_is_said_of_it(self) -> None:
        bank = mixed_bank()
        blind = replace(bank, items=tuple(item._replace(difficulty=None) for item in bank.items))
        assert (
            draw(make_inputs(blind, make_blueprint(10, 10, 0)), SECRET).report.blueprints[0].expected is None
        )


class TestBalance:
    @settings(max_examples=60, deadline=None)
    @given(st.randoms(use_true_random=False), st.integers(2, 14), st.integers(1, 6))
    def test_moves_items_and_nothing_else(self, chance: Random, papers: int, width: int) -> None:
        """Each paper: some items of one cell, some of another; every item is about one of so many points."""
        point_of = [item % 9 for item in range(90)]
        worth = [chance.randrange(100) for _ in point_of]
        # Items about points 0 to 4 are of one cell, the others of another, as groups of points are.
        dealt = [
            [chance.choice(range(point, 90, 9)) for point in chance.sample(range(5), min(width, 5))]
            + [chance.choice(range(point, 90, 9)) for point in chance.sample(range(5, 9), min(width, 4))]
            for _ in range(papers)
        ]
        before = [list(paper) for paper in dealt]
        layout = (CELL,) * min(width, 5) + (OTHER,) * min(width, 4)
        balance = Balance(dealt, [layout], [0] * papers, [worth] * len(layout), point_of)
        apart = max(balance.totals) - min(balance.totals)
        balance.settle(Stream(SECRET, "balance"), 0)
        assert max(balance.totals) - min(balance.totals) <= apart
        assert balance.totals == [sum(worth[item] for item in paper) for paper in dealt]
        assert Counter(chain.from_iterable(before)) == Counter(chain.from_iterable(dealt))
        shared = [len(set(a) & set(b)) for a, b in pairwise(before)]
        assert all(len(set(a) & set(b)) <= was for (a, b), was in zip(pairwise(dealt), shared, strict=True))
        for paper in dealt:
            places = [point_of[item] for item in paper]
            assert len(set(places)) == len(places)
            assert [place < 5 for place in places] == [cell == CELL for cell in layout]

    def test_brings_two_papers_together_by_the_largest_exchange_that_fits(self) -> None:
        worth = [90, 80, 10, 20]
        dealt = [[0, 1], [2, 3]]
        balance = Balance(dealt, [(CELL, OTHER)], [0, 0], [worth, worth], [0, 1, 0, 1])
        balance.settle(Stream(SECRET, "balance"), 0)
        # Exchanging 90 and 10 would only turn the papers round.
        assert dealt == [[0, 3], [2, 1]]
        assert balance.totals == [110, 90]

    def test_never_gives_a_paper_what_its_neighbour_has(self) -> None:
        worth = [90, 80, 10, 20, 50]
        dealt = [[0, 1], [2, 3], [4, 1], [0, 4]]
        balance = Balance(dealt, [(CELL, CELL)], [0] * 4, [worth, worth], [0, 1, 2, 3, 4])
        before = [len(set(a) & set(b)) for a, b in pairwise(dealt)]
        balance.settle(Stream(SECRET, "balance"), 0)
        assert all(len(set(a) & set(b)) <= was for (a, b), was in zip(pairwise(dealt), before, strict=True))
