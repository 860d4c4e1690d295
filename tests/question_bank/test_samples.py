"""What the sample banks promise: they read, cover their outlines and give a full room papers that sum."""

from collections import Counter
from dataclasses import dataclass
from functools import cache
from importlib import resources

import pytest

from question_bank.blueprint import Blueprint, read_blueprint
from question_bank.commitment import DrawInputs, DrawMode, inputs_from_json, inputs_json
from question_bank.coverage import coverage
from question_bank.draw import Draw, draw
from question_bank.importing import BankReading, OutlineReading, read_bank, read_outline
from question_bank.items import TRUE_FALSE_OPTIONS, Item, Kind, folded
from question_bank.outline import ContentOutline
from question_bank.papers import DrawnPaper
from question_bank.pinned_bank import PinnedBank, facts_of
from question_bank.scoring import score_paper
from tests.question_bank.builders import SECRET, make_inputs

SAMPLES = resources.files("question_bank") / "samples"
SITTINGS = 60
SPARES = 6
FULL_SCORE = 10_000


@dataclass(frozen=True)
class Promise:
    """What samples/README.md says of one bank; the least the product asks for stands in asked."""

    items: int
    points: int
    asked_items: int
    asked_points: int
    items_of_paper: dict[str, int]


PROMISES = {
    "sgy-tujian": Promise(300, 100, 240, 80, {"s3a": 60, "s3a-80": 80}),
    "safety": Promise(220, 110, 120, 100, {"s3b": 100}),
    "gangjin": Promise(220, 110, 120, 100, {"s3b": 100}),
}
PAPERS = [(code, blueprint) for code, promise in PROMISES.items() for blueprint in promise.items_of_paper]

each_bank = pytest.mark.parametrize("code", PROMISES)
each_paper = pytest.mark.parametrize(("code", "blueprint"), PAPERS)


@cache
def items_read(code: str) -> BankReading:
    return read_bank((SAMPLES / code / "items.csv").read_bytes())


@cache
def outline_read(code: str) -> OutlineReading:
    return read_outline((SAMPLES / code / "outline.csv").read_bytes(), code, code)


def outline_of(code: str) -> ContentOutline:
    outline = outline_read(code).outline
    assert outline is not None
    return outline


@cache
def blueprints_of(code: str) -> dict[str, Blueprint]:
    """Every blueprint beside a bank, by its code."""
    files = sorted(each.name for each in (SAMPLES / code).iterdir() if each.name.startswith("blueprint"))
    read = [read_blueprint((SAMPLES / code / name).read_bytes()) for name in files]
    return {blueprint.code: blueprint for blueprint in read}


@cache
def bank_of(code: str) -> PinnedBank:
    facts = tuple(facts_of(item) for item in items_read(code).items)
    return PinnedBank(code, "1", outline_of(code), facts)


def inputs_of(code: str, blueprint: str, mode: DrawMode = DrawMode.PER_CANDIDATE) -> DrawInputs:
    return make_inputs(bank_of(code), blueprints_of(code)[blueprint], SITTINGS, SPARES, mode)


@cache
def drawn(code: str, blueprint: str) -> Draw:
    return draw(inputs_of(code, blueprint), SECRET)


def items_of(code: str) -> dict[tuple[str, int], Item]:
    return {(item.code, item.version): item for item in items_read(code).items}


def every_right_letter(paper: DrawnPaper, items: dict[tuple[str, int], Item]) -> dict[int, str]:
    """The letters a candidate who knows everything would choose, slot by slot."""
    answers = {}
    for slot in paper.slots:
        key = items[slot.item, slot.version].key
        answers[slot.number] = "".join(
            "ABCDEFGH"[place] for place, option in enumerate(slot.option_order) if option in key
        )
    return answers


class TestFiles:
    @each_bank
    def test_items_read_without_problem_or_warning(self, code: str) -> None:
        reading = items_read(code)
        assert reading.problems == ()
        assert reading.warnings == ()
        assert reading.unlisted == 0
        assert len(reading.items) == reading.rows

    @each_bank
    def test_the_outline_reads_and_weighs_a_hundred(self, code: str) -> None:
        reading = outline_read(code)
        assert reading.problems == ()
        assert reading.warnings == ()
        assert sum(top.weight for top in outline_of(code).ranges) == 10_000

    @each_bank
    def test_holds_what_is_promised(self, code: str) -> None:
        promise = PROMISES[code]
        used = {item.point for item in items_read(code).items}
        assert (len(items_read(code).items), len(used)) == (promise.items, promise.points)
        assert promise.items >= promise.asked_items
        assert promise.points >= promise.asked_points

    @each_bank
    def test_the_readme_tells_these_numbers(self, code: str) -> None:
        row = next(
            line
            for line in (SAMPLES / "README.md").read_text(encoding="utf-8").splitlines()
            if line.startswith(f"| `{code}/`")
        )
        cells = [cell.strip() for cell in row.strip("|").split("|")]
        assert cells[2].startswith(str(PROMISES[code].items))
        assert cells[3] == str(PROMISES[code].points)

    @each_bank
    def test_every_blueprint_is_promised(self, code: str) -> None:
        found = {name: blueprint.items for name, blueprint in blueprints_of(code).items()}
        assert found == PROMISES[code].items_of_paper


