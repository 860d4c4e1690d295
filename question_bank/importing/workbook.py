"""An xlsx workbook as sheets: its visible sheets, merged cells filled or reported, nothing computed or
guessed.
"""

import io
import re
import zipfile
from collections import Counter
from collections.abc import Iterator, Mapping
from html import escape

from question_bank.importing.limits import (
    CELL_CHARS_MAX,
    CELLS_MAX,
    COLUMNS_MAX,
    ROW_NUMBER_MAX,
    ROWS_MAX,
    SHEETS_MAX,
    XLSX_PART_BYTES_FREE,
    XLSX_PART_RATIO_MAX,
    XLSX_PARTS_MAX,
    XLSX_UNPACKED_BYTES_MAX,
)
from question_bank.importing.picture_files import PictureError, picture_of
from question_bank.importing.problems import Findings
from question_bank.importing.sanitising import sanitised
from question_bank.importing.tables import Cell, Fault, Row, Sheet, whole_row
from question_bank.importing.xlsx.numbers import NumberFormats
from question_bank.importing.xlsx.package import Package
from question_bank.importing.xlsx.pictures import Drawn, drawn_on, in_cell_picture, in_cell_pictures
from question_bank.importing.xlsx.rows import RowReader, SheetRows, Value
from question_bank.importing.xlsx.texts import shared_texts
from question_bank.pictures import Picture

_ZIP = b"PK\x03\x04"
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
# UTF-16LE "EncryptedPackage", the stream of a workbook under a password.
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_DECLARES_TYPE = re.compile(rb"<\x00?!\x00?(D|E|d|e)\x00?(O|N|o|n)\x00?(C|T|c|t)")


def looks_like_workbook(raw: bytes) -> bool:
    """Whether these bytes begin as xlsx or as the older xls; what is inside is found out by reading."""
    return raw.startswith((_ZIP, _OLE))


def read_workbook(raw: bytes, findings: Findings, *, hidden_too: bool = False) -> list[Sheet]:
    """The sheets that hold anything; none when the file cannot be read, with the problem found.

    hidden_too: hidden sheets are read like others; without it they are left out with a warning.
    """
    if raw.startswith(_OLE):
        findings.problem("encrypted_workbook" if _ENCRYPTED in raw else "old_excel", whole_row(0))
        return []
    if not _harmless(raw, findings):
        return []
    try:
        package = Package(raw)
        try:
            return _sheets(package, findings, hidden_too=hidden_too)
        finally:
            package.close()
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


def _sheets(package: Package, findings: Findings, *, hidden_too: bool) -> list[Sheet]:
    listed = package.sheets()
    if len(listed) > SHEETS_MAX:
        findings.problem("too_many_sheets", whole_row(0), str(len(listed)), limit=SHEETS_MAX)
        return []
    reader = RowReader(package, shared_texts(package), NumberFormats(package))
    in_cells = in_cell_pictures(package)
    sheets: list[Sheet] = []
    for each in listed:
        if each.hidden and not hidden_too:
            findings.warning("hidden_sheet", whole_row(0, each.name), found=each.name)
            continue
        sheet = _Sheet(each.name, reader.read(each.part, ROWS_MAX), findings)
        sheet.draw(drawn_on(package, each.part), in_cells)
        rows = tuple(sheet.rows())
        if not rows:
            continue
        sheets.append(Sheet(each.name, rows, sheet.pictures, each.hidden))
    return sheets


