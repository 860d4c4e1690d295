"""Options and keys of the kinds that show lettered options: 判断, 单选, 多选, 排序, 匹配."""

import re
from collections.abc import Sequence

from question_bank.importing.answers import key_of, letters_of, mark_of, one_or_more, verdict_of
from question_bank.importing.cell_report import CellReport
from question_bank.importing.cell_texts import CellTexts
from question_bank.importing.layouts import ItemCells
from question_bank.importing.tables import Cell, plain
from question_bank.items import LETTERS, OPTIONS_MAX, OPTIONS_MIN, PREMISES_MAX, TRUE_FALSE_OPTIONS, Kind
from question_bank.notation import order_of, pairs_of

KeyFields = dict[str, object]
"""The fields of an Item that belong to its kind."""

_ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_OWN_LETTER = re.compile(r"\s*[(（]?([A-Ha-hＡ-Ｈ])\s*[.．、:：)）]\s*(?=\S)")
_OWN_NUMBER = re.compile(r"\s*[(（]?(\d{1,2}|[①-⑫])\s*(?:(?<=[①-⑫])|[、:：)）]|[.．](?!\d))\s*(?=\S)")


def true_false(cells: ItemCells, report: CellReport) -> KeyFields | None:
    """正确 or 错误, in any spelling, also as the letter of the option that says so."""
    options = [cell for cell in cells.options if not cell.blank]
    given = [verdict_of(text) for text in without_letters([cell.text for cell in options])]
    if given and (
        sorted(map(str, given)) != ["False", "True"] or any(not cell.blank for cell in cells.options[2:])
    ):
        report.problem("true_false_options", options[0])
        return None
    answer = cells.cell("answer")
    marked = _marked(cells, report) if cells.per_option else []
    if answer.blank and len(marked) == 1 and given:
        verdict = given[marked[0]]
    elif answer.blank:
        report.problem("empty_answer", answer if not marked else cells.marks[marked[-1]])
        return None
    else:
        verdict = verdict_of(answer.text)
        letters = letters_of(answer.text)
        if verdict is None and letters in (["A"], ["B"]):
            verdict = (given or [True, False])[letters == ["B"]]
    if verdict is None:
        report.problem("unknown_verdict", answer)
        return None
    return {"options": TRUE_FALSE_OPTIONS, "key": (0 if verdict else 1,)}


def choice(cells: ItemCells, kind: Kind, report: CellReport, texts: CellTexts) -> KeyFields | None:
    """Options and the letters of the right ones."""
    options = options_of(cells, report, texts)
    answer = cells.cell("answer")
    letters = _marked_letters(cells, report) if cells.per_option else None
    if answer.blank and not letters:
        report.problem("empty_answer", answer if not cells.marks else cells.marks[0])
        return None
    if not options:
        return None
    usable = LETTERS[: len(options)]
    if not answer.blank:
        said = letters_of(answer.text) or (_numbers_of(answer.text) if report.heading.numbered else None)
        if said is None:
            report.problem("unknown_answer", answer, letters=usable)
            return None
        if letters and sorted(said) != letters:
            report.problem("answers_disagree", answer, marked="".join(letters))
        letters = said
    assert letters is not None
    if any(letter not in usable for letter in letters):
        report.problem("answer_beyond_options", answer, letters=usable)
    elif len(set(letters)) < len(letters):
        report.problem("answer_twice", answer)
    elif kind is Kind.SINGLE and len(letters) > 1:
        report.problem("several_answers", answer if not answer.blank else cells.marks[0], kind="单选题")
    if not report.sound():
        return None
    if kind is Kind.MULTIPLE and len(letters) == 1 and not one_or_more(cells.cell("kind").text):
        report.warning("one_answer", answer if not answer.blank else cells.options[0])
    return {"options": options, "key": key_of(letters)}


def _numbers_of(text: str) -> list[str] | None:
    """Letters of an answer that names options by number: 1, 2 or 1;2."""
    numbers = re.findall(r"\d+", plain(text))
    sound = re.fullmatch(r"[\d\s,、;|/]+", plain(text)) and all(
        1 <= int(each) <= len(_ALPHABET) for each in numbers
    )
    return [_ALPHABET[int(each) - 1] for each in numbers] if sound else None


def ordering(cells: ItemCells, report: CellReport, texts: CellTexts) -> KeyFields | None:
    """Options and the order of all of them."""
    options = options_of(cells, report, texts)
    answer = cells.cell("answer")
    ranks = [plain(mark.text) for mark in cells.marks]
    if answer.blank and ranks and all(rank.isascii() and rank.isdigit() for rank in ranks):
        order: list[int] | None = sorted(range(len(ranks)), key=lambda place: int(ranks[place]))
        if sorted(map(int, ranks)) != list(range(1, len(ranks) + 1)):
            report.problem("incomplete_order", cells.marks[0], limit=len(options))
            return None
    elif answer.blank:
        report.problem("empty_answer", answer)
        return None
    else:
        order = order_of(answer.text)
    if not options:
        return None
    if order is None:
        report.problem("unknown_answer", answer, letters=LETTERS[: len(options)])
    elif sorted(order) != list(range(len(options))):
        report.problem(
            _wrong_order(order, len(options)), answer, letters=LETTERS[: len(options)], limit=len(options)
        )
    return None if not report.sound() or order is None else {"options": options, "key": tuple(order)}


