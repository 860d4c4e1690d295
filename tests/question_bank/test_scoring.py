import pytest
from hypothesis import given
from hypothesis import strategies as st

from question_bank.blueprint import Blueprint, ScoringRule, Section
from question_bank.items import LETTERS, Item, Kind
from question_bank.papers import ItemRef, Slot
from question_bank.scoring import ScoringError, passes, score_choice, score_paper
from tests.question_bank.builders import make_blueprint, make_item, make_section

ANYTHING = st.dictionaries(
    st.integers(-2, 20), st.frozensets(st.text(max_size=2) | st.sampled_from(LETTERS), max_size=6)
)


def _paper() -> tuple[Blueprint, tuple[Slot, ...], dict[ItemRef, Item]]:
    """判断 (key 错误), single (key second) shown as C D B A, multiple (key first and third) shown in order."""
    items = {
        ("T", 1): make_item("T", Kind.TRUE_FALSE),
        ("S", 1): make_item("S"),
        ("M", 1): make_item("M", Kind.MULTIPLE),
    }
    slots = (
        Slot(1, 0, "T", 1, (0, 1)),
        Slot(2, 1, "S", 1, (2, 3, 1, 0)),
        Slot(3, 2, "M", 1, (0, 1, 2, 3)),
    )
    return make_blueprint(1, 1, 1, each=400), slots, items


class TestScoreChoice:
    @pytest.mark.parametrize(
        ("rule", "chosen", "score"),
        [
            (ScoringRule.ALL_OR_NOTHING, {0, 2, 3}, 200),
            (ScoringRule.ALL_OR_NOTHING, {0, 2}, 0),
            (ScoringRule.ALL_OR_NOTHING, set(), 0),
            (ScoringRule.PARTIAL, {0, 2, 3}, 200),
            (ScoringRule.PARTIAL, {0, 2}, 100),
            (ScoringRule.PARTIAL, {0}, 100),
            (ScoringRule.PARTIAL, {0, 1}, 0),
            (ScoringRule.PARTIAL, {0, 1, 2, 3}, 0),
            (ScoringRule.PER_RIGHT, {0, 2, 3}, 200),
            (ScoringRule.PER_RIGHT, {0, 2}, 100),
            (ScoringRule.PER_RIGHT, {3}, 50),
            (ScoringRule.PER_RIGHT, {3, 1}, 0),
            (ScoringRule.PER_RIGHT, set(), 0),
        ],
    )
    def test_follows_the_rule(self, rule: ScoringRule, chosen: set[int], score: int) -> None:
        assert score_choice(make_section(rule), (0, 2, 3), chosen) == score

    def test_fewer_right_ones_never_give_more_than_the_item(self) -> None:
        assert score_choice(make_section(ScoringRule.PER_RIGHT, 60), (0, 1, 2), {0, 1}) == 60

    @given(
        st.sampled_from(sorted(set(ScoringRule) - {ScoringRule.FIXED})),
        st.integers(1, 500),
        st.frozensets(st.integers(0, 7), min_size=1),
        st.frozensets(st.integers(-1, 7)),
    )
    def test_never_below_zero_nor_above_the_item(
        self, rule: ScoringRule, half: int, key: frozenset[int], chosen: frozenset[int]
    ) -> None:
        section = make_section(rule, 2 * half)
        score = score_choice(section, key, chosen)
        assert 0 <= score <= section.score_each
        assert (score == section.score_each) or chosen != key
        if chosen - key:
            assert score == 0


class TestScorePaper:
    def test_maps_displayed_letters_through_the_option_order(self) -> None:
        score = score_paper(*_paper(), {1: {"B"}, 2: {"C"}, 3: {"C", "A"}})
        assert [each.score for each in score.slots] == [400, 400, 400]
        assert [each.chosen for each in score.slots] == [(1,), (1,), (0, 2)]
        assert (score.total, score.max_score) == (1_200, 1_200)

    def test_scores_blanks_wrong_letters_and_two_letters_for_a_single_as_nothing(self) -> None:
        assert score_paper(*_paper(), {}).total == 0
        score = score_paper(*_paper(), {1: {"C"}, 2: {"C", "A"}, 3: {"A", "C", "H"}})
        assert score.total == 0

    def test_tells_answers_to_slots_the_paper_does_not_have(self) -> None:
        assert score_paper(*_paper(), {7: {"A"}, 1: {"B"}}).unmatched == (7,)

    @given(ANYTHING)
    def test_stays_within_the_paper_whatever_is_sent(self, responses: dict[int, frozenset[str]]) -> None:
        score = score_paper(*_paper(), responses)
        assert 0 <= score.total == sum(each.score for each in score.slots) <= score.max_score == 1_200

    def test_refuses_a_paper_that_is_not_its_blueprints(self) -> None:
        blueprint, slots, items = _paper()
        with pytest.raises(ScoringError, match="sections hold"):
            score_paper(blueprint, slots[:2], items, {})
        with pytest.raises(ScoringError, match="not at hand"):
            score_paper(blueprint, slots, {}, {})
        with pytest.raises(ScoringError, match="not the one"):
            score_paper(blueprint, (slots[0], slots[1]._replace(option_order=(0, 1, 2)), slots[2]), items, {})
        with pytest.raises(ScoringError, match="no section"):
            score_paper(blueprint, (*slots[:2], slots[2]._replace(section=5)), items, {})


class TestPasses:
    @pytest.mark.parametrize(
        ("total", "passed"), [(5_950, False), (5_999, False), (6_000, True), (6_050, True)]
    )
    def test_at_the_line_without_rounding(self, total: int, passed: bool) -> None:
        assert passes(total, 6_000) is passed

    def test_counts_half_scores_exactly(self) -> None:
        section = Section(title="单选", kind=Kind.SINGLE, count=200, score_each=50)
        assert sum(score_choice(section, (1,), {1}) for _ in range(119)) == 5_950
