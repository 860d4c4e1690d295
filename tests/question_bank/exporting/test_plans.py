"""Outlines and blueprints leave as files and come back the same."""

from hypothesis import given, settings
from hypothesis import strategies as st

from question_bank.blueprint import Blueprint, DifficultyShares, ScoringRule, Section, read_blueprint
from question_bank.exporting.blueprint import blueprint_toml
from question_bank.exporting.outline import outline_workbook
from question_bank.importing import read_outline
from question_bank.items import Kind
from question_bank.outline import AssessmentPoint, ContentOutline, Importance, Range
from tests.question_bank.builders import make_outline

TEXTS = st.text(min_size=1, max_size=40).filter(lambda text: bool(text.strip()))


@st.composite
def _sections(pick: st.DrawFn) -> Section:
    kind = pick(st.sampled_from(Kind))
    parts = tuple(pick(st.lists(st.integers(1, 500), min_size=1, max_size=5))) if kind is Kind.CASE else ()
    each = sum(parts) if parts else 2 * pick(st.integers(1, 500))
    rule, fixed = ScoringRule.ALL_OR_NOTHING, None
    if kind in (Kind.MULTIPLE, Kind.FILL_IN):
        rule = pick(st.sampled_from([ScoringRule.ALL_OR_NOTHING, ScoringRule.PARTIAL, ScoringRule.FIXED]))
        fixed = pick(st.integers(1, each - 1)) if rule is ScoringRule.FIXED else None
    easy = pick(st.integers(0, 100))
    medium = pick(st.integers(0, 100 - easy))
    shares = DifficultyShares(easy=easy, medium=medium, hard=100 - easy - medium)
    return Section(
        title=pick(TEXTS),
        kind=kind,
        count=pick(st.integers(1, 10)),
        score_each=each,
        rule=rule,
        part_scores=parts,
        fixed_score=fixed,
        difficulty=pick(st.sampled_from([None, shares])),
    )


@st.composite
def _blueprints(pick: st.DrawFn) -> Blueprint:
    sections = pick(st.lists(_sections(), min_size=1, max_size=4))
    filler = Section(title="补足", kind=Kind.SINGLE, count=10, score_each=100)
    full = sum(section.count * section.score_each for section in (*sections, filler))
    return Blueprint(
        code=pick(TEXTS),
        title=pick(TEXTS),
        outline=pick(TEXTS),
        full_score=full,
        sections=(*sections, filler),
        exposure_max=pick(st.none() | st.integers(1, 1_000)),
    )


class TestBlueprint:
    @settings(max_examples=150, deadline=None)
    @given(_blueprints())
    def test_is_read_again_the_same(self, blueprint: Blueprint) -> None:
        assert read_blueprint(blueprint_toml(blueprint).encode()) == blueprint


class TestOutline:
    def test_is_read_again_the_same(self) -> None:
        outline = make_outline(3, 2, 2, 5)
        assert read_outline(outline_workbook(outline), outline.code, outline.title).outline == outline

    def test_keeps_names_and_weights_that_look_like_something_else(self) -> None:
        points = (
            AssessmentPoint(code="A1.10", name="=1+1", importance=Importance.Z),
            AssessmentPoint(code="007", name="2024-06-15", importance=Importance.X),
        )
        leaf = Range(code="1.10", name="-负号开头", weight=3_333, points=points)
        other = Range(
            code="1.1", name="@某", weight=6_667, points=(points[0].model_copy(update={"code": "x"}),)
        )
        second = Range(code="2", name="二", weight=10_000, children=(leaf, other))
        first = Range(code="1", name="一", weight=10_000, children=(second,))
        outline = ContentOutline(code="O", title="细目表", ranges=(first,))
        reading = read_outline(outline_workbook(outline), "O", "细目表")
        assert reading.problems == ()
        assert reading.outline == outline
