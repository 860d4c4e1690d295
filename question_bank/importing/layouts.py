"""Which cells belong to one item: a row of its own, or the rows of its options one below the other."""

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from html import escape

from question_bank.importing.answers import kind_of
from question_bank.importing.headings import Heading
from question_bank.importing.problems import Findings
from question_bank.importing.tables import Cell, Row, Sheet, cleaned, plain, whole_row
from question_bank.pictures import pictures_in

# In a cell that holds all options, each begins with its letter, or stands on a line of its own.
_LETTER_IN_CELL = re.compile(
    r"(?:^|(?<=[\s;；,，|。]))\s*[(（]?([A-Ha-hＡ-Ｈ])\s*(?:[)）]\s*[.．、:：]?|[.．、:：])\s*(?=\S)"
)
_BETWEEN_OPTIONS = re.compile(r"\s*(?:\n|\||｜|\$;\$|##)\s*")
_SCORE_EACH = re.compile(r"每(?:小)?题\s*(\d+(?:\.\d+)?)\s*分")
# Columns whose pictures belong to the text beside them; what floats over any other is the stem's.
_OF_TEXTS = ("stem", "background", "answer", "reference", "solution", "option", "premise")
# What a row that goes on with an item may repeat, but not change.
_ITS_OWN = ("option", "letter", "premise", "correct", "running", "code")


@dataclass(slots=True)
class ItemCells:
    """The cells of one item. place: its first row, as a blank cell. marks: 是否正确 beside each option, in the layout
    of one row per option; there an option may also be a blank's forms or the match of the premise beside it.
    """

    place: Cell
    fields: dict[str, Cell]
    options: list[Cell] = field(default_factory=list)
    premises: list[Cell] = field(default_factory=list)
    marks: list[Cell] = field(default_factory=list)
    beyond: Cell | None = None
    per_option: bool = False

    def cell(self, name: str) -> Cell:
        """The cell of a field, blank where the heading lacks it."""
        return self.fields.get(name, self.place)

    @property
    def all(self) -> list[tuple[str, Cell]]:
        """Every cell with the name of its field."""
        texts = [("option", cell) for cell in self.options] + [("premise", cell) for cell in self.premises]
        return [*self.fields.items(), *texts, *(("correct", cell) for cell in self.marks)]


def items_of(sheet: Sheet, heading: Heading, findings: Findings) -> Iterator[ItemCells]:
    """The cells of each item below a heading, in order."""
    rows = [row for row in sheet.rows if row[0].row > heading.row and not _is_heading(row, heading)]
    if _one_row_per_option(heading, rows):
        yield from _Gathering(heading, findings).items(rows)
    else:
        section: dict[str, Cell] = {}
        for row in rows:
            told = _section(row)
            if told:
                section = told
                continue
            cells = _one_row(heading, row)
            cells.fields |= {name: cell for name, cell in section.items() if cells.cell(name).blank}
            _take_strays(cells, heading, row, findings)
            yield cells


def _is_heading(row: Row, heading: Heading) -> bool:
    """Whether a row is the heading said again, as it is above every section of some files."""
    texts = [cell.text for cell in row if cell.text]
    return len(texts) > 1 and texts == [name for name in heading.names if name]


def _section(row: Row) -> dict[str, Cell]:
    """Kind, and score if said, of the items below a row such as 一、单项选择题（每题1分）; empty for any other row."""
    given = [cell for cell in row if not cell.blank and not cell.filled]
    if len(given) != 1 or kind_of(given[0].text) is None:
        return {}
    found = {"kind": given[0]}
    each = _SCORE_EACH.search(plain(given[0].text))
    return found | ({"score": given[0]._replace(text=each[1])} if each else {})


def _one_row_per_option(heading: Heading, rows: Sequence[Row]) -> bool:
    if "option" not in heading.columns or heading.options:
        return False
    if "correct" in heading.columns or "letter" in heading.columns:
        return True
    stems = ((heading.cell(row, "stem"), heading.cell(row, "option")) for row in rows)
    return any((stem.blank or stem.filled) and not option.blank for stem, option in stems)


def _one_row(heading: Heading, row: Row) -> ItemCells:
    fields = {name: heading.cell(row, name) for name in heading.columns if name not in ("option", "premise")}
    options, premises = heading.option_cells(row), heading.premise_cells(row)
    if "option" in heading.columns and not options:
        options = _several(heading.cell(row, "option"))
    if "premise" in heading.columns and not premises:
        premises = _several(heading.cell(row, "premise"))
    return ItemCells(
        whole_row(row[0].row, row[0].sheet), fields, options, premises, beyond=_beyond(heading, row)
    )


