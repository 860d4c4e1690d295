"""What is wrong with the cells of one item, each named by its heading."""

from question_bank.importing.headings import Heading
from question_bank.importing.problems import Findings
from question_bank.importing.tables import Cell


class CellReport:
    """Problems of one item's cells as they are met."""

    def __init__(self, heading: Heading, findings: Findings) -> None:
        """Nothing wrong yet; what is goes to the findings."""
        self.heading = heading
        self.findings = findings
        self._wrong = False

    def sound(self) -> bool:
        """Whether there was no problem so far, so that the cells can still be an item."""
        return not self._wrong

    def spoil(self) -> None:
        """A problem was told elsewhere."""
        self._wrong = True

    def problem(self, code: str, cell: Cell, **values: object) -> None:
        """Something that keeps the cells from being an item."""
        self._wrong = True
        self.findings.problem(code, cell, "", column=self.heading.name(cell), **values)

    def warning(self, code: str, cell: Cell, **values: object) -> None:
        """Something to look at."""
        self.findings.warning(code, cell, "", column=self.heading.name(cell), **values)
