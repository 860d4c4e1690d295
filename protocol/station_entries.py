"""What a station writes on its own stream: one model for each entry type, the body of the entry.

Bodies carry ids, codes, numbers and digests; a name, a document number or a free text never stands in one.
"""

from typing import Annotated, Literal

from pydantic import Field

from protocol.shapes import (
    Closed,
    Digest,
    HeadRef,
    Id,
    Instant,
    Milliseconds,
    PublicKey,
    Response,
    ShortText,
    Signature,
    Slot,
)


class StreamOpened(Closed):
    """The first entry: who writes this stream, with which key, and which head it follows."""

    author: Literal["station"]
    station: Id
    session: Id
    attempt: Id
    key: PublicKey
    follows: HeadRef | None
    reason: Literal["sign_in", "restart", "machine_change", "repair", "full"]


class OrderHeard(Closed):
    """An order binds this seat from here. Carries the order itself, so that a room that lost its disk can read it."""

    order: HeadRef
    text: Annotated[str, Field(max_length=4_096)]
    signature: Signature


class PaperOpened(Closed):
    """The sealed paper was opened and its digest was the promised one."""

    digest: Digest


class RulesAcknowledged(Closed):
    """The candidate clicked 我已阅读; from here the paper is shown (S3-A)."""


class AnswerSaved(Closed):
    """The candidate's whole response to one item, replacing the one before; an empty list clears it."""

    slot: Slot
    response: Response


class ItemMarked(Closed):
    """The candidate marked an item for review, or took the mark away; never an answer."""

    slot: Slot
    marked: bool


class PageLeft(Closed):
    """The exam page lost the candidate."""

    cause: Literal["hidden", "focus_lost", "full_screen_left", "page_lost"]


class PageReturned(Closed):
    """The candidate came back; how long the page was left."""

    cause: Literal["hidden", "focus_lost", "full_screen_left", "page_lost"]
    away_ms: Milliseconds


class ClipboardUsed(Closed):
    """Copy, cut, paste or the context menu was tried and prevented."""

    action: Literal["copy", "cut", "paste", "context_menu", "print"]


class CameraChanged(Closed):
    """The camera was lost, came back, or shows a covered or dark picture."""

    state: Literal["lost", "back", "covered", "dark", "clear"]
    detail: ShortText = ""


class LinkChanged(Closed):
    """The link to the room was lost or came back; ``offline_ms`` says for how long."""

    state: Literal["lost", "back"]
    offline_ms: Milliseconds = 0


class ClockChanged(Closed):
    """The machine's clock was moved against its monotonic one; exam time did not follow."""

    by_ms: int
    cause: Literal["moved", "rebooted_offline"]


class SnapshotTaken(Closed):
    """One picture of the seat; its bytes follow by HTTP under the digest."""

    digest: Digest
    size: Annotated[int, Field(gt=0)]
    width: Annotated[int, Field(gt=0)]
    height: Annotated[int, Field(gt=0)]
    reason: Literal["schedule", "login", "start", "flag", "hand_in"]
    planned_ms: Annotated[int, Field(ge=0)] | None = None
    taken_at: Instant
    quality: Literal["clear", "dark", "covered", "blurred"] = "clear"


class SnapshotMissed(Closed):
    """A picture that should have been taken could not be; the room knows the schedule and would ask."""

    reason: Literal["schedule", "login", "start", "flag", "hand_in"]
    planned_ms: Annotated[int, Field(ge=0)] | None = None
    cause: Literal["camera", "spool_full"]


class HandRaised(Closed):
    """举手: the candidate asks for a proctor, or no longer does."""

    raised: bool
    cause: Literal["help", "not_me"] = "help"


class MessageAcknowledged(Closed):
    """The candidate closed a proctor's message or warning."""

    message: Id


class HandedIn(Closed):
    """The candidate handed in, or the time was up; ``digest`` is that of the answers as the seat holds them."""

    by: Literal["candidate", "time_up", "collected"]
    answered: Annotated[int, Field(ge=0)]
    digest: Digest
