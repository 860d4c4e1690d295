"""Which column holds what: headings in the words people use, in any order, below a title or not."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import TypeVar

from question_bank.importing.limits import HEADING_ROWS_MAX
from question_bank.importing.problems import Findings
from question_bank.importing.tables import Cell, Row, Sheet, plain, whole_row
from question_bank.items import LETTERS

Words = Mapping[str, Sequence[str]]
T = TypeVar("T")

BANK_WORDS: Words = {
    "kind": (
        "题型", "题目类型", "试题类型", "题目题型", "题型名称", "类型", "题类", "type", "kind", "question type",
        "qtype",
    ),
    "stem": (
        "题干", "题目", "试题", "试题内容", "题目内容", "试题题干", "问题", "题面", "内容", "小题题干", "题目描述",
        "题目名称", "试题名称", "试题题目", "question", "stem", "question text", "content", "question stem",
    ),
    "background": (
        "背景", "案例背景", "背景资料", "背景材料", "案例材料", "案例内容", "材料", "共用题干", "公共题干",
        "background", "passage",
    ),
    "group": (
        "所属案例", "案例编号", "所属案例编号", "题组", "题组编号", "所属题组", "父题编号", "父题号", "大题号",
        "大题编号", "case", "group", "part of",
    ),
    "answer": (
        "正确答案", "答案", "标准答案", "参考答案", "正确选项", "试题答案", "题目答案", "answer", "correct answer",
        "key", "right answer", "答案内容",
    ),
    "reference": ("评分标准", "评分要点", "评分细则", "采分点", "得分点", "reference", "marking guide"),
    "correct": (
        "是否正确", "是否正确答案", "是否答案", "是否为答案", "正确", "正确项", "对错", "correct", "is correct",
        "right",
    ),
    "option": (
        "选项", "选项内容", "备选项", "备选答案", "答案选项", "右项", "右列", "右栏", "option", "options",
        "option text",
    ),
    "letter": ("选项序号", "选项字母", "选项编号", "选项标识", "选项号", "option letter", "letter"),
    "premise": ("左项", "左列", "左栏", "题干列", "匹配左项", "premise", "premises", "left"),
    "solution": (
        "解析", "试题解析", "答案解析", "题目解析", "解答", "解题思路", "试题分析",
        "题目分析", "答案解释", "详解", "explanation", "solution", "analysis",
    ),
    "difficulty": (
        "难度", "难度系数", "难易度", "难易程度", "试题难度", "题目难度", "难度等级", "难度级别", "难度值",
        "difficulty", "difficulty level",
    ),
    "score": ("分值", "分数", "分", "题目分值", "试题分值", "题目分数", "默认分值", "score", "points"),
    "point": (
        "鉴定点", "鉴定点代码", "鉴定点编码", "考核点", "考核点代码", "考核要素", "知识点", "知识点代码", "知识点名称",
        "所属知识点", "考点",
        "assessment point", "point",
    ),
    "code": ("编号", "试题编号", "题目编号", "试题代码", "题目代码", "代码", "code", "id"),
    "running": ("序号", "行号", "题号", "no", "no.", "#"),
    "tags": ("标签", "标记", "关键词", "关键字", "tag", "tags", "keywords"),
    "picture": ("图片", "题干图片", "附图", "插图", "配图", "picture", "image"),
    "markup": ("格式", "文本格式", "内容格式", "markup", "format"),
    "version": ("版本", "版本号", "试题版本", "version"),
}  # fmt: skip

OUTLINE_WORDS: Words = {
    "level": ("级别", "层级", "等级", "级", "level"),
    "code": ("代码", "编码", "编号", "code"),
    "name": ("名称", "内容", "鉴定内容", "name"),
    "weight": ("权重", "鉴定比重", "比重", "比重(%)", "权重(%)", "weight"),
    "importance": ("重要程度", "重要性", "importance"),
}

# Two columns that both say 答案: the one that says 参考 is what assessors score by.
_REFERENCE_WORDS = ("参考答案", "reference answer")
_OPTION = re.compile(r"(?:选项|备选项|答案选项|右项|右列|右栏|option)?([a-z]|[1-9]|1\d|2[0-6])(?:选项|项)?")
# A bare letter is an option only among those an item may have: a column X is something else.
_BARE_OPTION = re.compile(r"[a-h](?:选项|项)?")
_PREMISE = re.compile(r"(?:左项|左列|左栏|题干列|匹配左项|premise|left)([a-z]|[1-9]|1\d|2[0-6])")
_CONTINUED = re.compile(r"(.+?)\s*\(\s*(?:续|continued)\s*(\d*)\s*\)")
# Between the words of a heading that a program wrote; 选项(A) is 选项A.
_BETWEEN_WORDS = re.compile(r"[\s_\-]+")
_BRACKETED = re.compile(r"[(\[]([a-z0-9]{1,2})[)\]]")
_NOTE = re.compile(r"\s*[(\[【].+$")
_ORDINALS = {**{chr(ord("a") + n): n for n in range(26)}, **{str(n + 1): n for n in range(26)}}


@dataclass(frozen=True, slots=True)
class Heading:
    """A recognised heading row: the column (from 0) of each field, of each option in the order of letters, and of
    each premise 左项.

    continued: columns that carry on the text of another one, which a single cell could not hold. lettered: whether
    premises are lettered and options numbered, the other way round than usual. numbered: whether the options are.
    """

    row: int
    columns: dict[str, int]
    options: tuple[int, ...]
    names: tuple[str, ...]
    premises: tuple[int, ...] = ()
    continued: Mapping[int, tuple[int, ...]] = field(default_factory=dict)
    lettered: bool = False
    numbered: bool = False

    def cell(self, row: Row, field: str) -> Cell:
        """The cell of a field in a row, blank where the row or the heading lacks it."""
        return self._at(row, self.columns.get(field))

    def option_cells(self, row: Row) -> list[Cell]:
        """The cells of all option columns."""
        return [self._at(row, column) for column in self.options]

    def premise_cells(self, row: Row) -> list[Cell]:
        """The cells of all premise columns."""
        return [self._at(row, column) for column in self.premises]

    def name(self, cell: Cell) -> str:
        """The heading over a cell as the file has it."""
        return self.names[cell.column - 1] if 0 < cell.column <= len(self.names) else ""

    def _at(self, row: Row, column: int | None) -> Cell:
        if column is not None and column < len(row):
            cell = row[column]
            more = self.continued.get(column, ())
            if more:
                rest = "".join(row[place].text for place in more if place < len(row))
                return cell._replace(text=cell.text + rest) if rest else cell
            return cell
        first = row[0]
        return Cell("", first.row, 0 if column is None else column + 1, first.sheet)


def find_heading(sheet: Sheet, words: Words, required: Sequence[str], findings: Findings) -> Heading | None:
    """The heading of a sheet, or None without one; what is wrong about it is found at the same time.

    required: fields without which a row is no heading; "answer|correct" is either of two.
    """
    for row in sheet.rows[:HEADING_ROWS_MAX]:
        fields = {_field(cell.text, words) for cell in row}
        if all(any(field in fields for field in either.split("|")) for either in required):
            return _heading(sheet, row, words, findings)
    return None


def _heading(sheet: Sheet, row: Row, words: Words, findings: Findings) -> Heading:
    columns: dict[str, int] = {}
    numbered: dict[str, dict[int, int]] = {"option": {}, "premise": {}}
    continued: dict[int, list[int]] = {}
    for index, cell in enumerate(row):
        if words is BANK_WORDS and _continues(row, index, words, continued):
            continue
        field = _field(cell.text, words)
        among = _numbered(cell.text) if words is BANK_WORDS and not field else None
        if field is not None:
            _note(columns, _reference_apart(row, columns, field, index), index, cell, findings)
        elif among is not None:
            _note(numbered[among[0]], among[1], index, cell, findings)
    known = {*columns.values(), *(place for places in numbered.values() for place in places.values())}
    known.update(place for more in continued.values() for place in more)
    _note_the_rest(sheet, row, known, columns, words, findings)
    for name, places in numbered.items():
        _check_gaps(name, places, whole_row(row[0].row, sheet.name), findings)
    lettered = {name: _are_lettered(row, places.values()) for name, places in numbered.items()}
    return Heading(
        row=row[0].row,
        columns=columns,
        options=tuple(numbered["option"][place] for place in sorted(numbered["option"])),
        names=tuple(cell.text for cell in row),
        premises=tuple(numbered["premise"][place] for place in sorted(numbered["premise"])),
        continued={column: tuple(more) for column, more in continued.items()},
        lettered=lettered["premise"] and not lettered["option"],
        numbered=bool(numbered["option"]) and not lettered["option"],
    )


def _reference_apart(row: Row, columns: dict[str, int], field: str, index: int) -> str:
    """The field of a column, where 正确答案 and 参考答案 both stand in the heading."""
    if field != "answer" or "answer" not in columns or "reference" in columns:
        return field
    if _folded(row[index].text) in _REFERENCE_WORDS:
        return "reference"
    if _folded(row[columns["answer"]].text) in _REFERENCE_WORDS:
        columns["reference"] = columns.pop("answer")
    return field


def _continues(row: Row, index: int, words: Words, continued: dict[int, list[int]]) -> bool:
    """Whether a column is 题干（续） of one before it; noted if so."""
    found = _CONTINUED.fullmatch(_folded(row[index].text))
    if found is None:
        return False
    base = next((place for place in range(index) if _folded(row[place].text) == found[1]), None)
    if base is None or (_field(row[base].text, words) is None and _numbered(row[base].text) is None):
        return False
    continued.setdefault(base, []).append(index)
    return True


def _check_gaps(name: str, places: Mapping[int, int], place: Cell, findings: Findings) -> None:
    if sorted(places) != list(range(len(places))):
        missing = next(number for number in range(len(places)) if number not in places)
        found = (
            f"选项{LETTERS[missing]} ?"
            if name == "option" and missing < len(LETTERS)
            else f"左项{missing + 1} ?"
        )
        findings.problem("option_heading_gap", place, found=found)


def _are_lettered(row: Row, columns: Iterable[int]) -> bool:
    return any(re.search(r"[a-z]$", _folded(row[column].text)) for column in columns)


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
    """The field a heading names; a note in brackets behind it, such as （多选用逗号分隔）, is not part of it."""
    name = _folded(text)
    for said in (name, _NOTE.sub("", name)):
        squeezed = _BETWEEN_WORDS.sub("", said)
        for named, names in words.items():
            if squeezed in _squeezed(tuple(names)):
                return named
        if _numbered(said) is not None:
            return None
    return None


@cache
def _squeezed(names: tuple[str, ...]) -> frozenset[str]:
    """Names without anything between their words, as programs write them (questionType, question_type)."""
    return frozenset(_BETWEEN_WORDS.sub("", name) for name in names)


def _numbered(text: str) -> tuple[str, int] | None:
    """An option column (选项A, A, A选项, 选项1, 右项1 …) or a premise column (左项1 …), and its place from 0; bare
    digits are no heading.
    """
    name = _BETWEEN_WORDS.sub("", _folded(text))
    name = _NOTE.sub("", _BRACKETED.sub(r"\1", name))
    premise = _PREMISE.fullmatch(name)
    if premise is not None:
        return "premise", _ORDINALS[premise[1]]
    found = _OPTION.fullmatch(name)
    if found is None or (name.startswith(found[1]) and not _BARE_OPTION.fullmatch(name)):
        return None
    return "option", _ORDINALS[found[1]]


# Characters; a longer cell is a text, and no heading is looked for in it.
_HEADING_CHARS_MAX = 200


def _folded(text: str) -> str:
    if len(text) > _HEADING_CHARS_MAX:
        return ""
    name = plain(text).lower().strip("*:：【】[] \t")
    return re.sub(r"\s+", " ", re.sub(r"\s*[(（](必填|选填|可选|非必填)[)）]", "", name)) if name else ""
