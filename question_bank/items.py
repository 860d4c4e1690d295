"""What can be asked: an item with its key, and the digest that names its content for ever."""

import hashlib
import re
import unicodedata
from enum import StrEnum
from typing import Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

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
    """The kinds of item: 判断, 单选, 多选."""

    TRUE_FALSE = "true_false"
    SINGLE = "single"
    MULTIPLE = "multiple"


class Item(BaseModel):
    """One version of one question with its key; never changed in place once in use.

    key: indexes into options, ascending. difficulty: 难度系数 in hundredths, the share expected to answer
    rightly (100 is the easiest), or None when unknown. score: the score a file proposed, in hundredths; the
    blueprint decides. point: code of the assessment point 鉴定点, "" when the bank has none. Raises
    pydantic.ValidationError when key and options do not fit the kind.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    code: str = Field(min_length=1, max_length=CODE_CHARS_MAX)
    version: int = Field(default=1, ge=1)
    kind: Kind
    stem: str = Field(min_length=1, max_length=STEM_CHARS_MAX)
    options: tuple[str, ...] = Field(min_length=OPTIONS_MIN, max_length=OPTIONS_MAX)
    key: tuple[int, ...] = Field(min_length=1)
    solution: str = Field(default="", max_length=SOLUTION_CHARS_MAX)
    difficulty: int | None = Field(default=None, ge=0, le=100)
    score: int | None = Field(default=None, gt=0, le=ITEM_SCORE_MAX)
    point: str = Field(default="", max_length=CODE_CHARS_MAX)

    @model_validator(mode="after")
    def _key_fits(self) -> Self:
        if not all(option.strip() for option in self.options) or not self.stem.strip():
            raise ValueError("an empty stem or option")
        if any(len(option) > OPTION_CHARS_MAX for option in self.options):
            raise ValueError("an option is too long")
        ascending = list(self.key) == sorted(set(self.key))
        if not ascending or self.key[0] < 0 or self.key[-1] >= len(self.options):
            raise ValueError("the key must name options, ascending, each once")
        if self.kind is Kind.TRUE_FALSE and self.options != TRUE_FALSE_OPTIONS:
            raise ValueError(f"the options of a true/false item are {TRUE_FALSE_OPTIONS}")
        if self.kind is not Kind.MULTIPLE and len(self.key) != 1:
            raise ValueError("only a multiple choice item has several right options")
        return self

    @property
    def shufflable(self) -> bool:
        """Whether the options may be shown in another order: not 正确/错误, and none speaks of the others'
        places.
        """
        if self.kind is Kind.TRUE_FALSE or _STEM_SPEAKS_OF_PLACES.search(self.stem):
            return False
        return not any(_SPEAKS_OF_PLACES.search(option) for option in self.options)

    def digest(self) -> str:
        """SHA-256 (hex) over everything of this version: two items with the same digest are the same item."""
        return hashlib.sha256(b"kaochang item 1\n" + self.model_dump_json().encode()).hexdigest()


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
