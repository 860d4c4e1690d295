"""Kinds and answers in every spelling people use, as pure functions over a cell's text."""

import re
from decimal import Decimal, InvalidOperation

from question_bank.importing.tables import plain
from question_bank.items import LETTERS, Kind

_KINDS = {
    Kind.TRUE_FALSE: (
        "判断", "判断题", "是非", "是非题", "对错题", "正误题", "正误判断题", "true_false", "true/false", "tf",
    ),
    Kind.SINGLE: ("单选", "单选题", "单项选择", "单项选择题", "选择题", "单项题", "single", "single choice"),
    Kind.MULTIPLE: (
        "多选", "多选题", "多项选择", "多项选择题", "多项题", "不定项", "不定项选择题", "不定项题", "multiple",
        "multiple choice",
    ),
}  # fmt: skip
_KIND_OF = {word: kind for kind, words in _KINDS.items() for word in words}
# 不定项: one or more right answers, so a single one is nothing to warn about.
_ONE_OR_MORE = ("不定项", "不定项选择题", "不定项题")

_TRUE = {"正确", "对", "是", "√", "✓", "✔", "☑", "t", "true", "y", "yes", "right", "1", "真"}
_FALSE = {"错误", "错", "否", "×", "✗", "✘", "✕", "╳", "☒", "x", "f", "false", "n", "no", "wrong", "0", "假",
          "不正确", "不对"}  # fmt: skip

_BETWEEN_LETTERS = re.compile(r"[\s,，、;；/|.．。和与&+]+")

# 难度系数 for words (ours): the share expected to answer rightly.
_DIFFICULTY_WORDS = {
    "容易": 85, "易": 85, "简单": 85, "较易": 75, "较容易": 75, "中": 60, "中等": 60, "适中": 60, "一般": 60,
    "较难": 45, "难": 30, "困难": 30, "easy": 85, "medium": 60, "hard": 30, "difficult": 30,
}  # fmt: skip


def kind_of(text: str) -> Kind | None:
    """The kind named, or None for a word nobody knows: 一、判断题（每题1分） is read as 判断题."""
    word = re.sub(r"^[一二三四五六七八九十\d]+\s*[、.．]\s*", "", plain(text).lower())
    word = re.sub(r"\s*\(.*\)$", "", word).strip()
    return _KIND_OF.get(word)


def one_or_more(text: str) -> bool:
    """Whether a kind's word allows a single right answer among several: 不定项."""
    return plain(text) in _ONE_OR_MORE


def verdict_of(text: str) -> bool | None:
    """正确 or 错误 in any of its spellings, or None. Letters A and B are not among them: they depend on
    options.
    """
    word = plain(text).lower().strip("。.!")
    return True if word in _TRUE else False if word in _FALSE else None


def letters_of(text: str) -> list[str] | None:
    """The letters of an answer as they stand, upper case: ABD, A、B、D, A;B;D, (A); None when anything else
    is there.
    """
    word = plain(text).upper()
    bracketed = re.fullmatch(r"[(\[【〔](.*)[)\]】〕]", word)
    parts = _BETWEEN_LETTERS.sub("", bracketed[1] if bracketed else word)
    return list(parts) if re.fullmatch(r"[A-Z]+", parts) else None


def key_of(letters: list[str]) -> tuple[int, ...]:
    """Indexes of letters among the letters of options, ascending; letters beyond them are left out."""
    return tuple(sorted({LETTERS.index(letter) for letter in letters if letter in LETTERS}))


def difficulty_of(text: str) -> int | None:
    """Hundredths from 0.65, 65% or a word, or None: whole numbers above 1 have no common meaning and are
    not guessed.
    """
    word = plain(text).lower()
    if word in _DIFFICULTY_WORDS:
        return _DIFFICULTY_WORDS[word]
    percent = word.endswith("%")
    number = _decimal(word.rstrip("%"))
    if number is None:
        return None
    share = number if percent else number * 100
    return int(share.to_integral_value()) if 0 <= share <= 100 else None


def hundredths_of(text: str) -> int | None:
    """A score or weight such as 2, 0.5, 1.0分 or 12.5% in hundredths, or None when it is not exact in
    hundredths.
    """
    number = _decimal(re.sub(r"\s*(分|%)$", "", plain(text)))
    if number is None:
        return None
    hundredths = number * 100
    return int(hundredths) if hundredths == hundredths.to_integral_value() else None


def _decimal(text: str) -> Decimal | None:
    if not re.fullmatch(r"\d{1,9}(\.\d{1,18})?", text, re.ASCII):
        return None
    try:
        return Decimal(text)
    except InvalidOperation:
        return None
