"""Corrections of a key after the exam: what counts as right instead, for everybody who was asked the item."""

from collections.abc import Iterable, Mapping
from enum import StrEnum
from typing import Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from question_bank.blanks import Blank
from question_bank.items import BLANKS_MAX, CODE_CHARS_MAX, LETTERED, OPTIONS_MAX, PARTS_MAX, Item, Kind

KEYS_MAX = 20
"""Keys that may be accepted beside each other: more is an item to be voided."""


class CorrectionError(ValueError):
    """A correction that does not fit its item; the text says why."""


class Remedy(StrEnum):
    """What is done about a wrong item: other keys, full score for all, or the item void, which is full score too."""

    KEYS = "keys"
    FULL_SCORE = "full_score"
    VOID = "void"


class KeyCorrection(BaseModel):
    """What counts for one version of an item instead of its key.

    part: which part of a case, from 0; None for the whole item, and for a whole case only with a remedy that gives
    everybody the full score. keys: of remedy ``keys``, every key accepted, in the form of Item.key; an answer gets the
    best any of them gives. blanks: the same for a fill-in item, whose blanks hold their accepted forms.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    item: str = Field(min_length=1, max_length=CODE_CHARS_MAX)
    version: int = Field(ge=1)
    part: int | None = Field(default=None, ge=0, lt=PARTS_MAX)
    remedy: Remedy
    keys: tuple[tuple[int, ...], ...] = Field(default=(), max_length=KEYS_MAX)
    blanks: tuple[Blank, ...] = Field(default=(), max_length=BLANKS_MAX)

    @model_validator(mode="after")
    def _says_one_thing(self) -> Self:
        given = bool(self.keys) + bool(self.blanks)
        if given != (self.remedy is Remedy.KEYS):
            raise ValueError("remedy keys, and no other, has either keys or blanks")
        if any(len(key) > OPTIONS_MAX * PARTS_MAX for key in self.keys):
            raise ValueError("a key is too long")
        return self

    @property
    def for_everybody(self) -> bool:
        """Whether every answer, and none, gets the full score."""
        return self.remedy is not Remedy.KEYS


class Corrections:
    """The corrections in force, the later of two for the same thing winning."""

    def __init__(self, corrections: Iterable[KeyCorrection] = ()) -> None:
        self._by_place: Mapping[tuple[str, int, int | None], KeyCorrection] = {
            (one.item, one.version, one.part): one for one in _in_force(corrections)
        }

    def of(self, item: str, version: int, part: int | None) -> KeyCorrection | None:
        """What counts for this item, or this part of a case, instead of its key."""
        whole = self._by_place.get((item, version, None))
        return whole if part is None else self._by_place.get((item, version, part), whole)


def _in_force(corrections: Iterable[KeyCorrection]) -> list[KeyCorrection]:
    """A correction of a whole case takes those of its parts back that came before it."""
    found: list[KeyCorrection] = []
    for one in corrections:
        found = [
            each
            for each in found
            if (each.item, each.version) != (one.item, one.version) or one.part not in (None, each.part)
        ]
        found.append(one)
    return found


NO_CORRECTIONS = Corrections()


def alternatives(item: Item, correction: KeyCorrection) -> tuple[Item, ...]:
    """The asked item (of a case its part) once with each key that is accepted; itself where everybody gets all.

    Raises CorrectionError when a key is none of this item's kind.
    """
    if correction.for_everybody:
        return (item,)
    if item.kind is Kind.FILL_IN and len(correction.blanks) == len(item.blanks):
        return (item.model_copy(update={"blanks": correction.blanks}),)
    if item.kind not in LETTERED or not correction.keys:
        raise CorrectionError(f"item {item.code} is {item.kind}: such a key does not fit it")
    try:
        return tuple(Item.model_validate(item.model_dump() | {"key": key}) for key in correction.keys)
    except ValidationError as wrong:
        raise CorrectionError(f"item {item.code}: {wrong.errors()[0]['msg']}") from wrong


def check_fits(whole: Item, correction: KeyCorrection) -> None:
    """Raises CorrectionError unless the correction is of this item and fits its kind."""
    if (correction.item, correction.version) != (whole.code, whole.version):
        raise CorrectionError(f"the correction is of {correction.item}, not of {whole.code}")
    if correction.part is not None and correction.part >= len(whole.parts):
        raise CorrectionError(f"item {whole.code} has no part {correction.part + 1}")
    if correction.part is None and whole.parts and not correction.for_everybody:
        raise CorrectionError(f"item {whole.code} is a case: a key belongs to one of its parts")
    alternatives(whole if correction.part is None else whole.parts[correction.part], correction)
