"""Which column holds what: headings in the words people use, in any order, below a title or not."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

from question_bank.importing.limits import HEADING_ROWS_MAX
from question_bank.importing.problems import Findings
from question_bank.importing.tables import Cell, Row, Sheet, plain, whole_row
from question_bank.items import LETTERS, OPTIONS_MAX

Words = Mapping[str, Sequence[str]]
T = TypeVar("T")

BANK_WORDS: Words = {
    "kind": ("题型", "题目类型", "试题类型", "题目题型", "类型", "题类", "type", "kind", "question type"),
    "stem": (
        "题干", "题目", "试题", "试题内容", "题目内容", "试题题干", "问题", "题面", "内容", "question", "stem",
    ),
    "answer": (
        "正确答案", "答案", "标准答案", "参考答案", "正确选项", "试题答案", "题目答案", "answer", "correct answer",
        "key",
    ),
    "solution": (
        "解析", "试题解析", "答案解析", "题目解析", "解答", "解题思路", "explanation", "solution", "analysis",
    ),
    "difficulty": ("难度", "难度系数", "难易度", "难易程度", "试题难度", "difficulty"),
    "score": ("分值", "分数", "分", "题目分值", "试题分值", "score"),
    "point": (
        "鉴定点", "鉴定点代码", "鉴定点编码", "考核点", "考核点代码", "考核要素", "知识点", "知识点代码", "考点",
        "assessment point", "point",
    ),
    "code": ("编号", "试题编号", "题目编号", "试题代码", "题目代码", "代码", "code", "id"),
    "running": ("序号", "行号", "题号", "no", "no.", "#"),
}  # fmt: skip

OUTLINE_WORDS: Words = {
    "level": ("级别", "层级", "等级", "级", "level"),
    "code": ("代码", "编码", "编号", "code"),
    "name": ("名称", "内容", "鉴定内容", "name"),
    "weight": ("权重", "鉴定比重", "比重", "比重(%)", "权重(%)", "weight"),
    "importance": ("重要程度", "重要性", "importance"),
}

_OPTION = re.compile(r"(?:选项|备选项|答案选项|option)?([a-h1-8])(?:选项|项)?")


@dataclass(frozen=True, slots=True)
class Heading:
    """A recognised heading row: the column (from 0) of each field, and of each option in the order of
    letters.
    """

    row: int
    columns: dict[str, int]
    options: tuple[int, ...]
    names: tuple[str, ...]

    def cell(self, row: Row, field: str) -> Cell:
        """The cell of a field in a row, blank where the row or the heading lacks it."""
        return self._at(row, self.columns.get(field))

    def option_cells(self, row: Row) -> list[Cell]:
        """The cells of all option columns."""
        return [self._at(row, column) for column in self.options]

    def name(self, cell: Cell) -> str:
        """The heading over a cell as the file has it."""
        return self.names[cell.column - 1] if 0 < cell.column <= len(self.names) else ""

    @staticmethod
    def _at(row: Row, column: int | None) -> Cell:
        if column is not None and column < len(row):
            return row[column]
        first = row[0]
        return Cell("", first.row, 0 if column is None else column + 1, first.sheet)


def find_heading(sheet: Sheet, words: Words, required: Sequence[str], findings: Findings) -> Heading | None:
    """The heading of a sheet, or None without one; what is wrong about it is found at the same time.

    required: fields without which a row is no heading.
    """
    for row in sheet.rows[:HEADING_ROWS_MAX]:
        fields = {_field(cell.text, words) for cell in row}
        if all(field in fields for field in required):
            return _heading(sheet, row, words, findings)
    return None


def _heading(sheet: Sheet, row: Row, words: Words, findings: Findings) -> Heading:
    columns: dict[str, int] = {}
    options: dict[int, int] = {}
    for index, cell in enumerate(row):
        field = _field(cell.text, words)
        option = _option(cell.text) if words is BANK_WORDS and not field else None
        if field is not None:
            _note(columns, field, index, cell, findings)
        elif option is not None:
            _note(options, option, index, cell, findings)
    _note_the_rest(sheet, row, {*columns.values(), *options.values()}, columns, words, findings)
    present = sorted(options)
    if present != list(range(len(present))):
        missing = LETTERS[next(place for place in range(OPTIONS_MAX) if place not in options)]
        findings.problem("option_heading_gap", whole_row(row[0].row, sheet.name), found=f"选项{missing} ?")
    return Heading(
        row=row[0].row,
        columns=columns,
        options=tuple(options[place] for place in present),
        names=tuple(cell.text for cell in row),
    )


def _note(columns: dict[T, int], field: T, index: int, cell: Cell, findings: Findings) -> None:
    if field in columns:
        findings.problem("heading_twice", cell)
    else:
        columns[field] = index


def _note_the_rest(
    sheet: Sheet, heading: Row, known: set[int], columns: dict[str, int], words: Words, findings: Findings
) -> None:
    """Columns nobody reads: a running number without a heading is usual, anything else is told."""
    below = [row for row in sheet.rows if row[0].row > heading[0].row]
    # In a csv what lies beyond the heading is told row by row: there it means an unquoted separator.
    width = max((len(row) for row in sheet.rows), default=0) if sheet.name else len(heading)
    for index in range(width):
        if index in known:
            continue
        texts = [row[index].text for row in below if index < len(row) and row[index].text]
        name = heading[index].text if index < len(heading) else ""
        if words is BANK_WORDS and not name and "running" not in columns and all(map(_is_count, texts)):
            columns["running"] = index
        elif texts or name:
            place = (
                heading[index] if index < len(heading) else Cell("", heading[0].row, index + 1, sheet.name)
            )
            findings.warning("unknown_column", place, found=name)


def _is_count(text: str) -> bool:
    return bool(re.fullmatch(r"\d+(\.0+)?", plain(text)))


def _field(text: str, words: Words) -> str | None:
    name = _folded(text)
    return next((field for field, names in words.items() if name in names), None)


def _option(text: str) -> int | None:
    """The place of an option column: 选项A, A, A选项, 选项1 …; bare digits are no heading."""
    name = _folded(text).replace(" ", "")
    found = _OPTION.fullmatch(name)
    if found is None or name.isdigit():
        return None
    return "abcdefgh12345678".index(found[1]) % OPTIONS_MAX


def _folded(text: str) -> str:
    name = plain(text).lower().strip("*:：【】[] \t")
    return re.sub(r"\s+", " ", re.sub(r"\s*[(（](必填|选填|可选|非必填)[)）]", "", name)) if name else ""
