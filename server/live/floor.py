"""The live floor: rows rendered from the folded day, replaced whole by key; pure but for what it holds.

The law: a floor that was refreshed with the attempts each entry touched is the same as a floor rendered anew.
:func:`touched` is the one place that says which those are.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Literal

from protocol.console import (
    AlarmRow,
    FloorChanges,
    FloorRow,
    FloorSnapshot,
    SeatClock,
    SeatPicture,
    SessionRow,
    StationRow,
)
from protocol.entry_types import ORDERS
from server.attempts.rules import Attempt, Attempts, unheard
from server.live.presence import Line
from server.rulings.rules import SEVERITIES, Flag, RoomWideAlarm, Rulings, worst
from server.sessions.rules import OPEN, SessionFacts, SessionState, start_gates
from server.snapshots.rules import Snapshots
from server.writer.day import Day, Recorded

DISK_FREE_MB_MIN = 2_000
"""Free disk a station needs for its journal and a full exam's pictures (480 of 150 kB, many times over; ours)."""

CLOCK_OFFSET_MS_MAX = 2_000
"""How far a seat's view of the room's time may be off at the machine check (ours)."""

Lines = Callable[[str | None], Line | None]
Texts = Callable[[str], str | None]


@dataclass(frozen=True, slots=True)
class Card:
    """What is known of an attempt outside the ledger: for the eyes of the room's staff."""

    name: str
    ticket: str
    document_masked: str
    subject: str
    photo: str | None
    items: int


@dataclass(frozen=True, slots=True)
class SessionCard:
    """What is known of a session outside the ledger, its policy included; ``stations`` maps each to its seat."""

    title: str
    room: str
    run_type: str
    late_cutoff_ms: int
    proctors_min: int
    width_min: int
    height_min: int
    attempts: Mapping[str, Card] = field(default_factory=dict)
    stations: Mapping[str, int] = field(default_factory=dict)


_IN_THE_ROOM = frozenset({*OPEN, SessionState.ENDED})

_NOBODY = Card("", "", "", "", None, 0)


def touched(one: Recorded) -> frozenset[str] | None:
    """The attempts whose rows an entry may change; None: all of the session."""
    if one.attempt is not None:
        return frozenset((one.attempt,))
    if one.entry.type in ORDERS or one.entry.type == "record.signed":
        return None
    return frozenset()


