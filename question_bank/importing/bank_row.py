"""One row of a bank file as an item, or as the problems that keep it from being one."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from question_bank.importing.answers import (
    difficulty_of,
    hundredths_of,
    key_of,
    kind_of,
    letters_of,
    one_or_more,
    verdict_of,
)
from question_bank.importing.headings import Heading
from question_bank.importing.problems import Findings
from question_bank.importing.tables import Cell, Fault, Row, control_character, plain
from question_bank.items import (
    CODE_CHARS_MAX,
    ITEM_SCORE_MAX,
    LETTERS,
    OPTION_CHARS_MAX,
    OPTIONS_MIN,
    SOLUTION_CHARS_MAX,
    STEM_CHARS_MAX,
    TRUE_FALSE_OPTIONS,
    Item,
    Kind,
    code_from_content,
)

_KIND_NAMES = {Kind.TRUE_FALSE: "判断题", Kind.SINGLE: "单选题", Kind.MULTIPLE: "多选题"}
_CHARS_MAX = {"stem": STEM_CHARS_MAX, "solution": SOLUTION_CHARS_MAX, "point": CODE_CHARS_MAX}
# A value standing for several rows is what these columns are for; anywhere else a merged cell hides
# something.
_MAY_BE_FILLED = {"kind", "point", "difficulty", "score"}
# Columns whose value is a number whatever its format shows.
_NUMBERS = {"difficulty", "score"}
_OWN_LETTER = re.compile(r"\s*([A-Ha-hＡ-Ｈ])\s*[.．、:：)）]\s*(?=\S)")


@dataclass(frozen=True, slots=True)
class Located:
    """An item with the cell of its stem, and of its code if that stood in the file, each with its heading."""

    item: Item
    stem: Cell
    stem_column: str
    code: Cell | None
    code_column: str


class RowReader:
    """Reads the rows of one sheet under its heading. default_kind: what the sheet's name says, if anything."""

    def __init__(self, heading: Heading, default_kind: Kind | None, findings: Findings) -> None:
        """Problems go to the findings."""
        self.heading = heading
        self._default_kind = default_kind
        self._findings = findings
        self._wrong = False

    def read(self, row: Row) -> Located | None:
        """The item of a row, or None when there were problems."""
        self._wrong = False
        self._check_cells(row)
        stem = self.heading.cell(row, "stem")
        if stem.blank:
            self._problem("empty_stem", stem)
        kind = self._kind(row)
        code = self._code(row)
        difficulty, score = self._difficulty(row), self._score(row)
        if kind is None or self._wrong:
            return None
        answered = self._true_false(row) if kind is Kind.TRUE_FALSE else self._choice(row, kind)
        if answered is None or self._wrong:
            return None
        options, key = answered
        item = Item(
            code=plain(code.text) if code else code_from_content(kind, stem.text, options),
            kind=kind,
            stem=stem.text,
            options=options,
            key=key,
            solution=self.heading.cell(row, "solution").text,
            difficulty=difficulty,
            score=score,
            point=plain(self.heading.cell(row, "point").text),
        )
        return Located(
            item, stem, self.heading.name(stem), code, self.heading.name(code) if code is not None else ""
        )

    def _problem(self, code: str, cell: Cell, **values: object) -> None:
        self._wrong = True
        self._findings.problem(code, cell, "", column=self.heading.name(cell), **values)

    def _check_cells(self, row: Row) -> None:
        """Whatever the columns mean: faults of cells, characters nobody can read, lengths."""
        fields = {
            field: self.heading.cell(row, field) for field in self.heading.columns if field != "running"
        }
        options = self.heading.option_cells(row)
        for field, cell in [*fields.items(), *(("option", cell) for cell in options)]:
            fault = cell.fault
            if cell.filled and field not in _MAY_BE_FILLED and cell.text:
                fault = Fault.MERGED
            if fault is not None and not (fault is Fault.FORMATTED and field in _NUMBERS):
                self._problem(fault.value, cell)
            if character := control_character(cell.text):
                self._problem("control_character", cell, character=character)
            limit = OPTION_CHARS_MAX if field == "option" else _CHARS_MAX.get(field)
            if limit is not None and len(cell.text) > limit:
                self._problem("cell_too_long", cell, limit=limit)
        # In a csv a cell beyond the heading is what an unquoted separator leaves behind.
        beyond = next((cell for cell in row[len(self.heading.names) :] if not cell.blank), None)
        if beyond is not None and not beyond.sheet:
            self._problem("ragged_row", beyond, limit=len(self.heading.names))

    def _kind(self, row: Row) -> Kind | None:
        cell = self.heading.cell(row, "kind")
        if not cell.blank:
            kind = kind_of(cell.text)
            if kind is None:
                self._problem("unknown_kind", cell)
            return kind
        if "kind" in self.heading.columns and self._default_kind is None:
            self._problem("unknown_kind", cell)
            return None
        return self._default_kind or self._inferred_kind(row)

    def _inferred_kind(self, row: Row) -> Kind:
        """Without 题型: a verdict without options is true/false, everything else single until it has two
        answers.
        """
        answer = self.heading.cell(row, "answer").text
        has_options = any(not cell.blank for cell in self.heading.option_cells(row))
        return Kind.TRUE_FALSE if not has_options and verdict_of(answer) is not None else Kind.SINGLE

    def _code(self, row: Row) -> Cell | None:
        cell = self.heading.cell(row, "code")
        if cell.blank:
            return None
        code = plain(cell.text)
        if len(code) > CODE_CHARS_MAX or re.search(r"\s", code) or not code:
            self._problem("bad_code", cell, limit=CODE_CHARS_MAX)
        return cell

    def _difficulty(self, row: Row) -> int | None:
        cell = self.heading.cell(row, "difficulty")
        if cell.blank:
            return None
        difficulty = difficulty_of(cell.text)
        if difficulty is None:
            self._problem("bad_difficulty", cell)
        return difficulty

    def _score(self, row: Row) -> int | None:
        cell = self.heading.cell(row, "score")
        if cell.blank:
            return None
        score = hundredths_of(cell.text)
        if score is None or not 0 < score <= ITEM_SCORE_MAX or "%" in plain(cell.text):
            self._problem("bad_score", cell)
        return score

    def _true_false(self, row: Row) -> tuple[tuple[str, ...], tuple[int, ...]] | None:
        cells = self.heading.option_cells(row)
        given = [
            verdict_of(text) for text in _without_letters([cell.text for cell in cells if not cell.blank])
        ]
        if given and (
            sorted(map(str, given)) != ["False", "True"] or any(not cell.blank for cell in cells[2:])
        ):
            self._problem("true_false_options", next(cell for cell in cells if not cell.blank))
            return None
        answer = self.heading.cell(row, "answer")
        if answer.blank:
            self._problem("empty_answer", answer)
            return None
        verdict = verdict_of(answer.text)
        letters = letters_of(answer.text)
        if verdict is None and letters in (["A"], ["B"]):
            verdict = (given or [True, False])[letters == ["B"]]
        if verdict is None:
            self._problem("unknown_verdict", answer)
            return None
        return TRUE_FALSE_OPTIONS, (0 if verdict else 1,)

    def _choice(self, row: Row, kind: Kind) -> tuple[tuple[str, ...], tuple[int, ...]] | None:
        options = self._options(row)
        answer = self.heading.cell(row, "answer")
        if answer.blank:
            self._problem("empty_answer", answer)
            return None
        if not options:
            return None
        usable = LETTERS[: len(options)]
        letters = letters_of(answer.text)
        if letters is None:
            self._problem("unknown_answer", answer, letters=usable)
            return None
        if any(letter not in usable for letter in letters):
            self._problem("answer_beyond_options", answer, letters=usable)
        elif len(set(letters)) < len(letters):
            self._problem("answer_twice", answer)
        elif kind is Kind.SINGLE and len(letters) > 1:
            self._problem("several_answers", answer, kind=_KIND_NAMES[kind])
        if self._wrong:
            return None
        lonely = kind is Kind.MULTIPLE and len(letters) == 1
        if lonely and not one_or_more(self.heading.cell(row, "kind").text):
            self._findings.warning("one_answer", answer, column=self.heading.name(answer))
        return options, key_of(letters)

    def _options(self, row: Row) -> tuple[str, ...]:
        """The options up to the last one given, without letters written into them; empty when there were
        problems.
        """
        cells = list(self.heading.option_cells(row))
        while cells and cells[-1].blank:
            cells.pop()
        if len(cells) < OPTIONS_MIN:
            self._problem("too_few_options", cells[0] if cells else row[0], limit=OPTIONS_MIN)
            return ()
        gaps = [cell for cell in cells if cell.blank]
        for cell in gaps:
            self._problem("option_gap", cell)
        options = _without_letters([cell.text for cell in cells])
        # Compared as they stand: m² and m2 may be the very difference that is asked about.
        seen: dict[str, int] = {}
        for place, (option, cell) in enumerate(zip(options, cells, strict=True)):
            first = seen.setdefault("".join(option.split()), place)
            if first != place and not cell.blank:
                self._problem("duplicate_option", cell, other=LETTERS[first])
        return () if gaps else tuple(options)


def _without_letters(options: Sequence[str]) -> list[str]:
    """Options without their own letter in front, if every one has it: it would lie once the order changes."""
    found = [_OWN_LETTER.match(option) for option in options]
    own = [plain(match[1]).upper() if match else "" for match in found]
    if own != list(LETTERS[: len(options)]):
        return list(options)
    return [option[match.end() :] if match else option for option, match in zip(options, found, strict=True)]
