"""What two or three scores make, and to whom an answer may be shown: tables of values."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from config.hand_scoring import ThirdScore
from server.hand_scoring.rules import (
    HELD_MS,
    AttemptHandScores,
    Given,
    HandScores,
    ToAssess,
    blind_key,
    progress,
)


def answer(*scores: int, tolerance: int = 300, shown: dict[str, int] | None = None) -> ToAssess:
    given = [Given(f"a{place}", score, 0) for place, score in enumerate(scores, 1)]
    return ToAssess(6, 10, 2_500, tolerance, 50, given, shown or {})


@pytest.mark.parametrize(
    ("scores", "third", "nearest"),
    [
        ((), None, None),
        ((1_000,), None, None),
        ((1_000, 1_000), 1_000, 1_000),
        ((1_000, 1_300), 1_150, 1_150),
        # The mean of 10.00 and 10.05 is rounded up to a hundredth.
        ((1_000, 1_005), 1_003, 1_003),
        ((1_000, 1_301), None, None),
        ((1_000, 2_000, 1_600), 1_600, 1_800),
        ((1_000, 2_000, 1_000), 1_000, 1_000),
        # Two equally near: the higher one.
        ((1_000, 2_000, 1_500), 1_500, 1_750),
        ((2_000, 0, 2_500), 2_500, 2_250),
    ],
)
def test_what_stands(scores: tuple[int, ...], third: int | None, nearest: int | None) -> None:
    assert answer(*scores).final(ThirdScore.THIRD) == third
    assert answer(*scores).final(ThirdScore.NEAREST) == nearest


class TestWaiting:
    def test_for_two_and_for_a_third_when_they_differ(self) -> None:
        assert [answer(*scores).wanted for scores in ((), (1,), (1, 2), (0, 2_500))] == [2, 2, 2, 3]

    @pytest.mark.parametrize(
        ("scores", "shown", "waits"),
        [
            ((), {}, True),
            ((), {"x": 0}, True),
            ((), {"x": 0, "y": 0}, False),
            ((), {"x": 0, "y": -HELD_MS}, True),
            ((), {"me": 0, "x": 0}, True),
            ((500,), {"a1": 0}, True),
            ((500,), {"a1": 0, "x": 0}, False),
            ((500, 500), {}, False),
            ((0, 2_500), {"a1": 0, "a2": 0}, True),
            ((0, 2_500), {"x": 0}, False),
            ((0, 2_500, 10), {}, False),
        ],
    )
    def test_for_me(self, scores: tuple[int, ...], shown: dict[str, int], waits: bool) -> None:
        assert answer(*scores, shown=shown).waits_for("me", 1) is waits

    def test_never_for_who_scored_it(self) -> None:
        assert not answer(0, 2_500).waits_for("a1", 0)
        assert not answer(500).waits_for("a1", 0)


class TestBlindness:
    scores = HandScores("seed", "third", {"s1-c1": AttemptHandScores("d", {6: answer(), 7: answer()})})

    def test_a_name_tells_nothing_and_finds_its_answer(self) -> None:
        key = blind_key("seed", "s1-c1", self.scores.by_attempt["s1-c1"].answers[6])
        assert "c1" not in key
        assert self.scores.find(key) == ("s1-c1", self.scores.by_attempt["s1-c1"].answers[6])
        assert self.scores.find(key[::-1]) is None

    def test_each_assessor_has_an_order_of_their_own(self) -> None:
        many = HandScores(
            "seed", "third", {f"a{n}": AttemptHandScores("d", {6: answer()}) for n in range(30)}
        )
        one, other = ([key for key, _ in many.in_order_of(person)] for person in ("x", "y"))
        assert sorted(one) == sorted(other)
        assert one != other
        assert one == [key for key, _ in many.in_order_of("x")]


@given(st.integers(0, 2_500), st.integers(0, 2_500), st.integers(0, 2_500), st.sampled_from(list(ThirdScore)))
def test_what_stands_lies_between_the_scores(one: int, other: int, last: int, third: ThirdScore) -> None:
    for scores in ((one, other), (one, other, last)):
        found = answer(*scores).final(third)
        if found is not None:
            assert min(scores) <= found <= max(scores) + 1


def test_progress_counts_answers_and_people() -> None:
    scores = HandScores(
        "seed",
        "third",
        {
            "x": AttemptHandScores("d", {6: answer(1, 2), 7: answer(0, 2_500)}),
            "y": AttemptHandScores("d", {6: answer(5)}),
        },
    )
    found = progress(scores)
    assert (found.answers, found.settled, found.third, found.by_person) == (3, 1, 1, {"a1": 3, "a2": 2})
