"""The answers of a fill-in item: blanks between semicolons, accepted forms between strokes, numbers with ±."""

import re

from pydantic import ValidationError

from question_bank.blanks import ACCEPTED_CHARS_MAX, ACCEPTED_MAX, Blank, comparable
from question_bank.importing.cell_report import CellReport
from question_bank.importing.layouts import ItemCells
from question_bank.importing.tables import Cell
from question_bank.items import BLANKS_MAX
from question_bank.notation import (
    BETWEEN_BLANKS,
    BETWEEN_FORMS,
    CASE_MATTERS,
    Token,
    number_of,
    said,
    split,
    tokens,
)

# Blanks as people draw them: a line, or brackets with nothing but space in them.
_SHOWN = re.compile(r"_{2,}|＿{2,}|[(（][\s_＿\u3000]*[)）]|[【\[][\s_＿\u3000]*[】\]]")
# What else separates answers, where that gives exactly as many as the stem has blanks.
_OTHER_SEPARATORS = ("、", "，", ",", " \t\u3000")
# 1/2, km/h, AC/DC: a stroke between short Latin parts without space belongs to the answer.
_STROKE_INSIDE = re.compile(r"[A-Za-z0-9%.²³]{1,4}(?:/[A-Za-z0-9%.²³·]{1,4})+")
_ORDINAL = re.compile(r"\s*(?:[(（](\d{1,2})[)）]|([①-⑩]))\s*")
_PLUS_MINUS = re.compile(r"\+/?[-－]|＋/?[-－]")
# 20±5℃ looks like a number with a tolerance and is a text; ±0.000 is a level of a building.
_NEARLY_NUMBER = re.compile(r"^[\[［]\s*[-+]?\d[\d.eE+-]*\s*[,，~～]|.±")


def blanks_shown(stem: str) -> int:
    """How many blanks a stem shows."""
    return len(_SHOWN.findall(stem))


def blanks_of(cells: ItemCells, report: CellReport, *, exact: bool = False) -> tuple[Blank, ...]:
    """The blanks of an item; empty when there were problems.

    exact: they are as many as the answer says; brackets in the stem may be no blanks.
    """
    answer = cells.cell("answer")
    given = [answer] if not answer.blank else [cell for cell in cells.options if not cell.blank]
    if not given:
        report.problem("empty_answer", answer)
        return ()
    shown = 0 if exact else blanks_shown(cells.cell("stem").text)
    parts = (
        _parts(answer, shown, report) if not answer.blank else [(tokens(cell.text), cell) for cell in given]
    )
    if len(parts) > BLANKS_MAX:
        report.problem("too_many_blanks", given[0], limit=BLANKS_MAX)
    elif shown and shown != len(parts):
        report.problem("blanks_differ", given[0], limit=shown, given=len(parts))
    elif not shown and not exact:
        report.warning("no_blank_shown", cells.cell("stem"))
    if not report.sound():
        return ()
    blanks = [_blank(part, cell, report) for part, cell in parts]
    return () if not report.sound() else tuple(blank for blank in blanks if blank is not None)


def _parts(answer: Cell, shown: int, report: CellReport) -> list[tuple[list[Token], Cell]]:
    read = tokens(_PLUS_MINUS.sub("±", answer.text))
    parts = split(read, BETWEEN_BLANKS)
    if len(parts) > 1 and not parts[-1]:
        parts.pop()
    if len(parts) == 1 and shown > 1:
        for separators in _OTHER_SEPARATORS:
            other = [part for part in split(read, separators) if part]
            if len(other) == shown:
                report.warning("blanks_split", answer, separator=separators[0].replace(" ", "空格 space"))
                parts = other
                break
    return [(part, answer) for part in _without_ordinals(parts)]


def _without_ordinals(parts: list[list[Token]]) -> list[list[Token]]:
    """Answers without (1) (2) or ① ② in front, if each has its own."""
    if len(parts) < 2:
        return parts
    stripped = []
    for number, part in enumerate(parts, start=1):
        found = _ORDINAL.match(said(part)) if not part or not part[0][1] else None
        own = found and (found[1] or str(ord(found[2]) - ord("①") + 1))
        if found is None or own != str(number) or any(escaped for _, escaped in part[: found.end()]):
            return parts
        stripped.append(part[found.end() :])
    return stripped


def _blank(part: list[Token], cell: Cell, report: CellReport) -> Blank | None:
    case_sensitive = said(part).startswith(CASE_MATTERS) and not any(escaped for _, escaped in part[:4])
    if case_sensitive:
        part = part[len(CASE_MATTERS) :]
    accepted: list[str] = []
    numbers: list[tuple[str, str]] = []
    for form in _forms(part, cell, report):
        number = None if any(escaped for _, escaped in form) else number_of(said(form))
        if number is not None:
            numbers.append(number)
            continue
        if _NEARLY_NUMBER.search("".join(sign for sign, escaped in form if not escaped)):
            report.warning("number_not_read", cell)
        if not comparable(said(form)):
            report.problem("empty_blank", cell)
        elif len(said(form)) > ACCEPTED_CHARS_MAX:
            report.problem("cell_too_long", cell, limit=ACCEPTED_CHARS_MAX)
        else:
            accepted.append(said(form))
    if len(numbers) > 1:
        report.problem("several_numbers", cell)
    elif len(accepted) > ACCEPTED_MAX:
        report.problem("too_many_forms", cell, limit=ACCEPTED_MAX)
    if not report.sound():
        return None
    fields: dict[str, object] = {"accepted": tuple(accepted), "case_sensitive": case_sensitive}
    if numbers:
        fields |= {"number": numbers[0][0], "tolerance": numbers[0][1]}
    return _checked(fields, cell, report)


def _checked(fields: dict[str, object], cell: Cell, report: CellReport) -> Blank | None:
    try:
        return Blank.model_validate(fields)
    except ValidationError as wrong:
        report.problem("not_an_item", cell, reason="; ".join(str(each["msg"]) for each in wrong.errors()))
        return None


def _forms(part: list[Token], cell: Cell, report: CellReport) -> list[list[Token]]:
    text = said(part)
    if not any(escaped for _, escaped in part) and _STROKE_INSIDE.fullmatch(text):
        report.warning("stroke_kept", cell)
        return [part]
    return split(part, BETWEEN_FORMS)
