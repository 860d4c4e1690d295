"""Policy after the exam: windows, review, resit, keeping, patrol."""

from enum import StrEnum
from typing import Annotated

from pydantic import Field

from config.shapes import Code, Months, Part, Percent, WorkingDays, Years


class WindowStart(StrEnum):
    """The event whose day a window counts from; the day itself does not count."""

    SESSION_END = "session_end"
    PRACTICAL_END = "practical_end"
    UPLOAD = "upload"


class Body(StrEnum):
    """Who must act in a window: 培训/评价机构, or the confirming body (评价办公室/鉴定所)."""

    INSTITUTION = "institution"
    CONFIRMING_BODY = "confirming_body"


class ReviewWindow(Part):
    """Working days from an event for a body to act; overdue is loud, and silence confirms nothing."""

    name: Code
    since: Annotated[WindowStart, Field(alias="from")]
    working_days: WorkingDays
    by: Body


class Review(Part):
    """What a reviewer must have seen before confirming; everything flagged is always seen."""

    attempts_percent: Percent
    """Share of the unflagged attempts, drawn at random, at least one."""
    snapshots_percent: Percent
    """Share of the pictures of each attempt seen, drawn at random, at least one."""


class CountedFrom(StrEnum):
    """The day a resit's months count from."""

    EXAM_DAY = "exam_day"
    CONFIRMATION = "confirmation"


class Resit(Part):
    """补考: any number of times within the months; a void gives none in its batch."""

    months: Months
    per_subject: bool
    counted_from: CountedFrom


class Retention(Part):
    """How long things are kept; the latest of the rules wins, and a complaint holds deletion."""

    years_min: Years | None = None
    """Counted from the exam day; None where the notice gives no number."""
    until_higher_certificate: bool
    """Kept until the person holds a certificate of a higher level (imported news)."""
    electronic_years: Years
    """Ledger, snapshots and room video."""


class Patrol(Part):
    """巡考."""

    required: bool
    """Every batch is patrolled: a missing record shows at review."""
