"""An xlsx workbook as sheets: its visible sheets, merged cells filled or reported, nothing computed or
guessed.
"""

import datetime
import io
import re
import zipfile
from collections.abc import Iterator
from typing import Any

import openpyxl
from openpyxl.cell.read_only import EMPTY_CELL
from openpyxl.utils import range_boundaries

from question_bank.importing.limits import (
    CELL_CHARS_MAX,
    COLUMNS_MAX,
    ROW_NUMBER_MAX,
    ROWS_MAX,
    SHEETS_MAX,
    XLSX_PART_BYTES_FREE,
    XLSX_PART_RATIO_MAX,
    XLSX_PARTS_MAX,
    XLSX_UNPACKED_BYTES_MAX,
)
from question_bank.importing.problems import Findings
from question_bank.importing.tables import Cell, Fault, Row, Sheet, cleaned, whole_row

_ZIP = b"PK\x03\x04"
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
# UTF-16LE "EncryptedPackage", the stream of a workbook under a password.
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_MERGED_RANGE = re.compile(rb"<(?:\w+:)?mergeCell\b[^>]*?\bref\s*=\s*[\"']([A-Z0-9:$]{1,30})[\"']")
_DECLARES_TYPE = re.compile(rb"<\x00?!\x00?(D|E|d|e)\x00?(O|N|o|n)\x00?(C|T|c|t)")
_DECIMALS = re.compile(r"0(?:\.(0+))?(%?)(?:_\)|_ )?")
_MERGED_RANGES_MAX = 20_000


def looks_like_workbook(raw: bytes) -> bool:
    """Whether these bytes begin as xlsx or as the older xls; what is inside is found out by reading."""
    return raw.startswith((_ZIP, _OLE))


def read_workbook(raw: bytes, findings: Findings) -> list[Sheet]:
    """The visible sheets that hold anything; none when the file cannot be read, with the problem found."""
    if raw.startswith(_OLE):
        findings.problem("encrypted_workbook" if _ENCRYPTED in raw else "old_excel", whole_row(0))
        return []
    if not _harmless(raw, findings):
        return []
    try:
        book = openpyxl.load_workbook(io.BytesIO(raw), read_only=True, keep_links=False)
        try:
            return _sheets(book, raw, findings)
        finally:
            book.close()
    # The edge to a reader that raises whatever the parts of a broken file make it stumble over.
    except Exception as wrong:  # noqa: BLE001
        findings.problem("broken_workbook", whole_row(0), found=f"{type(wrong).__name__}: {wrong}")
        return []


def _other_zip(names: set[str]) -> str | None:
    """What people call a zip that is no workbook; None where it may be one."""
    if any(name.startswith("word/") for name in names):
        return "Word"
    if any(name.startswith("ppt/") for name in names):
        return "PowerPoint"
    return None if "[Content_Types].xml" in names else "zip"


def _harmless(raw: bytes, findings: Findings) -> bool:
    """Look at the parts before any of them is parsed: sizes as declared, which bound what unpacking gives."""
    try:
        with zipfile.ZipFile(io.BytesIO(raw)) as parts:
            entries = parts.infolist()
            other = _other_zip({entry.filename for entry in entries})
            if other is not None:
                findings.problem("not_readable", whole_row(0), other)
                return False
            unpacked = sum(entry.file_size for entry in entries)
            if len(entries) > XLSX_PARTS_MAX:
                findings.problem("zip_bomb", whole_row(0), str(len(entries)), limit=f"{XLSX_PARTS_MAX} parts")
                return False
            if unpacked > XLSX_UNPACKED_BYTES_MAX:
                findings.problem(
                    "zip_bomb", whole_row(0), str(unpacked), limit=f"{XLSX_UNPACKED_BYTES_MAX} B"
                )
                return False
            for entry in entries:
                blown = entry.file_size > XLSX_PART_BYTES_FREE
                if blown and entry.file_size > XLSX_PART_RATIO_MAX * max(1, entry.compress_size):
                    limit = f"{XLSX_PART_RATIO_MAX} x"
                    findings.problem("zip_bomb", whole_row(0), entry.filename, limit=limit)
                    return False
                if entry.filename.lower().endswith((".xml", ".rels")) and _declares_type(parts, entry):
                    findings.problem("xml_entities", whole_row(0), entry.filename)
                    return False
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, OSError, EOFError, ValueError) as wrong:
        findings.problem("broken_workbook", whole_row(0), found=str(wrong))
        return False
    # Deflate raises an error type of its own, which is no ValueError.
    except Exception as wrong:  # noqa: BLE001
        findings.problem("broken_workbook", whole_row(0), found=f"{type(wrong).__name__}: {wrong}")
        return False
    return True


def _declares_type(parts: zipfile.ZipFile, entry: zipfile.ZipInfo) -> bool:
    """Whether a part declares a document type, which is what entities need; a workbook never does."""
    tail = b""
    with parts.open(entry) as part:
        while block := part.read(1 << 20):
            if _DECLARES_TYPE.search(tail + block):
                return True
            tail = block[-16:]
    return False


def _sheets(book: Any, raw: bytes, findings: Findings) -> list[Sheet]:
    if len(book.worksheets) > SHEETS_MAX:
        findings.problem("too_many_sheets", whole_row(0), str(len(book.worksheets)), limit=SHEETS_MAX)
        return []
    sheets: list[Sheet] = []
    for number, source in enumerate(book.worksheets):
        if source.sheet_state != "visible":
            findings.warning("hidden_sheet", whole_row(0, source.title), found=source.title)
            continue
        merged = _merged_ranges(source, raw, number)
        rows = tuple(_rows(source, merged, findings))
        if rows:
            sheets.append(Sheet(source.title, rows))
    return sheets


