"""What csv and workbooks have in common: sheets of rows of cells that remember their place."""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import NamedTuple

from question_bank.pictures import Picture


class Fault(StrEnum):
    """Why a cell's text cannot be taken at its word; each is also the code of the problem."""

    FORMULA = "formula_cell"
    ERROR = "error_cell"
    DATE = "date_cell"
    FORMATTED = "formatted_number"
    MERGED = "merged_cell"


class Cell(NamedTuple):
    """A cell's text, trimmed, line ends as \\n. row and column from 1; column 0 stands for the whole row.

    filled: the value of a merged cell standing further up or left. html: what the cell shows where its text alone does
    not say it: pictures, raised or lowered characters.
    """

    text: str
    row: int
    column: int
    sheet: str = ""
    fault: Fault | None = None
    filled: bool = False
    html: str = ""

    @property
    def letter(self) -> str:
        """The column as a spreadsheet writes it, "" for the whole row."""
        letters, rest = "", self.column
        while rest:
            rest, digit = divmod(rest - 1, 26)
            letters = chr(ord("A") + digit) + letters
        return letters

    @property
    def blank(self) -> bool:
        """Whether nothing stands here."""
        return not self.text and not self.html


Row = Sequence[Cell]


@dataclass(frozen=True, slots=True)
class Sheet:
    """Rows that hold anything, in order. name: "" for a csv file. pictures: those its cells show, by name."""

    name: str
    rows: tuple[Row, ...]
    pictures: Mapping[str, Picture] = field(default_factory=dict)
    hidden: bool = False


def whole_row(row: int, sheet: str = "") -> Cell:
    """The place of a problem that belongs to no single cell; row 0 is the whole sheet or file."""
    return Cell("", row, 0, sheet)


def cleaned(text: str) -> str:
    """A text as kept: trimmed, line ends as \\n, no byte order marks or zero-width spaces."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    if "_x000D_" in text:
        text = _CARRIAGE_RETURN.sub("", text)
    return text.translate(_INVISIBLE).strip()


def plain(text: str) -> str:
    """A short text as compared with words and codes: full-width forms made half-width, no white space
    around.
    """
    return text.strip() if text.isascii() else unicodedata.normalize("NFKC", text).strip()


def control_character(text: str) -> str:
    """The first character that no keyboard types and no screen shows, as U+XXXX, or ""."""
    found = _CONTROL.search(text)
    return f"U+{ord(found[0]):04X}" if found is not None else ""


# Cc without tab and line feed, Cs, and the character that stands for one lost in decoding.
_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufffd]")
# As workbooks write one, unless the sign before it says that the letters are meant.
_CARRIAGE_RETURN = re.compile("(?<!_x005F)_x000D_")
_INVISIBLE = dict.fromkeys(map(ord, "\ufeff\u200b\u2060"))
