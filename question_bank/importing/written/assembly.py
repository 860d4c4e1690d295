"""Lines put together to questions: a state that is fed line after line and knows what the next may be."""

import re
from collections.abc import Sequence

from question_bank.importing.problems import Findings
from question_bank.importing.written.answer_list import join, listed
from question_bank.importing.written.lines import Labelled, WrittenLine, labels_of, options_of, other_box
from question_bank.importing.written.marks import (
    NumberMark,
    answers_begin,
    asks,
    case_of,
    chapter_of,
    chinese_number_of,
    heading_of,
    number_of,
)
from question_bank.importing.written.questions import ListedAnswer, WrittenQuestion, WrittenSection
from question_bank.importing.written.variants import usual
from question_bank.items import CHOICES, Kind

_LOOK_AHEAD = 12
"""Lines looked at to tell whether an unnumbered line begins a question."""

_LISTED = re.compile(r"[(（]?[0-9０-９]{1,5}[)）]?\s*(?:[.．、:：)）]|[-–—~～－至])")
_ENDS_ANSWERED = re.compile(r"[(（]\s*(?:[A-HＡ-Ｈ]{1,8}|√|×|✓|✗|对|错|正确|错误)\s*[)）]\s*[。.]?$")


def assembled(lines: Sequence[WrittenLine], findings: Findings) -> list[WrittenQuestion]:
    """The questions of a bank in order, listed answers joined to them. Lines that belong to none are findings."""
    assembly = _Assembly(lines, findings)
    for index in range(len(lines)):
        assembly.take(index)
    join(assembly.questions, assembly.listed, findings)
    parts = {id(part) for question in assembly.questions for part in question.parts}
    return [question for question in assembly.questions if id(question) not in parts]