def _take_strays(cells: ItemCells, heading: Heading, row: Row, findings: Findings) -> None:
    """Put pictures over cells that hold no text of the item to its stem; outside a column for pictures that is told."""
    of_texts = {*heading.options, *heading.premises} | {heading.columns.get(name) for name in _OF_TEXTS}
    for cell in row:
        if not cell.html or cell.column - 1 in of_texts:
            continue
        name = "stem" if "stem" in cells.fields and not cells.fields["stem"].blank else "background"
        stem = cells.fields.get(name, cells.place)
        shown = "".join(f'<img src="picture:{each}" alt="">' for each in pictures_in(cell.html))
        if not shown or stem is cells.place:
            continue
        html = (stem.html or escape(stem.text, quote=False).replace("\n", "<br>")) + shown
        cells.fields[name] = stem._replace(html=html)
        if cell.column - 1 != heading.columns.get("picture"):
            findings.warning("picture_moved", cell, column=heading.name(cell))


def _beyond(heading: Heading, row: Row) -> Cell | None:
    """In a csv a cell beyond the heading is what an unquoted separator leaves behind."""
    beyond = next((cell for cell in row[len(heading.names) :] if not cell.blank), None)
    return beyond if beyond is not None and not beyond.sheet else None


def _several(cell: Cell) -> list[Cell]:
    """The options of one cell that holds all of them, each as a cell at its place."""
    if cell.blank:
        return []
    if cell.text.startswith("[") and (listed := _listed(cell.text)):
        return [cell._replace(text=text) for text in listed]
    starts = [found.start() for found in _LETTER_IN_CELL.finditer(cell.text)]
    letters = [plain(found[1]).upper() for found in _LETTER_IN_CELL.finditer(cell.text)]
    if len(starts) > 1 and starts[0] == 0 and letters == [chr(ord("A") + n) for n in range(len(letters))]:
        texts = [cell.text[start:end] for start, end in zip(starts, [*starts[1:], None], strict=True)]
        return [cell._replace(text=text.strip(" \n\t;；,，|\u3000")) for text in texts]
    return [cell._replace(text=text) for text in _BETWEEN_OPTIONS.split(cell.text) if text]


def _listed(text: str) -> list[str]:
    """The texts of a JSON list, as programs write options; empty for anything else."""
    try:
        given = json.loads(text)
        # JSON can say half a character, which no text can hold.
        json.dumps(given, ensure_ascii=False).encode()
    except (ValueError, RecursionError):
        return []
    return [cleaned(each) for each in given] if all(isinstance(each, str) for each in given) else []


class _Gathering:
    """Rows of options joined to the item they follow.

    A row begins an item when its number differs from the one before; without numbers, when it has a stem that differs,
    or that comes after rows which left it blank.
    """

    def __init__(self, heading: Heading, findings: Findings) -> None:
        self._heading = heading
        self._findings = findings
        self._number = next((name for name in ("running", "code") if name in heading.columns), None)

    def items(self, rows: Sequence[Row]) -> Iterator[ItemCells]:
        number = self._number
        numbered = number is not None and any(self._heading.cell(row, number).text for row in rows)
        now: ItemCells | None = None
        left_blank = False
        for row in rows:
            stem = self._heading.cell(row, "stem")
            given = not stem.blank and not stem.filled
            if now is None or self._begins(now, row, stem, numbered=numbered, after_blank=left_blank):
                if now is not None:
                    yield now
                now, left_blank = self._first(row), False
            else:
                self._compare(now, row)
                left_blank = left_blank or not given
            self._take(now, row)
            _take_strays(now, self._heading, row, self._findings)
        if now is not None:
            yield now

    def _begins(self, now: ItemCells, row: Row, stem: Cell, *, numbered: bool, after_blank: bool) -> bool:
        if numbered and self._number is not None:
            number = self._heading.cell(row, self._number)
            if not number.blank:
                return not number.filled and number.text != now.cell(self._number).text
        if stem.blank or stem.filled:
            kind = self._heading.cell(row, "kind")
            return not kind.blank and not kind.filled and plain(kind.text) != plain(now.cell("kind").text)
        return after_blank or stem.text != now.cell("stem").text

    def _first(self, row: Row) -> ItemCells:
        names = [name for name in self._heading.columns if name not in ("option", "premise", "correct")]
        fields = {name: self._heading.cell(row, name) for name in names}
        return ItemCells(
            whole_row(row[0].row, row[0].sheet), fields, beyond=_beyond(self._heading, row), per_option=True
        )

    def _compare(self, now: ItemCells, row: Row) -> None:
        """What a further row says again must be the same; what it says first is taken."""
        now.beyond = now.beyond or _beyond(self._heading, row)
        for name in self._heading.columns:
            cell = self._heading.cell(row, name)
            if name in _ITS_OWN or cell.blank or cell.filled:
                continue
            first = now.cell(name)
            if first.blank:
                now.fields[name] = cell
            elif first.text != cell.text:
                heading = self._heading.name(cell)
                self._findings.problem(
                    "differs_from_first", cell, column=heading, other=first.row, first=first.text[:40]
                )

    def _take(self, now: ItemCells, row: Row) -> None:
        option, premise = self._heading.cell(row, "option"), self._heading.cell(row, "premise")
        mark = self._heading.cell(row, "correct")
        if not option.blank or not mark.blank:
            now.options.append(option)
            now.marks.append(mark)
        if not premise.blank:
            now.premises.append(premise)
