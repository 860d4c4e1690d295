from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from question_bank.outline import Importance
from question_bank.quota import apportion, nested_quota
from tests.question_bank.builders import make_outline


class TestApportion:
    @given(st.integers(0, 1_000), st.lists(st.integers(0, 10_000), min_size=1, max_size=30).filter(any))
    def test_sums_and_stays_within_one_of_the_exact_share(self, total: int, weights: list[int]) -> None:
        shares = apportion(total, weights)
        assert sum(shares) == total
        for share, weight in zip(shares, weights, strict=True):
            assert total * weight // sum(weights) <= share <= total * weight // sum(weights) + 1

    def test_gives_what_is_left_to_the_largest_remainders(self) -> None:
        # Exact shares 4.7, 3.0, 1.8, 0.5: two are left.
        assert apportion(10, [47, 30, 18, 5]) == [5, 3, 2, 0]

    def test_serves_equal_remainders_in_the_order_asked_for(self) -> None:
        assert apportion(1, [1, 1, 1], ties=lambda count: list(reversed(range(count)))) == [0, 0, 1]

    def test_refuses_to_share_among_nobody(self) -> None:
        with pytest.raises(ValueError, match="positive"):
            apportion(1, [0, 0])


class TestNestedQuota:
    @given(st.integers(1, 200))
    def test_is_right_at_every_level(self, items: int) -> None:
        outline = make_outline(tops=3, subs=2, leaves=3)
        groups = nested_quota(outline, items)
        assert sum(group.items for group in groups) == items
        tops = Counter[str]()
        for group in groups:
            tops[group.path[0]] += group.items
        assert [tops[found.code] for found in outline.ranges] == apportion(
            items, [found.weight for found in outline.ranges]
        )

    def test_prefers_core_points(self) -> None:
        # One leaf a branch with points X X Y Z; three items: pulls 6, 2, 1 leave two for X, one for Y, none for Z.
        groups = nested_quota(make_outline(tops=1, subs=1, leaves=1, points=4), 3)
        assert {group.importance: group.items for group in groups} == {
            Importance.X: 2,
            Importance.Y: 1,
            Importance.Z: 0,
        }
