"""What the exam page and its own station say to each other over the loopback socket."""

from typing import Annotated, Literal

from pydantic import Field

from protocol.paper import SeatPaper
from protocol.seat import CandidateCard
from protocol.shapes import Closed, Id, Instant, Response, Slot

Stage = Literal[
    "connecting",
    "sign_in",
    "confirm",
    "notice",
    "waiting",
    "rules",
    "exam",
    "paused",
    "suspended",
    "voided",
    "handed_in",
]


class AnswerState(Closed):
    """One item's response, and how safe it is."""

    slot: Slot
    response: Response
    marked: bool
    saved: Literal["seat", "room"]


class Clock(Closed):
    """Time as the seat counts it: the page counts down from ``remaining_ms`` at ``room_time``."""

    room_time: Instant
    remaining_ms: int
    running: bool
    starts_at: Instant | None


class Notice(Closed):
    """A proctor's message or warning, shown until acknowledged."""

    message: Id
    text: str
    warning: bool


class Receipt(Closed):
    """After hand-in."""

    answered: int
    total: int
    at: Instant
    digest: str
    delivered: bool


class SeatView(Closed):
    """Everything the page shows; sent whole at connection and whenever anything but the answers changed."""

    type: Literal["view"] = "view"
    stage: Stage
    seat: int | None
    link: Literal["connected", "offline"]
    camera: Literal["ok", "lost", "too_small", "covered", "dark"]
    clock: Clock | None = None
    card: CandidateCard | None = None
    notice_text: list[str] = []
    rules_text: list[str] = []
    paper: SeatPaper | None = None
    answers: list[AnswerState] = []
    notices: list[Notice] = []
    receipt: Receipt | None = None
    earliest_hand_in_ms: int = 0
    time_left_warning_ms: int = 0
    time_left_warning_shown_ms: int = 10_000
    hand_raised: bool = False
    refusal: str | None = None
    refusal_en: str | None = None


class AnswersSaved(Closed):
    """Answers are durable on this seat or in the room; only the newest state of each slot is named."""

    type: Literal["saved"] = "saved"
    answers: list[AnswerState]


class TimeNow(Closed):
    """The clock again, every few seconds and after every order."""

    type: Literal["time"] = "time"
    clock: Clock


class Replaced(Closed):
    """Another page took over; this one must not write any more."""

    type: Literal["replaced"] = "replaced"


ToPage = Annotated[SeatView | AnswersSaved | TimeNow | Replaced, Field(discriminator="type")]


class TrySignIn(Closed):
    """Ticket and document number as typed."""

    type: Literal["sign_in"] = "sign_in"
    ticket: Annotated[str, Field(max_length=40)]
    document: Annotated[str, Field(max_length=40)]


class Confirm(Closed):
    """信息核对: that is me; or not, which raises a hand and goes back to the sign-in."""

    type: Literal["confirm"] = "confirm"
    me: bool


class ReadNotice(Closed):
    """The notice on camera and data was read."""

    type: Literal["notice_read"] = "notice_read"


class AcknowledgeRules(Closed):
    """我已阅读."""

    type: Literal["rules_read"] = "rules_read"


class Answer(Closed):
    """A whole response to one item."""

    type: Literal["answer"] = "answer"
    slot: Slot
    response: Response


class Mark(Closed):
    """Mark for review, or unmark."""

    type: Literal["mark"] = "mark"
    slot: Slot
    marked: bool


class HandIn(Closed):
    """The candidate hands in (asked twice by the page)."""

    type: Literal["hand_in"] = "hand_in"


class RaiseHand(Closed):
    """举手."""

    type: Literal["raise_hand"] = "raise_hand"
    raised: bool


class Acknowledge(Closed):
    """A message was read."""

    type: Literal["acknowledge"] = "acknowledge"
    message: Id


class PageEvent(Closed):
    """What the browser tells: left, came back, clipboard."""

    type: Literal["event"] = "event"
    event: Literal["left", "returned", "clipboard"]
    cause: Literal[
        "hidden", "focus_lost", "full_screen_left", "copy", "cut", "paste", "context_menu", "print"
    ]


FromPage = Annotated[
    TrySignIn
    | Confirm
    | ReadNotice
    | AcknowledgeRules
    | Answer
    | Mark
    | HandIn
    | RaiseHand
    | Acknowledge
    | PageEvent,
    Field(discriminator="type"),
]
