"""What is said about key corrections over HTTP. Keys are letters in the item's own order of options."""

from typing import Annotated, Any, Literal

from pydantic import BaseModel, Field, SecretStr, StringConstraints

from protocol.limits import DIGEST_PATTERN
from question_bank.blanks import ACCEPTED_CHARS_MAX, ACCEPTED_MAX, Blank
from question_bank.corrections import KEYS_MAX, KeyCorrection, Remedy
from question_bank.items import BLANKS_MAX, CHOICES, CODE_CHARS_MAX, LETTERS, PARTS_MAX, Item
from server.sessions.schemas import Asked, Reason

Outcome = dict[str, Any]
Password = Annotated[SecretStr, Field(max_length=200)]
ReportDigest = Annotated[str, StringConstraints(pattern=DIGEST_PATTERN)]
KeyLetters = Annotated[str, StringConstraints(pattern=rf"^[{LETTERS}]{{1,20}}$")]


class BlankAsked(Asked):
    """What is right in one blank; see question_bank.blanks."""

    accepted: Annotated[
        list[Annotated[str, Field(max_length=ACCEPTED_CHARS_MAX)]], Field(max_length=ACCEPTED_MAX)
    ] = []
    number: Annotated[str, Field(max_length=40)] | None = None
    tolerance: Annotated[str, Field(max_length=40)] = "0"
    case_sensitive: bool = False

    def blank(self) -> Blank:
        """As a value; raises pydantic.ValidationError."""
        return Blank.model_validate(self.model_dump() | {"accepted": tuple(self.accepted)})


class CorrectionAsked(Asked):
    """A correction to propose. ``keys``: every key that is to be accepted, of choices the right letters together
    (``AC``), of ordering the right order, of matching one letter for each premise; ``blanks`` for a fill-in item.
    """

    item: Annotated[str, Field(min_length=1, max_length=CODE_CHARS_MAX)]
    version: Annotated[int, Field(ge=1)]
    part: Annotated[int, Field(ge=0, lt=PARTS_MAX)] | None = None
    remedy: Remedy
    keys: Annotated[list[KeyLetters], Field(max_length=KEYS_MAX)] = []
    blanks: Annotated[list[BlankAsked], Field(max_length=BLANKS_MAX)] = []
    scope: Literal["session", "batch"] = "session"
    reason: Reason


class RulingAsked(Asked):
    """The first ruling, own password entered again, on the report of this digest."""

    report: ReportDigest
    reason: Reason
    password: Password


class SecondRuling(Asked):
    """The second, different person, at whichever console, under the same report."""

    login: Annotated[str, Field(max_length=40)]
    password: Password
    report: ReportDigest


class WithReason(Asked):
    """Why."""

    reason: Reason


class CorrectionShown(BaseModel):
    """One correction with who did what and why."""

    correction: str
    item: str
    version: int
    part: int | None
    remedy: str
    scope: str
    state: str
    by: str
    at: int
    reason: str | None
    ruled_by: str | None
    ruled_at: int | None
    ruled_reason: str | None
    applied_by: str | None
    applied_at: int | None
    withdrawn_by: str | None
    withdrawn_reason: str | None


class ItemCorrected(BaseModel):
    """The item, or of a case the part, whose key is in question. ``keys``: those accepted after the correction."""

    markup: Literal["text", "html"]
    case: str | None
    stem: str
    options: list[str]
    premises: list[str]
    key: str
    keys: list[str]
    blanks: list[Blank]
    blanks_after: list[Blank]


class ChangeShown(BaseModel):
    """One score that changes, in hundredths."""

    session: str
    attempt: str
    seat: int
    name: str
    ticket: str
    before: int
    after: int
    max_score: int
    passed_before: bool
    passed_after: bool
    voided: bool


class ReportShown(BaseModel):
    """Who changes and by how much; nothing of it is applied. For bank keepers without the candidates."""

    correction: str
    report: str
    item: ItemCorrected
    scored: int
    unscored: int
    asked: int
    left_out: int
    up: int
    down: int
    gained: int
    lost: int
    changes: list[ChangeShown]


def meant(asked: CorrectionAsked) -> KeyCorrection:
    """What is proposed as a value; raises pydantic.ValidationError when it says two things, or nothing."""
    return KeyCorrection(
        item=asked.item,
        version=asked.version,
        part=asked.part,
        remedy=asked.remedy,
        keys=tuple(tuple(LETTERS.index(letter) for letter in key) for key in asked.keys),
        blanks=tuple(one.blank() for one in asked.blanks),
    )


def item_corrected(whole: Item, said: KeyCorrection) -> ItemCorrected:
    """The item as those who rule must read it."""
    item = whole if said.part is None else whole.parts[said.part]
    return ItemCorrected(
        markup=item.markup,
        case=None if said.part is None else whole.stem,
        stem=item.stem,
        options=list(item.options),
        premises=list(item.premises),
        key=_letters(item, item.key),
        keys=[_letters(item, key) for key in said.keys],
        blanks=list(item.blanks),
        blanks_after=list(said.blanks),
    )


def _letters(item: Item, key: tuple[int, ...]) -> str:
    indexes = sorted(key) if item.kind in CHOICES else key
    return "".join(LETTERS[index] for index in indexes)
