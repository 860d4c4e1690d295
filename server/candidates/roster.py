"""A roster (xlsx or csv) as lines: all or nothing, every problem with row, column, found and expected.

What can be told from the file alone is told here; what the register knows already is told when the roster is taken.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from question_bank.importing.headings import Heading, Words, find_heading
from question_bank.importing.problems import Findings
from question_bank.importing.sheets import read_sheets
from question_bank.importing.tables import Cell, Row, Sheet, control_character, plain, whole_row
from server.candidates.rules import (
    CHECKED,
    DOCUMENT_WORDS,
    LEVEL_WORDS,
    NAME_CHARS_MAX,
    DocumentType,
    Sex,
    document_fault,
    document_key,
    sex_of_id,
)

ROSTER_BYTES_MAX = 8 * 1_048_576
"""A roster of 5,000 people is well below one."""
ROSTER_ROWS_MAX = 5_000
TICKET_CHARS_MAX = 40
LINE_CHARS_MAX = 200
SEAT_MAX = 500

WORDS: Words = {
    "name": ("姓名", "考生姓名", "name"),
    "document": (
        "证件号码",
        "证件号",
        "身份证号",
        "身份证号码",
        "居民身份证号",
        "居民身份证号码",
        "document",
    ),
    "document_type": ("证件类型", "证件种类", "document type"),
    "sex": ("性别", "sex", "gender"),
    "employer": ("单位", "工作单位", "所在单位", "企业名称", "用人单位", "employer"),
    "institution": ("培训机构", "培训单位", "机构", "评价机构", "institution"),
    "occupation": (
        "职业",
        "工种",
        "职业工种",
        "职业(工种)",
        "岗位",
        "报考岗位",
        "报考工种",
        "occupation",
        "post",
    ),
    "level": ("级别", "等级", "技能等级", "报考等级", "level"),
    "subjects": ("科目", "考核科目", "考试科目", "subject", "subjects"),
    "qualified": ("资格审查", "资格审核", "审查结果", "qualified"),
    "trained": ("培训完成", "培训情况", "是否完成培训", "trained"),
    "resit": ("补考", "是否补考", "resit"),
    "ticket": ("准考证号", "准考证号码", "准考证", "ticket"),
    "seat": ("机位号", "机位", "座位号", "座位", "seat"),
    "running": ("序号", "行号", "no", "no.", "#"),
}
REQUIRED = ("name", "document")

EXPECTED: Mapping[str, tuple[str, str]] = {
    "empty_roster": ("至少一名考生", "at least one candidate"),
    "too_many_lines": ("不超过 {limit} 名考生", "at most {limit} candidates"),
    "no_roster_heading": ("表头：姓名、证件号码、准考证号", "a heading with name, document and ticket"),
    "empty_value": ("{what}", "{what}"),
    "value_too_long": ("不超过 {limit} 个字符", "at most {limit} characters"),
    "id_shape": (
        "18 位身份证号（17 位数字加校验码；单元格请设为文本格式）",
        "an identity number of 18 characters (format the cell as text)",
    ),
    "id_check": (
        "校验码正确的身份证号（请核对；如为数字格式，末几位已丢失，请设为文本后重新录入）",
        "an identity number whose check character is right (a cell formatted as a number has lost digits)",
    ),
    "id_birth": ("真实且早于今天的出生日期", "a real birth date before today"),
    "document_shape": ("4 至 40 个字符的证件号码", "a document number of 4 to 40 characters"),
    "unknown_document_type": ("证件类型：{names}", "one of these documents: {names}"),
    "unknown_sex": ("男 或 女", "男 or 女"),
    "sex_differs": ("与身份证号第 17 位一致的性别（请核对）", "the sex the identity number says (please check)"),
    "unknown_level": ("一级 至 五级，或留空", "一级 to 五级, or nothing"),
    "unknown_subject": ("方案中的机考科目：{names}", "a subject of the scheme: {names}"),
    "subject_needed": ("科目（方案有多个机考科目：{names}）", "a subject (the scheme has several: {names})"),
    "not_qualified": ("通过（未通过资格审查者不得编入名单）", "qualified (others cannot be listed)"),
    "not_trained": ("已完成（未完成培训者不得编入名单）", "trained (others cannot be listed)"),
    "unknown_answer": ("是 或 否", "yes or no"),
    "bad_ticket": ("字母、数字或 - 组成的准考证号", "a ticket of letters, digits or -"),
    "bad_seat": ("1 至 {limit} 的机位号", "a seat number from 1 to {limit}"),
    "document_twice": ("每人一行（与第 {other} 行证件号相同）", "one row for each person (same as row {other})"),
    "ticket_twice": ("唯一的准考证号（与第 {other} 行相同）", "a ticket of its own (same as row {other})"),
    "seat_twice": ("同一科目机位号不重复（与第 {other} 行相同）", "a seat of its own (same as row {other})"),
    "name_differs": ("库中同一证件号的姓名：{known}", "the name registered with this document: {known}"),
    "ticket_taken": ("未被他人使用的准考证号", "a ticket nobody else has"),
}  # fmt: skip

_YES = frozenset(
    {"是", "√", "✓", "通过", "合格", "已通过", "已完成", "完成", "已培训", "y", "yes", "1", "true"}
)
_NO = frozenset(
    {"否", "×", "✗", "不通过", "不合格", "未通过", "未完成", "未培训", "n", "no", "0", "false", "无"}
)
_SEPARATORS = str.maketrans("，,；;/|\n", "、、、、、、、")


@dataclass(frozen=True, slots=True)
class Line:
    """One candidate of a roster. ``subjects`` are codes of the scheme; ``seat`` None means not given."""

    row: int
    name: str
    document_type: DocumentType
    document: str
    document_key: str
    ticket: str
    subjects: tuple[str, ...]
    seat: int | None
    sex: Sex | None
    employer: str
    institution: str
    occupation: str
    level: str
    resit: bool


@dataclass
class Roster:
    """What a file holds; only without problems may it be taken."""

    lines: list[Line] = field(default_factory=list)
    findings: Findings = field(default_factory=lambda: Findings(EXPECTED))


def read_roster(raw: bytes, subjects: Mapping[str, str], today: date) -> Roster:
    """Read a roster; ``subjects`` maps the scheme's computer subjects, code to title. Never raises for a bad file."""
    roster = Roster()
    found = roster.findings
    sheets = read_sheets(raw, found)
    if found.problems:
        return roster
    for sheet in sheets:
        heading = find_heading(sheet, WORDS, REQUIRED, found)
        if heading is None:
            found.warning("sheet_not_read", whole_row(0, sheet.name), found=sheet.name)
            continue
        reader = _Reader(heading, subjects, today, found)
        roster.lines += reader.lines(sheet)
        break
    else:
        found.problem("no_roster_heading", whole_row(0))
        return roster
    if not roster.lines and not found.problems:
        found.problem("empty_roster", whole_row(0))
    _report_twice(roster.lines, heading, found)
    return roster


