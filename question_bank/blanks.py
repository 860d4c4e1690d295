"""Blanks 填空 of a fill-in item: which typed texts are right."""

import re
import unicodedata
from decimal import Context, Decimal, InvalidOperation
from typing import Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

ACCEPTED_MAX = 20
ACCEPTED_CHARS_MAX = 200

_NUMBER = re.compile(r"[+-]?(\d+|\d{1,3}(,\d{3})+)?(\.\d*)?([eE][+-]?\d{1,4})?")
"""A decimal as people type it; commas only where thousands are told apart, for 3,5 is not thirty-five."""

_EXACT = Context(prec=4 * ACCEPTED_CHARS_MAX)
"""Enough digits for any two of these numbers: their difference is never rounded."""


class Blank(BaseModel):
    """What is right in one blank: any of several accepted forms, or a number within a tolerance.

    accepted: texts, compared after NFKC (full-width and half-width alike), without white space, and without case
    unless case_sensitive. number and tolerance: decimals as text, so that nothing is rounded; a typed number is
    right when it lies within number ± tolerance, both ends included. Raises pydantic.ValidationError when neither
    is given or a decimal is none.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    accepted: tuple[str, ...] = Field(default=(), max_length=ACCEPTED_MAX)
    number: str | None = Field(default=None, max_length=40)
    tolerance: str = Field(default="0", max_length=40)
    case_sensitive: bool = False

    @model_validator(mode="after")
    def _fits(self) -> Self:
        if not self.accepted and self.number is None:
            raise ValueError("a blank needs an accepted text or a number")
        if any(not comparable(text) or len(text) > ACCEPTED_CHARS_MAX for text in self.accepted):
            raise ValueError("an accepted text is empty or too long")
        tolerance = decimal_of(self.tolerance)
        if (
            tolerance is None
            or tolerance < 0
            or (self.number is not None and decimal_of(self.number) is None)
        ):
            raise ValueError("number and tolerance are decimals, the tolerance not below zero")
        return self

    def takes(self, typed: str) -> bool:
        """Whether what was typed is right."""
        if self.number is not None:
            value = decimal_of(typed)
            if value is not None and _within(value, self.number, self.tolerance):
                return True
        given = comparable(typed, case_sensitive=self.case_sensitive)
        return bool(given) and any(
            given == comparable(text, case_sensitive=self.case_sensitive) for text in self.accepted
        )


def comparable(text: str, *, case_sensitive: bool = False) -> str:
    """A typed text as compared: NFKC, no white space, and case folded away unless it matters."""
    folded = "".join(unicodedata.normalize("NFKC", text).split())
    return folded if case_sensitive else folded.casefold()


def decimal_of(text: str) -> Decimal | None:
    """The number a text says, full-width digits and thousands commas included, or None."""
    plain = "".join(unicodedata.normalize("NFKC", text).split()).replace("\u2212", "-")
    if len(plain) > ACCEPTED_CHARS_MAX or not _NUMBER.fullmatch(plain):
        return None
    try:
        value = Decimal(plain.replace(",", ""))
    except InvalidOperation:
        return None
    # An exponent of millions would be computed digit by digit.
    return value if value.is_finite() and abs(value.adjusted()) < ACCEPTED_CHARS_MAX else None


def _within(value: Decimal, number: str, tolerance: str) -> bool:
    expected, most = decimal_of(number), decimal_of(tolerance)
    assert expected is not None
    assert most is not None
    return _EXACT.abs(_EXACT.subtract(value, expected)) <= most
