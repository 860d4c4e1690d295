"""Banks, outlines and blueprints made to measure for tests."""

import csv
import io
from collections.abc import Mapping, Sequence

import openpyxl

from question_bank.blueprint import Blueprint, ScoringRule, Section
from question_bank.commitment import DrawInputs, DrawMode, Sitting
from question_bank.items import TRUE_FALSE_OPTIONS, Item, Kind
from question_bank.outline import AssessmentPoint, ContentOutline, Importance, Range
from question_bank.pinned_bank import PinnedBank, facts_of
from question_bank.quota import apportion

SECRET = bytes(range(32))
BANK_HEADING = [
    "题型",
    "题干",
    "选项A",
    "选项B",
    "选项C",
    "选项D",
    "正确答案",
    "解析",
    "难度",
    "分值",
    "鉴定点",
]


def make_item(code: str = "Q1", kind: Kind = Kind.SINGLE, **values: object) -> Item:
    """An item of a kind, right in every field not given."""
    choice = kind is not Kind.TRUE_FALSE
    fields: dict[str, object] = {
        "code": code,
        "kind": kind,
        "stem": f"题干 {code}",
        "options": tuple(f"{code} 的选项 {place}" for place in range(4)) if choice else TRUE_FALSE_OPTIONS,
        "key": (0, 2) if kind is Kind.MULTIPLE else (1,),
    }
    return Item.model_validate(fields | values)


def make_outline(
    tops: int = 3, subs: int = 2, leaves: int = 2, points: int = 4, code: str = "O"
) -> ContentOutline:
    """Equal branches, weights as equal as hundredths allow, importance X X Y Z in turn."""
    ranges = []
    for top, weight in enumerate(apportion(10_000, [1] * tops), start=1):
        children = []
        for sub, sub_weight in enumerate(apportion(weight, [1] * subs), start=1):
            thirds = tuple(
                _leaf(f"{top}.{sub}.{leaf}", leaf_weight, points)
                for leaf, leaf_weight in enumerate(apportion(sub_weight, [1] * leaves), start=1)
            )
            children.append(Range(code=f"{top}.{sub}", name="二级", weight=sub_weight, children=thirds))
        ranges.append(Range(code=str(top), name="一级", weight=weight, children=tuple(children)))
    return ContentOutline(code=code, title="细目表", ranges=tuple(ranges))


def _leaf(code: str, weight: int, points: int) -> Range:
    return Range(
        code=code,
        name="三级",
        weight=weight,
        points=tuple(
            AssessmentPoint(code=f"{code}-{place:02}", name="点", importance=Importance("XXYZ"[place % 4]))
            for place in range(points)
        ),
    )


def make_bank(
    outline: ContentOutline,
    per_point: Mapping[Kind, int] | None = None,
    exposure: Mapping[str, int] | None = None,
) -> PinnedBank:
    """So many items of each kind on every point of the outline."""
    counts = per_point or {Kind.TRUE_FALSE: 1, Kind.SINGLE: 2, Kind.MULTIPLE: 1}
    items = tuple(
        facts_of(make_item(f"{point.code}/{kind.value}/{number}", kind, point=point.code, difficulty=60))
        for point in outline.points
        for kind, count in counts.items()
        for number in range(count)
    )
    return PinnedBank(outline.code, "1", outline, items, exposure or {})


def make_blueprint(
    true_false: int = 4,
    single: int = 8,
    multiple: int = 4,
    code: str = "B",
    outline: str = "O",
    each: int = 100,
) -> Blueprint:
    """Sections of the kinds that have a count."""
    counts = {Kind.TRUE_FALSE: true_false, Kind.SINGLE: single, Kind.MULTIPLE: multiple}
    sections = tuple(
        Section(title=kind.value, kind=kind, count=count, score_each=each)
        for kind, count in counts.items()
        if count
    )
    full = sum(section.count * section.score_each for section in sections)
    return Blueprint(code=code, title="试卷", outline=outline, full_score=full, sections=sections)


def make_section(rule: ScoringRule, score_each: int = 200) -> Section:
    """A section of multiple choice under a rule."""
    return Section(title="多选题", kind=Kind.MULTIPLE, count=1, score_each=score_each, rule=rule)


def make_inputs(
    bank: PinnedBank,
    blueprint: Blueprint,
    attempts: int = 10,
    spares: int = 0,
    mode: DrawMode = DrawMode.PER_CANDIDATE,
) -> DrawInputs:
    """A session of one blueprint."""
    sittings = tuple(Sitting(f"A{number:04}", blueprint.code) for number in range(attempts))
    return DrawInputs("2024-06-15/1", mode, sittings, spares, (blueprint,), (bank,))


def csv_bytes(rows: Sequence[Sequence[str]], encoding: str = "utf-8") -> bytes:
    """Rows as a csv file."""
    text = io.StringIO()
    csv.writer(text).writerows(rows)
    return text.getvalue().encode(encoding)


def xlsx_bytes(rows: Sequence[Sequence[object]], title: str = "Sheet1", merge: Sequence[str] = ()) -> bytes:
    """Rows as a workbook of one sheet."""
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = title
    for row in rows:
        sheet.append(list(row))
    for area in merge:
        sheet.merge_cells(area)
    return saved(book)


def saved(book: openpyxl.Workbook) -> bytes:
    """A workbook's bytes."""
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()
