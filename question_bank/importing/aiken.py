"""Aiken: a stem, lettered options and a line ANSWER: with the letter, again and again."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from question_bank.importing.answers import letters_of
from question_bank.importing.bank_file import BankReading
from question_bank.importing.collecting import Collected
from question_bank.importing.drafts import Draft, choice_kind, plainly
from question_bank.importing.problems import Findings
from question_bank.importing.tables import Cell, plain
from question_bank.importing.text_file import Line, read_lines
from question_bank.importing.wordings import WORDINGS
from question_bank.items import LETTERS

# A) A. A、 A: （A） with full-width letters and lower case too; the text may follow without a space.
_OPTION = re.compile(r"\s*[(（]?([A-Za-zＡ-Ｚａ-ｚ])\s*(?:[)）]|[.．、:：])\s*(.*)")
_ANSWER = re.compile(r"\s*(?:ANSWERS?|CORRECT ANSWER|(?:正确|参考|标准)?答案)\s*[:：]\s*(.*)", re.IGNORECASE)


_NUMBER = re.compile(r"\s*(\d{1,4})\s*[.．、)）]\s*(?=\S)")


@dataclass(slots=True)
class _Question:
    """The lines of one question. option_lines: where each option stands, to name it."""

    lines: list[Line] = field(default_factory=list)
    letters: list[str] = field(default_factory=list)
    options: list[str] = field(default_factory=list)
    answer: str | None = None
    first: Line | None = None

    @property
    def place(self) -> Cell:
        """The stem's first line, or what stands in its stead."""
        assert self.first is not None
        return self.first.place


def looks_like_aiken(text: str) -> bool:
    """Whether a text has a line that is an answer and one that is an option."""
    lines = text.splitlines()
    return any(_ANSWER.match(line) for line in lines) and any(_OPTION.match(line) for line in lines)


def read_aiken(raw: bytes) -> BankReading:
    """The items of an Aiken text; never raises, whatever the bytes are.

    An answer of several letters makes a multiple choice. Whatever is not a stem, options from A without a gap and an
    answer among them is a problem at its line.
    """
    findings = Findings(WORDINGS)
    collected = Collected("aiken", findings)
    questions = list(_questions(read_lines(raw, findings)))
    for question in _without_numbers(questions):
        draft = _draft(question, findings)
        if draft is None:
            collected.refused()
        else:
            collected.take(draft)
    return collected.reading()


def _without_numbers(questions: list[_Question]) -> list[_Question]:
    """Questions without the numbers in front of their stems, if they are counted through: a paper counts anew."""
    found = [_NUMBER.match(question.lines[0].text) if question.lines else None for question in questions]
    if [int(mark[1]) if mark else 0 for mark in found] != list(range(1, len(questions) + 1)):
        return questions
    for question, mark in zip(questions, found, strict=True):
        line = question.lines[0]
        question.lines[0] = Line(line.number, line.text[mark.end() :] if mark else line.text)
    return questions


def _questions(lines: Sequence[Line]) -> Iterator[_Question]:
    """Cut at answers, and where a blank line and a new stem follow options that have no answer."""
    question, blank = _Question(), False
    for line in lines:
        if not line.text.strip():
            blank = True
            continue
        answer, option = _ANSWER.match(line.text), _OPTION.match(line.text)
        if _begins_anew(question, blank, starts=answer is None and _is_stem(question, option)):
            yield question
            question = _Question()
        blank = False
        question.first = question.first or line
        if answer:
            question.answer = answer[1].strip()
            yield question
            question = _Question()
        elif option and not _is_stem(question, option):
            question.letters.append(plain(option[1]).upper())
            question.options.append(option[2].strip())
        elif question.options:
            # An option that goes on in the next line.
            question.options[-1] = f"{question.options[-1]}\n{line.text.strip()}"
        else:
            question.lines.append(line)
    if question.first is not None:
        yield question


def _is_stem(question: _Question, option: re.Match[str] | None) -> bool:
    """Whether a line is no option: it has no letter, or one that does not follow the last."""
    if option is None:
        return True
    letter = plain(option[1]).upper()
    # "I. Newton said" opens a stem, "B) …" after A does not.
    return not question.options and letter not in "AB"


def _begins_anew(question: _Question, blank: bool, *, starts: bool) -> bool:
    """Whether a line after a blank one begins another question, and the one before has no answer."""
    return blank and question.first is not None and bool(question.options) and starts


def _draft(question: _Question, findings: Findings) -> Draft | None:
    place, wrong = question.place, False

    def problem(code: str, found: str = "", **values: object) -> None:
        nonlocal wrong
        wrong = True
        findings.problem(code, place, found, column="", **values)

    if not question.lines:
        problem("aiken_no_stem")
    if not question.options:
        problem("aiken_no_options")
    elif question.letters != [chr(ord("A") + index) for index in range(len(question.letters))]:
        problem("aiken_letter", " ".join(question.letters))
    if question.answer is None:
        problem("aiken_no_answer")
    letters = letters_of(question.answer or "")
    usable = LETTERS[: len(question.options)]
    if question.answer is not None and question.options and (not letters or set(letters) - set(usable)):
        problem("unknown_answer" if not letters else "answer_beyond_options", question.answer, letters=usable)
    if wrong or letters is None:
        return None
    key = [LETTERS.index(letter) for letter in letters]
    stem = "\n".join(line.text.strip() for line in question.lines)
    return Draft(
        place, "", choice_kind(key), plainly(stem), [plainly(option) for option in question.options], key=key
    )
