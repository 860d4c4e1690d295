"""What is said about attempts over HTTP."""

from typing import Annotated

from pydantic import BaseModel, Field

from server.attempts.models import AttemptRow
from server.papers.models import PaperDraw
from server.sessions.schemas import Asked, Code, Extension, Outcome, Reason, Seconded, WithReason

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


class DrawShown(BaseModel):
    """One subject's draw. ``inputs`` (JSON) and ``secret`` (hexadecimal) are None until the session is over: together
    with the commitment they prove every paper, and name items by code and digest only.
    """

    subject: str
    bank: str
    bank_version: str
    commitment: str
    report: str
    inputs: str | None
    secret: str | None

    @classmethod
    def of(cls, row: PaperDraw, secret: str | None) -> "DrawShown":
        """From the row, revealed when there is a secret to show."""
        return cls(
            subject=row.subject,
            bank=row.bank,
            bank_version=row.bank_version,
            commitment=row.commitment,
            report=row.report,
            inputs=None if secret is None else row.inputs,
            secret=secret,
        )
