"""Every kind of item under every rule it may have: what each answer is worth, in hundredths."""

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from question_bank.blanks import Blank
from question_bank.blueprint import SEVERAL_RIGHT, Blueprint, ScoringRule, Section
from question_bank.items import LETTERS, TRUE_FALSE_OPTIONS, Item, Kind
from question_bank.papers import Slot
from question_bank.scoring import PaperScore, ScoringError, score_paper

R = ScoringRule
ALL, HALF, EACH, FIXED = R.ALL_OR_NOTHING, R.PARTIAL, R.PER_RIGHT, R.FIXED
WORTH = 1_000

FOUR = ("甲", "乙", "丙", "丁")
PRESSURE = Blank(accepted=("标准大气压", "1atm"), number="101.325", tolerance="0.5")


def item_of(kind: Kind, **fields: object) -> Item:
    return Item.model_validate({"code": "Q", "kind": kind, "stem": "题干 ____"} | fields)


ITEMS = {
    Kind.TRUE_FALSE: item_of(Kind.TRUE_FALSE, options=TRUE_FALSE_OPTIONS, key=(1,)),
    Kind.SINGLE: item_of(Kind.SINGLE, options=FOUR, key=(2,)),
    Kind.MULTIPLE: item_of(Kind.MULTIPLE, options=FOUR, key=(0, 1, 3)),
    Kind.FILL_IN: item_of(
        Kind.FILL_IN,
        blanks=(
            Blank(accepted=("安全帽",)),
            PRESSURE,
            Blank(accepted=("mW",), case_sensitive=True),
        ),
    ),
    Kind.ORDERING: item_of(Kind.ORDERING, options=FOUR, key=(2, 0, 3, 1)),
    Kind.MATCHING: item_of(Kind.MATCHING, options=FOUR, premises=("一", "二", "三"), key=(3, 0, 0)),
    Kind.SHORT_ANSWER: item_of(Kind.SHORT_ANSWER, reference="参考答案"),
}


def section_of(kind: Kind, rule: ScoringRule, worth: int = WORTH) -> Section:
    fixed = 50 if rule is FIXED else None
    return Section(title="一", kind=kind, count=1, score_each=worth, rule=rule, fixed_score=fixed)


def blueprint_of(section: Section) -> Blueprint:
    total = max(1_000, section.score_each)
    # What the paper lacks to the smallest full score stands in a section nobody answers.
    rest = total - section.score_each
    more = [Section(title="二", kind=Kind.SINGLE, count=1, score_each=rest)] if rest else []
    return Blueprint(code="B", title="试卷", outline="O", full_score=total, sections=(section, *more))


def scored(
    item: Item, rule: ScoringRule, answer: Sequence[str], worth: int = WORTH, by_hand: int | None = None
) -> PaperScore:
    """One item under one rule; displayed in the order of the item."""
    blueprint = blueprint_of(section_of(item.kind, rule, worth))
    slots = [Slot(1, 0, "Q", 1, tuple(range(len(item.options))))]
    items = {("Q", 1): item}
    if len(blueprint.sections) > 1:
        slots.append(Slot(2, 1, "R", 1, (0, 1, 2, 3)))
        items["R", 1] = Item(code="R", kind=Kind.SINGLE, stem="题", options=FOUR, key=(0,))
    return score_paper(blueprint, slots, items, {1: answer}, {} if by_hand is None else {1: by_hand})


