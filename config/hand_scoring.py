"""Policy of scoring by hand 人工评分: how far two assessors may differ, and what stands when a third decides."""

from enum import StrEnum
from typing import Annotated

from pydantic import Field

from config.shapes import SCORE_HUNDREDTHS_MAX, Part, Percent, Score


class ThirdScore(StrEnum):
    """What stands when a third assessor scored because the first two differed too much."""

    THIRD = "third"
    """The third's score alone."""
    NEAREST = "nearest"
    """The mean of the third's and whichever of the first two is nearer to it."""


class HandScoring(Part):
    """人工评分. The mean of two scores that do not differ too much is rounded up to a hundredth."""

    tolerance_percent: Percent
    """The largest difference of two scores whose mean stands, in percent of what the answer is worth."""
    third: ThirdScore
    step: Annotated[Score, Field(ge=1, le=SCORE_HUNDREDTHS_MAX)]
    """Assessors give whole multiples of it."""


HAND_SCORING = HandScoring.model_validate({"tolerance_percent": 15, "third": ThirdScore.THIRD, "step": "0.5"})
"""What holds under a scheme that says nothing of scoring by hand (ours)."""
