"""What the room server tells a console over its socket: the live floor as rows, replaced whole when they change.

A console opens ``/api/live/{session}``, gets a :class:`FloorSnapshot`, then :class:`FloorChanges` at most every
:data:`FLOOR_INTERVAL_MS`. Every message carries the position n it is true for; a console that was cut off opens again
and gets a fresh snapshot. Browsers never fold entries: they replace rows by key. What a person did goes by HTTP.
"""

from typing import Annotated, Literal

from pydantic import Field

from protocol.shapes import Closed, Digest, Hundredths, Id, Instant, Milliseconds

FLOOR_INTERVAL_MS = 200
"""Changed rows are gathered this long before they are sent."""

CONSOLE_QUEUE_MESSAGES_MAX = 32
"""Messages waiting for one console; one more cuts it off with code 1013, and it opens again."""

AttemptStateName = Literal[
    "expected",
    "checked_in",
    "waiting",
    "running",
    "away",
    "suspended",
    "handed_in",
    "collected",
    "refused",
    "absent",
    "voided",
]
SeverityName = Literal["info", "minor", "major", "severe"]


class SeatClock(Closed):
    """Time of one attempt: counted down by the console from ``room_time`` of the message."""

    started_at: Instant | None
    end_at: Instant | None
    remaining_ms: int


class SeatPicture(Closed):
    """The newest snapshot whose bytes are in the room."""

    digest: Digest
    taken_at: Instant


class FloorRow(Closed):
    """One attempt on the floor, keyed by ``attempt``; names are for the eyes of this room's staff."""

    attempt: Id
    seat: int
    name: str
    ticket: str
    document_masked: str
    subject: str
    photo: Digest | None
    state: AttemptStateName
    station: str | None
    link: Literal["connected", "offline", "never"]
    heard_from_at: Instant | None = Field(description="when anything last came from the seat")
    camera: Literal["ok", "lost", "too_small", "covered", "dark", "unknown"]
    answered: int
    items: int
    clock: SeatClock
    orders_unheard: int
    rules_acknowledged: bool
    hand_raised: bool = Field(description="also after the hand-in: until somebody came, or the form is signed")
    away_since: Instant | None
    away_times: int
    away_ms: Milliseconds
    picture: SeatPicture | None
    pictures: int = Field(description="snapshots whose bytes are in the room")
    pictures_outstanding: int
    pictures_missed: int
    flags_open: int
    worst_flag: SeverityName | None
    void: Literal["none", "proposed", "signed", "upheld", "lifted"]
    machine_changes: int
    not_counted: int = Field(description="answers received that do not count")
    late_streams: list[Id] = Field(description="closed streams with late answers a person may admit")
    receipt: str | None


class SessionRow(Closed):
    """The session itself."""

    session: Id
    title: str
    state: str
    room: str
    run_type: str
    starts_at: Instant
    started_at: Instant | None
    end_at: Instant | None
    paused_at: Instant | None
    late_cutoff_at: Instant | None
    rules_read_by: str | None
    rules_read_at: Instant | None
    start_confirmed_by: list[str]
    proctors_min: int
    gates: list[Literal["check_in", "rules", "proctors"]] = Field(
        description="what still stands before the start"
    )
    counts: dict[str, int] = Field(description="attempts by state")


class AlarmRow(Closed):
    """One line of the alarm queue, keyed by ``alarm``; worst first, then oldest. Machines observe, people rule."""

    alarm: Id
    attempt: Id | None
    seat: int | None
    code: Id
    severity: SeverityName
    source: Literal["person", "machine", "candidate"]
    at: Instant
    duration_ms: int | None
    evidence: list[str]
    note: str | None
    open: bool


class StationRow(Closed):
    """One station of the room as the machine check sees it, keyed by ``station``."""

    station: Id
    seat: int | None
    connected: bool
    camera: str
    width: int
    height: int
    disk_free_mb: int | None
    software: str
    clock_offset_ms: int | None
    fit: bool
    reasons: list[str]


class FloorSnapshot(Closed):
    """Everything, at position n."""

    type: Literal["snapshot"] = "snapshot"
    n: int
    room_time: Instant
    session: SessionRow
    rows: list[FloorRow]
    alarms: list[AlarmRow]
    stations: list[StationRow]


class FloorChanges(Closed):
    """Rows that changed since the last message; each replaces the one of its key."""

    type: Literal["changes"] = "changes"
    n: int
    room_time: Instant
    session: SessionRow | None = None
    rows: list[FloorRow] = []
    alarms: list[AlarmRow] = []
    stations: list[StationRow] = []


ToConsole = Annotated[FloorSnapshot | FloorChanges, Field(discriminator="type")]


class TimelineLine(Closed):
    """One line of a seat's timeline, for the seat drawer and the review."""

    n: int
    at: Instant
    received_at: Instant
    type: Id
    by: str | None
    by_name: str | None = None
    author: Literal["station", "server"]
    facts: dict[str, str | int | bool | None]
    picture: Digest | None = None
    note: str | None = None


class ScoreLine(Closed):
    """One item of a scored paper, for the review; no key. ``score``: None while it waits for assessors."""

    slot: int
    response: list[str]
    score: Hundredths | None
    max_score: Hundredths
    vouched: str
