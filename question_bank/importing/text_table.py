"""A csv text as a sheet: whatever encoding and separator Chinese offices produce."""

import codecs
import csv
import io
from collections.abc import Iterator

from question_bank.importing.limits import CELL_CHARS_MAX, COLUMNS_MAX, ROWS_MAX
from question_bank.importing.problems import Findings
from question_bank.importing.tables import Cell, Row, Sheet, cleaned, whole_row

_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_SEPARATORS = (",", "\t", ";", "，", "|")


def read_text_table(raw: bytes, findings: Findings) -> Sheet | None:
    """The one sheet of a csv file, or None with the problem found.

    Rows are counted as a spreadsheet counts them: a quoted line end does not begin a row.
    """
    text = _decoded(raw, findings)
    if text is None:
        return None
    return Sheet("", tuple(_rows(text, findings)))


def _decoded(raw: bytes, findings: Findings) -> str | None:
    encodings, body = ["utf-8", "gb18030"], raw
    for mark, encoding in _MARKS:
        if raw.startswith(mark):
            encodings, body = [encoding], raw[len(mark) :]
    furthest = 0
    for encoding in encodings:
        try:
            text = body.decode(encoding)
        except UnicodeDecodeError as wrong:
            furthest = max(furthest, wrong.start)
            continue
        if "\0" not in text:
            return text
        furthest = max(furthest, body.find(b"\0"))
    findings.problem(
        "undecodable",
        whole_row(body[:furthest].count(b"\n") + 1),
        found=body[furthest : furthest + 8].hex(" "),
    )
    return None


def _rows(text: str, findings: Findings) -> Iterator[Row]:
    # csv refuses larger fields itself; the limit is one of the module, so ours is kept by _cells instead.
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=_separator(text), strict=True)
    number = held = 0
    while True:
        number += 1
        try:
            values = next(reader)
        except StopIteration:
            return
        except csv.Error as wrong:
            findings.problem("broken_csv", whole_row(number), found=str(wrong))
            return
        row = _cells(values, number, findings)
        if any(not cell.blank for cell in row):
            held += 1
            if held > ROWS_MAX:
                findings.problem("too_many_rows", whole_row(number), limit=ROWS_MAX)
                return
            yield row


def _cells(values: list[str], number: int, findings: Findings) -> Row:
    if any(value.strip() for value in values[COLUMNS_MAX:]):
        findings.problem("too_many_columns", whole_row(number), found=str(len(values)), limit=COLUMNS_MAX)
    cells: list[Cell] = []
    for column, value in enumerate(values[:COLUMNS_MAX], start=1):
        cell = Cell(cleaned(value[: CELL_CHARS_MAX + 1]), number, column)
        if len(value) > CELL_CHARS_MAX:
            findings.problem("cell_too_long", cell, limit=CELL_CHARS_MAX)
        cells.append(cell)
    return cells


def _separator(text: str) -> str:
    """The separator that splits the first line that has any into most parts; the comma where none does."""
    for line in text.splitlines()[:10]:
        counts = {separator: line.count(separator) for separator in _SEPARATORS}
        best = max(counts, key=lambda separator: counts[separator])
        if counts[best] > 1:
            return best
    return ","
