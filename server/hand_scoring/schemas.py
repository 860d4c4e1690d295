"""What is said about scoring by hand over HTTP. No shape for an assessor has a name, a seat or another's score."""

from typing import Annotated, Any, Literal

from pydantic import BaseModel, Field

from config.shapes import SCORE_HUNDREDTHS_MAX
from server.sessions.schemas import Asked, Reason

Outcome = dict[str, Any]


class ScoreAsked(Asked):
    """A score in hundredths, with a word on it where the assessor likes."""

    score: Annotated[int, Field(ge=0, le=SCORE_HUNDREDTHS_MAX)]
    note: Reason | None = None


class AnswerShown(BaseModel):
    """One answer before an assessor. Scores in hundredths; ``case`` is the stem several items share.

    ``mine``: the assessor's own score. ``given`` and ``left``: how many the assessor scored in this session, and how
    many wait. ``before``: those that can be gone back to, newest first.
    """

    key: str
    case: str | None
    case_markup: Literal["text", "html"]
    stem: str
    reference: str
    markup: Literal["text", "html"]
    text: str
    max_score: int
    step: int
    mine: int | None
    note: str | None
    given: int
    left: int
    before: list[str]


class NextShown(BaseModel):
    """The next answer, or that nothing waits for this assessor."""

    answer: AnswerShown | None


class SessionToScore(BaseModel):
    """A session with answers to score by hand, as one assessor sees it; ``recused``: not by this person."""

    session: str
    title: str
    given: int
    left: int
    recused: bool


class AssessorShown(BaseModel):
    """How many answers one assessor scored."""

    person: str
    name: str
    given: int


class ProgressShown(BaseModel):
    """How far scoring by hand is: answers in all, settled, and of how many a third decides."""

    session: str
    answers: int
    settled: int
    third: int
    attempts: int
    attempts_waiting: int
    assessors: list[AssessorShown]
