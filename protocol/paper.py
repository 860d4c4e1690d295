"""What a candidate may see of a paper. No type here has a field for a key, a solution or a difficulty."""

from typing import Annotated, Literal

from pydantic import Field

from protocol import limits
from protocol.shapes import Closed, Digest, Hundredths, Id, Letter, Milliseconds, Slot

ItemKind = Literal["true_false", "single", "multiple", "fill_in", "ordering", "matching", "short_answer"]
SectionKind = Literal[ItemKind, "case"]
Markup = Literal["text", "html"]


class SeatOption(Closed):
    """One option as displayed; letters stand in natural order whatever the order drawn."""

    letter: Letter
    text: str


class SeatItem(Closed):
    """One item as displayed, named by its number in this paper alone.

    ``markup``: whether its texts are plain or sanitised HTML, pictures as ``picture:<name>``. ``premises``: texts to be
    matched, each with one option. ``blanks``: how many texts are to be typed. ``case``: index into the section's cases.
    """

    slot: Slot
    kind: ItemKind
    markup: Markup = "text"
    stem: str
    options: list[SeatOption] = []
    premises: list[str] = []
    blanks: Annotated[int, Field(ge=0, le=limits.RESPONSE_PARTS_MAX)] = 0
    case: int | None = None
    score: Hundredths


class SeatCase(Closed):
    """The stem several items share 案例背景."""

    markup: Markup = "text"
    stem: str


class SeatSection(Closed):
    """One part of the paper: items of one kind, or cases whose items are of several kinds."""

    title: str
    kind: SectionKind
    score_each: Hundredths
    cases: list[SeatCase] = []
    items: Annotated[list[SeatItem], Field(min_length=1)]


class SeatPicture(Closed):
    """A picture of the paper: its name is the SHA-256 of its bytes, which travel in base64."""

    name: Digest
    media_type: Literal["image/png", "image/jpeg", "image/gif", "image/webp", "image/svg+xml"]
    data: str


class SeatPaper(Closed):
    """The whole paper of one attempt. The station keeps and serves its pictures; the page gets none of their bytes."""

    attempt: Id
    subject: str
    max_score: Hundredths
    duration_ms: Milliseconds
    sections: Annotated[list[SeatSection], Field(min_length=1)]
    pictures: list[SeatPicture] = []

    def slots(self) -> int:
        """How many items the paper has."""
        return sum(len(section.items) for section in self.sections)


class SealedPaper(Closed):
    """A paper nobody can read before its key is given: AES-256-GCM, attempt and digest as associated data."""

    attempt: Id
    digest: Digest
    nonce: str
    sealed: str
