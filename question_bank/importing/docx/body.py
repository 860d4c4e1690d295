"""The body of a document as lines of a written bank, with its tables as what they are used for."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from html import escape

from lxml import etree

from question_bank.importing.docx.elements import child, children, each, named, value
from question_bank.importing.docx.numbering import Numbering
from question_bank.importing.docx.runs import Inline
from question_bank.importing.headings import BANK_WORDS, find_heading
from question_bank.importing.problems import Findings
from question_bank.importing.tables import Cell, Sheet, plain
from question_bank.importing.written import WrittenLine
from question_bank.importing.written.lines import evened, labels_of, options_of
from question_bank.importing.written.marks import number_of
from question_bank.importing.written.objects import Objects

Element = etree._Element

PARAGRAPHS_MAX = 200_000
"""Paragraphs of a document: 20,000 questions of ten."""

TABLE_DEPTH_MAX = 5
_HEADINGS = (("stem", "answer"), ("stem", "kind"), ("kind", "answer"))
_CONTAINERS = frozenset({"sdt", "sdtContent", "customXml", "ins", "moveTo", "smartTag"})
_SPAN_MAX = 63


@dataclass(slots=True)
class Body:
    """What a document holds. sheets: its tables of one question a row."""

    lines: list[WrittenLine] = field(default_factory=list)
    sheets: list[Sheet] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _TableCell:
    """A cell: its lines, how many columns it spans, and whether it continues the one above."""

    lines: tuple[str, ...]
    span: int
    continues: bool

    @property
    def text(self) -> str:
        return "\n".join(self.lines).strip()


class BodyReader:
    """Walks through a document once, counting paragraphs and numbers."""

    def __init__(self, inline: Inline, numbering: Numbering, objects: Objects, findings: Findings) -> None:
        """Objects of paragraphs and tables go to the objects."""
        self._inline = inline
        self._numbering = numbering
        self._objects = objects
        self._findings = findings
        self._paragraphs = 0
        self._body = Body()

    def read(self, body: Element) -> Body:
        """Everything in the body, in order."""
        for element in _unwrapped(body):
            if self._paragraphs > PARAGRAPHS_MAX:
                place = Cell("", self._paragraphs, 0)
                self._findings.problem("too_many_lines", place, str(self._paragraphs), limit=PARAGRAPHS_MAX)
                break
            if named(element) == "p":
                self._paragraph(element)
            elif named(element) == "tbl":
                self._table(element)
        return self._body

    def _paragraph(self, paragraph: Element) -> None:
        place, text = self._written(paragraph)
        for line in text.split("\n"):
            stripped = evened(line)
            self._body.lines.append(WrittenLine(stripped, place._replace(text=self._objects.plain(stripped))))

    def _written(self, paragraph: Element) -> tuple[Cell, str]:
        """The place of a paragraph and its text behind its number, if Word counts it."""
        self._paragraphs += 1
        place = Cell("", self._paragraphs, 0)
        text = self._inline.text(paragraph, place)
        label = self._numbering.label(child(paragraph, "pPr")) if text.strip() else ""
        return place, f"{label} {text.lstrip()}" if label else text

    def _table(self, table: Element) -> None:
        start = self._paragraphs + 1
        rows = self._rows(table, 1)
        texts = [[cell.text for cell in row] for row in rows]
        flat = [text for row in texts for text in row if text]
        answers = _answer_list(texts)
        if not flat:
            return
        if answers is not None:
            self._add(answers, start)
        elif sheet := self._bank_table(rows, start):
            self._body.sheets.append(sheet)
        elif sum(map(_is_piece, flat)) * 2 >= len(flat):
            for row in rows:
                self._add("\t".join(cell.text for cell in row if cell.text), start)
        else:
            words = "\n".join("\t".join(row) for row in texts)
            self._add(self._objects.add(self._markup(rows), words), start)

    def _add(self, text: str, paragraph: int) -> None:
        for line in text.split("\n"):
            stripped = evened(line)
            place = Cell(self._objects.plain(stripped), paragraph, 0)
            self._body.lines.append(WrittenLine(stripped, place))

    def _rows(self, table: Element, depth: int) -> list[list[_TableCell]]:
        found = []
        for row in _unwrapped(table, "tr"):
            if named(row) == "tr":
                found.append(
                    [self._cell(cell, depth) for cell in _unwrapped(row, "tc") if named(cell) == "tc"]
                )
        return found

    def _cell(self, cell: Element, depth: int) -> _TableCell:
        lines: list[str] = []
        for element in _unwrapped(cell):
            if named(element) == "p":
                lines.append(self._written(element)[1])
            elif named(element) == "tbl" and depth < TABLE_DEPTH_MAX:
                inner = self._rows(element, depth + 1)
                words = "\n".join("\t".join(each.text for each in row) for row in inner)
                lines.append(self._objects.add(self._markup(inner), words))
            elif named(element) == "tbl":
                self._findings.problem(
                    "markup_too_deep", Cell("", self._paragraphs, 0), depth=TABLE_DEPTH_MAX, limit=0
                )
        properties = child(cell, "tcPr")
        span = value(child(properties, "gridSpan"))
        merged = child(properties, "vMerge")
        return _TableCell(
            tuple(lines),
            min(int(span), _SPAN_MAX) if span.isdigit() and int(span) else 1,
            merged is not None and value(merged) != "restart",
        )

    def _bank_table(self, rows: list[list[_TableCell]], start: int) -> Sheet | None:
        """A table of one question a row, under a heading of the words a workbook has."""
        name = f"表格 {len(self._body.sheets) + 1}"
        sheet = Sheet(name, tuple(self._bank_row(row, place, name) for place, row in enumerate(rows, 1)))
        kept = Sheet(name, tuple(row for row in sheet.rows if any(not cell.blank for cell in row)))
        aside = Findings()
        known = any(find_heading(kept, BANK_WORDS, fields, aside) is not None for fields in _HEADINGS)
        return kept if known else None

    def _bank_row(self, row: list[_TableCell], number: int, name: str) -> list[Cell]:
        cells: list[Cell] = []
        for cell in row:
            place = Cell(self._objects.plain(cell.text), number, len(cells) + 1, name)
            passage = self._objects.passage(cell.text, place, "")
            cells.append(place._replace(html=passage.html if passage.text is None else ""))
            cells += [Cell("", number, len(cells) + 1, name) for _ in range(cell.span - 1)]
        return cells

    def _markup(self, rows: list[list[_TableCell]]) -> str:
        """A table as HTML; its objects stay objects until the whole is read."""
        written = []
        for row in rows:
            cells = []
            for cell in row:
                span = f' colspan="{cell.span}"' if cell.span > 1 else ""
                inner = self._objects.markup(escape(cell.text, quote=False).replace("\n", "<br>"))
                cells.append(f"<td{span}>{inner}</td>")
            written.append(f"<tr>{''.join(cells)}</tr>")
        return f"<table><tbody>{''.join(written)}</tbody></table>"


def _unwrapped(element: Element, *wanted: str) -> Iterator[Element]:
    """The children, those of content controls and tracked insertions in place of these."""
    for inner in element:
        if named(inner) in _CONTAINERS:
            yield from _unwrapped(inner, *wanted)
        elif named(inner) == "AlternateContent":
            for branch in children(inner, "Choice")[:1] or children(inner, "Fallback")[:1]:
                yield from _unwrapped(branch, *wanted)
        else:
            yield inner


def _is_piece(text: str) -> bool:
    """Whether a cell begins as a piece of a question does: an option, a number, a label."""
    first = text.split("\n", 1)[0]
    mark = number_of(first)
    return bool(options_of(first, "A")[1] or labels_of(first)[1] or (mark is not None and mark.rest))


def _answer_list(rows: list[list[str]]) -> str | None:
    """题号 over 答案, in pairs of rows or in two columns, as the line 答案：1.A 2.B; None for any other table."""
    pairs: list[str] = []
    texts = [[plain(text) for text in row] for row in rows]
    if texts and len(texts[0]) == 2 and _numbers_over_answers(texts[0][0], texts[0][1]):
        texts = [list(column) for column in zip(*[row for row in texts if len(row) == 2], strict=True)]
    if len(texts) < 2 or len(texts) % 2:
        return None
    for numbers, answers in zip(texts[::2], texts[1::2], strict=True):
        if len(numbers) != len(answers) or not numbers or not _numbers_over_answers(numbers[0], answers[0]):
            return None
        for number, answer in zip(numbers[1:], answers[1:], strict=True):
            if number and answer and not re.fullmatch(r"\d{1,4}", number):
                return None
            if number and answer:
                pairs.append(f"{number}.{answer}")
    return "答案：" + "  ".join(pairs) if pairs else None


def _numbers_over_answers(first: str, second: str) -> bool:
    return bool(re.fullmatch(r"题\s*号|序\s*号|题目", first)) and "答案" in second


def footnotes_of(part: Element, kind: str) -> Iterator[tuple[str, str]]:
    """The texts of a part of foot- or endnotes, by kind and id."""
    for note in children(part, kind):
        words = "".join(found.text or "" for found in note.iter() if named(found) == "t").strip()
        yield f"{kind}{each(note, 'id')}", words