class Floor:
    """One session's rows as last rendered. ``lines`` reads a station's line, ``texts`` the text of a note."""

    def __init__(self, card: SessionCard, lines: Lines, texts: Texts) -> None:
        self.card = card
        self._lines = lines
        self._texts = texts
        self._session: SessionRow | None = None
        self._rows: dict[str, FloorRow] = {}
        self._alarms: dict[str, AlarmRow] = {}
        self._stations: dict[str, StationRow] = {}

    def refresh(
        self, day: Day, now: int, attempts: Iterable[str] | None, stations: Iterable[str] | None = None
    ) -> FloorChanges | None:
        """Render these attempts and stations anew (None: all) and give what changed; None when nothing did."""
        known = day.part(Attempts).by_id
        keys = list(known) if attempts is None else [key for key in attempts if key in known]
        rows = []
        for key in keys:
            row = self._row(day, known[key], now)
            if self._rows.get(key) != row:
                self._rows[key] = row
                rows.append(row)
        alarms = self._changed_alarms(day, keys)
        found = self._changed_stations(self.card.stations if stations is None else stations)
        session = self._session_row(day)
        same = session == self._session
        self._session = session
        if same and not rows and not alarms and not found:
            return None
        return FloorChanges(
            n=day.n,
            room_time=now,
            session=None if same else session,
            rows=rows,
            alarms=alarms,
            stations=found,
        )

    def snapshot(self, day: Day, now: int) -> FloorSnapshot:
        """Everything as it was last rendered: rows by seat, open alarms worst first and then oldest."""
        assert self._session is not None
        return FloorSnapshot(
            n=day.n,
            room_time=now,
            session=self._session,
            rows=sorted(self._rows.values(), key=lambda row: (row.seat, row.attempt)),
            alarms=sorted(
                (alarm for alarm in self._alarms.values() if alarm.open),
                key=lambda alarm: (-SEVERITIES.index(alarm.severity), alarm.at, alarm.alarm),
            ),
            stations=sorted(self._stations.values(), key=lambda row: (row.seat or 0, row.station)),
        )

    # -- rows --------------------------------------------------------------------------------------------------

    def _row(self, day: Day, attempt: Attempt, now: int) -> FloorRow:
        rulings = day.part(Rulings).of(attempt.id)
        pictures = day.part(Snapshots).of(attempt.id)
        card = self.card.attempts.get(attempt.id, _NOBODY)
        line = self._lines(attempt.station)
        flags = rulings.open_flags()
        clock, newest = attempt.clock, pictures.newest
        return FloorRow(
            attempt=attempt.id,
            seat=attempt.seat,
            name=card.name,
            ticket=card.ticket,
            document_masked=card.document_masked,
            subject=card.subject or attempt.subject,
            photo=card.photo,
            state=attempt.state.value,
            station=attempt.station,
            link=_link(line),
            heard_from_at=None if line is None else line.heard_at,
            camera=_camera(attempt, line),
            answered=attempt.answered(),
            items=card.items,
            clock=SeatClock(
                started_at=clock.started_at, end_at=clock.end_at, remaining_ms=clock.remaining_ms(now)
            ),
            # Where nobody has signed in there is no one to hear them.
            orders_unheard=0 if attempt.station is None else len(unheard(attempt)),
            rules_acknowledged=attempt.rules_acknowledged,
            hand_raised=_hand_raised_at(day, attempt) is not None,
            away_since=attempt.away_since,
            away_times=attempt.away_times,
            away_ms=attempt.away_ms,
            picture=None if newest is None else SeatPicture(digest=newest.digest, taken_at=newest.taken_at),
            pictures=pictures.received,
            pictures_outstanding=len(pictures.outstanding),
            pictures_missed=pictures.missed,
            flags_open=len(flags),
            worst_flag=worst(flags),
            void=rulings.shown_void(),
            machine_changes=attempt.machine_changes,
            not_counted=attempt.not_counted,
            late_streams=sorted({late.stream for late in attempt.late}),
            receipt=attempt.receipt,
        )

    def _session_row(self, day: Day) -> SessionRow:
        facts, card = day.part(SessionFacts), self.card
        counts: dict[str, int] = {}
        for attempt in day.part(Attempts).by_id.values():
            counts[attempt.state.value] = counts.get(attempt.state.value, 0) + 1
        started = facts.started_at
        return SessionRow(
            session=day.session,
            title=card.title,
            state=facts.state.value,
            room=card.room,
            run_type=card.run_type,
            starts_at=facts.starts_at,
            started_at=started,
            end_at=facts.end_at(),
            paused_at=facts.paused_at,
            late_cutoff_at=None if started is None else started + card.late_cutoff_ms,
            rules_read_by=facts.rules_read_by,
            rules_read_at=facts.rules_read_at,
            start_confirmed_by=list(facts.start_confirmed_by),
            proctors_min=card.proctors_min,
            gates=_gates(facts, card.proctors_min),
            counts=counts,
        )

    def _changed_alarms(self, day: Day, attempts: Iterable[str]) -> list[AlarmRow]:
        rulings, known = day.part(Rulings), day.part(Attempts).by_id
        rows = []
        for key in attempts:
            for flag in rulings.of(key).flags.values():
                # A flag closed before anyone looked is no row; one that was shown open is shown closed once.
                if flag.open or flag.id in self._alarms:
                    rows.append(self._alarm_row(flag, known[key].seat))
            hand = self._hand_row(day, known[key])
            if hand is not None:
                rows.append(hand)
        rows += [_room_alarm_row(alarm) for alarm in rulings.alarms.values()]
        changed = [row for row in rows if self._alarms.get(row.alarm) != row]
        for row in changed:
            self._alarms[row.alarm] = row
        return changed

    def _hand_row(self, day: Day, attempt: Attempt) -> AlarmRow | None:
        """A raised hand asks for a person as a flag does; one that is down is shown so once."""
        key, raised_at = f"hand.{attempt.id}", _hand_raised_at(day, attempt)
        before = self._alarms.get(key)
        if raised_at is None:
            return None if before is None else before.model_copy(update={"open": False})
        return AlarmRow(
            alarm=key,
            attempt=attempt.id,
            seat=attempt.seat,
            code="hand_raised",
            severity="minor",
            source="candidate",
            at=raised_at,
            duration_ms=None,
            evidence=[],
            note=None,
            open=True,
        )

    def _alarm_row(self, flag: Flag, seat: int) -> AlarmRow:
        return AlarmRow(
            alarm=flag.id,
            attempt=flag.attempt,
            seat=seat,
            code=flag.code,
            severity=flag.severity,
            source=flag.source,
            at=flag.at,
            duration_ms=flag.duration_ms,
            evidence=list(flag.evidence),
            note=None if flag.note is None else self._texts(flag.note),
            open=flag.open,
        )

    def _changed_stations(self, stations: Iterable[str]) -> list[StationRow]:
        changed = []
        for station in stations:
            if station not in self.card.stations:
                continue
            row = station_row(station, self.card, self._lines(station))
            if self._stations.get(station) != row:
                self._stations[station] = row
                changed.append(row)
        return changed