TABLE: list[tuple[Kind, ScoringRule, list[str], int]] = [
    (Kind.TRUE_FALSE, ALL, ["B"], 1_000),
    (Kind.TRUE_FALSE, ALL, ["A"], 0),
    (Kind.TRUE_FALSE, ALL, ["A", "B"], 0),
    (Kind.TRUE_FALSE, ALL, [], 0),
    (Kind.SINGLE, ALL, ["C"], 1_000),
    (Kind.SINGLE, ALL, ["D"], 0),
    (Kind.SINGLE, ALL, ["C", "D"], 0),
    (Kind.SINGLE, ALL, ["c"], 0),
    (Kind.MULTIPLE, ALL, ["A", "B", "D"], 1_000),
    (Kind.MULTIPLE, ALL, ["A", "B"], 0),
    (Kind.MULTIPLE, ALL, ["A", "B", "C", "D"], 0),
    (Kind.MULTIPLE, HALF, ["A", "B"], 500),
    (Kind.MULTIPLE, HALF, ["D"], 500),
    (Kind.MULTIPLE, HALF, ["D", "C"], 0),
    (Kind.MULTIPLE, EACH, ["D"], 50),
    (Kind.MULTIPLE, EACH, ["D", "A"], 100),
    (Kind.MULTIPLE, EACH, ["D", "A", "C"], 0),
    (Kind.MULTIPLE, FIXED, ["D"], 50),
    (Kind.MULTIPLE, FIXED, ["D", "A"], 50),
    (Kind.MULTIPLE, FIXED, ["C"], 0),
    (Kind.MULTIPLE, FIXED, [], 0),
    # Full-width and half-width alike, spaces and case do not matter; a unit's case does.
    (Kind.FILL_IN, ALL, [" 安 全 帽 ", "１０１．３", "mW"], 1_000),
    (Kind.FILL_IN, ALL, ["安全帽", "1ATM", "mW"], 1_000),
    (Kind.FILL_IN, ALL, ["安全帽", "101.3", "MW"], 0),
    (Kind.FILL_IN, HALF, ["安全帽", "101.3", "MW"], 666),
    (Kind.FILL_IN, HALF, ["", "101.825", ""], 333),
    (Kind.FILL_IN, HALF, ["", "101.8251", ""], 0),
    (Kind.FILL_IN, HALF, ["", "100.825", ""], 333),
    (Kind.FILL_IN, FIXED, ["安全帽", "", ""], 50),
    (Kind.FILL_IN, FIXED, ["", "", ""], 0),
    (Kind.ORDERING, ALL, ["C", "A", "D", "B"], 1_000),
    (Kind.ORDERING, ALL, ["C", "A", "B", "D"], 0),
    (Kind.ORDERING, HALF, ["C", "A", "B", "D"], 500),
    (Kind.ORDERING, HALF, ["C", "A"], 500),
    (Kind.ORDERING, HALF, ["A", "C", "B", "D"], 0),
    (Kind.ORDERING, HALF, ["C", "A", "D", "B", "A"], 0),
    (Kind.ORDERING, FIXED, ["C", "B", "A", "D"], 50),
    (Kind.MATCHING, ALL, ["D", "A", "A"], 1_000),
    (Kind.MATCHING, ALL, ["D", "A", ""], 0),
    (Kind.MATCHING, HALF, ["D", "A", ""], 666),
    (Kind.MATCHING, HALF, ["", "", "A"], 333),
    (Kind.MATCHING, HALF, ["A", "D", "D"], 0),
    (Kind.MATCHING, FIXED, ["D", "", ""], 50),
]


@pytest.mark.parametrize(("kind", "rule", "answer", "score"), TABLE)
def test_every_kind_under_every_rule(kind: Kind, rule: ScoringRule, answer: list[str], score: int) -> None:
    found = scored(ITEMS[kind], rule, answer)
    assert (found.slots[0].score, found.pending) == (score, ())


def test_the_table_leaves_no_kind_and_no_rule_out() -> None:
    per_option = {(Kind.FILL_IN, EACH), (Kind.ORDERING, EACH), (Kind.MATCHING, EACH)}
    wanted = {(kind, ALL) for kind in ITEMS} - {(Kind.SHORT_ANSWER, ALL)}
    wanted |= {(kind, rule) for kind in SEVERAL_RIGHT - {Kind.CASE} for rule in R} - per_option
    assert {(kind, rule) for kind, rule, _, _ in TABLE} == wanted
    for kind, rule in per_option:
        with pytest.raises(ValidationError, match="per_right"):
            section_of(kind, rule)


