"""The texts of one item's cells: all plain, or all HTML where one of them needs it."""

import re
from collections.abc import Iterable

from question_bank.importing.cell_report import CellReport
from question_bank.importing.markup import Passage, TextReader
from question_bank.importing.sanitising import sanitised
from question_bank.importing.tables import Cell
from question_bank.pictures import pictures_in

AS_IS = "_as_is"
"""Behind the 格式 of texts this product wrote: letters before options, white space and dollar signs stay."""

# Where none of these stands there is no TeX, and a plain text needs no closer look.
_MAY_HOLD_TEX = re.compile(r"[$\\]")


class CellTexts:
    """Texts as an item keeps them; markup: text or html, what all of them are. exact: they are kept as they stand."""

    def __init__(self, said: str, cells: Iterable[Cell], reader: TextReader, report: CellReport) -> None:
        """said: text or html as the row says, AS_IS behind it; "" where it says nothing: then pictures and formulas
        decide.

        cells: all that hold texts of the item.
        """
        self._said = said
        self._reader = reader
        self._report = report
        given = [cell for cell in cells if not cell.blank]
        self.exact = said.endswith(AS_IS)
        rich = said.startswith("html") or any(cell.html for cell in given)
        if not rich and not said:
            rich = any(self._formula(cell) for cell in given if _MAY_HOLD_TEX.search(cell.text))
        self.markup = "html" if rich else "text"

    def of(self, cell: Cell) -> str:
        """The text of a cell."""
        if self.markup == "text":
            return cell.text
        if not self._said.startswith("html"):
            return cell.html or self._sound(self._of_text(cell)).html
        if self.exact and sanitised(cell.text) == cell.text:
            self._check_pictures(cell)
            return cell.text
        html = self._sound(self._reader.of_html(cell.text, cell, self._report.heading.name(cell))).html
        return html + "".join(f'<img src="picture:{name}">' for name in pictures_in(cell.html))

    def _formula(self, cell: Cell) -> bool:
        passage = self._sound(self._of_text(cell))
        return passage.text is None

    def _of_text(self, cell: Cell) -> Passage:
        formulas = not self._said.startswith("text")
        return self._reader.of_text(cell.text, cell, self._report.heading.name(cell), formulas=formulas)

    def _sound(self, passage: Passage) -> Passage:
        if not passage.sound:
            self._report.spoil()
        return passage

    def _check_pictures(self, cell: Cell) -> None:
        """The pictures an exported text names are in the file; asking for them keeps them with the reading."""
        for name in pictures_in(cell.text):
            source = f'<img src="picture:{name}">'
            self._sound(self._reader.of_html(source, cell, self._report.heading.name(cell)))
