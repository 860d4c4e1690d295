"""Case groups 案例题 in a table: a row for the shared stem, and the rows of the parts that name it."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from question_bank.importing.bank_row import ItemReader
from question_bank.importing.headings import Heading
from question_bank.importing.layouts import ItemCells
from question_bank.importing.problems import Findings
from question_bank.importing.tables import plain
from question_bank.items import PARTS_MAX

# What a part may call its case by.
_NAMES = ("code", "running", "group")


@dataclass(slots=True)
class Question:
    """An item's cells; of a case, those of its parts too. sound: whether it may be read at all."""

    cells: ItemCells
    is_case: bool = False
    parts: list[ItemCells] = field(default_factory=list)
    sound: bool = True


def grouped(
    items: Sequence[ItemCells], reader: ItemReader, heading: Heading, findings: Findings
) -> list[Question]:
    """Items and cases in the order of the file.

    A part names its case by the case's 编号, 序号 or 题组. Without a row for the case, rows of one 题组, or rows that
    say the same background (merged, or again in each), are its parts. Parts that name no case, and cases without
    parts, are problems.
    """
    grouping = _Grouping(items, reader)
    for place, cells in enumerate(items):
        grouping.take(place, cells)
    for question in grouping.found:
        _check(question, heading, findings)
    return grouping.found


class _Grouping:
    """Cases as they are met."""

    def __init__(self, items: Sequence[ItemCells], reader: ItemReader) -> None:
        self.found: list[Question] = []
        self._rows: dict[int, Question] = {}
        self._named: dict[str, list[int]] = {}
        self._shared: dict[str, Question] = {}
        self._backgrounds: dict[str, ItemCells] = {}
        for place, cells in enumerate(items):
            group = plain(cells.cell("group").text)
            if reader.is_case(cells):
                self._rows[place] = Question(cells, is_case=True)
                for name in {plain(cells.cell(each).text) for each in _NAMES} - {""}:
                    self._named.setdefault(name, []).append(place)
            elif group and not cells.cell("background").blank:
                self._backgrounds.setdefault(group, cells)

    def take(self, place: int, cells: ItemCells) -> None:
        """Put an item where it belongs."""
        if place in self._rows:
            self.found.append(self._rows[place])
            return
        group = plain(cells.cell("group").text)
        case = self._case(place, group, cells)
        if case is not None:
            case.parts.append(cells)
        else:
            self.found.append(Question(cells, sound=not group))

    def _case(self, place: int, group: str, cells: ItemCells) -> Question | None:
        if group in self._named:
            rows = self._named[group]
            # Numbers may begin again with every chapter: the nearest case above is meant.
            return self._rows[max((row for row in rows if row < place), default=rows[0])]
        with_background = self._backgrounds.get(group) if group else cells
        if with_background is None or with_background.cell("background").blank:
            return None
        name = group or "\n" + with_background.cell("background").text
        if name not in self._shared:
            fields = {each: with_background.cell(each) for each in ("background", "markup")}
            self._shared[name] = Question(ItemCells(with_background.place, fields), is_case=True)
            self.found.append(self._shared[name])
        return self._shared[name]


def _check(question: Question, heading: Heading, findings: Findings) -> None:
    cells, group = question.cells, question.cells.cell("group")
    place = cells.cell("background") if "stem" not in cells.fields else cells.cell("stem")
    if not question.sound:
        findings.problem("unknown_case", group, column=heading.name(group))
    elif question.is_case and not question.parts:
        findings.problem("case_without_parts", place, column=heading.name(place))
        question.sound = False
    elif len(question.parts) > PARTS_MAX:
        findings.problem(
            "too_many_parts", place, str(len(question.parts)), column=heading.name(place), limit=PARTS_MAX
        )
        question.sound = False
    elif len(question.parts) == 1 and "stem" not in cells.fields and group.blank:
        findings.warning("background_alone", place, column=heading.name(place))
    for part in question.parts:
        own = part.cell("background")
        if not own.blank and own.text not in (cells.cell("stem").text, cells.cell("background").text):
            findings.warning("background_not_read", own, column=heading.name(own))
