"""How much one seat may write into the room, so that a broken or rogue one cannot fill everybody's disk.

Counted are bytes as they are kept: entries by attempt, out of the ledger itself, and what was put aside by station and
day. The budgets are far beyond honest use. Past its own, a seat is told, an alarm is raised once, and what it sends is
not taken; nothing acknowledged is lost, and what waits stays in its journal, which a person can bring on a stick. Past
the budget of a whole session only those are refused that wrote more than their share: nobody else notices.

All values are ours, from a paper of 200 items in 120 minutes (S3-A): each answer changed fifty times is 5 MB; half the
longest typed answer saved again every second all through is 25 MB; leaving the page and coming back every second 5 MB.
"""

from dataclasses import dataclass, field

from protocol.entry_types import FROM_STATION, STREAM_OPENED
from protocol.office_entries import RoomAlarm
from protocol.to_station import ENTRIES_FULL
from server.writer.day import Part, Recorded

MIB = 1_048_576


@dataclass(frozen=True, slots=True)
class Budget:
    """What may be written, in bytes and pieces; the values of this class are the room's."""

    attempt_bytes: int = 64 * MIB
    """Entries of one attempt, all its streams together; past it nothing more is taken over a link."""

    attempt_share_bytes: int = 16 * MIB
    """What every attempt may write however much the others did."""

    session_bytes: int = 4_096 * MIB
    """Entries of one session; past it, attempts that had their share are refused."""

    attempt_streams: int = 2_000
    """Streams of one attempt: a restart or a repair each opens one. One more is put aside."""

    station_aside_bytes: int = 16 * MIB
    """Put aside of one station in a day (UTC); past it texts are refused unkept, and told once."""

    station_aside_share_bytes: int = 2 * MIB
    """What may be put aside of every station in a day, however much of others was."""

    room_aside_bytes: int = 1_024 * MIB
    """Put aside of all stations in a day; past it, stations that had their share are refused."""

    def aside_full(self, station_bytes: int, room_bytes: int) -> bool:
        """Whether nothing more of a station is put aside today, of which and of all so much was already."""
        if station_bytes >= self.station_aside_bytes:
            return True
        return station_bytes >= self.station_aside_share_bytes and room_bytes >= self.room_aside_bytes


BUDGET = Budget()

ALARMS_OF_A_KIND_MAX = 100
"""Alarms with one code about one attempt; what comes after them is as it was, and told to the seat alone."""

QUARANTINE_FULL = "quarantine_full"
PICTURES_FULL = "pictures_full"
ONCE = frozenset({ENTRIES_FULL, QUARANTINE_FULL, PICTURES_FULL})
"""Alarms raised once about an attempt: from here something of it is missing in the room."""


@dataclass(slots=True)
class Written:
    """What one attempt wrote: bytes and streams, and how often each alarm was raised about it."""

    bytes: int = 0
    streams: int = 0
    alarms: dict[str, int] = field(default_factory=dict)


@dataclass(slots=True)
class Volume:
    """All of a session, by attempt."""

    by_attempt: dict[str, Written] = field(default_factory=dict)

    def of(self, attempt: str) -> Written:
        """What one attempt wrote. Reading leaves no trace."""
        return self.by_attempt.get(attempt) or Written()

    def full(self, attempt: str, budget: Budget) -> bool:
        """Whether nothing more of this attempt is taken over a link."""
        mine = self.of(attempt).bytes
        if mine >= budget.attempt_bytes:
            return True
        if mine < budget.attempt_share_bytes:
            return False
        return sum(each.bytes for each in self.by_attempt.values()) >= budget.session_bytes

    def may_alarm(self, attempt: str, code: str) -> bool:
        """Whether one more alarm tells anybody anything."""
        raised = self.of(attempt).alarms.get(code, 0)
        return raised < (1 if code in ONCE else ALARMS_OF_A_KIND_MAX)


def _wrote(volume: Volume, one: Recorded) -> None:
    if one.from_station and one.attempt is not None:
        written = volume.by_attempt.setdefault(one.attempt, Written())
        written.bytes += len(one.entry.text.encode())
        written.streams += one.entry.type == STREAM_OPENED


def _alarmed(volume: Volume, one: Recorded) -> None:
    body = one.body
    assert isinstance(body, RoomAlarm)
    if body.attempt is not None:
        alarms = volume.by_attempt.setdefault(body.attempt, Written()).alarms
        alarms[body.code] = alarms.get(body.code, 0) + 1


PART = Part(Volume, {**dict.fromkeys(FROM_STATION, _wrote), "room.alarm": _alarmed}, by_attempt="by_attempt")
