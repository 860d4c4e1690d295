"""A line of a written bank, taken apart: labels such as 答案： and options standing side by side."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from question_bank.importing.tables import Cell, plain
from question_bank.items import LETTERS


@dataclass(frozen=True, slots=True)
class WrittenLine:
    """One line or paragraph. text: trimmed; objects that are no characters stand in it as one character each."""

    text: str
    place: Cell


_WIDE = re.compile(r"[^\S\n]{9,}")


def evened(text: str) -> str:
    """A line without space around it, and with no more than eight spaces in a row: they only place things."""
    return _WIDE.sub(" " * 8, text.strip())


LABELS: dict[str, str] = {
    "answer": r"(?:正确|标准|参考)?答案|正确选项|(?:correct )?answers?|答",
    "solution": r"(?:答案|试题|题目|本题)?解析|解题思路|解题过程|点评|explanation|analysis|rationale",
    "worked": r"解答?",
    "difficulty": r"难度(?:系数|等级)?|难易(?:程度|度)|difficulty",
    "point": r"鉴定点(?:代码|编码)?|知识点|考核点|考点|考核要素",
    "score": r"分值|分数|score",
    "code": r"(?:试题|题目)?编号|(?:试题|题目)代码|code",
    "tags": r"标签|关键词|tags?",
    "kind": r"题型|题目类型|试题类型",
}
"""The words before a colon, or in 【】, by the field they begin."""

_WORDS = "|".join(f"(?P<{field}>{words})" for field, words in LABELS.items())
_LABEL = re.compile(rf"(?:^|(?<=[\s；;。)）]))(?:{_WORDS})\s*[:：]\s*", re.IGNORECASE)
_BOXED_LABEL = re.compile(rf"[【［\[]\s*(?:{_WORDS})\s*[】］\]]\s*[:：]?\s*", re.IGNORECASE)
# 答案 B: without a colon only where nothing but an answer follows.
_BARE_ANSWER = re.compile(r"^(?:正确|标准|参考)?答案\s*[为是]?\s*(?=[A-HＡ-Ｈ√×✓✗对错]+\s*$)")
_OTHER_BOX = re.compile(r"^【([^【】]{1,20})】\s*[:：]?\s*")


@dataclass(frozen=True, slots=True)
class Labelled:
    """A labelled piece of a line. name: the label as written."""

    field: str
    name: str
    value: str


def labels_of(text: str) -> tuple[str, list[Labelled]]:
    """What stands before the first label of a line, and the labels with what follows each."""
    bare = _BARE_ANSWER.match(text)
    if bare:
        return "", [Labelled("answer", bare[0].strip(), text[bare.end() :].strip())]
    found = sorted(_found_labels(text), key=lambda each: each.start())
    if not found:
        return text, []
    labels = []
    for place, each in enumerate(found):
        ends = found[place + 1].start() if place + 1 < len(found) else len(text)
        field = str(each.lastgroup)
        labels.append(Labelled(field, each[0].strip(" \t:："), text[each.end() : ends].strip()))
    return text[: found[0].start()].strip(), labels


def _found_labels(text: str) -> Iterator[re.Match[str]]:
    taken: list[tuple[int, int]] = []
    for pattern in (_BOXED_LABEL, _LABEL):
        for each in pattern.finditer(text):
            # Within running text a lone 答： or 解： is no label.
            running = each.start() > 0 and (each.lastgroup == "worked" or each[0].strip(" \t:：") == "答")
            if not running and not any(begin <= each.start() < end for begin, end in taken):
                taken.append(each.span())
                yield each


def other_box(text: str) -> tuple[str, str] | None:
    """A label in 【】 that begins a line and has no meaning to us, and what follows."""
    found = _OTHER_BOX.match(text)
    return (found[1], text[found.end() :]) if found else None


_MARK = re.compile(
    r"(?:^|(?<=[\s)）。；;，,？?！!：:]))"
    r"(?:[(（](?P<closed>[A-ZＡ-Ｚ])[)）]|(?P<letter>[A-ZＡ-Ｚ])\s*[.．、)）:：])\s*"
)
_SMALL_MARK = re.compile(r"^[(（]?(?P<letter>[a-hａ-ｈ])\s*[.．、)）]\s*")
_SPACED_MARK = re.compile(r"(?:^|(?<=\s))(?P<letter>[A-HＡ-Ｈ])[ \t\u3000]+(?=\S)")
_HAN = re.compile(r"[\u3400-\u9fff]")


@dataclass(frozen=True, slots=True)
class LetteredOption:
    """An option under the letter it was given."""

    letter: str
    text: str


def options_of(text: str, expected: str, *, in_stem: bool = False) -> tuple[str, list[LetteredOption]]:
    """What stands before the first option of a line, and the options.

    expected: the letter that would follow. Letters count in their order only, so that the A of 点A、B is none.
    in_stem: the line begins a question, where one letter alone is not enough.
    """
    if plain(text) == expected and expected in LETTERS and not in_stem:
        # A letter on a line of its own, its text on the next.
        return "", [LetteredOption(expected, "")]
    for pattern in (_MARK, _SMALL_MARK, _SPACED_MARK):
        if pattern is _SPACED_MARK and not _HAN.search(text):
            continue
        marks = _in_order(list(pattern.finditer(text)), expected, first=not in_stem)
        if not marks or (in_stem and (len(marks) < 2 or _letter(marks[0]) != "A")):
            continue
        if marks[0].start() > 0 and len(marks) < 2:
            continue
        if pattern is _SPACED_MARK and _letter(marks[0]) != expected:
            continue
        options = []
        for place, mark in enumerate(marks):
            ends = marks[place + 1].start() if place + 1 < len(marks) else len(text)
            said = text[mark.end() : ends].strip()
            if place + 1 < len(marks):
                said = said.rstrip("；;")
            options.append(LetteredOption(_letter(mark), said))
        return text[: marks[0].start()].strip(), options
    return text, []


def _in_order(marks: list[re.Match[str]], expected: str, *, first: bool) -> list[re.Match[str]]:
    """The marks whose letters follow each other. first: a mark that begins the line counts whatever its letter."""
    kept: list[re.Match[str]] = []
    for mark in marks:
        letter = _letter(mark)
        begins = not kept and first and mark.start() == 0 and letter <= "H"
        if letter == expected or begins:
            kept.append(mark)
            expected = chr(ord(letter) + 1)
    return kept


def _letter(mark: re.Match[str]) -> str:
    groups = mark.groupdict()
    return plain(groups.get("closed") or groups["letter"]).upper()
