"""What a station is told about the seat's candidate and the policy that binds it; never a scheme."""

from typing import Annotated

from pydantic import Field

from protocol.shapes import Closed, Id, Instant, Milliseconds, ShortText


class CapturePolicy(Closed):
    """How often this seat is photographed, and how large a picture must be."""

    gap_ms_min: Milliseconds
    gap_ms_max: Milliseconds
    count_min: Annotated[int, Field(ge=0)]
    width_min: Annotated[int, Field(ge=1)]
    height_min: Annotated[int, Field(ge=1)]
    start_spread_ms: Milliseconds
    forced: list[ShortText]


class SeatPolicy(Closed):
    """The few values of the scheme that a seat needs."""

    earliest_hand_in_ms: Milliseconds
    time_left_warning_ms: Milliseconds
    time_left_warning_shown_ms: Milliseconds
    leave_grace_ms: Milliseconds
    rules: Annotated[list[str], Field(description="paragraphs of the room's rules")]
    notice: Annotated[list[str], Field(description="paragraphs on camera and data")]
    capture: CapturePolicy


class CandidateCard(Closed):
    """What the candidate checks on the screen (信息核对); the document number is masked."""

    name: str
    ticket: str
    document_masked: str
    subject: str
    session: str
    room: str
    photo: str | None = Field(default=None, description="registered photo as base64 JPEG, at most 120 kB")


class AttemptFacts(Closed):
    """Who sits here, for what, how long."""

    attempt: Id
    session: Id
    seat: Annotated[int, Field(ge=1)]
    duration_ms: Milliseconds
    starts_at: Annotated[Instant, Field(description="planned start; the order decides")]
    card: CandidateCard
    policy: SeatPolicy