class TestSharesAreExact:
    @pytest.mark.parametrize(("worth", "right", "score"), [(100, 2, 66), (50, 1, 16), (1_000, 3, 1_000)])
    def test_a_rest_below_one_hundredth_is_not_given(self, worth: int, right: int, score: int) -> None:
        answers = ["安全帽", "1atm", "mW"][:right] + [""] * (3 - right)
        assert scored(ITEMS[Kind.FILL_IN], HALF, answers, worth).slots[0].score == score

    @pytest.mark.parametrize("fixed", [WORTH, WORTH + 1])
    def test_right_in_part_is_never_worth_as_much_as_right(self, fixed: int) -> None:
        with pytest.raises(ValidationError, match="fixed_score"):
            Section(title="一", kind=Kind.MULTIPLE, count=1, score_each=WORTH, rule=FIXED, fixed_score=fixed)
        with pytest.raises(ValidationError, match="fixed_score"):
            Section(
                title="一",
                kind=Kind.CASE,
                count=1,
                score_each=300,
                part_scores=(100, 200),
                rule=FIXED,
                fixed_score=100,
            )


class TestOrdering:
    def test_options_that_read_the_same_cannot_be_told_apart(self) -> None:
        item = item_of(Kind.ORDERING, options=("加水", "搅拌", "加水"), key=(0, 1, 2))
        assert scored(item, ALL, ["C", "B", "A"]).slots[0].score == WORTH
        assert scored(item, ALL, ["B", "A", "C"]).slots[0].score == 0


class TestNumbers:
    @pytest.mark.parametrize(
        ("typed", "right"),
        [
            ("12", True),
            ("12.0", True),
            ("１２．５", True),
            ("1.15e1", True),
            ("11.5", True),
            ("11.4999999999999999999999999999999999999999", False),
            ("12.5000000000000000000000000000000000000001", False),
            ("+12", True),
            ("1,2", False),
            ("1_2", False),
            ("12,", False),
            ("", False),
            (".", False),
            ("12 公斤", False),
            ("nan", False),
            ("1e9999", False),
        ],
    )
    def test_within_the_tolerance_both_ends_included_and_nothing_rounded(
        self, typed: str, right: bool
    ) -> None:
        assert Blank(number="12", tolerance="0.5").takes(typed) is right

    def test_commas_tell_thousands_apart(self) -> None:
        blank = Blank(number="12345.5")
        assert blank.takes("12,345.5")
        assert not blank.takes("1,2345.5")
        assert Blank(number="-3").takes("\u22123")


class TestCases:
    """One case, three parts: a single, a fill-in, a short answer."""

    CASE = Item(
        code="C",
        kind=Kind.CASE,
        stem="背景",
        parts=(
            ITEMS[Kind.SINGLE].model_copy(update={"code": "C-1"}),
            ITEMS[Kind.FILL_IN].model_copy(update={"code": "C-2"}),
            ITEMS[Kind.SHORT_ANSWER].model_copy(update={"code": "C-3"}),
        ),
    )
    SECTION = Section(
        title="案例",
        kind=Kind.CASE,
        count=1,
        score_each=2_000,
        part_scores=(200, 600, 1_200),
        rule=HALF,
    )
    BLUEPRINT = Blueprint(code="B", title="试卷", outline="O", full_score=2_000, sections=(SECTION,))
    SLOTS = (
        Slot(1, 0, "C", 1, (3, 2, 1, 0), 0),
        Slot(2, 0, "C", 1, (), 1),
        Slot(3, 0, "C", 1, (), 2),
    )

    def score(self, answers: dict[int, list[str]], by_hand: dict[int, int]) -> PaperScore:
        return score_paper(self.BLUEPRINT, self.SLOTS, {("C", 1): self.CASE}, answers, by_hand)

    def test_each_part_is_scored_as_its_own_kind(self) -> None:
        found = self.score({1: ["B"], 2: ["安全帽", "", ""], 3: ["因为超载"]}, {3: 950})
        assert [one.score for one in found.slots] == [200, 200, 950]
        assert (found.total, found.max_score, found.pending) == (1_350, 2_000, ())

    def test_waits_for_its_assessors_and_says_where(self) -> None:
        found = self.score({1: ["B"], 3: ["因为超载"]}, {})
        assert [one.score for one in found.slots] == [200, 0, None]
        assert (found.total, found.pending) == (200, (3,))

    @pytest.mark.parametrize("answer", [[], [""], [" \n"]])
    def test_nobody_is_asked_to_score_an_empty_answer(self, answer: list[str]) -> None:
        found = self.score({3: answer}, {3: 900})
        assert (found.slots[2].score, found.pending) == (0, ())

    @pytest.mark.parametrize(("given", "kept"), [(1_201, 1_200), (-1, 0), (0, 0), (1_200, 1_200)])
    def test_a_score_by_hand_stays_within_its_part(self, given: int, kept: int) -> None:
        assert self.score({3: ["答"]}, {3: given}).slots[2].score == kept

    def test_a_case_with_another_number_of_parts_is_not_scored(self) -> None:
        longer = self.CASE.model_copy(update={"parts": (*self.CASE.parts, self.CASE.parts[0])})
        with pytest.raises(ScoringError, match="part 0 in this section"):
            score_paper(self.BLUEPRINT, self.SLOTS, {("C", 1): longer}, {})


