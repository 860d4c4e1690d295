"""What can be asked: an item with its key, and the digest that names its content for ever."""

import hashlib
import re
import unicodedata
from enum import StrEnum
from typing import Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from question_bank.blanks import Blank
from question_bank.pictures import pictures_in

# A to H: the letters a candidate's page has keys for.
OPTIONS_MIN = 2
OPTIONS_MAX = 8
LETTERS = "ABCDEFGH"
TRUE_FALSE_OPTIONS = ("正确", "错误")

# Characters; beyond these a cell is a pasted document, not an item.
CODE_CHARS_MAX = 64
STEM_CHARS_MAX = 4_000
OPTION_CHARS_MAX = 1_000
SOLUTION_CHARS_MAX = 8_000
# HTML of one text, tags included: a formula of a line is a thousand characters of MathML.
HTML_CHARS_MAX = 64_000

PREMISES_MAX = 12
BLANKS_MAX = 10
PARTS_MAX = 20
TAGS_MAX = 20

# Hundredths of a score point; no item of a paper that sums to 100 is worth more.
ITEM_SCORE_MAX = 10_000

# Options that speak of other options by their place, or of "all above", lose their meaning when shuffled.
_SPEAKS_OF_PLACES = re.compile(
    r"^(以上|上述|前述)|(以上|上述)(都|均|全|皆|选项|答案|说法|各项|三项|两项|几项)"
    r"|^(全部|都|均|皆)(正确|对|是|不是|不对|错误)$|^[A-H]([、,和与及或]?[A-H])*(项|选项)?(都|均|和|与|或|皆|全|两|三|$)"
    r"|选项[A-H]|^(all|none|both) of the above|\b(all|none) of (the|these)\b",
    re.IGNORECASE,
)
_STEM_SPEAKS_OF_PLACES = re.compile(r"选项[A-H]|[A-H](选项|项)")


class Kind(StrEnum):
    """The kinds of item: 判断, 单选, 多选, 填空, 排序, 匹配, 简答, and 案例 (one stem over parts of other kinds)."""

    TRUE_FALSE = "true_false"
    SINGLE = "single"
    MULTIPLE = "multiple"
    FILL_IN = "fill_in"
    ORDERING = "ordering"
    MATCHING = "matching"
    SHORT_ANSWER = "short_answer"
    CASE = "case"


CHOICES = frozenset({Kind.TRUE_FALSE, Kind.SINGLE, Kind.MULTIPLE})
"""Kinds answered by choosing options."""

LETTERED = CHOICES | {Kind.ORDERING, Kind.MATCHING}
"""Kinds that show lettered options."""


