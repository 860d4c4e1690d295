"""Workbooks that leave the house: plain values, never a formula.

A name such as ``=HYPERLINK(…)`` in a roster would run in the spreadsheet of whoever opens an export; every text is
written as a text, and one that a later CSV export could turn into a formula is marked as text for the spreadsheet too.
"""

import io
from collections.abc import Iterable, Sequence
from typing import Any

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter

Value = str | int | float | bool | None

_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
SHEET_TITLE_CHARS_MAX = 31


def write_workbook(title: str, headings: Sequence[str], rows: Iterable[Sequence[Value]]) -> bytes:
    """One sheet as xlsx bytes; document numbers and tickets stay texts, numbers stay numbers."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet(title[:SHEET_TITLE_CHARS_MAX])
    sheet.freeze_panes = "A2"
    for column, heading in enumerate(headings, start=1):
        sheet.column_dimensions[get_column_letter(column)].width = max(12, 2 * len(heading))

    def cell(value: Value, *, bold: bool = False) -> Any:
        made = WriteOnlyCell(sheet, value="")
        if isinstance(value, str):
            made.value = ILLEGAL_CHARACTERS_RE.sub("", value)
            made.data_type = "s"
            if made.value.startswith(_FORMULA_STARTS):
                made.quotePrefix = True
        else:
            made.value = value
        if bold:
            made.font = Font(bold=True)
        return made

    sheet.append([cell(heading, bold=True) for heading in headings])
    for row in rows:
        sheet.append([cell(value) for value in row])
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()
