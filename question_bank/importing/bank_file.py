"""A bank in a file, one item a row: 题型 | 题干 | 选项A… | 正确答案 | 解析 | 难度 | 分值 | 鉴定点, or the
short form with a running number, Question, A to D and Answer.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from question_bank.importing.answers import DIFFICULTY_OF_LEVEL, are_levels, kind_of
from question_bank.importing.bank_row import ItemReader, Located
from question_bank.importing.cases import Question, grouped
from question_bank.importing.duplicates import report_duplicates
from question_bank.importing.headings import BANK_WORDS, Heading, find_heading
from question_bank.importing.layouts import items_of
from question_bank.importing.limits import HEADING_ROWS_MAX
from question_bank.importing.markup import Resolver, TextReader
from question_bank.importing.problems import Findings, Problem
from question_bank.importing.sheets import read_sheets
from question_bank.importing.tables import Cell, Sheet, whole_row
from question_bank.items import CHOICES, Item, Kind
from question_bank.pictures import Picture

_REQUIRED = ("stem|background", "answer|correct")
_REQUIRED_NAMES = "题干、正确答案"
# A file larger than any bank is not looked into: it would take minutes to say what one sentence says.
_TOO_MUCH = ("too_many_rows", "too_many_cells")
# Sheets beside the items that nobody misses: the templates' own instructions, and the pictures of an export.
_ASIDE = ("说明", "填写说明", "使用说明", "导入说明", "instructions", "readme", "图片", "pictures")


@dataclass(frozen=True, slots=True)
class BankReading:
    """What a bank file holds.

    items: every item that could be read, also when others could not; a bank takes them only without
    problems. rows: rows that should be items. warnings refuse nothing. unlisted: findings beyond the first
    PROBLEMS_MAX. pictures: those the items show, by name. format: what kind of file it was, as FORMATS names
    it, "" when nothing was recognised.
    """

    items: tuple[Item, ...]
    rows: int
    problems: tuple[Problem, ...]
    warnings: tuple[Problem, ...]
    unlisted: int = 0
    pictures: Mapping[str, Picture] = field(default_factory=dict)
    format: str = ""

    @property
    def by_kind(self) -> dict[Kind, int]:
        """How many items of each kind were read; of the three kinds every bank has, also none."""
        counted = Counter(item.kind for item in self.items)
        return {kind: counted[kind] for kind in Kind if counted[kind] or kind in CHOICES}


def read_bank(raw: bytes) -> BankReading:
    """The items in the bytes of an xlsx or csv file; never raises, whatever the bytes are."""
    findings = Findings()
    sheets = read_sheets(raw, findings, hidden_too=True)
    if any(problem.code in _TOO_MUCH for problem in findings.problems):
        sheets = []
    texts = TextReader(findings, _pictures_of(sheets))
    read, rows = read_sheet_items(sheets, texts, findings)
    report_duplicates(read, findings)
    if not rows and not findings.problems:
        findings.problem("empty_file", whole_row(0))
    return BankReading(
        items=tuple(each.item for each in read),
        rows=rows,
        problems=tuple(findings.problems),
        warnings=tuple(findings.warnings),
        unlisted=findings.unlisted,
        pictures=_shown(read, sheets, texts),
    )


def _shown(read: Sequence[Located], sheets: Sequence[Sheet], texts: TextReader) -> dict[str, Picture]:
    """The pictures that items show, by name."""
    kept = {name: picture for sheet in sheets for name, picture in sheet.pictures.items()} | texts.pictures
    return {name: kept[name] for each in read for name in each.item.pictures if name in kept}


def read_sheet_items(
    sheets: list[Sheet], texts: TextReader, findings: Findings
) -> tuple[list[Located], int]:
    """The items of sheets, whatever file these stood in, and how many rows should be items."""
    read: list[Located] = []
    rows = 0
    for sheet, heading in _with_headings(sheets, findings):
        cells = list(items_of(sheet, heading, findings))
        levels = are_levels(each.cell("difficulty").text for each in cells)
        if levels:
            _tell_levels(sheet, heading, findings)
        reader = ItemReader(heading, kind_of(sheet.name), findings, texts, levels=levels)
        questions = grouped(cells, reader, heading, findings)
        rows += len(questions)
        read += [each for each in (_located(question, reader) for question in questions) if each is not None]
    return read, rows


def _pictures_of(sheets: Sequence[Sheet]) -> Resolver:
    """Pictures by the address under which exported texts name them."""
    kept = {f"picture:{name}": picture.data for sheet in sheets for name, picture in sheet.pictures.items()}
    return kept.get


def _located(question: Question, reader: ItemReader) -> Located | None:
    if not question.sound:
        return None
    return (
        reader.read_case(question.cells, question.parts) if question.is_case else reader.read(question.cells)
    )


def _tell_levels(sheet: Sheet, heading: Heading, findings: Findings) -> None:
    place = Cell("", heading.row, heading.columns["difficulty"] + 1, sheet.name)
    told = " ".join(f"{level}={share / 100:.2f}" for level, share in DIFFICULTY_OF_LEVEL.items())
    findings.warning("difficulty_levels", place, column=heading.name(place), levels=told)


def _with_headings(sheets: list[Sheet], findings: Findings) -> list[tuple[Sheet, Heading]]:
    """Sheets with their headings. A sheet without one beside others is a note; alone it is a problem."""
    found: list[tuple[Sheet, Heading]] = []
    without: list[Sheet] = []
    for sheet in sheets:
        heading = find_heading(sheet, BANK_WORDS, _REQUIRED, findings)
        if heading is None:
            without.append(sheet)
        else:
            found.append((sheet, heading))
            if sheet.hidden:
                findings.warning("hidden_sheet_read", whole_row(0, sheet.name), found=sheet.name)
    for sheet in without:
        if sheet.name.strip().lower() in _ASIDE:
            continue
        if found:
            findings.warning("sheet_not_read", whole_row(0, sheet.name), found=sheet.name)
        else:
            first = sheet.rows[0]
            texts = " | ".join(cell.text for cell in first if cell.text)
            findings.problem(
                "no_heading",
                whole_row(first[0].row, sheet.name),
                found=texts,
                limit=HEADING_ROWS_MAX,
                names=_REQUIRED_NAMES,
            )
    return found
