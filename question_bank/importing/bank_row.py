"""The cells of one item as an item, or as the problems that keep it from being one."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from pydantic import ValidationError

from question_bank.importing import choice_cells
from question_bank.importing.answers import (
    difficulty_of,
    hundredths_of,
    is_choice_of_any,
    kind_of,
    letters_of,
    markup_of,
    verdict_of,
    version_of,
)
from question_bank.importing.blank_cells import blanks_of
from question_bank.importing.cell_report import CellReport
from question_bank.importing.cell_texts import CellTexts
from question_bank.importing.choice_cells import KeyFields
from question_bank.importing.headings import Heading
from question_bank.importing.layouts import ItemCells
from question_bank.importing.markup import TextReader
from question_bank.importing.problems import Findings
from question_bank.importing.tables import Cell, Fault, control_character, plain
from question_bank.items import (
    CODE_CHARS_MAX,
    ITEM_SCORE_MAX,
    OPTION_CHARS_MAX,
    SOLUTION_CHARS_MAX,
    STEM_CHARS_MAX,
    TAGS_MAX,
    Item,
    Kind,
    code_from_content,
)
from question_bank.notation import tags_of

_TEXTS = ("stem", "background", "solution", "answer", "reference", "option", "premise")
_CHARS_MAX = {
    "stem": STEM_CHARS_MAX,
    "background": STEM_CHARS_MAX,
    "solution": SOLUTION_CHARS_MAX,
    "point": CODE_CHARS_MAX,
    "option": OPTION_CHARS_MAX,
    "premise": OPTION_CHARS_MAX,
}
# A value standing for several rows is what these columns are for; anywhere else a merged cell hides something.
_MAY_BE_FILLED = {"kind", "point", "difficulty", "score", "group", "background", "tags", "markup", "version"}
# Columns whose value is a number whatever its format shows.
_NUMBERS = {"difficulty", "score", "version"}


@dataclass(frozen=True, slots=True)
class Located:
    """An item with the cell of its stem, and of its code if that stood in the file, each with its heading."""

    item: Item
    stem: Cell
    stem_column: str
    code: Cell | None
    code_column: str


class ItemReader:
    """Reads the items of one sheet under its heading. default_kind: what the sheet's name says, if anything. levels:
    whether its whole numbers of difficulty are levels.
    """

    def __init__(
        self,
        heading: Heading,
        default_kind: Kind | None,
        findings: Findings,
        texts: TextReader,
        *,
        levels: bool = False,
    ) -> None:
        """Problems go to the findings."""
        self.heading = heading
        self._texts = texts
        self._default_kind = default_kind
        self._findings = findings
        self._levels = levels

    def read(self, cells: ItemCells) -> Located | None:
        """The item of these cells, or None when there were problems."""
        return self._read(cells, None)

    def read_case(self, cells: ItemCells, parts: Sequence[ItemCells]) -> Located | None:
        """The case of these cells and of those of its parts, or None when there were problems in any."""
        read = [located for located in map(self.read, parts) if located is not None]
        return self._read(cells, read if len(read) == len(parts) else [])

    def is_case(self, cells: ItemCells) -> bool:
        """Whether these are the cells of a case's shared stem."""
        kind = cells.cell("kind")
        return (self._default_kind if kind.blank else kind_of(kind.text)) is Kind.CASE

    def _read(self, cells: ItemCells, parts: Sequence[Located] | None) -> Located | None:
        """parts: None for an item that is no case, [] for a case whose parts had problems."""
        report = CellReport(self.heading, self._findings)
        texts = self._marked_up(cells, report)
        self._check_cells(cells, report, texts)
        stem = self._stem(cells, case=parts is not None)
        if stem.blank:
            report.problem("empty_stem", stem)
        kind = self._kind(cells, report) if parts is None else Kind.CASE
        fields = self._common(cells, report, texts)
        own = self._code(cells, report)
        if kind is None or not report.sound():
            return None
        keyed = self._keyed(cells, kind, report, texts)
        if keyed is None:
            return None
        fields |= {"kind": kind, "stem": texts.of(stem), **keyed}
        if not report.sound():
            return None
        item = (
            None if parts == [] else _built(fields, plain(own.text) if own else "", parts or (), stem, report)
        )
        if item is None:
            return None
        column = self.heading.name(own) if own is not None else ""
        return Located(item, stem, self.heading.name(stem), own, column)

    def _stem(self, cells: ItemCells, *, case: bool) -> Cell:
        stem, background = cells.cell("stem"), cells.cell("background")
        return background if case and (stem.blank or not background.blank) else stem

    def _keyed(self, cells: ItemCells, kind: Kind, report: CellReport, texts: CellTexts) -> KeyFields | None:
        """The fields that belong to the kind."""
        self._check_unused(cells, kind, report)
        match kind:
            case Kind.TRUE_FALSE:
                return choice_cells.true_false(cells, report)
            case Kind.SINGLE | Kind.MULTIPLE:
                return choice_cells.choice(cells, kind, report, texts)
            case Kind.ORDERING:
                return choice_cells.ordering(cells, report, texts)
            case Kind.MATCHING:
                return choice_cells.matching(cells, report, texts)
            case Kind.FILL_IN:
                return {"blanks": blanks_of(cells, report, exact=texts.exact)}
            case Kind.SHORT_ANSWER:
                return self._short_answer(cells, report, texts)
            case Kind.CASE:
                return self._case(cells, report)

    def _short_answer(self, cells: ItemCells, report: CellReport, texts: CellTexts) -> KeyFields:
        answer, more = cells.cell("answer"), cells.cell("reference")
        said = [texts.of(cell) for cell in (answer, more) if not cell.blank]
        if not said:
            report.warning("no_reference", answer)
        return {"reference": ("<br>" if texts.markup == "html" else "\n").join(said)}

    def _case(self, cells: ItemCells, report: CellReport) -> KeyFields:
        answer = cells.cell("answer")
        if not answer.blank:
            report.problem("case_with_answer", answer)
        return {}

    def _check_unused(self, cells: ItemCells, kind: Kind, report: CellReport) -> None:
        """What was filled in and means nothing for this kind: nothing is left out in silence."""
        unused = [] if kind is Kind.MATCHING else list(cells.premises)
        answered = kind is Kind.FILL_IN and not cells.cell("answer").blank
        if answered or kind in (Kind.SHORT_ANSWER, Kind.CASE):
            unused += cells.options
        given = next((cell for cell in unused if not cell.blank), None)
        if given is not None:
            report.problem("options_not_wanted", given)
        reference = cells.cell("reference")
        if kind is not Kind.SHORT_ANSWER and not reference.blank:
            report.warning("reference_not_read", reference)

    def _check_cells(self, cells: ItemCells, report: CellReport, texts: CellTexts) -> None:
        """Whatever the columns mean: faults of cells, characters nobody can read, lengths."""
        for field, cell in cells.all:
            if field == "running":
                continue
            fault = cell.fault
            if cell.filled and field not in _MAY_BE_FILLED and cell.text and not cells.per_option:
                fault = Fault.MERGED
            if fault is not None and not (fault is Fault.FORMATTED and field in _NUMBERS):
                report.problem(fault.value, cell)
            if character := control_character(cell.text):
                report.problem("control_character", cell, character=character)
            limit = _CHARS_MAX.get(field)
            if (
                limit is not None
                and len(cell.text) > limit
                and (texts.markup == "text" or field not in _TEXTS)
            ):
                report.problem("cell_too_long", cell, limit=limit)
        if cells.beyond is not None:
            report.problem("ragged_row", cells.beyond, limit=len(self.heading.names))

    def _marked_up(self, cells: ItemCells, report: CellReport) -> CellTexts:
        cell = cells.cell("markup")
        said = markup_of(cell.text)
        if said is None:
            report.problem("unknown_markup", cell)
        shown = [each for field, each in cells.all if field in _TEXTS]
        return CellTexts(said or "", shown, self._texts, report)

    def _kind(self, cells: ItemCells, report: CellReport) -> Kind | None:
        cell = cells.cell("kind")
        if not cell.blank:
            if is_choice_of_any(cell.text):
                return Kind.SINGLE if len(letters_of(cells.cell("answer").text) or ()) < 2 else Kind.MULTIPLE
            kind = kind_of(cell.text)
            if kind is None:
                report.problem("unknown_kind", cell)
            return kind
        if "kind" in self.heading.columns and self._default_kind is None:
            report.problem("unknown_kind", cell)
            return None
        return self._default_kind or _inferred_kind(cells)

    def _code(self, cells: ItemCells, report: CellReport) -> Cell | None:
        cell = cells.cell("code")
        if cell.blank:
            return None
        code = plain(cell.text)
        if len(code) > CODE_CHARS_MAX or re.search(r"\s", code) or not code:
            report.problem("bad_code", cell, limit=CODE_CHARS_MAX)
        return cell

    def _common(self, cells: ItemCells, report: CellReport, texts: CellTexts) -> dict[str, Any]:
        """The fields that items of every kind have."""
        point, solution = cells.cell("point"), cells.cell("solution")
        return {
            "markup": texts.markup,
            "solution": "" if solution.blank else texts.of(solution),
            "difficulty": self._difficulty(cells, report),
            "score": self._score(cells, report),
            "point": plain(point.text),
            "tags": self._tags(cells, report),
            "version": self._version(cells, report),
        }

    def _difficulty(self, cells: ItemCells, report: CellReport) -> int | None:
        cell = cells.cell("difficulty")
        if cell.blank:
            return None
        difficulty = difficulty_of(cell.text, levels=self._levels)
        if difficulty is None:
            report.problem("bad_difficulty", cell)
        return difficulty

    def _score(self, cells: ItemCells, report: CellReport) -> int | None:
        cell = cells.cell("score")
        if cell.blank:
            return None
        score = hundredths_of(cell.text)
        if score is None or not 0 < score <= ITEM_SCORE_MAX or "%" in plain(cell.text):
            report.problem("bad_score", cell)
        return score

    def _tags(self, cells: ItemCells, report: CellReport) -> tuple[str, ...]:
        cell = cells.cell("tags")
        tags = tags_of(cell.text)
        if len(tags) > TAGS_MAX:
            report.problem("too_many_tags", cell, limit=TAGS_MAX)
        return tags

    def _version(self, cells: ItemCells, report: CellReport) -> int:
        cell = cells.cell("version")
        version = 1 if cell.blank else version_of(cell.text)
        if version is None:
            report.problem("bad_version", cell)
        return version or 1