def _wrong_order(order: Sequence[int], count: int) -> str:
    if any(not 0 <= place < count for place in order):
        return "answer_beyond_options"
    return "answer_twice" if len(set(order)) < len(order) else "incomplete_order"


def matching(cells: ItemCells, report: CellReport, texts: CellTexts) -> KeyFields | None:
    """Premises, options, and for each premise its option."""
    answer = cells.cell("answer")
    if cells.per_option and answer.blank:
        return _matched_rows(cells, report, texts)
    options = options_of(cells, report, texts)
    premises = _premises(cells, report, texts)
    if answer.blank:
        report.problem("empty_answer", answer)
    if not report.sound() or not options or not premises:
        return None
    pairs = pairs_of(answer.text, lettered=report.heading.lettered)
    if pairs is None:
        report.problem("unknown_pairs", answer, letters=LETTERS[: len(options)], limit=len(premises))
        return None
    if any(not 0 <= option < len(options) or not 0 <= premise < len(premises) for premise, option in pairs):
        report.problem("pairs_beyond", answer, letters=LETTERS[: len(options)], limit=len(premises))
    elif sorted(premise for premise, _ in pairs) != list(range(len(premises))):
        report.problem("incomplete_pairs", answer, limit=len(premises))
    if not report.sound():
        return None
    return {"options": options, "premises": premises, "key": tuple(option for _, option in sorted(pairs))}


def _matched_rows(cells: ItemCells, report: CellReport, texts: CellTexts) -> KeyFields | None:
    """A pair in each row; an option without a premise matches none."""
    if len(cells.premises) > len(cells.options):
        report.problem("empty_answer", cells.premises[-1])
        return None
    beside = {cell.row: cell for cell in cells.premises}
    own: dict[str, int] = {}
    different: list[Cell] = []
    key: list[int] = []
    for cell in cells.options:
        place = own.setdefault("".join((cell.html or cell.text).split()), len(different))
        if place == len(different):
            different.append(cell)
        if cell.row in beside:
            key.append(place)
    if len(key) < len(cells.premises):
        report.problem("empty_answer", cells.premises[-1])
    cells.options = different
    options = options_of(cells, report, texts)
    premises = _premises(cells, report, texts)
    return None if not report.sound() else {"options": options, "premises": premises, "key": tuple(key)}


def options_of(cells: ItemCells, report: CellReport, texts: CellTexts) -> tuple[str, ...]:
    """The options up to the last one given, without letters written into them; empty when there were problems."""
    found = list(cells.options)
    while found and found[-1].blank:
        found.pop()
    if len(found) < OPTIONS_MIN:
        report.problem("too_few_options", found[0] if found else cells.place, limit=OPTIONS_MIN)
        return ()
    if len(found) > OPTIONS_MAX:
        report.problem("too_many_options", found[OPTIONS_MAX], limit=OPTIONS_MAX)
        return ()
    gaps = [cell for cell in found if cell.blank]
    for cell in gaps:
        report.problem("option_gap", cell)
    options = [texts.of(cell) for cell in found]
    if not texts.exact:
        options = without_letters(options)
    # Compared as they stand: m² and m2 may be the very difference that is asked about.
    seen: dict[str, int] = {}
    for place, (option, cell) in enumerate(zip(options, found, strict=True)):
        first = seen.setdefault("".join(option.split()), place)
        if first != place and not cell.blank:
            report.problem("duplicate_option", cell, other=LETTERS[first])
    return () if gaps else tuple(options)


def _premises(cells: ItemCells, report: CellReport, texts: CellTexts) -> tuple[str, ...]:
    found = list(cells.premises)
    while found and found[-1].blank:
        found.pop()
    if not found:
        report.problem("too_few_premises", cells.premises[0] if cells.premises else cells.place, limit=1)
    elif len(found) > PREMISES_MAX:
        report.problem("too_many_premises", found[PREMISES_MAX], limit=PREMISES_MAX)
    for cell in found:
        if cell.blank:
            report.problem("option_gap", cell)
    premises = [texts.of(cell) for cell in found]
    return tuple(premises if texts.exact else _without_numbers(premises))


def _marked(cells: ItemCells, report: CellReport) -> list[int]:
    """Places of the options marked as right."""
    right = []
    for place, cell in enumerate(cells.marks):
        mark = mark_of(cell.text)
        if mark is None:
            report.problem("unknown_mark", cell)
        elif mark:
            right.append(place)
    return right


def _marked_letters(cells: ItemCells, report: CellReport) -> list[str]:
    return [LETTERS[place] for place in _marked(cells, report) if place < OPTIONS_MAX]


def without_letters(options: Sequence[str]) -> list[str]:
    """Options without their own letter in front, if every one has it: it would lie once the order changes."""
    found = [_OWN_LETTER.match(option) for option in options]
    own = [plain(match[1]).upper() if match else "" for match in found]
    if own != list(LETTERS[: len(options)]):
        return list(options)
    return [option[match.end() :] if match else option for option, match in zip(options, found, strict=True)]


def _without_numbers(premises: Sequence[str]) -> list[str]:
    """Premises without their own number in front, if every one has it."""
    found = [_OWN_NUMBER.match(premise) for premise in premises]
    own = [plain(match[1]) if match else "" for match in found]
    if len(own) < OPTIONS_MIN or own != [str(place + 1) for place in range(len(premises))]:
        return list(premises)
    return [text[match.end() :] if match else text for text, match in zip(premises, found, strict=True)]
