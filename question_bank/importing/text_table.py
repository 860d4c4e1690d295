"""A csv text as a sheet: whatever encoding and separator Chinese offices produce."""

import csv
import io
import re
from collections.abc import Iterator

from question_bank.importing.limits import CELL_CHARS_MAX, CELLS_MAX, COLUMNS_MAX, ROWS_MAX
from question_bank.importing.problems import Findings
from question_bank.importing.tables import Cell, Row, Sheet, cleaned, whole_row
from question_bank.importing.text_file import decoded

# What some spreadsheets write first, for themselves.
_TOLD = re.compile(r"sep=([,;\t|])\r?\n", re.IGNORECASE)
_LINES_LOOKED_AT = 10
# A heading is a word or two; what is longer is a title or a question.
_HEADING_CHARS = 24
_SEPARATORS = (",", "\t", ";", "，", "|")


def read_text_table(raw: bytes, findings: Findings) -> Sheet | None:
    """The one sheet of a csv file, or None with the problem found.

    Rows are counted as a spreadsheet counts them: a quoted line end does not begin a row.
    """
    text = decoded(raw, findings)
    if text is None:
        return None
    told = _TOLD.match(text)
    separator = told[1] if told is not None else _separator(text)
    return Sheet("", tuple(_rows(text, separator, findings, told is not None)))


def _rows(text: str, separator: str, findings: Findings, told: bool) -> Iterator[Row]:
    """told: the first row only names the separator."""
    # csv refuses larger fields itself; the limit is one of the module, so ours is kept by _cells instead.
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    number = held = cells = 0
    while True:
        number += 1
        try:
            values = next(reader)
        except StopIteration:
            return
        except csv.Error as wrong:
            findings.problem("broken_csv", whole_row(number), found=str(wrong))
            return
        if told and number == 1:
            continue
        row = _cells(values, number, findings)
        if any(cell.text for cell in row):
            held += 1
            cells += len(row)
            if cells > CELLS_MAX:
                findings.problem("too_many_cells", whole_row(number), limit=CELLS_MAX)
                return
            if held > ROWS_MAX:
                findings.problem("too_many_rows", whole_row(number), limit=ROWS_MAX)
                return
            yield row


def _cells(values: list[str], number: int, findings: Findings) -> Row:
    if any(value.strip() for value in values[COLUMNS_MAX:]):
        findings.problem("too_many_columns", whole_row(number), found=str(len(values)), limit=COLUMNS_MAX)
    while values and not values[-1].strip():
        values.pop()
    cells: list[Cell] = []
    for column, value in enumerate(values[:COLUMNS_MAX], start=1):
        cell = Cell(cleaned(value[: CELL_CHARS_MAX + 1]), number, column)
        if len(value) > CELL_CHARS_MAX:
            findings.problem("cell_too_long", cell, limit=CELL_CHARS_MAX)
        cells.append(cell)
    return cells


def _separator(text: str) -> str:
    """The separator of the line among the first that looks most like a heading: many short parts and no long one.

    Without such a line, the one that splits the first line that has any into most parts; the comma where none does.
    """
    lines = text.splitlines()[:_LINES_LOOKED_AT]
    best, most = "", 1
    for line in lines:
        for separator in _SEPARATORS:
            parts = line.split(separator)
            if len(parts) > most and all(len(part) <= _HEADING_CHARS for part in parts):
                best, most = separator, len(parts)
    if best:
        return best
    for line in lines:
        counts = {separator: line.count(separator) for separator in _SEPARATORS}
        best = max(counts, key=lambda separator: counts[separator])
        if counts[best] > 1:
            return best
    return ","
