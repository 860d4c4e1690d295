"""One question of GIFT as its parts: title, text before and after the braces, and what stands in them."""

import re
from dataclasses import dataclass, field
from decimal import Decimal

from question_bank.importing.gift.blocks import restored
from question_bank.importing.weighted import FULL, percent

_WEIGHT = re.compile(r"\s*%([^%\n]{1,20})%")
_FORMAT = re.compile(r"\s*\[(html|markdown|moodle|plain)\]", re.IGNORECASE)
_VERDICTS = {"T": True, "TRUE": True, "F": False, "FALSE": False}
# A comment behind something on its line: other programs write them, Moodle takes them for text.
_COMMENT = re.compile(r"(?:^|(?<=\s))//[^\n]*", re.MULTILINE)
# Something of HTML that a control character cut in two: <img src
_CUT_TAG = re.compile(r"<[a-zA-Z/!][^<>]*$")


class GiftError(ValueError):
    """A question that does not follow the grammar. code: of the problem; found: the piece at fault."""

    def __init__(self, code: str, found: str) -> None:
        """The piece is shown as its author typed it."""
        super().__init__(code)
        self.code = code
        self.found = restored(found)


@dataclass(frozen=True, slots=True)
class Marked:
    """A text and the format its author named, "" for the question's own."""

    text: str
    format: str = ""


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer. sign: = or ~, "" for none. right: for a pair of matching, what stands behind the arrow."""

    sign: str
    weight: Decimal
    said: Marked
    feedback: Marked
    right: Marked | None = None


@dataclass(slots=True)
class Question:
    """One question. form: description, essay, true_false, numerical, choice, matching or short.

    before and after: the text around the braces; tail: whether the text goes on behind them.
    """

    title: str
    before: Marked
    after: str = ""
    form: str = "description"
    verdict: bool = False
    answers: list[Answer] = field(default_factory=list)
    general: Marked = Marked("")


def parsed(text: str) -> Question:
    """The parts of a question. Raises GiftError naming what is not of the grammar."""
    title, text = _titled(text)
    opening, closing = text.find("{"), text.find("}")
    if opening < 0 and closing < 0:
        return Question(title, _marked(text))
    if opening < 0 or closing < opening:
        raise GiftError("gift_brace", text)
    inside, after = text[opening + 1 : closing], text[closing + 1 :]
    if "{" in inside or "{" in after or "}" in after:
        raise GiftError("gift_brace", inside + after)
    question = Question(title, _marked(text[:opening]), restored(after))
    body, separator, general = inside.rpartition("####")
    if separator:
        inside, question.general = body, _marked(general)
    _answer(question, inside.strip())
    return question


def commented(text: str) -> bool:
    """Whether a text has what looks like a comment within a line."""
    return bool(_COMMENT.search(text))


def _titled(text: str) -> tuple[str, str]:
    if not text.startswith("::"):
        return "", text
    title, separator, rest = text[2:].partition("::")
    if not separator:
        return "", text
    rest = rest.strip()
    if rest.startswith("//"):
        rest = rest.partition("\n")[2].strip()
    return restored(title), rest


def _marked(text: str) -> Marked:
    named = _FORMAT.match(text)
    return Marked(restored(text[named.end() :]), named[1].lower()) if named else Marked(restored(text))


def _answer(question: Question, inside: str) -> None:
    """What the braces hold decides what kind of question it is, in this order."""
    bare = _COMMENT.sub("", inside).strip()
    if _verdict(bare) is not None or not bare:
        inside = bare
    verdict = _verdict(inside)
    if not inside:
        question.form = "essay"
    elif inside.startswith("#"):
        question.form = "numerical"
        question.answers = _pieces(inside[1:], unsigned=True)
    elif verdict is not None:
        question.form, question.verdict = "true_false", verdict
        question.answers = [
            Answer("#", FULL, Marked(""), _marked(each))
            for each in inside.partition("#")[2].split("#")
            if each.strip()
        ]
    elif "~" in inside:
        question.form = "choice"
        question.answers = _pieces(inside)
    elif "=" in inside and "->" in inside:
        question.form = "matching"
        question.answers = [_pair(answer) for answer in _pieces(inside)]
    else:
        question.form = "short"
        question.answers = _pieces(inside, unsigned="=" not in inside)


def _verdict(inside: str) -> bool | None:
    return _VERDICTS.get(inside.partition("#")[0].strip().upper())


def _pieces(inside: str, *, unsigned: bool = False) -> list[Answer]:
    """The answers of a block, each behind its sign; unsigned: the first may have none."""
    parts = re.split(r"([=~])", inside)
    answers = []
    if parts[0].strip():
        if not unsigned:
            raise GiftError("gift_answer", parts[0])
        answers.append(_piece("", parts[0]))
    for sign, text in zip(parts[1::2], parts[2::2], strict=True):
        if answers and _CUT_TAG.search(answers[-1].feedback.text or answers[-1].said.text):
            raise GiftError("gift_unescaped", answers[-1].said.text + sign + text)
        answers.append(_piece(sign, text))
    return answers


def _piece(sign: str, text: str) -> Answer:
    weight = Decimal(0) if sign == "~" else FULL
    written = _WEIGHT.match(text)
    if written:
        given = percent(written[1])
        if given is None:
            raise GiftError("bad_weight_of_answer", written[0])
        weight, text = given, text[written.end() :]
    said, _, feedback = text.partition("#")
    return Answer(sign, weight, _marked(said), _marked(feedback))


def _pair(answer: Answer) -> Answer:
    left, arrow, right = answer.said.text.partition("->")
    if not arrow or not right.strip():
        raise GiftError("gift_matching", answer.said.text)
    said = Marked(left.strip(), answer.said.format)
    return Answer(answer.sign, answer.weight, said, answer.feedback, Marked(right.strip()))