def _inferred_kind(cells: ItemCells) -> Kind:
    """Without 题型: a verdict without options is true/false, everything else single until it has two answers."""
    has_options = any(not cell.blank for cell in cells.options)
    return (
        Kind.TRUE_FALSE
        if not has_options and verdict_of(cells.cell("answer").text) is not None
        else Kind.SINGLE
    )


def _built(
    fields: dict[str, Any], code: str, parts: Sequence[Located], stem: Cell, report: CellReport
) -> Item | None:
    asked = [each.item for each in parts]
    shown = (*fields.get("options", ()), *fields.get("premises", ()))
    shown += tuple(text for part in asked for text in (part.stem, *part.options, *part.premises))
    code = code or code_from_content(fields["kind"], fields["stem"], shown)
    numbered = [_under(each, code, number) for number, each in enumerate(parts, start=1)]
    try:
        return Item(code=code, parts=tuple(numbered), **fields)
    # What the checks of single cells do not see, such as texts too long once marked up.
    except ValidationError as wrong:
        report.problem("not_an_item", stem, reason="; ".join(str(each["msg"]) for each in wrong.errors()))
        return None


def _under(part: Located, case: str, number: int) -> Item:
    """A part under a code of its own, or else under its case's with its number."""
    if part.code is not None:
        return part.item
    return part.item.model_copy(update={"code": f"{case}-{number}"[-CODE_CHARS_MAX:]})
