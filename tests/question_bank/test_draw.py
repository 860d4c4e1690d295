import hashlib
from collections import Counter
from dataclasses import replace
from itertools import combinations, pairwise

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from question_bank.commitment import DrawInputs, DrawMode, Sitting
from question_bank.coverage import coverage
from question_bank.draw import CannotDraw, draw
from question_bank.items import Kind
from question_bank.outline import AssessmentPoint, ContentOutline, Importance, Range
from question_bank.papers import DrawnPaper, paper_from_json, paper_json
from question_bank.pinned_bank import PinnedBank, facts_of
from tests.question_bank.builders import (
    SECRET,
    make_bank,
    make_blueprint,
    make_inputs,
    make_item,
    make_outline,
)

# Papers of past sessions must be provable for as long as they are kept: a change here is a new version of the draw.
RELEASED_COMMITMENT = "af3bcecc81e62aa2d80e85ecebcc30d983eaaca0aaf21ca7b5b46a19d71736f0"
RELEASED_PAPERS = "e454295422dcd0ad0709f6777592d2f6f6d9a1d18b2c7aa9fd2a3f05cd9f51ce"

KINDS = (Kind.TRUE_FALSE, Kind.SINGLE, Kind.MULTIPLE)

SLOW = settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def _check_paper(paper: DrawnPaper, inputs: DrawInputs) -> None:
    """What holds for every paper whatever the draw."""
    bank = {item.code: item for item in inputs.banks[0].items}
    blueprint = next(each for each in inputs.blueprints if each.code == paper.blueprint)
    assert [slot.number for slot in paper.slots] == list(range(1, blueprint.items + 1))
    sections = Counter(slot.section for slot in paper.slots)
    assert [sections[index] for index in range(len(blueprint.sections))] == [
        s.count for s in blueprint.sections
    ]
    assert sum(blueprint.sections[slot.section].score_each for slot in paper.slots) == blueprint.full_score
    places = [bank[slot.item].place for slot in paper.slots]
    assert len(places) == len(set(places))
    for slot in paper.slots:
        item = bank[slot.item]
        assert item.kind is blueprint.sections[slot.section].kind
        assert (item.version, sorted(slot.option_order)) == (slot.version, list(range(item.options)))
        if not item.shuffle:
            assert slot.option_order == tuple(range(item.options))


