"""Papers that ask in every way: each kind is drawn in its own section, a case whole, and full marks are to be had."""

from dataclasses import replace

import pytest

from question_bank.blueprint import Blueprint, ScoringRule, Section
from question_bank.commitment import DrawInputs, DrawMode, inputs_from_json, inputs_json
from question_bank.coverage import coverage
from question_bank.draw import CannotDraw, draw
from question_bank.items import Item, Kind
from question_bank.papers import ItemRef
from question_bank.pinned_bank import PinnedBank, facts_of
from question_bank.scoring import score_paper
from tests.question_bank.builders import SECRET, make_inputs, make_outline
from tests.question_bank.kinds import make_any, right_answer

PARTS = (200, 300, 500)


def _blueprint(count: int = 2) -> Blueprint:
    sections = [
        Section(title=kind.value, kind=kind, count=count, score_each=200, rule=ScoringRule.ALL_OR_NOTHING)
        for kind in Kind
        if kind is not Kind.CASE
    ]
    case = Section(title="案例题", kind=Kind.CASE, count=count, score_each=sum(PARTS), part_scores=PARTS)
    full = count * (200 * len(sections) + sum(PARTS))
    return Blueprint(code="B", title="试卷", outline="O", full_score=full, sections=(*sections, case))


def _session(mode: DrawMode = DrawMode.PER_CANDIDATE) -> tuple[DrawInputs, dict[ItemRef, Item]]:
    """Two items of each kind on every point, and on every point a case with a part too many and one too few."""
    outline = make_outline()
    items = [
        make_any(f"{point.code}/{kind.value}/{number}", kind, point.code)
        for point in outline.points
        for kind in Kind
        for number in range(2)
    ]
    items += [
        make_any(f"{point.code}/wrong/{parts}", Kind.CASE, point.code, parts=parts)
        for point in outline.points
        for parts in (2, 4)
    ]
    bank = PinnedBank("O", "1", outline, tuple(map(facts_of, items)))
    inputs = make_inputs(bank, _blueprint(), attempts=12, spares=1, mode=mode)
    return inputs, {(item.code, item.version): item for item in items}


class TestEveryKind:
    @pytest.mark.parametrize("mode", DrawMode)
    def test_a_paper_answered_rightly_has_the_full_score(self, mode: DrawMode) -> None:
        inputs, items = _session(mode)
        blueprint = inputs.blueprints[0]
        for paper in draw(inputs, SECRET).papers:
            assert [slot.number for slot in paper.slots] == list(range(1, blueprint.slots + 1))
            responses = {
                slot.number: right_answer(items[slot.item, slot.version], slot) for slot in paper.slots
            }
            by_hand = {slot.number: 500 for slot in paper.slots}
            score = score_paper(blueprint, paper.slots, items, responses, by_hand)
            assert (score.total, score.max_score, score.pending) == (
                blueprint.full_score,
                blueprint.full_score,
                (),
            )

    def test_a_case_is_drawn_whole_with_its_parts_in_order(self) -> None:
        inputs, _ = _session()
        for paper in draw(inputs, SECRET).papers:
            parts = [(slot.item, slot.part) for slot in paper.slots if slot.part is not None]
            assert [part for _, part in parts] == [0, 1, 2] * 2
            assert [code for code, _ in parts] == [code for code, _ in parts[::3] for _ in range(3)]

    def test_a_case_with_another_number_of_parts_is_never_drawn(self) -> None:
        inputs, _ = _session()
        assert not [s for p in draw(inputs, SECRET).papers for s in p.slots if "/wrong/" in s.item]

    def test_no_two_are_about_one_point(self) -> None:
        inputs, items = _session()
        for paper in draw(inputs, SECRET).papers:
            whole = {(slot.item, slot.version) for slot in paper.slots}
            assert len({items[ref].point for ref in whole}) == len(whole) == inputs.blueprints[0].items

    def test_a_bank_whose_cases_have_other_parts_is_told_how_many_fit(self) -> None:
        inputs, _ = _session()
        bank = inputs.banks[0]
        only_wrong = tuple(
            item for item in bank.items if item.kind is not Kind.CASE or "/wrong/" in item.code
        )
        without = replace(inputs, banks=(replace(bank, items=only_wrong),))
        short = coverage(without).blueprints[0].shortages[0]
        assert (short.kind, short.parts, short.available, short.bank_items) == (Kind.CASE, 3, 0, 0)
        with pytest.raises(CannotDraw, match="3 parts"):
            draw(without, SECRET)

    def test_whoever_repeats_the_draw_gets_the_same(self) -> None:
        inputs, _ = _session()
        assert draw(inputs, SECRET) == draw(inputs_from_json(inputs_json(inputs)), SECRET)

    def test_a_case_without_a_difficulty_of_its_own_has_that_of_its_parts(self) -> None:
        parts = (make_any("C-0", Kind.SINGLE, difficulty=80), make_any("C-1", Kind.SINGLE, difficulty=41))
        case = make_any("C", Kind.CASE, difficulty=None).model_copy(update={"parts": parts})
        assert facts_of(case).difficulty == 60
        assert facts_of(case.model_copy(update={"difficulty": 30})).difficulty == 30
        unknown = (parts[0], make_any("C-1", Kind.SINGLE, difficulty=None))
        assert facts_of(case.model_copy(update={"parts": unknown})).difficulty is None
