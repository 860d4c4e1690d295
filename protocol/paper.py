"""What a candidate may see of a paper. No type here has a field for a key, a solution or a difficulty."""

from typing import Annotated, Literal

from pydantic import Field

from protocol.shapes import Closed, Digest, Hundredths, Id, Letter, Milliseconds, Slot

ItemKind = Literal["true_false", "single", "multiple"]


class SeatOption(Closed):
    """One option as displayed; letters stand in natural order whatever the order drawn."""

    letter: Letter
    text: str


class SeatItem(Closed):
    """One item as displayed, named by its number in this paper alone."""

    slot: Slot
    stem: str
    options: Annotated[list[SeatOption], Field(min_length=2)]


class SeatSection(Closed):
    """One part of the paper: items of one kind, each worth the same."""

    title: str
    kind: ItemKind
    score_each: Hundredths
    items: Annotated[list[SeatItem], Field(min_length=1)]


class SeatPaper(Closed):
    """The whole paper of one attempt."""

    attempt: Id
    subject: str
    max_score: Hundredths
    duration_ms: Milliseconds
    sections: Annotated[list[SeatSection], Field(min_length=1)]

    def slots(self) -> int:
        """How many items the paper has."""
        return sum(len(section.items) for section in self.sections)


class SealedPaper(Closed):
    """A paper nobody can read before its key is given: AES-256-GCM, attempt and digest as associated data."""

    attempt: Id
    digest: Digest
    nonce: str
    sealed: str
