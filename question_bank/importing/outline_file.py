"""A content outline 细目表 in a file: 级别 (1, 2, 3, 点) | 代码 | 名称 | 权重 | 重要程度, each row below
what it belongs to.
"""

from dataclasses import dataclass, field

from question_bank.importing.answers import hundredths_of
from question_bank.importing.headings import OUTLINE_WORDS, Heading, find_heading
from question_bank.importing.limits import HEADING_ROWS_MAX
from question_bank.importing.problems import Findings, Problem
from question_bank.importing.sheets import read_sheets
from question_bank.importing.tables import Cell, Row, Sheet, control_character, plain, whole_row
from question_bank.outline import (
    POINTS_MAX,
    RANGE_LEVELS,
    RANGES_MAX,
    WEIGHT_TOP,
    AssessmentPoint,
    ContentOutline,
    Importance,
    Range,
)

_POINT = RANGE_LEVELS + 1
_LEVELS = {
    "1": 1, "2": 2, "3": 3, "一": 1, "二": 2, "三": 3, "一级": 1, "二级": 2, "三级": 3, "1级": 1, "2级": 2, "3级": 3,
    "点": _POINT, "鉴定点": _POINT, "4": _POINT, "point": _POINT,
}  # fmt: skip
_IMPORTANCE = {
    "x": Importance.X, "y": Importance.Y, "z": Importance.Z,
    "核心": Importance.X, "一般": Importance.Y, "辅助": Importance.Z,
    "核心要素": Importance.X, "一般要素": Importance.Y, "辅助要素": Importance.Z,
}  # fmt: skip
_CODE_CHARS_MAX = 64
_NAME_CHARS_MAX = 200


@dataclass(frozen=True, slots=True)
class OutlineReading:
    """What an outline file holds: the outline, or the problems that keep it from being one."""

    outline: ContentOutline | None
    problems: tuple[Problem, ...]
    warnings: tuple[Problem, ...]


@dataclass(slots=True)
class _Draft:
    """A range while its rows are read. level 0 is the outline itself."""

    level: int
    place: Cell
    code: str = ""
    name: str = ""
    weight: int | None = None
    children: list["_Draft"] = field(default_factory=list)
    points: list[AssessmentPoint] = field(default_factory=list)

    def built(self) -> Range:
        return Range(
            code=self.code,
            name=self.name,
            weight=self.weight or 0,
            children=tuple(child.built() for child in self.children),
            points=tuple(self.points),
        )


def read_outline(raw: bytes, code: str, title: str) -> OutlineReading:
    """The outline in the bytes of an xlsx (its first sheet with a heading) or csv file; never raises for
    any bytes.

    code and title are given from outside: they are not in the file.
    """
    findings = Findings()
    sheets = read_sheets(raw, findings)
    found: tuple[Sheet, Heading] | None = None
    for sheet in sheets:
        heading = find_heading(sheet, OUTLINE_WORDS, ("level", "code", "name", "weight"), findings)
        if heading is not None and found is None:
            found = sheet, heading
        elif sheet.name:
            findings.warning("sheet_not_read", whole_row(0, sheet.name), found=sheet.name)
    outline: ContentOutline | None = None
    if found is None:
        if not findings.problems:
            findings.problem(
                "no_heading", whole_row(0), limit=HEADING_ROWS_MAX, names="级别、代码、名称、权重"
            )
    else:
        top = _OutlineReader(*found, findings).read()
        if not findings.problems:
            ranges = tuple(child.built() for child in top.children)
            outline = ContentOutline(code=code, title=title, ranges=ranges)
    return OutlineReading(outline, tuple(findings.problems), tuple(findings.warnings))


