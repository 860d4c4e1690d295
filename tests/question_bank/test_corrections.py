"""Keys that turned out to be wrong: what counts instead, and what does not fit."""

import pytest
from pydantic import ValidationError

from question_bank.blanks import Blank
from question_bank.blueprint import ScoringRule
from question_bank.corrections import CorrectionError, Corrections, KeyCorrection, Remedy, check_fits
from question_bank.items import Item, Kind
from question_bank.papers import Slot
from question_bank.scoring import score_paper
from tests.question_bank.test_scoring_kinds import ITEMS, TestCases, blueprint_of, section_of

C = TestCases


def keys(*accepted: tuple[int, ...], item: str = "Q", part: int | None = None) -> KeyCorrection:
    return KeyCorrection(item=item, version=1, part=part, remedy=Remedy.KEYS, keys=accepted)


def everybody(remedy: Remedy = Remedy.VOID, item: str = "Q", part: int | None = None) -> KeyCorrection:
    return KeyCorrection(item=item, version=1, part=part, remedy=remedy)


def score(item: Item, answer: list[str], *corrections: KeyCorrection) -> int | None:
    rule = ScoringRule.PARTIAL if item.kind is Kind.MULTIPLE else ScoringRule.ALL_OR_NOTHING
    slots = [Slot(1, 0, "Q", 1, tuple(reversed(range(len(item.options)))))]
    blueprint = blueprint_of(section_of(item.kind, rule))
    answers = {1: answer}
    return (
        score_paper(blueprint, slots, {("Q", 1): item}, answers, {}, Corrections(corrections)).slots[0].score
    )


class TestKeys:
    """The options are shown in reverse: the key 丙 is the letter B."""

    @pytest.mark.parametrize(
        ("corrections", "worth"),
        [
            ([], {"A": 0, "B": 1_000, "C": 0, "D": 0}),
            ([keys((3,))], {"A": 1_000, "B": 0, "C": 0, "D": 0}),
            ([keys((2,), (3,))], {"A": 1_000, "B": 1_000, "C": 0, "D": 0}),
            ([keys((3,)), keys((0,))], {"A": 0, "B": 0, "C": 0, "D": 1_000}),
            ([everybody()], {"A": 1_000, "B": 1_000, "C": 1_000, "D": 1_000}),
        ],
    )
    def test_the_last_word_counts(self, corrections: list[KeyCorrection], worth: dict[str, int]) -> None:
        assert {letter: score(ITEMS[Kind.SINGLE], [letter], *corrections) for letter in "ABCD"} == worth

    def test_an_answer_gets_the_best_of_the_keys_accepted(self) -> None:
        # 甲乙丁 is the key; with 乙丁 accepted too, B D shown in reverse is A C.
        assert score(ITEMS[Kind.MULTIPLE], ["A", "C"]) == 500
        assert score(ITEMS[Kind.MULTIPLE], ["A", "C"], keys((0, 1, 3), (1, 3))) == 1_000
        assert score(ITEMS[Kind.MULTIPLE], ["A", "C", "D"], keys((0, 1, 3), (1, 3))) == 1_000

    def test_full_score_for_all_is_for_those_too_who_gave_no_answer(self) -> None:
        assert score(ITEMS[Kind.SINGLE], [], everybody(Remedy.FULL_SCORE)) == 1_000
        assert score(ITEMS[Kind.SHORT_ANSWER], ["答"], everybody()) == 1_000

    def test_of_another_version_nothing_changes(self) -> None:
        other = KeyCorrection(item="Q", version=2, remedy=Remedy.VOID)
        assert score(ITEMS[Kind.SINGLE], ["A"], other) == 0

    def test_blanks_take_other_forms(self) -> None:
        wanted = (Blank(accepted=("头盔", "安全帽")), *ITEMS[Kind.FILL_IN].blanks[1:])
        other = KeyCorrection(item="Q", version=1, remedy=Remedy.KEYS, blanks=wanted)
        assert score(ITEMS[Kind.FILL_IN], ["头盔", "1atm", "mW"]) == 0
        assert score(ITEMS[Kind.FILL_IN], ["头盔", "1atm", "mW"], other) == 1_000


class TestPartsOfACase:
    def test_one_part_is_corrected_and_the_others_stay(self) -> None:
        answers = {1: ["A"], 2: [], 3: ["答"]}
        items = {("C", 1): C.CASE}
        one = Corrections([keys((3,), item="C", part=0)])
        assert [s.score for s in score_paper(C.BLUEPRINT, C.SLOTS, items, answers, {}, one).slots] == [
            200,
            0,
            None,
        ]
        whole = Corrections([keys((3,), item="C", part=0), everybody(item="C")])
        assert score_paper(C.BLUEPRINT, C.SLOTS, items, answers, {}, whole).total == 2_000
        later = Corrections([everybody(item="C"), keys((2,), item="C", part=0)])
        assert score_paper(C.BLUEPRINT, C.SLOTS, items, answers, {}, later).total == 1_800


class TestWhatDoesNotFit:
    @pytest.mark.parametrize(
        ("item", "correction"),
        [
            (ITEMS[Kind.SINGLE], keys((4,))),
            (ITEMS[Kind.SINGLE], keys((0, 1))),
            (ITEMS[Kind.SINGLE], keys((0,), item="other")),
            (ITEMS[Kind.SINGLE], keys((0,), part=0)),
            (ITEMS[Kind.ORDERING], keys((0, 1, 2))),
            (ITEMS[Kind.MATCHING], keys((0, 1))),
            (ITEMS[Kind.SHORT_ANSWER], keys((0,))),
            (ITEMS[Kind.FILL_IN], keys((0,))),
            (
                ITEMS[Kind.FILL_IN],
                KeyCorrection(item="Q", version=1, remedy=Remedy.KEYS, blanks=(Blank(accepted=("x",)),)),
            ),
            (C.CASE, keys((0,), item="C")),
            (C.CASE, keys((0,), item="C", part=3)),
            (C.CASE, keys((0,), item="C", part=2)),
        ],
    )
    def test_is_refused_before_anybody_is_scored(self, item: Item, correction: KeyCorrection) -> None:
        with pytest.raises(CorrectionError):
            check_fits(item, correction)

    def test_fits(self) -> None:
        check_fits(ITEMS[Kind.SINGLE], keys((0,), (1,)))
        check_fits(C.CASE, keys((0,), item="C", part=0))
        check_fits(C.CASE, everybody(item="C"))

    @pytest.mark.parametrize(
        "fields", [{"remedy": Remedy.KEYS}, {"remedy": Remedy.VOID, "keys": ((0,),)}, {"version": 0}]
    )
    def test_says_one_thing(self, fields: dict[str, object]) -> None:
        with pytest.raises(ValidationError):
            KeyCorrection.model_validate({"item": "Q", "version": 1, "remedy": Remedy.VOID} | fields)