ANSWER = st.lists(
    st.sampled_from(LETTERS) | st.text(max_size=3) | st.sampled_from(["安全帽", "12"]), max_size=6
)
WHAT = st.sampled_from([(kind, rule) for kind, rule, _, _ in TABLE])


class TestProperties:
    @given(WHAT, ANSWER, st.integers(1, 600).map(lambda half: 2 * half + 100))
    def test_never_below_zero_nor_above_what_it_is_worth(
        self, what: tuple[Kind, ScoringRule], answer: list[str], worth: int
    ) -> None:
        score = scored(ITEMS[what[0]], what[1], answer, worth).slots[0].score
        assert score is not None
        assert 0 <= score <= worth

    @given(WHAT, ANSWER)
    def test_is_a_function_of_its_arguments_alone(
        self, what: tuple[Kind, ScoringRule], answer: list[str]
    ) -> None:
        before = list(answer)
        assert scored(ITEMS[what[0]], what[1], answer) == scored(ITEMS[what[0]], what[1], tuple(answer))
        assert answer == before

    @given(
        st.sampled_from([Kind.TRUE_FALSE, Kind.SINGLE, Kind.MULTIPLE]),
        st.lists(st.sampled_from("ABCDEH"), max_size=5),
        st.randoms(use_true_random=False),
    )
    def test_the_order_of_chosen_letters_does_not_matter(
        self, kind: Kind, answer: list[str], random: object
    ) -> None:
        shuffled = sorted(answer, key=lambda _: random.random())  # type: ignore[attr-defined]
        rule = HALF if kind is Kind.MULTIPLE else ALL
        one, other = scored(ITEMS[kind], rule, answer), scored(ITEMS[kind], rule, shuffled)
        assert one == other

    @given(st.permutations(range(4)), st.sampled_from([HALF, EACH, ALL]), st.sets(st.integers(0, 3)))
    def test_the_order_in_which_options_are_shown_does_not_matter(
        self, order: list[int], rule: ScoringRule, chosen: set[int]
    ) -> None:
        item = ITEMS[Kind.MULTIPLE]
        blueprint = blueprint_of(section_of(Kind.MULTIPLE, rule))
        shown = [LETTERS[order.index(index)] for index in chosen]
        found = score_paper(blueprint, [Slot(1, 0, "Q", 1, tuple(order))], {("Q", 1): item}, {1: shown})
        plain = scored(item, rule, [LETTERS[index] for index in chosen])
        assert (found.slots[0].score, found.slots[0].chosen) == (plain.slots[0].score, tuple(sorted(chosen)))
