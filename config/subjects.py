"""What one paper of a scheme examines, and for how long."""

from enum import StrEnum
from typing import Annotated

from pydantic import Field

from config.shapes import Code, Minutes, Months, Part, Score, Text


class Delivery(StrEnum):
    """Where answers are given; a subject on paper has its score entered or imported."""

    COMPUTER = "computer"
    PAPER = "paper"


class Stage(StrEnum):
    """What a subject counts for: the theory verdict stands over all theory subjects."""

    THEORY = "theory"
    PRACTICAL = "practical"


class Draw(StrEnum):
    """Whether each candidate gets a paper of their own, or all get one form, shuffled (S2, S3-B)."""

    PER_CANDIDATE = "per_candidate"
    ONE_FORM = "one_form"


class Subject(Part):
    """科目: one paper with its own clock and its own pass score."""

    code: Code
    title: Text
    stage: Stage
    sequence: Annotated[int, Field(ge=1, le=20)]
    """Order in which the subjects of a scheme are taken and listed."""
    delivery: Delivery
    minutes: Minutes
    full_score: Score
    pass_score: Score
    """Passed is ``score >= pass_score`` on exact hundredths (以上 includes it)."""
    blueprint: Code | None = None
    """组卷方案, by its code; on computer only."""
    draw: Draw | None = None
    """On computer only."""
    requires: Annotated[tuple[Code, ...], Field(max_length=20)] = ()
    """Subjects that must be passed before this one is taken."""
    within_months: Months | None = None
    """How long after passing all that is required it may still be taken."""

    def is_passed(self, score: int) -> bool:
        """Whether `score`, in hundredths, passes this subject."""
        return score >= self.pass_score
