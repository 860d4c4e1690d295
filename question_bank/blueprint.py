"""Blueprint 组卷方案: the sections of a paper, which must sum to exactly its full score."""

import tomllib
from enum import StrEnum
from typing import Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from question_bank.items import ITEM_SCORE_MAX, PARTS_MAX, Kind

# Hundredths: from 10 to 1,000. The lower bound catches a file written in whole scores instead of hundredths.
FULL_SCORE_MIN = 1_000
FULL_SCORE_MAX = 100_000
SECTIONS_MAX = 20
SECTION_ITEMS_MAX = 500
# Papers: beyond, a maximum would never rest anything.
EXPOSURE_MAX = 1_000_000
BLUEPRINT_BYTES_MAX = 64 * 1024


class ScoringRule(StrEnum):
    """How the items of a section are scored; see question_bank.scoring for what each gives."""

    ALL_OR_NOTHING = "all_or_nothing"
    PARTIAL = "partial"
    PER_RIGHT = "per_right"
    FIXED = "fixed"


class BlueprintError(ValueError):
    """A blueprint that cannot be used; the text says where and why, for the person who wrote it."""


SEVERAL_RIGHT = frozenset({Kind.MULTIPLE, Kind.FILL_IN, Kind.ORDERING, Kind.MATCHING, Kind.CASE})
"""Kinds that can be right in part."""


class DifficultyShares(BaseModel):
    """Shares of a section's items that are easy, medium and hard, in percent; they sum to 100."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    easy: int = Field(ge=0, le=100)
    medium: int = Field(ge=0, le=100)
    hard: int = Field(ge=0, le=100)

    @model_validator(mode="after")
    def _sums(self) -> Self:
        if self.easy + self.medium + self.hard != 100:
            raise ValueError("易、中、难占比之和须为 100 · easy, medium and hard sum to 100")
        return self


class Section(BaseModel):
    """A run of items of one kind, each worth the same.

    score_each: hundredths; of a case section, the whole case. part_scores: of a case section, what each part is
    worth, so that every candidate's cases have the same shape. fixed_score: hundredths rule ``fixed`` gives for an
    answer that is right in part. difficulty: shares of easy, medium and hard items; None asks for none in particular.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    title: str = Field(min_length=1, max_length=100)
    kind: Kind
    count: int = Field(ge=1, le=SECTION_ITEMS_MAX)
    score_each: int = Field(ge=1, le=ITEM_SCORE_MAX)
    rule: ScoringRule = ScoringRule.ALL_OR_NOTHING
    part_scores: tuple[int, ...] = Field(default=(), max_length=PARTS_MAX)
    fixed_score: int | None = Field(default=None, ge=1, le=ITEM_SCORE_MAX)
    difficulty: DifficultyShares | None = None

    @model_validator(mode="after")
    def _rule_fits(self) -> Self:
        if self.rule is not ScoringRule.ALL_OR_NOTHING and self.kind not in SEVERAL_RIGHT:
            raise ValueError(
                f"规则 {self.rule} 只用于可以部分答对的题型 · rule {self.rule} is for kinds that can be right in part"
            )
        if self.rule is ScoringRule.PER_RIGHT and self.kind not in (Kind.MULTIPLE, Kind.CASE):
            raise ValueError("规则 per_right 只用于多选题 · rule per_right is for multiple choice")
        if self.rule is ScoringRule.PARTIAL and self.kind is Kind.MULTIPLE and self.score_each % 2:
            raise ValueError("半分规则要求每题分值能被 2 整除 · rule partial needs an even score_each")
        if (self.rule is ScoringRule.FIXED) != (self.fixed_score is not None):
            raise ValueError("规则 fixed 与 fixed_score 须同时给出 · rule fixed and fixed_score go together")
        if self.fixed_score is not None and self.fixed_score >= min((self.score_each, *self.part_scores)):
            raise ValueError("fixed_score 须低于每题（每小题）分值 · fixed_score is less than each score")
        if (self.kind is Kind.CASE) != bool(self.part_scores):
            raise ValueError(
                "案例题须给出各小题分值 part_scores · a case section, and no other, has part_scores"
            )
        if self.part_scores and (sum(self.part_scores) != self.score_each or min(self.part_scores) < 1):
            raise ValueError("各小题分值之和须等于每题分值 · part_scores sum to score_each")
        return self

    @property
    def parts(self) -> int:
        """How many slots one item of the section takes: the parts of a case, else one."""
        return len(self.part_scores) or 1

    @property
    def shape(self) -> tuple[Kind, int]:
        """The items that fit: of this kind, taking this many slots."""
        return self.kind, self.parts


