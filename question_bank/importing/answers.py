"""Kinds and answers in every spelling people use, as pure functions over a cell's text."""

import re
from collections.abc import Iterable
from decimal import Decimal, InvalidOperation
from functools import lru_cache

from question_bank.importing.tables import plain
from question_bank.items import LETTERS, Kind

# What is longer names no kind, and is not searched for one.
_WORD_CHARS_MAX = 100
# Columns repeat few words; as many are remembered at most.
_remembered = lru_cache(maxsize=1_024)

_KINDS = {
    Kind.TRUE_FALSE: (
        "判断", "判断题", "是非", "是非题", "对错题", "正误题", "正误判断题", "true_false", "true/false", "tf",
        "truefalse", "true or false", "judge", "judgement", "judgment",
    ),
    Kind.SINGLE: ("单选", "单选题", "单项选择", "单项选择题", "选择题", "单项题", "single", "single choice", "radio"),
    Kind.MULTIPLE: (
        "多选", "多选题", "多项选择", "多项选择题", "多项题", "不定项", "不定项选择题", "不定项题", "multiple",
        "multiple response", "multiple answer", "multi", "checkbox",
    ),
    Kind.FILL_IN: ("填空", "填空题", "计算填空题", "数值题", "fill_in", "fill in", "fill in the blank", "blank"),
    Kind.ORDERING: ("排序", "排序题", "顺序题", "ordering", "order"),
    Kind.MATCHING: ("匹配", "匹配题", "连线", "连线题", "配对", "配对题", "配伍题", "matching", "match"),
    Kind.SHORT_ANSWER: (
        "简答", "简答题", "问答", "问答题", "论述", "论述题", "名词解释", "名词解释题", "主观题", "计算题",
        "short_answer", "short answer", "essay",
    ),
    Kind.CASE: (
        "案例", "案例题", "案例分析", "案例分析题", "案例背景", "题组", "材料题", "综合题", "综合分析题", "case",
        "case study",
    ),
}  # fmt: skip
_KIND_OF = {word: kind for kind, words in _KINDS.items() for word in words}
# 不定项: one or more right answers, so a single one is nothing to warn about.
_CHOICE_OF_ANY = ("multiple choice", "multichoice", "choice", "mcq")
_ONE_OR_MORE = ("不定项", "不定项选择题", "不定项题")

_MARKUPS = {
    "text": "text", "文本": "text", "纯文本": "text", "html": "html", "超文本": "html",
    "html(原样)": "html_as_is", "html(asis)": "html_as_is", "文本(原样)": "text_as_is", "text(asis)": "text_as_is",
}  # fmt: skip

_RIGHT = {"√", "✓", "✔", "☑", "是", "对", "正确", "1", "t", "true", "y", "yes", "right", "答案", "*"}
_WRONG = {
    "×",
    "✗",
    "✘",
    "✕",
    "☒",
    "☐",
    "否",
    "错",
    "错误",
    "0",
    "f",
    "false",
    "n",
    "no",
    "wrong",
    "不正确",
    "x",
    "-",
}

_TRUE = {"正确", "对", "是", "√", "✓", "✔", "☑", "t", "true", "y", "yes", "right", "1", "真"}
_FALSE = {"错误", "错", "否", "×", "✗", "✘", "✕", "╳", "☒", "x", "f", "false", "n", "no", "wrong", "0", "假",
          "不正确", "不对"}  # fmt: skip

_SAYS_ANSWER = re.compile(r"^(?:正确|标准|参考)?答案\s*(?:[:：]|是|为)\s*")
_BETWEEN_LETTERS = re.compile(r"[\s,，、;；/|.．。和与&+]+")

# 难度系数 for words (ours): the share expected to answer rightly.
_DIFFICULTY_WORDS = {
    "容易": 85, "易": 85, "简单": 85, "较易": 75, "较容易": 75, "中": 60, "中等": 60, "适中": 60, "一般": 60,
    "较难": 45, "难": 30, "困难": 30, "easy": 85, "medium": 60, "normal": 60, "hard": 30, "difficult": 30,
    "很容易": 95, "很易": 95, "很难": 15, "极难": 15, "中等偏易": 75, "中等偏难": 45, "较简单": 75, "较困难": 45,
}  # fmt: skip
# 难度等级 one to five, the easiest first (ours), each the 难度系数 of 易, 较易, 中, 较难, 难.
DIFFICULTY_OF_LEVEL = {1: 85, 2: 75, 3: 60, 4: 45, 5: 30}
_LEVEL = re.compile(r"([1-5])(?:\.0+)?")
_NAMED_LEVEL = re.compile(r"(?:l|level|难度)?\s*([1-5])\s*(?:级|星|颗星)")