@st.composite
def _sessions(pick: st.DrawFn) -> DrawInputs:
    """Banks with items of some kinds missing on some points, some of them about one point only."""
    outline = make_outline(pick(st.integers(1, 3)), pick(st.integers(1, 2)), pick(st.integers(1, 2)), 4)
    items = [
        facts_of(make_item(f"{point.code}/{kind.value}/{number}", kind, point=point.code))
        for point in outline.points
        for kind in KINDS
        for number in range(pick(st.integers(0, 2)))
    ]
    bank = PinnedBank(outline.code, "1", outline, tuple(items))
    most = max(1, len(outline.points) // 3)
    counts = [pick(st.integers(0, most)) for _ in KINDS]
    blueprint = make_blueprint(*(counts if any(counts) else [1, 1, 1]), each=1_000)
    return make_inputs(bank, blueprint, attempts=pick(st.integers(1, 8)), spares=pick(st.integers(0, 2)))


class TestDraw:
    @SLOW
    @given(_sessions(), st.binary(min_size=32, max_size=40))
    def test_fills_every_paper_or_says_before_why_not(self, inputs: DrawInputs, secret: bytes) -> None:
        if not coverage(inputs).fills:
            with pytest.raises(CannotDraw):
                draw(inputs, secret)
            return
        drawn = draw(inputs, secret)
        assert [paper.attempt for paper in drawn.papers] == [
            *(sitting.attempt for sitting in inputs.sittings),
            *[None] * inputs.spares,
        ]
        for paper in drawn.papers:
            _check_paper(paper, inputs)

    @SLOW
    @given(_sessions(), st.binary(min_size=32, max_size=32))
    def test_gives_the_same_papers_again(self, inputs: DrawInputs, secret: bytes) -> None:
        if coverage(inputs).fills:
            assert draw(inputs, secret) == draw(inputs, secret)

    def test_has_not_changed_since_it_was_first_released(self) -> None:
        drawn = draw(make_inputs(make_bank(make_outline()), make_blueprint(), spares=2), SECRET)
        papers = hashlib.sha256(b"\n".join(paper_json(paper) for paper in drawn.papers)).hexdigest()
        assert (drawn.commitment, papers) == (RELEASED_COMMITMENT, RELEASED_PAPERS)

    def test_another_secret_or_another_input_gives_other_papers(self) -> None:
        inputs = make_inputs(make_bank(make_outline()), make_blueprint())
        papers = draw(inputs, SECRET).papers
        assert draw(inputs, SECRET[::-1]).papers != papers
        assert draw(replace(inputs, session="2024-06-16/1"), SECRET).papers != papers

    def test_gives_every_range_its_quota_in_every_paper(self) -> None:
        outline = make_outline(tops=2, subs=2, leaves=2, points=8)
        inputs = make_inputs(make_bank(outline), make_blueprint(4, 8, 4), attempts=12)
        drawn = draw(inputs, SECRET)
        leaf_of = {point.code: leaf.code for *_, leaf in outline.leaves() for point in leaf.points}
        point_of = {item.code: item.point for item in inputs.banks[0].items}
        for paper in drawn.papers:
            assert set(Counter(leaf_of[point_of[slot.item]] for slot in paper.slots).values()) == {2}
        assert drawn.report.blueprints[0].deviations == ()

    def test_keeps_the_quota_of_a_range_that_has_one_kind_only(self) -> None:
        # Chapter 1 has single choice only, so all of it comes from there, though the section would rather spread.
        outline = make_outline(tops=2, subs=1, leaves=1, points=12)
        both = make_bank(outline, {Kind.TRUE_FALSE: 1, Kind.SINGLE: 1})
        items = tuple(item for item in both.items if item.point > "2" or item.kind is Kind.SINGLE)
        inputs = make_inputs(replace(both, items=items), make_blueprint(6, 6, 0), attempts=3)
        drawn = draw(inputs, SECRET)
        assert drawn.report.blueprints[0].deviations == ()
        for paper in drawn.papers:
            assert {(slot.section, slot.item[0]) for slot in paper.slots} == {(0, "2"), (1, "1")}

    def test_finds_the_only_way_where_sections_compete_for_the_same_points(self) -> None:
        # Three points, three kinds, each kind on two of them: two careless choices leave the third section nothing.
        places = {Kind.TRUE_FALSE: "ab", Kind.SINGLE: "bc", Kind.MULTIPLE: "ac"}
        points = tuple(AssessmentPoint(code=code, name="点", importance=Importance.X) for code in "abc")
        leaf = Range(code="3", name="三", weight=10_000, points=points)
        second = Range(code="2", name="二", weight=10_000, children=(leaf,))
        first = Range(code="1", name="一", weight=10_000, children=(second,))
        outline = ContentOutline(code="O", title="细目表", ranges=(first,))
        items = tuple(
            facts_of(make_item(f"{point}/{kind.value}/{number}", kind, point=point))
            for kind, offered in places.items()
            for point in offered
            for number in range(2)
        )
        inputs = make_inputs(
            PinnedBank("O", "1", outline, items), make_blueprint(1, 1, 1, each=1_000), attempts=60
        )
        drawn = draw(inputs, SECRET)
        for paper in drawn.papers:
            _check_paper(paper, inputs)
        uses = Counter(slot.item for paper in drawn.papers for slot in paper.slots)
        assert set(uses.values()) == {15}

    def test_fills_a_range_with_less_important_points_before_it_asks_another(self) -> None:
        outline = make_outline(tops=2, subs=1, leaves=2, points=8)
        whole = make_bank(outline, {Kind.TRUE_FALSE: 2, Kind.SINGLE: 2})
        # The second leaf has no item about its core points 00, 01, 04 and 05.
        without_core = ("1.1.2-00", "1.1.2-01", "1.1.2-04", "1.1.2-05")
        items = tuple(item for item in whole.items if item.point not in without_core)
        inputs = make_inputs(replace(whole, items=items), make_blueprint(6, 6, 0), attempts=16)
        assert draw(inputs, SECRET).report.blueprints[0].deviations == ()

    @pytest.mark.parametrize("leaves", [2, 4])
    def test_asks_each_section_about_every_chapter(self, leaves: int) -> None:
        outline = make_outline(tops=4, subs=1, leaves=leaves, points=8)
        inputs = make_inputs(make_bank(outline), make_blueprint(8, 8, 0), attempts=16)
        point_of = {item.code: item.point for item in inputs.banks[0].items}
        for paper in draw(inputs, SECRET).papers:
            for section in range(2):
                tops = Counter(point_of[slot.item][0] for slot in paper.slots if slot.section == section)
                assert set(tops.values()) == {2}

    def test_draws_nothing_on_points_outside_the_outline_and_tells(self) -> None:
        bank = make_bank(make_outline())
        strays = tuple(facts_of(make_item(f"stray{n}", point="nowhere")) for n in range(50))
        inputs = make_inputs(replace(bank, items=bank.items + strays), make_blueprint())
        drawn = draw(inputs, SECRET)
        assert set(drawn.report.outside) == {item.code for item in strays}
        assert not {slot.item for paper in drawn.papers for slot in paper.slots} & set(drawn.report.outside)

    def test_needs_no_outline(self) -> None:
        items = tuple(facts_of(make_item(f"Q{number}")) for number in range(30))
        inputs = make_inputs(PinnedBank("O", "1", None, items), make_blueprint(0, 10, 0), attempts=3)
        drawn = draw(inputs, SECRET)
        assert len({slot.item for paper in drawn.papers for slot in paper.slots}) == 30

    def test_holds_several_blueprints_in_seat_order(self) -> None:
        outline = make_outline()
        first, second = make_blueprint(code="B1"), make_blueprint(0, 12, 0, code="B2")
        sittings = tuple(Sitting(f"A{n}", ("B1", "B2")[n % 2]) for n in range(6))
        bank = make_bank(outline)
        inputs = DrawInputs("S", DrawMode.PER_CANDIDATE, sittings, 1, (first, second), (bank,))
        papers = draw(inputs, SECRET).papers
        assert [(paper.blueprint, paper.attempt, paper.spare) for paper in papers] == [
            *((sitting.blueprint, sitting.attempt, 0) for sitting in sittings),
            ("B1", None, 1),
            ("B2", None, 1),
        ]
        for paper in papers:
            _check_paper(paper, inputs)

    def test_papers_come_back_equal_from_json(self) -> None:
        for paper in draw(make_inputs(make_bank(make_outline()), make_blueprint(), spares=1), SECRET).papers:
            assert paper_from_json(paper_json(paper)) == paper


class TestOneForm:
    def test_gives_all_the_same_items_in_orders_of_their_own(self) -> None:
        inputs = make_inputs(make_bank(make_outline()), make_blueprint(), attempts=6, mode=DrawMode.ONE_FORM)
        papers = draw(inputs, SECRET).papers
        assert len({frozenset(slot.item for slot in paper.slots) for paper in papers}) == 1
        assert len({tuple(slot.item for slot in paper.slots) for paper in papers}) == 6
        assert (
            len({tuple(sorted((slot.item, slot.option_order) for slot in paper.slots)) for paper in papers})
            == 6
        )
        for paper in papers:
            _check_paper(paper, inputs)


class TestNeighbours:
    def test_share_nothing_where_the_bank_is_large_enough(self) -> None:
        bank = make_bank(make_outline(points=8), dict.fromkeys(KINDS, 4))
        report = draw(make_inputs(bank, make_blueprint(), attempts=60), SECRET).report.blueprints[0]
        assert (report.neighbour_overlap_max, report.neighbour_overlap_mean) == (0, 0)

    def test_share_few_where_almost_every_point_is_in_every_paper(self) -> None:
        # 44 of 48 points in a paper, one item of each kind on each point: chance would make them share about 20.
        bank = make_bank(make_outline(), {Kind.TRUE_FALSE: 1, Kind.SINGLE: 1})
        inputs = make_inputs(bank, make_blueprint(20, 24, 0), attempts=30)
        drawn = draw(inputs, SECRET)
        shared = [
            len({slot.item for slot in paper.slots} & {slot.item for slot in following.slots})
            for paper, following in pairwise(drawn.papers)
        ]
        assert max(shared) == drawn.report.blueprints[0].neighbour_overlap_max
        assert sum(shared) / len(shared) < 8

    def test_exchange_points_between_sections_where_dealing_met_an_item_again(self) -> None:
        # 36 of 48 points in a paper, one item of each of three kinds on each: parting is possible, not by itself.
        bank = make_bank(make_outline(tops=2, points=6), dict.fromkeys(KINDS, 1))
        report = draw(make_inputs(bank, make_blueprint(12, 12, 12), attempts=30), SECRET).report.blueprints[0]
        assert report.neighbour_overlap_mean < 50


class TestExposure:
    def test_items_of_past_batches_wait(self) -> None:
        bank = make_bank(make_outline(), {Kind.SINGLE: 4})
        worn = {item.code: 5 for item in bank.items if item.code.endswith(("/0", "/1"))}
        inputs = make_inputs(replace(bank, exposure=worn), make_blueprint(0, 12, 0), attempts=2)
        sat = {slot.item for paper in draw(inputs, SECRET).papers for slot in paper.slots}
        assert not sat & set(worn)


class TestFairness:
    """With fixed secrets: these fail when an order or a choice is biased."""

    def test_every_item_of_a_cell_is_sat_equally_often(self) -> None:
        bank = make_bank(make_outline(tops=1, subs=1, leaves=1, points=12), {Kind.SINGLE: 3})
        inputs = make_inputs(bank, make_blueprint(0, 10, 0), attempts=180)
        uses = Counter(slot.item for paper in draw(inputs, SECRET).papers for slot in paper.slots)
        by_importance: dict[str, list[int]] = {}
        for point in make_outline(tops=1, subs=1, leaves=1, points=12).points:
            codes = [item.code for item in bank.items if item.point == point.code]
            by_importance.setdefault(point.importance, []).extend(uses[code] for code in codes)
        for counts in by_importance.values():
            assert max(counts) - min(counts) <= 2

    def test_a_seat_has_the_same_chance_of_every_item(self) -> None:
        bank = make_bank(make_outline(tops=1, subs=1, leaves=1, points=4), {Kind.SINGLE: 5})
        x_items = [item.code for item in bank.items if item.point.endswith(("-00", "-01"))]
        inputs = make_inputs(bank, make_blueprint(0, 1, 0, each=1_000), attempts=4)
        first = Counter[str]()
        rounds = 600
        for number in range(rounds):
            first[draw(inputs, number.to_bytes(32, "big")).papers[3].slots[0].item] += 1
        expected = rounds / len(x_items)
        assert sum((first[code] - expected) ** 2 / expected for code in x_items) < 9 + 5 * 18**0.5
        assert sum(first[code] for code in x_items) == rounds

    def test_the_right_option_stands_at_every_letter_equally_often(self) -> None:
        bank = make_bank(make_outline(), {Kind.SINGLE: 2})
        papers = draw(make_inputs(bank, make_blueprint(0, 40, 0), attempts=100), SECRET).papers
        places = Counter(slot.option_order.index(1) for paper in papers for slot in paper.slots)
        assert sum((places[place] - 1_000) ** 2 / 1_000 for place in range(4)) < 3 + 5 * 6**0.5

    def test_every_item_stands_at_every_number_equally_often(self) -> None:
        bank = make_bank(make_outline(tops=1, subs=1, leaves=1, points=5), {Kind.SINGLE: 1})
        papers = draw(make_inputs(bank, make_blueprint(0, 5, 0, each=1_000), attempts=1_000), SECRET).papers
        numbers = Counter((slot.item, slot.number) for paper in papers for slot in paper.slots)
        assert sum((count - 200) ** 2 / 200 for count in numbers.values()) < 16 + 5 * 32**0.5

    def test_no_two_papers_far_apart_share_much_more_than_chance(self) -> None:
        bank = make_bank(make_outline(points=8), {Kind.SINGLE: 4})
        papers = draw(make_inputs(bank, make_blueprint(0, 24, 0), attempts=40), SECRET).papers
        sets = [frozenset(slot.item for slot in paper.slots) for paper in papers]
        shared = [len(one & other) for one, other in combinations(sets, 2)]
        assert max(shared) < 12


class TestCannotDraw:
    def test_names_section_and_numbers(self) -> None:
        bank = make_bank(make_outline(), {Kind.TRUE_FALSE: 1, Kind.SINGLE: 1})
        with pytest.raises(CannotDraw) as refused:
            draw(make_inputs(bank, make_blueprint(4, 8, 4)), SECRET)
        assert len(refused.value.reasons) == 1
        assert "multiple" in refused.value.reasons[0]
        assert "需要 4 题" in refused.value.reasons[0]

    def test_sees_sections_that_need_the_same_points(self) -> None:
        # 48 points: 30 + 30 items cannot be about different ones, though each kind alone has plenty.
        bank = make_bank(make_outline(), {Kind.TRUE_FALSE: 3, Kind.SINGLE: 3})
        report = coverage(make_inputs(bank, make_blueprint(30, 30, 0)))
        assert not report.fills
        assert sum(short.needed - short.available for short in report.blueprints[0].shortages) == 12

    def test_reports_ranges_the_bank_cannot_fill_and_draws_from_others(self) -> None:
        outline = make_outline(tops=2, subs=1, leaves=1, points=8)
        bank = make_bank(outline, {Kind.SINGLE: 1})
        thin = replace(bank, items=tuple(item for item in bank.items if item.point > "1.1.1-05"))
        inputs = make_inputs(thin, make_blueprint(0, 10, 0), attempts=2)
        found = coverage(inputs).blueprints[0]
        assert {(each.range, each.quota, each.planned) for each in found.deviations} == {
            ("1", 5, 2), ("1.1", 5, 2), ("1.1.1", 5, 2), ("2", 5, 8), ("2.1", 5, 8), ("2.1.1", 5, 8),
        }  # fmt: skip
        assert len(found.thin) == 6
        assert len(draw(inputs, SECRET).papers) == 2

    @pytest.mark.parametrize(
        ("change", "told"),
        [
            ({"banks": ()}, "no bank"),
            ({"blueprints": ()}, "no blueprint"),
            ({"sittings": (Sitting("A", "B"), Sitting("A", "B"))}, "twice"),
            ({"spares": 10_000}, "at most"),
        ],
    )
    def test_refuses_inputs_that_contradict_themselves(self, change: dict[str, object], told: str) -> None:
        inputs = make_inputs(make_bank(make_outline()), make_blueprint())
        with pytest.raises(CannotDraw, match=told):
            draw(replace(inputs, **change), SECRET)  # type: ignore[arg-type]