class _OutlineReader:
    def __init__(self, sheet: Sheet, heading: Heading, findings: Findings) -> None:
        self._sheet = sheet
        self._heading = heading
        self._findings = findings
        self._codes: dict[str, int] = {}
        self._counts = {"ranges": 0, "points": 0}

    def read(self) -> _Draft:
        top = _Draft(0, whole_row(0, self._sheet.name), weight=WEIGHT_TOP)
        open_ranges = [top]
        for row in self._sheet.rows:
            if row[0].row <= self._heading.row:
                continue
            level = self._level(row)
            if level is None:
                continue
            if level == _POINT:
                self._read_point(row, open_ranges[-1])
                continue
            parent_level = min(level, len(open_ranges)) - 1
            if parent_level < level - 1:
                self._problem("level_skipped", self._heading.cell(row, "level"), expected=str(level - 1))
            draft = self._read_range(row, level)
            open_ranges = open_ranges[: parent_level + 1]
            open_ranges[-1].children.append(draft)
            open_ranges.append(draft)
        self._check_whole(top)
        return top

    def _problem(self, code: str, cell: Cell, found: str = "", **values: object) -> None:
        self._findings.problem(code, cell, found, column=self._heading.name(cell), **values)

    def _level(self, row: Row) -> int | None:
        cell = self._heading.cell(row, "level")
        level = _LEVELS.get(plain(cell.text).lower())
        if level is None:
            self._problem("unknown_level", cell)
        return level

    def _read_range(self, row: Row, level: int) -> _Draft:
        code, name = self._named(row)
        cell = self._heading.cell(row, "weight")
        weight = hundredths_of(cell.text)
        if weight is None or not 0 < weight <= WEIGHT_TOP:
            self._problem("bad_weight", cell)
            weight = None
        importance = self._heading.cell(row, "importance")
        if not importance.blank:
            self._problem("importance_of_range", importance)
        self._count("ranges", RANGES_MAX, cell)
        return _Draft(level, cell, code, name, weight)

    def _read_point(self, row: Row, parent: _Draft) -> None:
        if parent.level != RANGE_LEVELS:
            self._problem("level_skipped", self._heading.cell(row, "level"), expected=str(RANGE_LEVELS))
        code, name = self._named(row)
        weight = self._heading.cell(row, "weight")
        if not weight.blank:
            self._problem("weight_of_point", weight)
        cell = self._heading.cell(row, "importance")
        importance = _IMPORTANCE.get(plain(cell.text).lower())
        if importance is None:
            self._problem("unknown_importance", cell)
        self._count("points", POINTS_MAX, cell)
        if importance is not None and code and name:
            parent.points.append(AssessmentPoint(code=code, name=name, importance=importance))

    def _named(self, row: Row) -> tuple[str, str]:
        code_cell, name_cell = self._heading.cell(row, "code"), self._heading.cell(row, "name")
        for cell in (code_cell, name_cell, self._heading.cell(row, "weight")):
            if cell.fault is not None and not (
                cell.fault.value == "formatted_number" and cell is not name_cell
            ):
                self._problem(cell.fault.value, cell)
        for cell, limit in ((code_cell, _CODE_CHARS_MAX), (name_cell, _NAME_CHARS_MAX)):
            if len(plain(cell.text)) > limit:
                self._problem("cell_too_long", cell, limit=limit)
            if character := control_character(cell.text):
                self._problem("control_character", cell, character=character)
        code = plain(code_cell.text)
        if not code:
            self._problem("empty_code", code_cell)
        elif code in self._codes:
            self._problem("duplicate_code", code_cell, other=self._codes[code])
        else:
            self._codes[code] = code_cell.row
        if name_cell.blank:
            self._problem("empty_name", name_cell)
        return code, name_cell.text

    def _count(self, what: str, limit: int, cell: Cell) -> None:
        self._counts[what] += 1
        if self._counts[what] == limit + 1:
            self._problem("too_many_points", cell, str(self._counts[what]), limit=limit)

    def _check_whole(self, draft: _Draft) -> None:
        """Weights of children sum to their parent's; nothing stays without children."""
        if draft.level == RANGE_LEVELS:
            if not draft.points:
                self._problem("empty_range", draft.place, draft.code)
            return
        if not draft.children:
            self._problem("empty_range", draft.place, draft.code)
            return
        weights = [child.weight for child in draft.children]
        if draft.weight is not None and None not in weights:
            total = sum(weight for weight in weights if weight is not None)
            if total != draft.weight:
                found = f"{draft.code} {_percent(total)}".strip()
                self._problem("weights_differ", draft.place, found, expected=_percent(draft.weight))
        for child in draft.children:
            self._check_whole(child)


def _percent(hundredths: int) -> str:
    return f"{hundredths / 100:.2f}".rstrip("0").rstrip(".")