@_remembered
def kind_of(text: str) -> Kind | None:
    """The kind named, or None for a word nobody knows: 一、判断题（每题1分） is read as 判断题."""
    if len(text) > _WORD_CHARS_MAX:
        return None
    word = re.sub(r"^[一二三四五六七八九十\d]+\s*[、.．]\s*", "", plain(text).lower())
    word = re.sub(r"\s*\(.*\)$", "", word).strip()
    return _KIND_OF.get(word) or _KIND_OF.get(re.sub(r"[\s_\-]+", " ", word))


def is_choice_of_any(text: str) -> bool:
    """Whether a kind's word says choice and not of how many, as English does: the answer tells."""
    return re.sub(r"[\s_\-]+", " ", plain(text).lower()) in _CHOICE_OF_ANY


def one_or_more(text: str) -> bool:
    """Whether a kind's word allows a single right answer among several: 不定项."""
    return plain(text) in _ONE_OR_MORE


def verdict_of(text: str) -> bool | None:
    """正确 or 错误 in any of its spellings, or None. Letters A and B are not among them: they depend on
    options.
    """
    word = _SAYS_ANSWER.sub("", plain(text).lower()).strip("。.!()[]【】 ")
    return True if word in _TRUE else False if word in _FALSE else None


def letters_of(text: str) -> list[str] | None:
    """The letters of an answer as they stand, upper case: ABD, A、B、D, A;B;D, (A); None when anything else
    is there.
    """
    word = plain(text).upper()
    word = _SAYS_ANSWER.sub("", word)
    bracketed = re.fullmatch(r"[(\[【〔](.*)[)\]】〕]", word)
    parts = _BETWEEN_LETTERS.sub("", bracketed[1] if bracketed else word)
    return list(parts) if re.fullmatch(r"[A-Z]+", parts) else None


def key_of(letters: list[str]) -> tuple[int, ...]:
    """Indexes of letters among the letters of options, ascending; letters beyond them are left out."""
    return tuple(sorted({LETTERS.index(letter) for letter in letters if letter in LETTERS}))


@_remembered
def difficulty_of(text: str, *, levels: bool = False) -> int | None:
    """难度系数 in hundredths from 0.65, 65 %, a word, 3级 or ★★★; None for anything else.

    levels: a bare whole number is a level of DIFFICULTY_OF_LEVEL. Otherwise one above 1 has no common meaning and is
    not guessed.
    """
    word = plain(text).lower()
    if word in _DIFFICULTY_WORDS:
        return _DIFFICULTY_WORDS[word]
    stars = word.count("★")
    if stars and not word.strip("★☆"):
        return DIFFICULTY_OF_LEVEL.get(stars)
    level = _NAMED_LEVEL.fullmatch(word) or (_LEVEL.fullmatch(word) if levels else None)
    if level is not None:
        return DIFFICULTY_OF_LEVEL[int(level[1])]
    percent = word.endswith("%")
    number = _decimal(word.rstrip("%").strip())
    if number is None or levels:
        return None
    share = number if percent else number * 100
    return int(share.to_integral_value()) if 0 <= share <= 100 else None


def are_levels(texts: Iterable[str]) -> bool:
    """Whether a difficulty column holds levels: its numbers all whole and from 1 to 5, some above 1."""
    bare = [word for word in map(plain, texts) if re.fullmatch(r"[\d.%]+", word)]
    return all(map(_LEVEL.fullmatch, bare)) and any(word[0] != "1" for word in bare)


def mark_of(text: str) -> bool | None:
    """Whether a cell of 是否正确 marks its option as right; blank does not. None for a mark nobody knows."""
    word = plain(text).lower()
    return True if word in _RIGHT else False if not word or word in _WRONG else None


@_remembered
def markup_of(text: str) -> str | None:
    """text or html from a cell of 格式, with _as_is behind it where texts are exact, "" from a blank one; None for
    anything else.
    """
    word = plain(text).lower().replace(" ", "")
    return _MARKUPS.get(word) if word else ""


def version_of(text: str) -> int | None:
    """The number of a version: 3, v3, 3.0; None for anything else."""
    found = re.fullmatch(r"v?(\d{1,9})(?:\.0+)?", plain(text).lower(), re.ASCII)
    return int(found[1]) if found is not None and int(found[1]) > 0 else None


@_remembered
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