def _rows(source: Any, merged: list[tuple[int, int, int, int]], findings: Findings) -> Iterator[Row]:
    # The size a sheet claims may be wrong in both directions; without it the reader takes what is there.
    source.reset_dimensions()
    covers = _Covers(merged)
    held = 0
    for number, values in enumerate(source.iter_rows(max_col=COLUMNS_MAX + 1), start=1):
        # A stray row number far down makes the reader invent every row before it.
        if number > ROW_NUMBER_MAX:
            findings.problem("too_many_rows", whole_row(number, source.title), limit=ROW_NUMBER_MAX)
            return
        width = len(values)
        while width and values[width - 1] is EMPTY_CELL:
            width -= 1
        if not width:
            continue
        row = [
            covers.seen(_cell(value, number, column, source.title, findings))
            for column, value in enumerate(values[: max(width, covers.width)], start=1)
        ]
        if width > COLUMNS_MAX:
            findings.problem("too_many_columns", whole_row(number, source.title), limit=COLUMNS_MAX)
        if any(not cell.blank and not cell.filled for cell in row):
            held += 1
            if held > ROWS_MAX:
                findings.problem("too_many_rows", whole_row(number, source.title), limit=ROWS_MAX)
                return
            yield row[:COLUMNS_MAX]


class _Covers:
    """Merged ranges: a cell below the first of one column repeats it; one merged across columns is a fault."""

    def __init__(self, ranges: list[tuple[int, int, int, int]]) -> None:
        self._starts: dict[tuple[int, int], tuple[int, int]] = {}
        self._open: dict[int, tuple[Cell, int]] = {}
        self.width = 0
        for left, top, right, bottom in ranges:
            self._starts[top, left] = (right, bottom)
            self.width = max(self.width, min(right, COLUMNS_MAX))

    def seen(self, cell: Cell) -> Cell:
        start = self._starts.get((cell.row, cell.column))
        if start is not None:
            right, bottom = start
            across = right > cell.column
            first = Cell(cell.text, cell.row, cell.column, cell.sheet, Fault.MERGED) if across else cell
            for column in range(cell.column, min(right, COLUMNS_MAX) + 1):
                self._open[column] = (first, bottom)
            return first
        standing = self._open.get(cell.column)
        if standing is None or cell.row > standing[1]:
            return cell
        first, _ = standing
        return Cell(first.text, cell.row, cell.column, cell.sheet, first.fault, filled=True)


def _merged_ranges(source: Any, raw: bytes, number: int) -> list[tuple[int, int, int, int]]:
    """Left, top, right, bottom of every merged range; the streaming reader does not tell them."""
    path = getattr(source, "_worksheet_path", f"xl/worksheets/sheet{number + 1}.xml")
    ranges: list[tuple[int, int, int, int]] = []
    tail = b""
    with zipfile.ZipFile(io.BytesIO(raw)) as parts, parts.open(path.lstrip("/")) as part:
        while block := part.read(1 << 20):
            text = tail + block
            end = 0
            for found in _MERGED_RANGE.finditer(text):
                end = found.end()
                left, top, right, bottom = range_boundaries(found[1].decode())
                if left is None or top is None or right is None or bottom is None:
                    continue
                if len(ranges) < _MERGED_RANGES_MAX:
                    ranges.append((left, top, right, bottom))
            tail = text[max(end, len(text) - 200) :]
    return ranges


def _cell(source: Any, row: int, column: int, sheet: str, findings: Findings) -> Cell:
    value = source.value
    if value is None:
        return Cell("", row, column, sheet)
    text, fault = _text(source, value)
    cell = Cell(cleaned(text[: CELL_CHARS_MAX + 1]), row, column, sheet, fault)
    if len(text) > CELL_CHARS_MAX:
        findings.problem("cell_too_long", cell, limit=CELL_CHARS_MAX)
    return cell


def _text(source: Any, value: object) -> tuple[str, Fault | None]:
    """The text a person sees in a cell, and a fault where that cannot be told from the file."""
    if source.data_type == "f":
        return str(getattr(value, "text", None) or value), Fault.FORMULA
    if source.data_type == "e":
        return str(value), Fault.ERROR
    if isinstance(value, bool):
        return str(value).upper(), None
    if isinstance(value, datetime.date | datetime.time | datetime.timedelta):
        return str(value), Fault.DATE
    if isinstance(value, int | float):
        return _number_text(value, str(source.number_format))
    return str(value), None


def _number_text(value: float, number_format: str) -> tuple[str, Fault | None]:
    """A number as displayed: whole floats without their .0, fifteen digits as a spreadsheet keeps them."""
    if number_format in ("General", "@", "0_ ", "#", "0_);[Red]\\(0\\)"):
        return _general(value), None
    decimals = _DECIMALS.fullmatch(number_format)
    if decimals is None:
        return _general(value), Fault.FORMATTED
    percent = bool(decimals[2])
    shown = f"{value * 100 if percent else value:.{len(decimals[1] or '')}f}"
    return shown + ("%" if percent else ""), None


def _general(value: float) -> str:
    if isinstance(value, int) or value.is_integer():
        return str(int(value))
    return f"{value:.15g}"
