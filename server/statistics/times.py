"""How long each item took, estimated from the ledger's answer entries of one session."""

from dataclasses import dataclass, field

from protocol import office_entries as office
from protocol import station_entries as station
from question_bank.statistics.time_used import time_used
from recordings.ledger import Ledger, Row
from server.writer.day import read_row

_TOLD = frozenset(
    {
        "answer.saved",
        "rules.acknowledged",
        "page.left",
        "page.returned",
        "session.started",
        "session.paused",
        "session.resumed",
    }
)


@dataclass(slots=True)
class _Heard:
    """What one seat's entries tell: when the paper began, what was saved when, when the page was left."""

    began: int | None = None
    saved: list[tuple[int, int]] = field(default_factory=list)
    away: list[tuple[int, int]] = field(default_factory=list)
    left_at: int | None = None


def times_of(ledger: Ledger, session: str) -> dict[str, dict[int, int]]:
    """Estimated milliseconds by attempt and slot; see question_bank.statistics.time_used for what they mean."""
    seats: dict[str, _Heard] = {}
    pauses: list[tuple[int, int]] = []
    started = paused = None
    for row in ledger.entries(0, session):
        if row.type not in _TOLD:
            continue
        if row.attempt is not None:
            _hear(seats.setdefault(row.attempt, _Heard()), row)
            continue
        match read_row(row).body:
            case office.SessionStarted(starts_at=at):
                started = at
            case office.SessionPaused(paused_at=at):
                paused = at
            case office.SessionResumed(resumed_at=at) if paused is not None:
                pauses.append((paused, at))
                paused = None
    return {
        attempt: dict(time_used(began, heard.saved, [*pauses, *heard.away]))
        for attempt, heard in seats.items()
        if (began := heard.began if heard.began is not None else started) is not None
    }


def _hear(heard: _Heard, row: Row) -> None:
    one = read_row(row)
    at = one.entry.at
    match one.body:
        case station.AnswerSaved(slot=slot):
            heard.saved.append((at, slot))
        case station.RulesAcknowledged() if heard.began is None:
            heard.began = at
        case station.PageLeft() if heard.left_at is None:
            heard.left_at = at
        case station.PageReturned() if heard.left_at is not None:
            heard.away.append((heard.left_at, at))
            heard.left_at = None