def station_row(station: str, card: SessionCard, line: Line | None) -> StationRow:
    """One station as the machine check sees it, with every reason why it is not fit."""
    report = None if line is None else line.report
    offset = None if line is None else line.offset_ms
    reasons = []
    if line is None or not line.connected:
        reasons.append("not_connected")
    if report is None:
        reasons.append("no_report")
    else:
        if report.camera != "ok":
            reasons.append(f"camera_{report.camera}")
        elif report.width == 0 or report.height == 0:
            reasons.append("no_picture")
        elif report.width < card.width_min or report.height < card.height_min:
            reasons.append("camera_too_small")
        if report.disk_free_mb < DISK_FREE_MB_MIN:
            reasons.append("disk_full")
    if offset is not None and abs(offset) > CLOCK_OFFSET_MS_MAX:
        reasons.append("clock_off")
    return StationRow(
        station=station,
        seat=card.stations[station],
        connected=line is not None and line.connected,
        camera="unknown" if report is None else report.camera,
        width=0 if report is None else report.width,
        height=0 if report is None else report.height,
        disk_free_mb=None if report is None else report.disk_free_mb,
        software="" if report is None else report.software,
        clock_offset_ms=offset,
        fit=not reasons,
        reasons=reasons,
    )


def _room_alarm_row(alarm: RoomWideAlarm) -> AlarmRow:
    return AlarmRow(
        alarm=alarm.id,
        attempt=None,
        seat=None,
        code=alarm.code,
        severity="major",
        source="machine",
        at=alarm.at,
        duration_ms=None,
        evidence=[alarm.id],
        note=alarm.detail or None,
        open=True,
    )


def _hand_raised_at(day: Day, attempt: Attempt) -> int | None:
    """Since when somebody should come; nobody sits there any more once the record form is signed."""
    return attempt.hand_raised_at if day.part(SessionFacts).state in _IN_THE_ROOM else None


def _link(line: Line | None) -> Literal["connected", "offline", "never"]:
    if line is None:
        return "never"
    return "connected" if line.connected else "offline"


def _camera(
    attempt: Attempt, line: Line | None
) -> Literal["ok", "lost", "too_small", "covered", "dark", "unknown"]:
    """What the seat's stream says is wrong comes first; else what the seat last reported."""
    match attempt.camera:
        case "lost" | "covered" | "dark" as wrong:
            return wrong
    if line is None or line.report is None:
        return "unknown"
    return line.report.camera


def _gates(facts: SessionFacts, proctors_min: int) -> list[Literal["check_in", "rules", "proctors"]]:
    if facts.started_at is not None:
        return []
    missing = start_gates(facts, proctors_min)
    return [gate for gate in ("check_in", "rules", "proctors") if gate in missing]