class TestItems:
    @each_bank
    def test_stand_on_every_point_of_the_outline_and_on_no_other(self, code: str) -> None:
        assert {item.point for item in items_read(code).items} == {
            point.code for point in outline_of(code).points
        }

    @each_bank
    def test_carry_a_solution_a_difficulty_and_a_score(self, code: str) -> None:
        lacking = [
            item.code
            for item in items_read(code).items
            if not item.solution.strip() or item.difficulty is None or item.score is None
        ]
        assert lacking == []

    @each_bank
    def test_ask_each_question_once(self, code: str) -> None:
        stems = Counter(folded(item.stem) for item in items_read(code).items)
        assert [stem for stem, count in stems.items() if count > 1] == []

    @each_bank
    def test_favour_no_letter_a_candidate_could_learn(self, code: str) -> None:
        """A key that is C half of the time would be worth more than half a course."""
        singles = [item for item in items_read(code).items if item.kind is Kind.SINGLE]
        uses = Counter(item.key[0] for item in singles)
        assert len(uses) == 4
        assert max(uses.values()) <= 0.4 * len(singles)
        verdicts = [item.key[0] for item in items_read(code).items if item.kind is Kind.TRUE_FALSE]
        assert 0.3 <= sum(verdicts) / len(verdicts) <= 0.7

    @each_bank
    def test_have_keys_that_fit_their_kind(self, code: str) -> None:
        for item in items_read(code).items:
            if item.kind is Kind.MULTIPLE:
                assert 2 <= len(item.key) <= len(item.options), item.code
            else:
                assert len(item.key) == 1, item.code
            if item.kind is Kind.TRUE_FALSE:
                assert item.options == TRUE_FALSE_OPTIONS, item.code
            else:
                assert len(item.options) >= 4, item.code
                assert len({folded(option) for option in item.options}) == len(item.options), item.code

    @each_bank
    def test_may_show_their_options_in_any_order(self, code: str) -> None:
        pinned = [
            item.code
            for item in items_read(code).items
            if item.kind is not Kind.TRUE_FALSE and not item.shufflable
        ]
        assert pinned == []


class TestPapers:
    @each_paper
    def test_the_bank_fills_the_blueprint_as_the_weights_ask(self, code: str, blueprint: str) -> None:
        report = coverage(inputs_of(code, blueprint))
        assert report.reasons == ()
        [found] = report.blueprints
        assert (found.shortages, found.deviations, found.outside, found.thin) == ((), (), (), ())

    @each_paper
    def test_sixty_sittings_get_papers_that_sum_to_the_full_score(self, code: str, blueprint: str) -> None:
        papers = drawn(code, blueprint).papers
        items = items_of(code)
        assert len(papers) == SITTINGS + SPARES
        for paper in papers:
            score = score_paper(
                blueprints_of(code)[blueprint], paper.slots, items, every_right_letter(paper, items)
            )
            assert (score.total, score.max_score) == (FULL_SCORE, FULL_SCORE)

    @each_paper
    def test_no_paper_asks_twice_about_one_point(self, code: str, blueprint: str) -> None:
        items = items_of(code)
        for paper in drawn(code, blueprint).papers:
            points = [items[slot.item, slot.version].point for slot in paper.slots]
            assert len(set(points)) == len(points) == PROMISES[code].items_of_paper[blueprint]

    @each_paper
    def test_neighbours_share_at_most_a_quarter_of_their_papers(self, code: str, blueprint: str) -> None:
        """S3-B's papers ask about nearly every point of the outline, so that some sharing cannot be helped."""
        [report] = drawn(code, blueprint).report.blueprints
        assert 4 * report.neighbour_overlap_max <= PROMISES[code].items_of_paper[blueprint]
        papers = drawn(code, blueprint).papers
        orders = {tuple((slot.item, slot.option_order) for slot in paper.slots) for paper in papers}
        assert len(orders) == SITTINGS + SPARES

    @each_paper
    def test_every_candidate_gets_a_paper_about_as_hard(self, code: str, blueprint: str) -> None:
        [report] = drawn(code, blueprint).report.blueprints
        assert report.expected is not None
        assert report.expected.highest - report.expected.lowest <= FULL_SCORE // 30
        assert report.expected.sd <= FULL_SCORE // 150

    @each_paper
    def test_one_form_gives_all_the_same_items(self, code: str, blueprint: str) -> None:
        one_form = draw(inputs_of(code, blueprint, DrawMode.ONE_FORM), SECRET)
        assert len({frozenset(slot.item for slot in paper.slots) for paper in one_form.papers}) == 1

    @each_paper
    def test_whoever_repeats_the_draw_gets_the_same(self, code: str, blueprint: str) -> None:
        kept = inputs_from_json(inputs_json(inputs_of(code, blueprint)))
        assert draw(kept, SECRET) == drawn(code, blueprint)
