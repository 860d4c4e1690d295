"""Lines that begin something: headings of sections, chapters, numbers of questions, backgrounds of cases."""

import re
from dataclasses import dataclass
from decimal import Decimal

from question_bank.importing.tables import plain
from question_bank.items import Kind

_ORDINAL = "一二三四五六七八九十百"
_KIND_WORDS: dict[str, Kind | None] = {
    "单项选择": Kind.SINGLE, "单选": Kind.SINGLE, "多项选择": Kind.MULTIPLE, "多选": Kind.MULTIPLE,
    "不定项选择": Kind.MULTIPLE, "不定项": Kind.MULTIPLE, "选择": None, "判断正误": Kind.TRUE_FALSE,
    "判断": Kind.TRUE_FALSE, "是非": Kind.TRUE_FALSE, "填空": Kind.FILL_IN, "简答": Kind.SHORT_ANSWER,
    "问答": Kind.SHORT_ANSWER, "论述": Kind.SHORT_ANSWER, "名词解释": Kind.SHORT_ANSWER, "计算": Kind.SHORT_ANSWER,
    "案例分析": Kind.CASE, "案例": Kind.CASE, "综合分析": Kind.CASE, "材料分析": Kind.CASE, "综合": Kind.CASE,
    "排序": Kind.ORDERING, "匹配": Kind.MATCHING, "连线": Kind.MATCHING, "配对": Kind.MATCHING,
}  # fmt: skip
_WORDS = "|".join(sorted(_KIND_WORDS, key=len, reverse=True))
KIND_WORDS_PATTERN = _WORDS
"""Any word that names a kind, the longest first."""

_PREFIX = (
    rf"(?:第?[{_ORDINAL}]+(?:部分|大题)?\s*[、.．:：)）]\s*|第[{_ORDINAL}]+(?:部分|大题)\s*"
    rf"|[(（][{_ORDINAL}]+[)）]\s*)"
)
_NUMBERED_HEADING = re.compile(rf"^{_PREFIX}[【\[]?(?P<word>{_WORDS})(?P<rest>题?.{{0,120}})$")
_BARE_HEADING = re.compile(
    rf"^(?:\d{{1,2}}\s?[.．、]\s{{0,8}})?[【\[]?(?P<word>{_WORDS})题"
    r"(?P<rest>(?:(?:参考|标准|正确)?答案)?[】\]]?\s{0,8}(?:[(（].{0,100}[)）]|共?\s?\d+\s?[题道小].{0,40})?\s{0,8}[:：]?)$"
)
_REST = re.compile(r"^题?[】\]]?\s*(?:$|[（(，,。:：;；共每本下、及]|(?:参考|标准|正确)?答案)")
_EACH = re.compile(r"每[小]?[题空]\s*([\d.]+)\s*分|([\d.]+)\s*分\s*[/／]\s*[题空]")
_CHAPTER = re.compile(rf"^第\s*[{_ORDINAL}\d]+\s*[章节篇单元编][\s\u3000:：]*\S.{{0,60}}$")
_CHINESE_NUMBER = re.compile(rf"^([{_ORDINAL}]+)\s*[、.．]\s*(.*)$")

_NUMBERS = (
    ("题", re.compile(rf"^第\s*([0-9０-９]{{1,5}}|[{_ORDINAL}]{{1,4}})\s*题\s*[.．、:：]?\s*")),
    (".", re.compile(r"^([0-9０-９]{1,5})\s*[.．、:：]\s*")),
    (")", re.compile(r"^([0-9０-９]{1,5})\s*[)）]\s*[.．、]?\s*")),
    ("()", re.compile(r"^[(（]\s*([0-9０-９]{1,5})\s*[)）]\s*[.．、]?\s*")),
    ("[]", re.compile(r"^[【\[]\s*([0-9０-９]{1,5})\s*[】\]]\s*[.．、]?\s*")),
    ("Q", re.compile(r"^(?:Q|题目?|问题|Question)\s*([0-9０-９]{1,5})\s*[.．、:：)）]\s*", re.IGNORECASE)),
    (" ", re.compile(r"^([0-9０-９]{1,5})[ \t\u3000]+(?=[^\s\d])")),
)
_CASE = re.compile(
    rf"^(?:【\s*)?(?:(?:案例|材料|资料|背景)\s*(?:[{_ORDINAL}\d]+|资料|材料)?|案例分析\s*[{_ORDINAL}\d]*|【?背景[资材]料)"
    r"(?:\s*】|\s*[:：.、]|\s*$)\s*"
)
_ASKS = re.compile(
    r"^(?:【?问题】?|请?回答(?:下列|以下)问题|根据(?:以上|上述)\S{0,12}回答\S{0,12})\s*[:：。]?$"
)
_MARKER = re.compile(rf"^[【\[(（]\s*(?P<word>{_WORDS})题?\s*[】\])）]\s*")
_ANSWERS = re.compile(
    r"^[【\[]?(?:附\s*[:：]?)?\s*(?:参考|标准|正确|试题)?答案(?:及(?:评分标准|解析))?(?:部分|汇总|表|如下)?[】\]]?\s*[:：]?$"
)
_SCORE = re.compile(r"[(（]\s*(?:本题\s*)?(\d{1,3}(?:\.\d{1,2})?)\s*分\s*[)）]")


