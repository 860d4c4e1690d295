"""The rows of one sheet as they stand in the file, before merged cells are told apart."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from openpyxl.utils import range_boundaries

from question_bank.importing.limits import ROW_NUMBER_MAX
from question_bank.importing.tables import Fault, cleaned
from question_bank.importing.xlsx.numbers import NumberFormats, date_text
from question_bank.importing.xlsx.package import Package, local
from question_bank.importing.xlsx.texts import CellText, decoded, text_of

_MERGED_RANGES_MAX = 20_000


class Value(NamedTuple):
    """What a cell holds."""

    text: str
    fault: Fault | None = None
    html: str = ""


_NOTHING = Value("")


@dataclass(slots=True)
class SheetRows:
    """Rows by number, each its values by column, both from 1. merged: left, top, right, bottom. hidden: row numbers.

    beyond: a row number no spreadsheet has, 0 where all are sound.
    """

    rows: dict[int, dict[int, Value]] = field(default_factory=dict)
    merged: list[tuple[int, int, int, int]] = field(default_factory=list)
    hidden: list[int] = field(default_factory=list)
    beyond: int = 0


class RowReader:
    """Reads sheets of one workbook."""

    def __init__(self, package: Package, shared: list[CellText], formats: NumberFormats) -> None:
        """shared: the texts cells refer to by number."""
        self._package = package
        self._shared = [Value(text, None, html) for text, html in shared]
        self._formats = formats
        self._columns: dict[str, int] = {}

    def read(self, part: str, rows_max: int) -> SheetRows:
        """The rows that hold anything, one more than rows_max at most. Raises ValueError where the sheet contradicts
        itself.
        """
        found = SheetRows()
        number = 0
        for element in self._package.elements(part, "row", "mergeCell"):
            if element.tag.endswith("mergeCell"):
                _merge(str(element.get("ref", "")), found)
                continue
            number = int(element.get("r") or number + 1)
            if not 0 < number <= ROW_NUMBER_MAX:
                found.beyond = number
                break
            given = list(self._values(element))
            values = dict(given)
            # One of two would be lost without a word; the reader of the file tells it as damaged.
            if number in found.rows or len(values) < len(given):
                raise ValueError(f"row {number} or a cell of it stands twice")
            if values:
                found.rows[number] = values
                if element.get("hidden") in ("1", "true"):
                    found.hidden.append(number)
            _forget(element)
            if len(found.rows) > rows_max:
                break
        return found

    def _values(self, row: Any) -> Iterator[tuple[int, Value]]:
        column = 0
        for cell in row:
            reference = cell.get("r")
            column = self._column(reference) if reference else column + 1
            # Most cells hold one number or the number of a text.
            if len(cell) == 1 and cell[0].tag.endswith("}v"):
                value = self._typed(cell[0].text or "", cell.get("t", "n"), cell.get("s", "0"))
            else:
                value = self._value(cell)
            if value.text or value.html or value.fault:
                yield column, value

    def _column(self, reference: str) -> int:
        letters = reference.rstrip("0123456789")
        if letters not in self._columns:
            number = 0
            for letter in letters.upper():
                number = number * 26 + ord(letter) - ord("A") + 1
            self._columns[letters] = number
        return self._columns[letters]

    def _value(self, cell: Any) -> Value:
        formula = given = None
        for child in cell:
            name = local(child)
            if name == "v":
                given = child.text
            elif name == "f":
                formula = child.text or ""
            elif name == "is":
                text, html = text_of(child)
                return Value(text, None, html)
        if formula is not None:
            return Value(f"={formula}", Fault.FORMULA)
        return _NOTHING if given is None else self._typed(str(given), cell.get("t", "n"), cell.get("s", "0"))

    def _typed(self, given: str, kind: str, style: str) -> Value:
        if kind == "s":
            place = int(given)
            if place < 0:
                raise ValueError(f"text {place}")
            return self._shared[place]
        if not given:
            return _NOTHING
        if kind == "n":
            shown, fault = self._formats.text_of(given, int(style))
            return Value(shown, fault)
        if kind == "b":
            return Value("TRUE" if given.strip() in ("1", "true") else "FALSE")
        if kind == "e":
            return Value(given, Fault.ERROR)
        if kind == "d":
            return Value(date_text(given), Fault.DATE)
        return Value(decoded(cleaned(given)))


def _merge(reference: str, found: SheetRows) -> None:
    left, top, right, bottom = range_boundaries(reference)
    if None not in (left, top, right, bottom) and len(found.merged) < _MERGED_RANGES_MAX:
        found.merged.append((int(left or 0), int(top or 0), int(right or 0), int(bottom or 0)))


def _forget(element: Any) -> None:
    """Let go of a row that was read, and of those before it."""
    element.clear()
    while element.getprevious() is not None:
        del element.getparent()[0]
