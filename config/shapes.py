"""The base of every part of a scheme, and the few field types the parts share."""

import re
from decimal import Decimal
from typing import Annotated

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, PlainSerializer, StringConstraints

SCORE_HUNDREDTHS_MAX = 1_000_000
"""A full score of 10,000: the largest a score on the wire may be."""
MINUTES_MAX = 24 * 60
"""No paper, practical or lead time is longer than a day."""
SECONDS_MAX = 3_600
"""No gap, grace or spread is longer than an hour."""
PEOPLE_MAX = 10_000
YEARS_MAX = 100
PARAGRAPHS_MAX = 40

_SCORE = re.compile(r"(0|[1-9][0-9]{0,4})(\.[0-9]{1,2})?")


class Part(BaseModel):
    """A part of a scheme: frozen, refusing unknown fields, converting nothing.

    No field has a default but "does not apply" (None or empty): every number of a policy stands in its file.
    Such a default is left out of the canonical form, so that a later release may add a field and older files
    keep their digest.
    """

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


def hundredths(text: object) -> int:
    """A score written as a decimal string, as an integer of hundredths: "59.5" is 5950. Raises ValueError."""
    if not isinstance(text, str) or not _SCORE.fullmatch(text):
        raise ValueError('引号中的小数，至多两位 a decimal in quotes, two places at most: "59.5"')
    return int(Decimal(text).scaleb(2))


def score_text(score: int) -> str:
    """A score of hundredths in the one decimal form the canonical scheme uses: 5950 is "59.5"."""
    whole, rest = divmod(score, 100)
    return f"{whole}.{rest:02}".rstrip("0") if rest else str(whole)


Score = Annotated[
    int,
    BeforeValidator(hundredths),
    Field(ge=0, le=SCORE_HUNDREDTHS_MAX),
    PlainSerializer(score_text, return_type=str),
]
"""Hundredths in Python, a decimal string in files."""
Code = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_\-]{0,39}$")]
Line = Annotated[str, StringConstraints(min_length=1, max_length=200, strip_whitespace=False)]
Paragraph = Annotated[str, StringConstraints(min_length=1, max_length=1000)]
Paragraphs = Annotated[tuple[Paragraph, ...], Field(min_length=1, max_length=PARAGRAPHS_MAX)]
Minutes = Annotated[int, Field(ge=1, le=MINUTES_MAX)]
Seconds = Annotated[int, Field(ge=1, le=SECONDS_MAX)]
SecondsOrZero = Annotated[int, Field(ge=0, le=SECONDS_MAX)]
People = Annotated[int, Field(ge=1, le=PEOPLE_MAX)]
Percent = Annotated[int, Field(ge=0, le=100)]
Years = Annotated[int, Field(ge=1, le=YEARS_MAX)]
Months = Annotated[int, Field(ge=1, le=120)]
WorkingDays = Annotated[int, Field(ge=1, le=366)]


class Text(Part):
    """A line in both languages of the screens."""

    zh: Line
    en: Line


class Passage(Part):
    """Paragraphs in both languages of the screens."""

    zh: Paragraphs
    en: Paragraphs
