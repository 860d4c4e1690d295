"""A question as it is put together from lines, before anything in it is understood."""

from dataclasses import dataclass, field

from question_bank.importing.tables import Cell
from question_bank.importing.written.lines import LetteredOption
from question_bank.items import Kind


@dataclass(slots=True)
class WrittenSection:
    """A run of questions under one heading. word: of the kind as written, "" without one. score: hundredths each."""

    word: str = ""
    kind: Kind | None = None
    score: int | None = None
    chapter: str = ""


@dataclass(slots=True)
class WrittenQuestion:
    """Lines of one question by what they are. number: None where none was written.

    fields: what labels said, by field of LABELS; others: labels without a meaning to us, kept for the solution.
    parts: of a case.
    """

    place: Cell
    section: WrittenSection
    number: int | None = None
    style: str = ""
    stem: list[str] = field(default_factory=list)
    options: list[LetteredOption] = field(default_factory=list)
    answer: list[str] | None = None
    solution: list[str] = field(default_factory=list)
    fields: dict[str, str] = field(default_factory=dict)
    parts: list["WrittenQuestion"] = field(default_factory=list)
    is_case: bool = False

    @property
    def label(self) -> str:
        """What its keeper calls it."""
        return f"第 {self.number} 题" if self.number is not None else ""

    @property
    def next_letter(self) -> str:
        """The letter the next option would have."""
        return chr(ord(self.options[-1].letter) + 1) if self.options else "A"


@dataclass(frozen=True, slots=True)
class ListedAnswer:
    """An answer that stands apart from its question: by number, and by the section where the list names one."""

    place: Cell
    word: str
    number: int
    text: str
    upto: int
    """How many questions had been met when the list began: it answers none that came later."""