class Item(BaseModel):
    """One version of one question with its key; never changed in place once in use.

    markup: whether stem, options, premises and solution are plain text or sanitised HTML (pictures as
    ``picture:<SHA-256>``, formulas as MathML). Of each kind only its own fields are given:

    * true_false, single, multiple: options; key: indexes of the right ones, ascending.
    * ordering: options as listed in the file; key: all their indexes in the right order.
    * matching: premises 左栏, each matched with an option 右栏; key: for each premise the index of its option.
    * fill_in: blanks, in the order in which the stem shows them as ``____``.
    * short_answer: reference, the answer and hints assessors score by.
    * case: parts, items of other kinds under the shared stem; each part's code is the case's with its number.

    difficulty: 难度系数 in hundredths, the share expected to answer rightly (100 is the easiest), or None when
    unknown. score: the score a file proposed, in hundredths; the blueprint decides. point: code of the assessment
    point 鉴定点, "" when the bank has none. Raises pydantic.ValidationError when fields and kind do not fit.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    code: str = Field(min_length=1, max_length=CODE_CHARS_MAX)
    version: int = Field(default=1, ge=1)
    kind: Kind
    markup: Literal["text", "html"] = "text"
    stem: str = Field(min_length=1, max_length=HTML_CHARS_MAX)
    options: tuple[str, ...] = Field(default=(), max_length=OPTIONS_MAX)
    premises: tuple[str, ...] = Field(default=(), max_length=PREMISES_MAX)
    key: tuple[int, ...] = ()
    blanks: tuple[Blank, ...] = Field(default=(), max_length=BLANKS_MAX)
    parts: tuple["Item", ...] = Field(default=(), max_length=PARTS_MAX)
    reference: str = Field(default="", max_length=HTML_CHARS_MAX)
    solution: str = Field(default="", max_length=HTML_CHARS_MAX)
    difficulty: int | None = Field(default=None, ge=0, le=100)
    score: int | None = Field(default=None, gt=0, le=ITEM_SCORE_MAX)
    point: str = Field(default="", max_length=CODE_CHARS_MAX)
    tags: tuple[str, ...] = Field(default=(), max_length=TAGS_MAX)

    @model_validator(mode="after")
    def _fits_together(self) -> Self:
        self._check_texts()
        self._check_fields()
        if self.kind in CHOICES:
            self._check_choice()
        elif self.kind is Kind.ORDERING and sorted(self.key) != list(range(len(self.options))):
            raise ValueError("the key of an ordering item names every option once")
        elif self.kind is Kind.MATCHING and (
            len(self.key) != len(self.premises) or not all(0 <= each < len(self.options) for each in self.key)
        ):
            raise ValueError("the key of a matching item names an option for every premise")
        elif self.kind is Kind.CASE and any(part.kind is Kind.CASE for part in self.parts):
            raise ValueError("a part of a case is no case itself")
        return self

    def _check_texts(self) -> None:
        shown = (self.stem, *self.options, *self.premises)
        if not all(text.strip() for text in shown):
            raise ValueError("an empty stem, option or premise")
        if self.markup == "text":
            if len(self.stem) > STEM_CHARS_MAX or len(self.solution) > SOLUTION_CHARS_MAX:
                raise ValueError("stem or solution is too long")
            if any(len(text) > OPTION_CHARS_MAX for text in (*self.options, *self.premises)):
                raise ValueError("an option is too long")
        elif any(len(text) > HTML_CHARS_MAX for text in shown):
            raise ValueError("an option is too long")

    def _check_fields(self) -> None:
        """Only the fields of the kind are given, and those are."""
        given = {
            "options": bool(self.options),
            "premises": bool(self.premises),
            "key": bool(self.key),
            "blanks": bool(self.blanks),
            "parts": bool(self.parts),
        }
        wanted = _FIELDS[self.kind]
        if set(wanted) != {name for name, there in given.items() if there}:
            raise ValueError(f"a {self.kind} item has {', '.join(wanted) or 'a reference'} and nothing else")
        if self.options and len(self.options) < OPTIONS_MIN:
            raise ValueError(f"at least {OPTIONS_MIN} options")
        if self.reference and self.kind is not Kind.SHORT_ANSWER:
            raise ValueError("only a short answer has a reference")

    def _check_choice(self) -> None:
        ascending = list(self.key) == sorted(set(self.key))
        if not ascending or self.key[0] < 0 or self.key[-1] >= len(self.options):
            raise ValueError("the key must name options, ascending, each once")
        if self.kind is Kind.TRUE_FALSE and self.options != TRUE_FALSE_OPTIONS:
            raise ValueError(f"the options of a true/false item are {TRUE_FALSE_OPTIONS}")
        if self.kind is not Kind.MULTIPLE and len(self.key) != 1:
            raise ValueError("only a multiple choice item has several right options")

    @property
    def asked(self) -> tuple["Item", ...]:
        """What is answered and scored one by one: the parts of a case, else the item itself."""
        return self.parts or (self,)

    @property
    def pictures(self) -> tuple[str, ...]:
        """Names of all pictures, those of the parts included."""
        if self.markup == "text" and not self.parts:
            return ()
        own = (self.stem, *self.options, *self.premises, self.reference, self.solution)
        found = pictures_in(*own) if self.markup == "html" else ()
        return tuple(dict.fromkeys((*found, *(name for part in self.parts for name in part.pictures))))

    @property
    def shufflable(self) -> bool:
        """Whether the options may be shown in another order: not 正确/错误, and none speaks of the others'
        places.
        """
        if self.kind in (Kind.ORDERING, Kind.MATCHING):
            return True
        if (
            self.kind not in CHOICES
            or self.kind is Kind.TRUE_FALSE
            or _STEM_SPEAKS_OF_PLACES.search(self.stem)
        ):
            return False
        return not any(_SPEAKS_OF_PLACES.search(option) for option in self.options)

    def digest(self) -> str:
        """SHA-256 (hex) over everything of this version: two items with the same digest are the same item."""
        plain = self.model_dump_json(exclude_defaults=True).encode()
        return hashlib.sha256(b"kaochang item 2\n" + plain).hexdigest()


_FIELDS: dict[Kind, tuple[str, ...]] = {
    Kind.TRUE_FALSE: ("options", "key"),
    Kind.SINGLE: ("options", "key"),
    Kind.MULTIPLE: ("options", "key"),
    Kind.FILL_IN: ("blanks",),
    Kind.ORDERING: ("options", "key"),
    Kind.MATCHING: ("options", "premises", "key"),
    Kind.SHORT_ANSWER: (),
    Kind.CASE: ("parts",),
}


def folded(text: str) -> str:
    """A text as compared for sameness: NFKC and no white space. Case stays: mW and MW are different
    answers.
    """
    return "".join(unicodedata.normalize("NFKC", text).split())


def code_from_content(kind: Kind, stem: str, options: tuple[str, ...]) -> str:
    """A code for an item whose file gives none.

    It depends on the question alone, so that reading the file again, in another order, or with a corrected
    key, finds the same item.
    """
    parts = "\n".join([kind.value, folded(stem), *map(folded, options)])
    return "Q" + hashlib.sha256(parts.encode()).hexdigest()[:15].upper()
