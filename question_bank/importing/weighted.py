"""Answers that carry weights, as Moodle's formats have them: what of them an item can honestly say."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from question_bank.blanks import decimal_of
from question_bank.importing.drafts import NO_TEXT, BlankDraft, Draft, plainly
from question_bank.importing.markup import Passage, joined
from question_bank.importing.problems import Findings
from question_bank.items import Kind

FULL = Decimal(100)
# Thirds are written as 33.333 and sixths as 16.667: three of them may miss 100 by this much.
_ROUNDING = Decimal(1)
_WILDCARD = re.compile(r"(?<!\\)\*")
_RANGE = re.compile(r"\s*(\S.*?)\s*\.\.\s*(\S.*?)\s*")


@dataclass(frozen=True, slots=True)
class Weighted:
    """One answer. weight: percent of the score it gives. raw: as typed, of a short answer; text: as shown."""

    raw: str
    weight: Decimal
    text: Passage = NO_TEXT
    feedback: Passage = NO_TEXT
    tolerance: str = ""


class Weights:
    """Reads weighted answers into a draft; what has no equivalent is a finding at the draft's place."""

    def __init__(self, draft: Draft, findings: Findings) -> None:
        """Findings go to the findings, under the label of the draft."""
        self._draft = draft
        self._findings = findings

    def choice(self, answers: Sequence[Weighted], *, single: bool) -> bool:
        """Options and key; single: one option is to be chosen, as the file says. False with problems.

        One option worth everything makes a single choice. Several whose weights make 100 together, or that all have
        the same weight, make a multiple choice; what a part of them is worth is the section's rule, so that is a
        warning, and so are partial weights of a single choice.
        """
        draft = self._draft
        draft.options = [answer.text for answer in answers]
        full = [place for place, answer in enumerate(answers) if answer.weight == FULL]
        right = [place for place, answer in enumerate(answers) if answer.weight > 0]
        weights = [answers[place].weight for place in right]
        weighed = " ".join(f"{answer.weight.normalize():f}%" for answer in answers)
        if not right:
            return self._problem("no_right_answer", weighed)
        if single or len(right) == 1:
            if len(full) != 1:
                return self._problem("several_full_answers" if full else "no_full_answer", weighed)
            draft.kind, draft.key = Kind.SINGLE, full
        elif abs(sum(weights) - FULL) <= _ROUNDING or len(set(weights)) == 1:
            draft.kind, draft.key = Kind.MULTIPLE, right
        else:
            return self._problem("weights_not_full", weighed)
        if any(0 < answer.weight < FULL for answer in answers) or any(
            answer.weight < 0 for answer in answers
        ):
            self._warning("partial_weights", weighed)
        return True

    def forms(self, answers: Sequence[Weighted], *, case_sensitive: bool = False) -> BlankDraft | None:
        """The accepted forms of one blank: those worth everything; None with problems.

        Forms worth a part of the score are not accepted, which is a warning; ``*`` alone for any other answer, worth
        nothing, says what is so anyhow.
        """
        accepted = [answer for answer in answers if answer.weight == FULL]
        if not accepted:
            self._problem("no_full_answer", " | ".join(answer.raw for answer in answers))
            return None
        wild = next((answer.raw for answer in accepted if _WILDCARD.search(answer.raw)), None)
        if wild is not None:
            self._problem("wildcard_answer", wild)
            return None
        partial = [answer.raw for answer in answers if 0 < answer.weight < FULL]
        if partial:
            self._warning("partial_forms", " | ".join(partial))
        forms = [answer.raw.replace("\\*", "*").strip() for answer in accepted]
        return BlankDraft(accepted=forms, case_sensitive=case_sensitive)

    def number(self, answers: Sequence[Weighted]) -> BlankDraft | None:
        """The number of one blank with its tolerance; None with problems."""
        accepted = [answer for answer in answers if answer.weight == FULL]
        if len(accepted) != 1:
            shown = " | ".join(answer.raw for answer in answers)
            self._problem("several_numbers" if accepted else "no_full_answer", shown)
            return None
        partial = [answer.raw for answer in answers if 0 < answer.weight < FULL]
        if partial:
            self._warning("partial_forms", " | ".join(partial))
        (answer,) = accepted
        blank = number_blank(answer.raw, answer.tolerance)
        if blank is None:
            self._problem(
                "bad_number", f"{answer.raw}:{answer.tolerance}" if answer.tolerance else answer.raw
            )
        return blank

    def _problem(self, code: str, found: str) -> bool:
        self._findings.problem(code, self._draft.place, found, column=self._draft.label)
        return False

    def _warning(self, code: str, found: str) -> None:
        self._findings.warning(code, self._draft.place, found, column=self._draft.label)


def number_blank(text: str, tolerance: str = "") -> BlankDraft | None:
    """A number: 3, 3:0.1 (or with the tolerance beside it) and 1..5, ends included; None for anything else."""
    span = _RANGE.fullmatch(text)
    if span:
        low, high = decimal_of(span[1]), decimal_of(span[2])
        if low is None or high is None or low > high:
            return None
        return BlankDraft(number=_written((low + high) / 2), tolerance=_written((high - low) / 2))
    value, _, behind = text.partition(":")
    number, within = decimal_of(value), decimal_of(tolerance or behind or "0")
    if number is None or within is None:
        return None
    return BlankDraft(number=_written(number), tolerance=_written(abs(within)))


def percent(text: str) -> Decimal | None:
    """A weight such as 100, -33.333 or 50, or None; nothing outside ±100 is one."""
    try:
        weight = Decimal(text.strip())
    except InvalidOperation:
        return None
    return weight if weight.is_finite() and abs(weight) <= FULL else None


def with_feedback(solution: Passage, answers: Sequence[Weighted]) -> Passage:
    """A solution followed by what the file says to each answer, under the words of the answer."""
    comments = [_comment(answer) for answer in answers if not answer.feedback.blank]
    return joined([solution, *comments]) if comments else solution


def _comment(answer: Weighted) -> Passage:
    """An answer and what is said to it, as one text."""
    words = answer.text if not answer.text.blank else plainly(answer.raw)
    if answer.raw.strip() in ("", "*") and answer.text.text in ("", "*"):
        words = plainly("其他答案 any other answer")
    plain = None
    if words.text is not None and answer.feedback.text is not None:
        plain = f"{words.text}: {answer.feedback.text}"
    sound = words.sound and answer.feedback.sound
    return Passage(f"{words.html}: {answer.feedback.html}", plain, sound)


def _written(value: Decimal) -> str:
    """A decimal without exponent and without zeros nobody typed."""
    text = format(value, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text