class _Assembly:
    """What has been read so far. questions holds cases' parts beside the cases, so that lists can answer them."""

    def __init__(self, lines: Sequence[WrittenLine], findings: Findings) -> None:
        self.questions: list[WrittenQuestion] = []
        self.listed: list[ListedAnswer] = []
        self._lines = [WrittenLine(usual(line.text), line.place) for line in lines]
        self._findings = findings
        self._section = WrittenSection()
        self._chapter = ""
        self._question: WrittenQuestion | None = None
        self._case: WrittenQuestion | None = None
        self._into = "stem"
        self._list_word: str | None = None
        self._list_upto = 0
        self._list_entry: WrittenQuestion | None = None
        self._blank = True
        self._answered = 0

    def take(self, index: int) -> None:
        """One line."""
        line = self._lines[index]
        if not line.text:
            self._blank = True
            return
        if not (self._heading(index, line) or self._in_list(index, line) or self._begins_list(index, line)):
            head, labels = labels_of(line.text)
            if head:
                self._head(index, line, head, labelled=bool(labels))
            for label in labels:
                self._label(line, label)
        self._blank = False

    # -- sections and lists of answers ---------------------------------------------------------------------------

    def _heading(self, index: int, line: WrittenLine) -> bool:
        heading = heading_of(line.text)
        if heading is not None:
            if heading.answers or (self._list_word is not None and self._list_goes_on(index, heading.word)):
                self._start_list(heading.word)
                return True
            self._section = WrittenSection(heading.word, heading.kind, heading.score, self._chapter)
            self._close()
            return True
        chapter = chapter_of(line.text)
        if chapter is None and (mark := chinese_number_of(line.text)) and self._titles(index):
            chapter = mark.rest
        if chapter is not None and self._list_word is None:
            self._chapter = chapter
            self._section = WrittenSection(chapter=chapter)
            self._close()
            return True
        return False

    def _close(self) -> None:
        self._question = self._case = self._list_word = self._list_entry = None
        self._into = "stem"

    def _titles(self, index: int) -> bool:
        """Whether a line numbered in Chinese stands over numbered questions or another heading."""
        following = self._following(index, 1)
        return bool(following) and (
            heading_of(following[0]) is not None
            or ((mark := number_of(following[0])) is not None and mark.number == 1)
        )

    def _list_goes_on(self, index: int, word: str) -> bool:
        """Whether a heading among listed answers names the next of them, not a section with questions."""
        following = self._following(index, 1)
        if following and _entries(following[0]):
            return True
        done = {each.number for each in self.listed if each.word in ("", word)}
        return any(
            each.section.word == word and each.answer is None and each.number not in done
            for each in self.questions
        )

    def _start_list(self, word: str) -> None:
        self._close()
        self._list_word, self._list_upto = word, len(self.questions)

    def _begins_list(self, index: int, line: WrittenLine) -> bool:
        if not answers_begin(line.text):
            return False
        following = self._following(index, 1)
        if not following:
            return False
        unanswered = self._any_unanswered()
        heading = heading_of(following[0])
        if unanswered and (_entries(following[0]) or heading is not None):
            self._start_list("")
            return True
        mark = number_of(following[0])
        if unanswered and self._blank and mark is not None and mark.number == 1 and len(self.questions) > 1:
            self._start_list("")
            return True
        return False

    def _any_unanswered(self) -> bool:
        """Whether a question waits for its answer; those that have one are never looked at again."""
        while self._answered < len(self.questions):
            question = self.questions[self._answered]
            if question.answer is None and not self._answers_itself(question):
                return True
            self._answered += 1
        return False

    def _in_list(self, index: int, line: WrittenLine) -> bool:
        """A line of listed answers: entries, or a text under its number that goes on until the next."""
        if self._list_word is None:
            return False
        entries = _entries(line.text)
        if entries is not None:
            self._listed(line, entries)
            self._list_entry = None
            return True
        mark = number_of(line.text)
        if mark is not None and self._has_options(index):
            # Questions go on behind the list.
            self._list_word = None
            return False
        if mark is not None and not mark.before_digit:
            head, labels = labels_of(mark.rest)
            said = head or next((each.value for each in labels if each.field in ("answer", "worked")), "")
            self._listed(line, [(mark.number, said)])
            for label in labels:
                if label.field == "solution":
                    self._explain(mark.number, label.value)
            return True
        if self.listed and self.listed[-1].upto == self._list_upto:
            last = self.listed.pop()
            self.listed.append(
                ListedAnswer(
                    last.place, last.word, last.number, f"{last.text}\n{line.text}".strip(), last.upto
                )
            )
            return True
        return False

    def _has_options(self, index: int) -> bool:
        """Whether the first lines below one are options."""
        return any(options_of(text, "A")[1] for text in self._following(index, 2))

    def _listed(self, line: WrittenLine, entries: Sequence[tuple[int, str]]) -> None:
        word = self._list_word or ""
        upto = self._list_upto if self._list_word is not None else len(self.questions)
        self.listed += [ListedAnswer(line.place, word, number, text, upto) for number, text in entries]

    def _explain(self, number: int, solution: str) -> None:
        found = [each for each in self.questions[: self._list_upto] if each.number == number]
        if len(found) == 1:
            found[0].solution.append(solution)

    # -- questions -----------------------------------------------------------------------------------------------

    def _head(self, index: int, line: WrittenLine, head: str, *, labelled: bool) -> None:
        """What stands before any label: a number, options, the background of a case, or more of what came before."""
        if answers_begin(head) and self._question is not None:
            # Nothing is listed below: the answer of this question follows, or its second answer.
            self._label(line, Labelled("answer", head, ""))
            return
        background = case_of(head)
        if background is not None and (
            self._section.kind is Kind.CASE or head.startswith("【") or not self._question
        ):
            self._begin_case(line, background)
            return
        if self._case is not None and asks(head):
            return
        mark = number_of(head)
        if mark is None and not self._titles(index):
            mark = chinese_number_of(head)
        if mark is not None and self._starts(index, mark):
            self._begin(line, mark.rest, mark)
            return
        question = self._question
        if question is not None:
            before, options = options_of(head, question.next_letter)
            if options and not (before and self._into != "stem") and self._takes_options(question):
                if before:
                    question.stem.append(before)
                question.options += options
                self._into = "options"
                return
        if self._starts_unnumbered(index, head, labelled=labelled):
            self._begin(line, head, None)
        elif question is None:
            self._outside(line)
        else:
            self._go_on(question, line, head)

    def _takes_options(self, question: WrittenQuestion) -> bool:
        """Options come before the answer, and never within a written answer."""
        return self._into in ("stem", "options") or (question.answer is not None and not question.options)

    def _starts(self, index: int, mark: NumberMark) -> bool:
        """Whether a numbered line begins a question, and not an item of a list within one."""
        question = self._question
        if self._case is not None and self._case.style == mark.style and question is not self._case:
            same = [part.style for part in self._case.parts]
            if mark.style not in same and mark.number == (self._case.number or 0) + 1:
                self._case = None
                return True
        if question is None:
            return True
        if question is self._case:
            return mark.style != question.style or mark.number == 1
        if mark.before_digit and mark.number != (question.number or 0) + 1:
            return False
        if mark.style != question.style:
            return self._complete(question) and mark.number == 1 and question.style not in (".", "题")
        if mark.number == (question.number or 0) + 1:
            return not self._within_answer(index, question)
        # Out of turn: a list within a stem or an answer begins with 1, a real question skips or repeats.
        return (
            self._complete(question)
            and (mark.number > 1 or self._answered_ahead(index))
            and not (self._within_answer(index, question))
        )

    def _within_answer(self, index: int, question: WrittenQuestion) -> bool:
        """Whether the line is an item of a written answer: the answer began with a list, and no answer follows."""
        if self._into not in ("answer", "solution") or question.options or not question.answer:
            return False
        marks = [number_of(text) for text in question.answer]
        itemised = any(mark is not None and mark.style == question.style for mark in marks)
        return itemised and not self._answered_ahead(index)

    def _answered_ahead(self, index: int) -> bool:
        """Whether an answer or options follow before the next number of the same style."""
        own = number_of(self._lines[index].text)
        for text in self._following(index, _LOOK_AHEAD):
            mark = number_of(text)
            if heading_of(text) or (mark is not None and own is not None and mark.style == own.style):
                return False
            if (
                any(label.field in ("answer", "worked") for label in labels_of(text)[1])
                or options_of(text, "A")[1]
            ):
                return True
        return False

    def _complete(self, question: WrittenQuestion) -> bool:
        return question.answer is not None or len(question.options) > 1 or self._answers_itself(question)

    def _answers_itself(self, question: WrittenQuestion) -> bool:
        return bool(question.stem) and _ENDS_ANSWERED.search(question.stem[-1]) is not None

    def _starts_unnumbered(self, index: int, head: str, *, labelled: bool) -> bool:
        """Whether a line without a number begins a question: the one before is complete, and options or an answer
        follow.
        """
        question = self._question
        if question is not None:
            if question is self._case or question.number is not None or not self._complete(question):
                return False
            if self._into in ("answer", "solution") and not self._blank:
                return False
        if _ENDS_ANSWERED.search(head):
            return question is None or self._answers_itself(question) or self._section.kind is Kind.TRUE_FALSE
        following = [head] if labelled else self._following(index, 3)
        if labelled:
            return question is not None or bool(self._section.word)
        return any(
            ((options := options_of(text, "A")[1]) and options[0].letter == "A") or _answers(text)
            for text in following
        )

    def _begin(self, line: WrittenLine, text: str, mark: NumberMark | None) -> None:
        question = WrittenQuestion(line.place, self._section)
        if mark is not None:
            question.number, question.style = mark.number, mark.style
        if self._section.kind is Kind.CASE and self._case is None:
            case = self._begin_case(line, text)
            case.number, case.style = question.number, question.style
            return
        before, options = options_of(text, "A", in_stem=True)
        question.stem = [before] if before else []
        question.options = options
        self._into = "options" if options else "stem"
        self._skipped(question)
        self._question = question
        if self._case is not None:
            self._case.parts.append(question)
        self.questions.append(question)

    def _skipped(self, question: WrittenQuestion) -> None:
        """Say where numbers jump: a question may be missing, or hide within the one before."""
        last = self._question
        if last is None or last.number is None or question.number is None or last.style != question.style:
            return
        if question.number not in (last.number + 1, 1):
            found = f"{last.number} → {question.number}"
            self._findings.warning("number_jumps", question.place, found, column=question.label)

    def _begin_case(self, line: WrittenLine, text: str) -> WrittenQuestion:
        case = WrittenQuestion(line.place, self._section, is_case=True)
        case.stem = [text] if text else []
        self._case = self._question = case
        self._into = "stem"
        self.questions.append(case)
        return case

    def _go_on(self, question: WrittenQuestion, line: WrittenLine, text: str) -> None:
        """More of what the question had last."""
        box = other_box(text)
        if box is not None and self._into in ("answer", "solution"):
            question.solution.append(text)
            self._into = "solution"
        elif self._into == "answer" and question.answer is not None:
            chosen = bool(question.options) or self._section.kind in CHOICES
            if chosen and "".join(question.answer).strip():
                self._findings.warning("text_after_answer", line.place, text, column=question.label)
                question.solution.append(text)
            else:
                question.answer.append(text)
        elif self._into == "solution":
            question.solution.append(text)
        elif self._into == "options":
            last = question.options.pop()
            question.options.append(type(last)(last.letter, f"{last.text}\n{text}".strip()))
        else:
            question.stem.append(text)

    def _label(self, line: WrittenLine, label: Labelled) -> None:
        question = self._question
        field = label.field
        if question is None:
            self._outside(line)
            return
        if field == "worked":
            field = "answer" if question.answer is None else "solution"
        if field == "answer" and (entries := self._list_in(question, label.value)) is not None:
            self._start_list("")
            self._listed(line, entries)
            return
        if field == "answer":
            if question.answer is not None:
                self._findings.problem("answer_given_twice", line.place, label.value, column=question.label)
            question.answer = [label.value] if label.value else []
            self._into = "answer"
        elif field == "solution":
            question.solution += [label.value] if label.value else []
            self._into = "solution"
        else:
            question.fields[field] = label.value.rstrip(" ;；，,。")

    def _list_in(self, question: WrittenQuestion, value: str) -> list[tuple[int, str]] | None:
        """The entries of 答案：1.A 2.B; 3A may be what a gap is filled with."""
        entries = listed(value) if question.number is not None else None
        if entries is None:
            return None
        chosen = bool(question.options) or self._section.kind in CHOICES
        return entries if _LISTED.match(value) or (chosen and len(entries) > 1) else None

    def _outside(self, line: WrittenLine) -> None:
        """A line that belongs to no question: a title is noted, what looks like a piece of a question is a problem."""
        _, labels = labels_of(line.text)
        if labels or options_of(line.text, "A")[1]:
            self._findings.problem("stray_line", line.place)
        else:
            self._findings.warning("line_not_read", line.place)

    def _following(self, index: int, count: int) -> list[str]:
        found: list[str] = []
        for line in self._lines[index + 1 : index + 1 + 3 * _LOOK_AHEAD]:
            if line.text:
                found.append(line.text)
            if len(found) == count:
                break
        return found


def _entries(text: str) -> list[tuple[int, str]] | None:
    """The entries of a line of listed answers, with or without 答案： in front."""
    head, labels = labels_of(text)
    if not head and len(labels) == 1 and labels[0].field == "answer":
        return listed(labels[0].value)
    return listed(text)


def _answers(text: str) -> bool:
    return any(label.field == "answer" for label in labels_of(text)[1])
