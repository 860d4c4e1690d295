"""A problem of a file: where, what was found, what was expected, in words for the person who keeps the
file.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from question_bank.importing.limits import FOUND_CHARS_MAX, PROBLEMS_MAX
from question_bank.importing.tables import Cell
from question_bank.importing.wording import EXPECTED


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong at one place.

    row: as counted by a spreadsheet, from 1; 0 for the whole file. column: the heading as the file has it,
    else the letter of the column, "" for the whole row. cell: the place as a spreadsheet writes it, "" for
    a whole row. expected: Chinese; expected_en: English. code: stable, see wording.py.
    """

    row: int
    column: str
    found: str
    expected: str
    code: str
    cell: str = ""
    sheet: str = ""
    expected_en: str = ""


class Findings:
    """Problems, which refuse a file, and warnings, which do not, as they are met."""

    def __init__(self, more: Mapping[str, tuple[str, str]] = MappingProxyType({})) -> None:
        """Nothing found yet; ``more`` are wordings of codes that only this kind of file has."""
        self._expected = {**EXPECTED, **more}
        self.problems: list[Problem] = []
        self.warnings: list[Problem] = []
        self.unlisted = 0

    def problem(self, code: str, place: Cell, found: str = "", *, column: str = "", **values: object) -> None:
        """Something that refuses the file; values fill the wording of the code."""
        self._add(self.problems, code, place, found, column, values)

    def warning(self, code: str, place: Cell, found: str = "", *, column: str = "", **values: object) -> None:
        """Something a keeper should look at; the file is taken all the same."""
        self._add(self.warnings, code, place, found, column, values)

    def _add(
        self, kept: list[Problem], code: str, place: Cell, found: str, column: str, values: dict[str, object]
    ) -> None:
        if len(kept) >= PROBLEMS_MAX:
            self.unlisted += 1
            return
        chinese, english = (text.format(**values) for text in self._expected[code])
        kept.append(
            Problem(
                row=place.row,
                column=column or place.letter,
                found=_shortened(found or place.text),
                expected=chinese,
                code=code,
                cell=f"{place.letter}{place.row}" if place.letter else "",
                sheet=place.sheet,
                expected_en=english,
            )
        )


def _shortened(text: str) -> str:
    return text if len(text) <= FOUND_CHARS_MAX else text[: FOUND_CHARS_MAX - 1] + "…"
