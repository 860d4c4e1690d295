"""Content outline 考核要素细目表: ranges 鉴定范围 in three levels with weights, and assessment points
鉴定点 below them.
"""

from collections.abc import Iterator
from enum import StrEnum
from typing import Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

RANGE_LEVELS = 3
# Hundredths of a percent: the weights of the top level sum to 100.
WEIGHT_TOP = 10_000
POINTS_MAX = 5_000
RANGES_MAX = 1_000


class Importance(StrEnum):
    """How central an assessment point is: X 核心, Y 一般, Z 辅助."""

    X = "X"
    Y = "Y"
    Z = "Z"


class AssessmentPoint(BaseModel):
    """One thing a candidate must know; a paper never asks twice about the same."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    code: str = Field(min_length=1, max_length=64)
    name: str = Field(min_length=1, max_length=200)
    importance: Importance


class Range(BaseModel):
    """A part of what is examined. weight: hundredths of a percent of the whole paper, not of the parent."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    code: str = Field(min_length=1, max_length=64)
    name: str = Field(min_length=1, max_length=200)
    weight: int = Field(ge=1, le=WEIGHT_TOP)
    children: tuple["Range", ...] = ()
    points: tuple[AssessmentPoint, ...] = ()


class ContentOutline(BaseModel):
    """The outline of one occupation and level.

    Raises pydantic.ValidationError when weights do not sum, levels are missing or a code stands twice.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    code: str = Field(min_length=1, max_length=64)
    title: str = Field(min_length=1, max_length=200)
    ranges: tuple[Range, ...] = Field(min_length=1)

    @model_validator(mode="after")
    def _holds_together(self) -> Self:
        _check_sum(self.code, WEIGHT_TOP, self.ranges)
        codes: list[str] = []
        for level, found in walk(self.ranges):
            codes.append(found.code)
            codes.extend(point.code for point in found.points)
            if level < RANGE_LEVELS:
                if found.points or not found.children:
                    raise ValueError(f"{found.code}: ranges of level {level} hold ranges, not points")
                _check_sum(found.code, found.weight, found.children)
            elif found.children or not found.points:
                raise ValueError(f"{found.code}: ranges of level {level} hold points")
        if len(codes) != len(set(codes)):
            twice = sorted({code for code in codes if codes.count(code) > 1})
            raise ValueError(f"codes stand twice: {', '.join(twice[:5])}")
        return self

    def leaves(self) -> Iterator[tuple[Range, Range, Range]]:
        """Every range of the third level with its two parents, in the order of the outline."""
        for first in self.ranges:
            for second in first.children:
                for third in second.children:
                    yield first, second, third

    @property
    def points(self) -> tuple[AssessmentPoint, ...]:
        """All assessment points, in the order of the outline."""
        return tuple(point for *_, leaf in self.leaves() for point in leaf.points)


def walk(ranges: tuple[Range, ...], level: int = 1) -> Iterator[tuple[int, Range]]:
    """Every range with its level from 1, parents before children."""
    for found in ranges:
        yield level, found
        if level <= RANGE_LEVELS:
            yield from walk(found.children, level + 1)


def _check_sum(code: str, weight: int, children: tuple[Range, ...]) -> None:
    total = sum(child.weight for child in children)
    if total != weight:
        raise ValueError(f"{code}: children weigh {total}, expected {weight} (hundredths of a percent)")
