"""What the room server says to a station, one closed type for each message. The server speaks first."""

from typing import Annotated, Literal

from pydantic import Field

from protocol.paper import SealedPaper
from protocol.seat import AttemptFacts
from protocol.shapes import Closed, HeadRef, Id, Instant, Response, Signature, Slot


class Challenge(Closed):
    """The first word: which protocols are spoken, and a nonce to sign."""

    type: Literal["challenge"] = "challenge"
    protocol_min: int
    protocol_max: int
    server: Id
    nonce: str
    room_time: Instant


class Welcome(Closed):
    """The station is known; the room's public key is the one orders are signed with."""

    type: Literal["welcome"] = "welcome"
    protocol: int
    room_key: str
    seat: int | None
    room: str
    room_time: Instant


ENTRIES_FULL = "entries_full"
"""The code of a refusal that stands: the attempt wrote all it may, and the room takes no more of its entries."""


class Refused(Closed):
    """A request was refused; ``code`` is stable, ``sentence_zh``/``sentence_en`` are for the person who reads it."""

    type: Literal["refused"] = "refused"
    request: Id | None
    code: Id
    sentence_zh: str
    sentence_en: str
    fatal: bool = False


class Pong(Closed):
    """The room's time, and the head of the office's stream for the seat's witness."""

    type: Literal["pong"] = "pong"
    sent_at: int
    room_time: Instant
    office_head: HeadRef | None


class HeldAnswer(Closed):
    """An answer the room already holds, for a machine change."""

    slot: Slot
    response: Response
    marked: bool


class SignedIn(Closed):
    """Who sits here, the sealed paper, what the room holds already and the head of the stream to follow."""

    type: Literal["signed_in"] = "signed_in"
    request: Id
    facts: AttemptFacts
    paper: SealedPaper
    capture_secret: str
    follows: HeadRef | None
    held: list[HeldAnswer]
    rules_acknowledged: bool
    handed_in: bool


class StreamState(Closed):
    """Up to where the room holds a stream of this attempt."""

    stream: Id
    seq: int


class Resumed(Closed):
    """The answer to a resume: what the room holds of each stream of the attempt.

    ``seated_here`` is False when the candidate sits at another machine now (换机): this one delivers what it has and is
    free for somebody else.
    """

    type: Literal["resumed"] = "resumed"
    attempt: Id
    streams: list[StreamState]
    seated_here: bool = True


class Ack(Closed):
    """Everything of this stream up to ``seq`` is durable in the room."""

    type: Literal["ack"] = "ack"
    stream: Id
    seq: Annotated[int, Field(ge=0)]


class OpenNewStream(Closed):
    """An entry of this stream went into quarantine: write on in a new stream, send again what was not acknowledged."""

    type: Literal["open_new_stream"] = "open_new_stream"
    stream: Id
    held: Annotated[int, Field(ge=-1, description="highest seq the room holds of it, -1 for none")]
    reason: str


class Order(Closed):
    """A signed office entry that binds this seat once heard; what the entry only names travels beside it."""

    type: Literal["order"] = "order"
    attempt: Id
    entry: str
    signature: Signature
    paper_key: str | None = None
    text: str | None = None


class PicturesWanted(Closed):
    """Snapshots the seat announced and the room does not hold yet."""

    type: Literal["pictures_wanted"] = "pictures_wanted"
    digests: list[str]


class Released(Closed):
    """The session is archived: the seat may delete its journal and pictures of this attempt."""

    type: Literal["released"] = "released"
    attempt: Id


Message = Annotated[
    Challenge
    | Welcome
    | Refused
    | Pong
    | SignedIn
    | Resumed
    | Ack
    | OpenNewStream
    | Order
    | PicturesWanted
    | Released,
    Field(discriminator="type"),
]