class _Reader:
    """Reads the rows under one heading."""

    def __init__(
        self, heading: Heading, subjects: Mapping[str, str], today: date, findings: Findings
    ) -> None:
        self._heading = heading
        self._subjects = subjects
        self._by_word = {
            plain(word).casefold(): code for code, title in subjects.items() for word in (code, title)
        }
        self._today = today
        self._findings = findings

    def lines(self, sheet: Sheet) -> list[Line]:
        """Every row that holds a person; a row with a problem is left out, its problem found."""
        below = [row for row in sheet.rows if row[0].row > self._heading.row]
        if len(below) > ROSTER_ROWS_MAX:
            self._findings.problem("too_many_lines", whole_row(0), str(len(below)), limit=ROSTER_ROWS_MAX)
            return []
        read = (self._line(row) for row in below if self._is_person(row))
        return [line for line in read if line is not None]

    def _is_person(self, row: Row) -> bool:
        running = self._heading.columns.get("running")
        return any(not cell.blank for place, cell in enumerate(row) if place != running)

    def _line(self, row: Row) -> Line | None:
        before = len(self._findings.problems) + self._findings.unlisted
        name = self._text(row, "name", NAME_CHARS_MAX, needed="姓名 name")
        kind = self._document_type(row)
        document = self._text(row, "document", LINE_CHARS_MAX, needed="证件号码 document number")
        key = document_key(document)
        if document:
            fault = document_fault(kind, key, self._today)
            if fault is not None:
                self._wrong(fault, row, "document")
        line = Line(
            row=row[0].row,
            name=name,
            document_type=kind,
            document=key if kind in CHECKED else document,
            document_key=key,
            ticket=self._ticket(row),
            subjects=self._subjects_of(row),
            seat=self._seat(row),
            sex=self._sex(row, kind, key),
            employer=self._text(row, "employer", LINE_CHARS_MAX),
            institution=self._text(row, "institution", LINE_CHARS_MAX),
            occupation=self._text(row, "occupation", NAME_CHARS_MAX),
            level=self._level(row),
            resit=self._yes(row, "resit") is True,
        )
        if self._yes(row, "qualified") is False:
            self._wrong("not_qualified", row, "qualified")
        if self._yes(row, "trained") is False and not line.resit:
            self._wrong("not_trained", row, "trained")
        return line if len(self._findings.problems) + self._findings.unlisted == before else None

    def _cell(self, row: Row, column: str) -> Cell:
        return self._heading.cell(row, column)

    def _wrong(self, code: str, row: Row, column: str, **values: object) -> None:
        cell = self._cell(row, column)
        self._findings.problem(code, cell, "", column=self._heading.name(cell), **values)

    def _text(self, row: Row, column: str, chars_max: int, *, needed: str = "") -> str:
        cell = self._cell(row, column)
        if cell.fault is not None:
            self._wrong(cell.fault, row, column)
            return ""
        strange = control_character(cell.text)
        if strange or "\n" in cell.text:
            self._wrong("control_character", row, column, character=strange or "U+000A")
        elif len(cell.text) > chars_max:
            self._wrong("value_too_long", row, column, limit=chars_max)
        elif not cell.text and needed:
            self._wrong("empty_value", row, column, what=needed)
        return cell.text

    def _document_type(self, row: Row) -> DocumentType:
        text = plain(self._text(row, "document_type", LINE_CHARS_MAX))
        if not text:
            return DocumentType.RESIDENT_ID
        found = DOCUMENT_WORDS.get(text)
        if found is None:
            names = "、".join(dict.fromkeys(word for word in DOCUMENT_WORDS if len(word) > 2))
            self._wrong("unknown_document_type", row, "document_type", names=names)
            return DocumentType.OTHER
        return found

    def _ticket(self, row: Row) -> str:
        ticket = plain(self._text(row, "ticket", TICKET_CHARS_MAX, needed="准考证号 ticket"))
        if ticket and not (ticket.isascii() and ticket.replace("-", "").isalnum()):
            self._wrong("bad_ticket", row, "ticket")
        return ticket

    def _subjects_of(self, row: Row) -> tuple[str, ...]:
        text = self._text(row, "subjects", LINE_CHARS_MAX)
        words = [word for part in text.translate(_SEPARATORS).split("、") if (word := plain(part))]
        names = "、".join(self._subjects.values())
        if not words and len(self._subjects) != 1:
            self._wrong("subject_needed", row, "subjects", names=names)
            return ()
        if not words:
            return tuple(self._subjects)
        codes = [self._by_word.get(word.casefold()) for word in words]
        if None in codes:
            self._wrong("unknown_subject", row, "subjects", names=names)
        return tuple(dict.fromkeys(code for code in codes if code is not None))

    def _seat(self, row: Row) -> int | None:
        text = plain(self._text(row, "seat", LINE_CHARS_MAX)).removesuffix("号")
        if not text:
            return None
        if not (text.isascii() and text.isdigit() and 1 <= int(text[:9]) <= SEAT_MAX):
            self._wrong("bad_seat", row, "seat", limit=SEAT_MAX)
            return None
        return int(text)

    def _sex(self, row: Row, kind: DocumentType, key: str) -> Sex | None:
        text = plain(self._text(row, "sex", LINE_CHARS_MAX))
        said = {"男": Sex.MALE, "女": Sex.FEMALE, "": None}.get(text, text)
        if isinstance(said, str) and not isinstance(said, Sex):
            self._wrong("unknown_sex", row, "sex")
            return None
        shown = kind in CHECKED and document_fault(kind, key, self._today) is None
        if said is not None and shown and sex_of_id(key) is not said:
            cell = self._cell(row, "sex")
            self._findings.warning("sex_differs", cell, column=self._heading.name(cell))
        return said

    def _level(self, row: Row) -> str:
        text = plain(self._text(row, "level", LINE_CHARS_MAX))
        # A level is often written with its name: 三级/高级工, 三级（高级工）.
        found = LEVEL_WORDS.get(text) or LEVEL_WORDS.get(text[:2])
        if text and found is None:
            self._wrong("unknown_level", row, "level")
        return found.value if text and found else ""

    def _yes(self, row: Row, column: str) -> bool | None:
        text = plain(self._text(row, column, LINE_CHARS_MAX)).casefold()
        if not text:
            return None
        if text not in _YES | _NO:
            self._wrong("unknown_answer", row, column)
            return None
        return text in _YES


def _report_twice(lines: list[Line], heading: Heading, findings: Findings) -> None:
    """What only one row of a roster may have: the document, the ticket, the seat within a subject."""
    seen: dict[tuple[str, ...], int] = {}
    for line in lines:
        keys = [
            ("document", line.document_type.value, line.document_key),
            ("ticket", line.ticket),
            *(("seat", str(line.seat), subject) for subject in line.subjects if line.seat is not None),
        ]
        for key in keys:
            first = seen.setdefault(key, line.row)
            if first != line.row:
                found = {"document": line.document, "ticket": line.ticket, "seat": str(line.seat)}[key[0]]
                place = place_of(heading, line.row, key[0])
                column = heading.name(place)
                findings.problem(f"{key[0]}_twice", place, found=found, column=column, other=first)
                break


def place_of(heading: Heading, row: int, column: str) -> Cell:
    """The place of a field in a row, for a problem found after reading."""
    at = heading.columns.get(column)
    return Cell("", row, 0 if at is None else at + 1)
