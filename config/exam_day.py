"""Policy of the exam day: the door, the start, the watching, the seat."""

import re
from collections.abc import Mapping
from enum import StrEnum
from typing import Annotated

from pydantic import Field

from config.shapes import MINUTES_MAX, Minutes, Part, Passage, People, Percent, Seconds, SecondsOrZero, Text

PLACEHOLDERS = (
    "minutes",
    "late_cutoff_minutes",
    "earliest_hand_in_minutes",
    "time_left_minutes",
    "electronic_years",
)
"""Values of the scheme that its texts may name in braces, so that what is read is what holds."""
SPARE_PAPERS_MAX = 50
_BRACES = re.compile(r"\{[^{}]*\}|[{}]")


class RunType(StrEnum):
    """正式考试, 试考 (dummy data), 练习: a live bank never opens in the other two."""

    FORMAL = "formal"
    TRIAL = "trial"
    PRACTICE = "practice"


class Document(StrEnum):
    """What a candidate shows at the door."""

    ID_CARD = "id_card"
    TICKET = "ticket"


class Reader(StrEnum):
    """Who may read the rules aloud: 监考员, 督导员."""

    PROCTOR = "proctor"
    QUALITY_SUPERVISOR = "quality_supervisor"


class ForcedAt(StrEnum):
    """Moments that always take a picture, besides the random ones."""

    LOGIN = "login"
    START = "start"
    FLAG = "flag"
    HAND_IN = "hand_in"


class Admission(Part):
    """Who comes in until when, and who leaves from when."""

    documents: Annotated[tuple[Document, ...], Field(min_length=1)]
    late_cutoff_minutes: Annotated[int, Field(ge=0, le=MINUTES_MAX)]
    """Check-in stays open until so long after the start; a late candidate keeps the common end."""
    earliest_hand_in_minutes: Annotated[int, Field(ge=0, le=MINUTES_MAX)]
    """Counted from the start of the session."""
    spare_papers: Annotated[int, Field(ge=0, le=SPARE_PAPERS_MAX)] = 2
    """Papers of each subject drawn beyond the roster, for candidates who are listed after loading."""


class Opening(Part):
    """What gates the start of a room."""

    proctors_min: Annotated[int, Field(ge=2, le=20)]
    """Different people; a void needs two signatures, so fewer cannot run a room."""
    rules_readers: Annotated[tuple[Reader, ...], Field(min_length=1)]
    rules_minutes_before: Minutes
    machine_check_required: bool
    early_start_minutes: Annotated[int, Field(ge=0, le=MINUTES_MAX)] = 10
    """A start longer before the approved time needs a recorded reason from two people of the room."""


class Reading(Part):
    """What is read: the rules of the room, and the notice on camera and data."""

    rules_title: Text
    rules: Passage
    notice: Passage


class Warnings(Part):
    """Numbers that warn and never stop anything."""

    candidates_per_proctor: People
    spare_seats_percent: Percent
    site_seats_min: People
    """Seats that the rooms of a site can start together."""
    time_left_minutes: Minutes
    time_left_display_s: Seconds
    """After which the candidate's time-left message closes by itself."""


class Capture(Part):
    """How often a seat is photographed (随机抓拍), and what a picture must be."""

    min_gap_s: Seconds
    max_gap_s: Seconds
    """Between two pictures; gaps are drawn uniformly between the two bounds."""
    min_count: Annotated[int, Field(ge=1, le=100_000)]
    """Fewest random pictures of an attempt that takes its whole time."""
    width_min: Annotated[int, Field(ge=320, le=7680)]
    height_min: Annotated[int, Field(ge=240, le=4320)]
    """Of the decoded frame."""
    forced_at: tuple[ForcedAt, ...]
    start_spread_s: SecondsOrZero
    """Forced pictures at the start are spread over this, behind the answers."""


class Leaving(Part):
    """Leaving the exam page: always recorded, a flag only after the grace."""

    grace_s: SecondsOrZero


def unknown_placeholders(paragraph: str) -> list[str]:
    """What stands in braces in `paragraph` and names no value, a stray brace included."""
    known = {f"{{{name}}}" for name in PLACEHOLDERS}
    return [found for found in _BRACES.findall(paragraph) if found not in known]


def filled(paragraphs: tuple[str, ...], values: Mapping[str, int]) -> tuple[str, ...]:
    """The paragraphs with their placeholders replaced by `values`, which has every name of PLACEHOLDERS."""
    return tuple(_BRACES.sub(lambda found: str(values[found[0][1:-1]]), text) for text in paragraphs)