@dataclass(frozen=True, slots=True)
class HeadingMark:
    """A heading that names a kind. kind: None for 选择题, which may be single or multiple. score: hundredths each."""

    word: str
    kind: Kind | None
    score: int | None
    answers: bool


@dataclass(frozen=True, slots=True)
class NumberMark:
    """The number a line begins with, in its style, and the rest of the line."""

    style: str
    number: int
    rest: str
    before_digit: bool


def heading_of(text: str) -> HeadingMark | None:
    """The heading of a section of one kind, as 一、单项选择题（每题1分）."""
    found = _NUMBERED_HEADING.match(text) or _BARE_HEADING.match(text)
    if found is None or not _REST.match(found["rest"]):
        return None
    each = _EACH.search(text)
    score = _hundredths(each[1] or each[2]) if each else None
    return HeadingMark(found["word"], _KIND_WORDS[found["word"]], score, "答案" in found["rest"])


def chapter_of(text: str) -> str | None:
    """A chapter's title, as 第二章 起重机械."""
    return text if _CHAPTER.match(text) and not text.endswith(("。", "？", "?", "）", ")")) else None


def number_of(text: str) -> NumberMark | None:
    """The number a line begins with."""
    for style, pattern in _NUMBERS:
        found = pattern.match(text)
        if found:
            number = int(found[1]) if found[1].isdigit() else _chinese(found[1])
            rest = text[found.end() :]
            tight = style == "." and rest[:1].isdigit() and found[0][-1] in ".．"
            return NumberMark(style, number, rest, tight)
    return None


def chinese_number_of(text: str) -> NumberMark | None:
    """A question numbered 一、 where it is no heading."""
    found = _CHINESE_NUMBER.match(text)
    return NumberMark("一", _chinese(found[1]), found[2], False) if found else None


def case_of(text: str) -> str | None:
    """What follows 背景资料：, 案例一： or 【案例】, "" where that stands alone; None for other lines."""
    found = _CASE.match(text)
    return text[found.end() :] if found else None


def asks(text: str) -> bool:
    """Whether a line only says that the questions of a case follow."""
    return bool(_ASKS.match(text))


def kind_marker(text: str) -> tuple[str, str] | None:
    """The word of a kind in brackets at the start of a stem, and the rest."""
    found = _MARKER.match(text)
    return (found["word"], text[found.end() :]) if found else None


def kind_of_word(word: str) -> Kind | None:
    """The kind a word of _KIND_WORDS names."""
    return _KIND_WORDS.get(word)


def answers_begin(text: str) -> bool:
    """Whether a line says that answers follow: 参考答案, alone."""
    return bool(_ANSWERS.match(text))


def score_in(text: str) -> tuple[str, int | None]:
    """A stem without （5分）, and the score in hundredths."""
    found = _SCORE.search(text)
    if found is None:
        return text, None
    return (text[: found.start()] + text[found.end() :]).strip(), _hundredths(found[1])


def _hundredths(text: str) -> int | None:
    try:
        score = Decimal(text) * 100
    except ArithmeticError:
        return None
    return int(score) if score == score.to_integral_value() and score > 0 else None


def _chinese(text: str) -> int:
    """一 to 九百九十九 as people number questions."""
    digits = {character: place for place, character in enumerate("一二三四五六七八九", 1)}
    number = current = 0
    for character in plain(text):
        if character in "十百":
            number += (current or 1) * (10 if character == "十" else 100)
            current = 0
        else:
            current = digits.get(character, 0)
    return number + current
