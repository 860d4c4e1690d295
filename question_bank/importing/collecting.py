"""What is read from a file so far: items with their places, how many questions there were, and pictures."""

from collections.abc import Sequence

from question_bank.importing.bank_file import BankReading
from question_bank.importing.bank_row import Located
from question_bank.importing.drafts import Draft, finished
from question_bank.importing.duplicates import report_duplicates
from question_bank.importing.problems import Findings
from question_bank.importing.tables import whole_row
from question_bank.pictures import Picture


class Collected:
    """The questions of one file, counted as they are met."""

    def __init__(self, file_format: str, findings: Findings) -> None:
        """Nothing read yet of a file in this format."""
        self.whole = whole_row(0)
        self.pictures: dict[str, Picture] = {}
        self._format = file_format
        self._findings = findings
        self._read: list[Located] = []
        self._rows = 0
        self._names = 0

    def named(self, name: str) -> None:
        """A question had a name of its own, which an item has no room for."""
        self._names += bool(name)

    def refused(self) -> None:
        """A question was met that cannot even be drafted; its problem is told by who met it."""
        self._rows += 1

    def take(self, draft: Draft, *, ready: bool = True) -> None:
        """A question; ready: whether its answer could be read. Every check that fails is a problem."""
        self._rows += 1
        if not ready:
            return
        located = finished(draft, self._findings)
        if located is not None:
            self._read.append(located)

    def add(self, read: Sequence[Located], rows: int) -> None:
        """Items that another reader made, of so many rows that should be some."""
        self._read += read
        self._rows += rows

    def reading(self) -> BankReading:
        """All that was read; a file without any question is a problem."""
        findings = self._findings
        report_duplicates(self._read, findings)
        if self._names:
            findings.warning("names_not_kept", self.whole, str(self._names), count=self._names)
        if not self._rows and not findings.problems:
            findings.problem("no_questions", self.whole)
        used = {name for each in self._read for name in each.item.pictures}
        return BankReading(
            items=tuple(each.item for each in self._read),
            rows=self._rows,
            problems=tuple(findings.problems),
            warnings=tuple(findings.warnings),
            unlisted=findings.unlisted,
            pictures={name: picture for name, picture in self.pictures.items() if name in used},
            format=self._format,
        )
