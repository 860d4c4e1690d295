"""Numbers of a workbook as their format shows them, and which of them are dates."""

import datetime
import re
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from openpyxl.styles.numbers import BUILTIN_FORMATS, is_date_format
from openpyxl.utils.datetime import CALENDAR_MAC_1904, CALENDAR_WINDOWS_1900, from_excel

from question_bank.importing.tables import Fault
from question_bank.importing.xlsx.package import Package

_DECIMALS = re.compile(r"0(?:\.(0+))?(%?)(?:_\)|_ )?")
_AS_IT_IS = ("General", "@", "0_ ", "#", "0_);[Red]\\(0\\)")
# A spreadsheet keeps fifteen digits of a number; the sixteenth is noise of binary fractions.
_DIGITS = 15
# A number with more digits than any cell shows is formatted by nobody.
_EXPONENT_MAX = 300


class NumberFormats:
    """The number format of each style, by its index."""

    def __init__(self, package: Package) -> None:
        """From the styles of the workbook."""
        part = package.related("styles")
        self._formats = _formats(package.tree(part)) if part else []
        self._epoch = CALENDAR_MAC_1904 if package.counts_from_1904() else CALENDAR_WINDOWS_1900

    def text_of(self, value: str, style: int) -> tuple[str, Fault | None]:
        """The number as displayed, and a fault where that cannot be told from the file."""
        number_format = self._formats[style] if 0 <= style < len(self._formats) else "General"
        number = float(value)
        if number_format in _AS_IT_IS:
            return general(number), None
        if is_date_format(number_format):
            return self._date(number), Fault.DATE
        decimals = _DECIMALS.fullmatch(number_format)
        if decimals is None or abs(number) > 10**_DIGITS:
            return general(number), Fault.FORMATTED
        percent = bool(decimals[2])
        exact = Decimal(f"{number:.{_DIGITS}g}") * (100 if percent else 1)
        shown = exact.quantize(Decimal(1).scaleb(-len(decimals[1] or "")), ROUND_HALF_UP)
        return f"{shown:f}" + ("%" if percent else ""), None

    def _date(self, number: float) -> str:
        try:
            return str(from_excel(number, self._epoch))
        except (ValueError, OverflowError, TypeError):
            return general(number)


def general(number: float) -> str:
    """A number without a format: whole ones without their .0, fifteen digits as a spreadsheet keeps them."""
    if number.is_integer() and abs(number) < 10**_EXPONENT_MAX:
        return str(int(number)) if abs(number) < 10**_DIGITS else f"{number:.0f}"
    return f"{number:.{_DIGITS}g}"


def date_text(value: str) -> str:
    """A date written as ISO 8601, as few writers do."""
    try:
        return str(datetime.datetime.fromisoformat(value))
    except ValueError:
        return value


def _formats(styles: Any) -> list[str]:
    own = {str(each.get("numFmtId")): str(each.get("formatCode", "")) for each in styles.iter("{*}numFmt")}
    cells = next(styles.iter("{*}cellXfs"), None)
    if cells is None:
        return []
    found = []
    for each in cells:
        number = str(each.get("numFmtId", "0"))
        builtin = BUILTIN_FORMATS.get(int(number), "General") if number.isdigit() else "General"
        found.append(own.get(number, builtin))
    return found