class Blueprint(BaseModel):
    """Which sections a paper has. outline: code of the content outline. full_score: hundredths. exposure_max: an item
    that was on so many papers of past sessions rests, as far as the bank can do without it; None lets none rest.

    Raises pydantic.ValidationError when the sections do not sum to exactly full_score.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    code: str = Field(min_length=1, max_length=64)
    title: str = Field(min_length=1, max_length=200)
    outline: str = Field(min_length=1, max_length=64)
    full_score: int = Field(ge=FULL_SCORE_MIN, le=FULL_SCORE_MAX)
    sections: tuple[Section, ...] = Field(min_length=1, max_length=SECTIONS_MAX)
    exposure_max: int | None = Field(default=None, ge=1, le=EXPOSURE_MAX)

    @model_validator(mode="after")
    def _sums(self) -> Self:
        total = sum(section.count * section.score_each for section in self.sections)
        if total != self.full_score:
            raise ValueError(
                f"各部分合计 {total}, 满分 {self.full_score}（百分之一分）· sections sum to {total}, "
                f"full_score is {self.full_score} (hundredths)"
            )
        return self

    @property
    def items(self) -> int:
        """How many items one paper holds, a case counted once: what quotas are shares of."""
        return sum(section.count for section in self.sections)

    @property
    def slots(self) -> int:
        """How many numbered questions one paper shows."""
        return sum(section.count * section.parts for section in self.sections)


def read_blueprint(raw: bytes) -> Blueprint:
    """The blueprint in a TOML file: code, title, outline, full_score and [[sections]]; scores are whole
    hundredths.

    Raises BlueprintError naming every field at fault.
    """
    if len(raw) > BLUEPRINT_BYTES_MAX:
        raise BlueprintError(f"文件超过 {BLUEPRINT_BYTES_MAX} 字节 · larger than {BLUEPRINT_BYTES_MAX} bytes")
    try:
        values = tomllib.loads(raw.decode("utf-8-sig"))
    except (UnicodeDecodeError, tomllib.TOMLDecodeError, RecursionError) as wrong:
        raise BlueprintError(f"不是 UTF-8 编码的 TOML 文件 · not a TOML file in UTF-8: {wrong}") from wrong
    try:
        return Blueprint.model_validate(_for_validation(values))
    except ValidationError as wrong:
        sentences = [_sentence(error["loc"], error["msg"]) for error in wrong.errors()]
        raise BlueprintError("; ".join(sentences)) from wrong


def _for_validation(values: dict[str, object]) -> dict[str, object]:
    """TOML has neither tuples nor our words: give the strict model what it takes, leave what is wrong to
    its report.
    """
    sections = values.get("sections")
    if not isinstance(sections, list):
        return values
    return {**values, "sections": tuple(_section_values(section) for section in sections)}


def _section_values(section: object) -> object:
    if not isinstance(section, dict):
        return section
    known = dict(section)
    if isinstance(known.get("part_scores"), list):
        known["part_scores"] = tuple(known["part_scores"])
    for name, words in (("kind", Kind), ("rule", ScoringRule)):
        if isinstance(known.get(name), str) and known[name] in set(words):
            known[name] = words(known[name])
    return known


def _sentence(place: tuple[int | str, ...], message: str) -> str:
    where = ".".join(str(part + 1) if isinstance(part, int) else part for part in place)
    return f"{where or 'blueprint'}: {message.removeprefix('Value error, ')}"
