"""What a station says on its link, one closed type for each message."""

from typing import Annotated, Literal

from pydantic import Field

from protocol import limits
from protocol.shapes import Closed, Id, Instant, PublicKey, ShortText, Signature


class Hello(Closed):
    """The answer to the server's challenge: proves the station's key by signing the nonce."""

    type: Literal["hello"] = "hello"
    protocol: Annotated[int, Field(ge=0)]
    station: Id
    key: PublicKey
    software: ShortText
    signature: Signature


class Ping(Closed):
    """Asks the room's time; ``sent_at`` is the station's own monotonic count in microseconds, given back as it is."""

    type: Literal["ping"] = "ping"
    sent_at: Annotated[int, Field(ge=0)]
    room_time: Annotated[Instant | None, Field(description="the seat's own view of the room's time")] = None


class SignIn(Closed):
    """A candidate typed ticket and document number."""

    type: Literal["sign_in"] = "sign_in"
    request: Id
    ticket: Annotated[str, Field(min_length=1, max_length=40)]
    document: Annotated[str, Field(min_length=1, max_length=40)]


class Resume(Closed):
    """A station that restarted holds this attempt in its journal and wants what it missed."""

    type: Literal["resume"] = "resume"
    attempt: Id


class Entries(Closed):
    """Entries of one stream, in order, each as its exact text."""

    type: Literal["entries"] = "entries"
    entries: Annotated[list[str], Field(min_length=1, max_length=limits.ENTRIES_PER_FRAME_MAX)]


class SignedHead(Closed):
    """The witness: the statement's exact text (see :class:`HeadStatement`) and its signature."""

    type: Literal["signed_head"] = "signed_head"
    statement: Annotated[str, Field(max_length=1_024)]
    signature: Signature


class SeatReport(Closed):
    """How the seat is: machine check before the exam, and whenever something changed."""

    type: Literal["seat_report"] = "seat_report"
    camera: Literal["ok", "lost", "too_small", "covered", "dark"]
    width: Annotated[int, Field(ge=0)]
    height: Annotated[int, Field(ge=0)]
    disk_free_mb: Annotated[int, Field(ge=0)]
    page: Literal["none", "open"]
    spooled: Annotated[int, Field(ge=0, description="pictures waiting to be sent")]
    software: ShortText


Message = Annotated[
    Hello | Ping | SignIn | Resume | Entries | SignedHead | SeatReport, Field(discriminator="type")
]
