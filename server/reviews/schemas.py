"""What is said about reviews over HTTP. Instants are UTC milliseconds, scores hundredths."""

from datetime import date
from typing import Annotated, Any, Literal

from pydantic import BaseModel, Field

from protocol.console import ScoreLine
from protocol.limits import ID_PATTERN
from server.rulings.schemas import FlagShown, VoidShown
from server.sessions.schemas import Asked, Reason
from server.snapshots.schemas import SnapshotShown

Outcome = dict[str, Any]


class WindowEventAsked(Asked):
    """On which day (Asia/Shanghai) something outside the room was; a correction needs its reason."""

    event: Literal["practical_end", "upload"]
    day: date
    reason: Reason | None = None


class SeenAsked(Asked):
    """What the reviewer looked at."""

    what: Literal["snapshot", "flag"]
    key: Annotated[str, Field(pattern=ID_PATTERN)]


class WithReason(Asked):
    """Why."""

    reason: Reason


class MaybeReason(Asked):
    """Why, where there is something to say."""

    reason: Reason | None = None


class WindowShown(BaseModel):
    """One window of the scheme. ``state``: ``open``, ``overdue``, ``not_begun`` (its event has not happened),
    ``calendar_missing`` (loud: nothing is confirmed before the year's calendar is imported)."""

    name: str
    by: str
    since: str
    since_at: int | None
    working_days: int
    state: Literal["open", "overdue", "not_begun", "event_missing", "calendar_missing"]
    last_day: str | None
    deadline_at: int | None
    working_days_left: int | None
    missing_year: int | None
    calendar_version: str | None
    zh: str
    en: str


class RiskReason(BaseModel):
    """One thing that makes wary, and how often."""

    code: str
    count: int


class QueuedAttempt(BaseModel):
    """One attempt in the queue; ``chosen``: somebody must look at it before it is confirmed."""

    attempt: str
    seat: int
    name: str
    ticket: str
    subject: str
    state: str
    result: str
    risk: int
    reasons: list[RiskReason]
    chosen: bool
    seen: int


class QueuedSession(BaseModel):
    """One session in the queue, its attempts by risk. ``recused`` says why this person may not review it."""

    session: str
    title: str
    batch: str
    scheme: str
    state: str
    ended_at: int | None
    deadline_at: int | None
    windows: list[WindowShown]
    patrol_missing: bool
    recused: str | None
    counts: dict[str, int]
    attempts: list[QueuedAttempt]


class QueueShown(BaseModel):
    """All sessions to review, by deadline; ``calendar_fault`` when the office's calendar file cannot be read."""

    room_time: int
    calendar_version: str
    calendar_fault: str | None
    sessions: list[QueuedSession]


class ReviewedSnapshot(SnapshotShown):
    """A picture with what is known of it; ``observations`` are codes of what a machine saw."""

    observations: list[str]
    must_see: bool
    seen: bool


class ReviewedFlag(FlagShown):
    """A flag; every one must be seen."""

    must_see: bool
    seen: bool


class CandidateOnReview(BaseModel):
    """Who sat; the document is masked."""

    id: str
    name: str
    ticket: str
    document_masked: str
    employer: str
    institution: str
    photo: str | None


class EarlierScoreShown(BaseModel):
    """A score that was replaced, oldest first; hundredths."""

    score: int
    max_score: int
    cause: str
    scored_at: int


class ResultOnReview(BaseModel):
    """The result as far as it is. ``answers_changed``: answers came after the score, which now changes by ruling
    only. ``hand_scores_waiting``: short answers that assessors have not settled."""

    state: str
    score: int | None
    max_score: int | None
    pass_score: int
    passed: bool | None
    voided: bool
    answers_changed: bool
    hand_scores_waiting: int
    earlier: list[EarlierScoreShown]
    confirmed_by: str | None
    confirmed_at: int | None


class SittingOnReview(BaseModel):
    """How the attempt went."""

    state: str
    seat: int
    station: str | None
    started_at: int | None
    end_at: int | None
    handed_in_at: int | None
    handed_in_by: str | None
    receipt: str | None
    receipt_matches: bool | None
    away_times: int
    away_ms: int
    link_losses: int
    offline_ms: int
    machine_changes: int
    not_counted: int
    seat_vouched: int
    late_streams: list[str]
    streams: int


class Dossier(BaseModel):
    """One attempt on one screen; the timeline is asked for beside it, piece by piece."""

    session: str
    title: str
    session_state: str
    attempt: str
    subject: str
    subject_title: str
    candidate: CandidateOnReview
    sitting: SittingOnReview
    result: ResultOnReview
    answers: list[ScoreLine]
    snapshots: list[ReviewedSnapshot]
    outstanding: int
    missed: int
    flags: list[ReviewedFlag]
    voids: list[VoidShown]
    windows: list[WindowShown]
    chosen: bool
    to_see: list[str]
    blocks: list[str]
    recused: str | None
    previous: str | None
    next: str | None
