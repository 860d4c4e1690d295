"""What is said about attempts over HTTP."""

from collections.abc import Sequence
from typing import Annotated

from pydantic import BaseModel, Field

from question_bank.plan import BandDeviation, Deviation
from question_bank.secret import PART_CHARS_MAX
from server.attempts.models import AttemptRow
from server.people.rules import PASSWORD_CHARS_MAX
from server.sessions.schemas import Asked, Code, Extension, Outcome, Reason, Seconded, WithReason

CODES_LISTED_MAX = 50
"""Codes a report lists; of more it gives the number."""

__all__ = ["Asked", "Code", "Extension", "Outcome", "Reason", "Seconded", "WithReason"]


class Refusal(Asked):
    """Refused at the door."""

    code: Code
    reason: Reason


class SeatChange(Asked):
    """The seat where the attempt may sign in."""

    seat: Annotated[int, Field(ge=1, le=100_000)]
    reason: Reason


class LateAdmission(Asked):
    """The closed stream whose late answers are to count."""

    stream: Code
    reason: Reason


class PlaceAsked(Asked):
    """One line of a roster."""

    candidate: Code
    subject: Code
    seat: Annotated[int, Field(ge=1, le=100_000)]


class RosterAsked(Asked):
    """Lines to list."""

    places: Annotated[list[PlaceAsked], Field(min_length=1, max_length=5_000)]


class AttemptShown(BaseModel):
    """One attempt in a list."""

    id: str
    candidate: str
    subject: str
    seat: int
    state: str
    station: str | None
    handed_in_at: int | None
    handed_in_by: str | None

    @classmethod
    def of(cls, row: AttemptRow) -> "AttemptShown":
        """From the row."""
        return cls(**row.model_dump(exclude={"session"}))


class DrawPartAsked(Asked):
    """A person's part of the draw's secret; login and password where a second person enters it at this console."""

    part: Annotated[str, Field(max_length=4 * PART_CHARS_MAX)]
    login: Annotated[str, Field(max_length=64)] | None = None
    password: Annotated[str, Field(max_length=PASSWORD_CHARS_MAX)] | None = None


class LatePlace(Asked):
    """A candidate to be listed after loading, and why."""

    candidate: Code
    subject: Code
    seat: Annotated[int, Field(ge=1, le=100_000)]
    reason: Reason


class SparesShown(BaseModel):
    """Spare papers nobody has yet, by subject."""

    left: dict[str, int]


class ThinPoints(BaseModel):
    """Assessment points by their codes: at most so many as are listed, and how many there are."""

    count: int
    codes: list[str]

    @classmethod
    def of(cls, codes: Sequence[str]) -> "ThinPoints":
        """The first of them."""
        return cls(count=len(codes), codes=list(codes[:CODES_LISTED_MAX]))


class SubjectCoverage(BaseModel):
    """What a subject's bank gives its papers. ``reasons`` say why they cannot be drawn; empty when they can.

    ``locked``: nobody unlocked the bank, so nothing is known. ``thin``: points without any item;
    ``scarce``: points with one; ``outside``: items on no point. ``exposure``: on how many papers of past sessions the
    most used item was.
    """

    subject: str
    bank: str
    blueprint: str
    locked: bool = False
    papers: int = 0
    spares: int = 0
    bank_items: int = 0
    usable_items: int = 0
    reasons: list[str] = []
    deviations: list[Deviation] = []
    band_deviations: list[BandDeviation] = []
    thin: ThinPoints = ThinPoints(count=0, codes=[])
    scarce: ThinPoints = ThinPoints(count=0, codes=[])
    outside: ThinPoints = ThinPoints(count=0, codes=[])
    importance: dict[str, int] = {}
    unknown_difficulty: int = 0
    exposure: int = 0
    resting: int = 0
    returned: int = 0