class _Sheet:
    """One sheet while its cells, merged ranges and pictures are put together."""

    def __init__(self, name: str, read: SheetRows, findings: Findings) -> None:
        self._name = name
        self._read = read
        self._findings = findings
        self._images: dict[tuple[int, int], str] = {}
        self.pictures: dict[str, Picture] = {}

    def draw(self, drawn: Drawn, in_cells: Mapping[str, tuple[str, bytes | None]]) -> None:
        """Put pictures to their cells; other drawn things are told."""
        for placed in drawn.pictures:
            self._show(placed.row, placed.column, placed.part, placed.data)
        if drawn.others:
            found = ", ".join(f"{name} × {count}" for name, count in Counter(drawn.others).items())
            self._findings.warning("drawn_not_read", whole_row(0, self._name), found=found)
        for number, values in self._read.rows.items():
            for column, value in values.items():
                name = in_cell_picture(value.text) if value.fault is Fault.FORMULA else ""
                if name:
                    part, data = in_cells.get(name, (name, None))
                    values[column] = Value("")
                    self._show(number, column, part, data)

    def _show(self, row: int, column: int, part: str, data: bytes | None) -> None:
        place = Cell("", row, column, self._name)
        try:
            if data is None:
                raise PictureError("missing_picture", part)
            picture = picture_of(data)
        except PictureError as wrong:
            self._findings.problem(wrong.code, place, wrong.found or part, column="", **wrong.values)
            return
        self.pictures[picture.name] = picture
        self._images[row, column] = self._images.get((row, column), "") + f'<img src="picture:{picture.name}" alt="">'
        self._read.rows.setdefault(row, {}).setdefault(column, Value(""))

    def rows(self) -> Iterator[Row]:
        """The rows that hold anything, in order."""
        covers = _Covers(self._read.merged)
        if self._read.hidden:
            first = self._read.hidden[0]
            self._findings.warning("hidden_rows", whole_row(first, self._name), count=len(self._read.hidden))
        held = cells = 0
        # A merged range goes on over rows that hold nothing else; those hold nothing to be read.
        for number in sorted(self._read.rows):
            row = self._row(number, self._read.rows[number], covers)
            cells += len(row)
            if cells > CELLS_MAX:
                self._findings.problem("too_many_cells", whole_row(number, self._name), limit=CELLS_MAX)
                return
            if any((cell.text or cell.html) and not cell.filled for cell in row):
                held += 1
                if held > ROWS_MAX:
                    self._findings.problem("too_many_rows", whole_row(number, self._name), limit=ROWS_MAX)
                    return
                yield row
        if self._read.beyond:
            self._findings.problem("too_many_rows", whole_row(self._read.beyond, self._name), limit=ROW_NUMBER_MAX)

    def _row(self, number: int, values: Mapping[int, Value], covers: "_Covers") -> Row:
        width = max(values)
        if width > COLUMNS_MAX:
            self._findings.problem("too_many_columns", whole_row(number, self._name), limit=COLUMNS_MAX)
            width = COLUMNS_MAX
        cells = [
            self._cell(values[column], number, column) if column in values else Cell("", number, column, self._name)
            for column in range(1, max(width, covers.width if number <= covers.bottom else 0) + 1)
        ]
        return [covers.seen(cell) for cell in cells] if covers.any else cells

    def _cell(self, value: Value, number: int, column: int) -> Cell:
        text, fault, html = value
        if len(text) > CELL_CHARS_MAX:
            self._findings.problem("cell_too_long", Cell(text, number, column, self._name), limit=CELL_CHARS_MAX)
            text = text[: CELL_CHARS_MAX + 1]
        if self._images and (images := self._images.get((number, column))):
            html = (html or escape(text, quote=False).replace("\n", "<br>")) + images
        return Cell(text, number, column, self._name, fault, False, sanitised(html) if html else "")


class _Covers:
    """Merged ranges: a cell below the first of one column repeats it; one merged across columns is a fault."""

    def __init__(self, ranges: list[tuple[int, int, int, int]]) -> None:
        self._starts: dict[tuple[int, int], tuple[int, int]] = {}
        self._open: dict[int, tuple[Cell, int]] = {}
        self.width = self.bottom = 0
        self.any = bool(ranges)
        for left, top, right, bottom in ranges:
            self._starts[top, left] = (right, bottom)
            self.width = max(self.width, min(right, COLUMNS_MAX))
            self.bottom = max(self.bottom, bottom)

    def seen(self, cell: Cell) -> Cell:
        start = self._starts.get((cell.row, cell.column))
        if start is not None:
            right, bottom = start
            across = right > cell.column
            first = cell._replace(fault=Fault.MERGED) if across else cell
            for column in range(cell.column, min(right, COLUMNS_MAX) + 1):
                self._open[column] = (first, bottom)
            return first
        standing = self._open.get(cell.column)
        if standing is None or cell.row > standing[1]:
            return cell
        first, _ = standing
        return first._replace(row=cell.row, column=cell.column, filled=True)
