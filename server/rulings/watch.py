"""What the machine flags by itself, all thresholds on one page; machines observe and flag, only people rule.

:func:`observe` looks at one entry, just applied; :func:`still_away` and :func:`link_silent` at a seat from which
nothing came. All are pure: the same entries give the same findings. Values marked "ours" are given by no notice.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from protocol import office_entries as office
from protocol import station_entries as station
from server.attempts.budget import ONCE
from server.attempts.rules import DONE, A, Attempt, Attempts
from server.rulings.rules import PAGE_LEFT, Rulings, Severity
from server.writer.day import Day, Recorded

PAGE_LEFT_LONG_MS = 30_000
"""A page left for so long is major; below, and over the scheme's grace, minor (ours)."""

LINK_LOST_MS = 30_000
"""A seat silent for so long is flagged; the floor shows it within seconds (ours)."""

CLOCK_MOVED_MS = 2_000
"""A machine's clock set by less than this is an ordinary correction (ours)."""

INTERESTING = frozenset(
    {
        "page.returned",
        "clipboard.used",
        "camera.changed",
        "clock.changed",
        "link.changed",
        "snapshot.missed",
        "hand.raised",
        "room.alarm",
    }
)
"""Entry types :func:`observe` may find something in."""


@dataclass(frozen=True, slots=True)
class Finding:
    """What a machine flags. ``key`` names the thing seen, so that seeing it twice is one finding."""

    attempt: str
    code: str
    severity: Severity
    key: str
    evidence: tuple[str, ...] = ()


def observe(day: Day, one: Recorded, grace_ms: int) -> Finding | None:
    """What this entry, applied to the day, gives to flag; ``grace_ms`` is the scheme's for leaving the page."""
    if one.attempt is None:
        return None
    attempt = day.part(Attempts).by_id[one.attempt]
    if not _sat(attempt, one.entry.at):
        return None
    if isinstance(one.body, office.RoomAlarm):
        return _of_stream(one, one.body)
    return _of_page(day, attempt, one, grace_ms) or _of_camera(attempt, one) or _of_machine(one)


def _of_page(day: Day, attempt: Attempt, one: Recorded, grace_ms: int) -> Finding | None:
    if not _answering(attempt, one.entry.at):
        return None
    match one.body:
        case station.PageReturned(away_ms=away_ms) if away_ms > grace_ms:
            left = day.part(Rulings).of(attempt.id).left_n
            if left is None or left > one.n:
                return _left(attempt.id, away_ms, _place(one), (_entry(one.n),))
            return _left(attempt.id, away_ms, _entry(left), (_entry(left), _entry(one.n)))
        case station.ClipboardUsed():
            return _seen(one, "clipboard", "minor")
    return None


def _of_camera(attempt: Attempt, one: Recorded) -> Finding | None:
    match one.body:
        case station.CameraChanged(state="lost"):
            return _seen(one, "camera_lost", "major")
        case station.CameraChanged(state="covered"):
            return _seen(one, "camera_covered", "major")
        case station.CameraChanged(state="dark"):
            return _seen(one, "camera_dark", "minor")
        case station.SnapshotMissed(cause="spool_full"):
            return _seen(one, "pictures_not_kept", "major")
        case station.SnapshotMissed() if attempt.camera != "lost":
            return _seen(one, "picture_missed", "minor")
    return None


def _of_machine(one: Recorded) -> Finding | None:
    match one.body:
        case station.ClockChanged(cause="rebooted_offline"):
            return _seen(one, "clock_unknown", "major")
        case station.ClockChanged(by_ms=by_ms) if abs(by_ms) >= CLOCK_MOVED_MS:
            return _seen(one, "clock_moved", "minor")
        case station.LinkChanged(state="back", offline_ms=offline_ms) if offline_ms > LINK_LOST_MS:
            return _seen(one, "link_lost", "minor")
        case station.HandRaised(raised=True, cause="not_me"):
            return _seen(one, "not_me", "major")
    return None


def _of_stream(one: Recorded, alarm: office.RoomAlarm) -> Finding:
    if alarm.code != "quarantined":
        return _seen(one, alarm.code, "major" if alarm.code in ONCE else "minor")
    if alarm.detail.startswith("a fork"):
        return _seen(one, "stream_forked", "severe")
    return _seen(one, "stream_quarantined", "minor")


def still_away(day: Day, attempt: Attempt, now: int, grace_ms: int) -> Finding | None:
    """A page left longer than the grace, from which nobody came back yet."""
    rulings = day.part(Rulings).of(attempt.id)
    if attempt.state is not A.AWAY or rulings.left_at is None or rulings.left_n is None:
        return None
    away_ms = now - rulings.left_at
    if away_ms <= grace_ms or not _answering(attempt, rulings.left_at):
        return None
    return _left(attempt.id, away_ms, _entry(rulings.left_n), (_entry(rulings.left_n),))


def link_silent(attempt: Attempt, silent_since: int, now: int) -> Finding | None:
    """A seat nothing has come from for long, in the middle of its exam."""
    if not _sat(attempt, now) or attempt.state in DONE or not attempt.rules_acknowledged:
        return None
    if now - silent_since <= LINK_LOST_MS:
        return None
    return Finding(attempt.id, "link_lost", "minor", f"since {silent_since}")


def pictures_missing(attempt: Attempt, planned_ms: Sequence[int]) -> Finding | None:
    """Pictures of the timetable that a connected seat neither announced nor reported missed (S3-A 随机抓拍)."""
    if not planned_ms:
        return None
    evidence = tuple(f"planned {each}" for each in planned_ms[:20])
    return Finding(attempt.id, "picture_missing", "major", f"planned {planned_ms[0]}", evidence)


def _left(attempt: str, away_ms: int, key: str, evidence: tuple[str, ...]) -> Finding:
    severity: Severity = "major" if away_ms > PAGE_LEFT_LONG_MS else "minor"
    return Finding(attempt, PAGE_LEFT, severity, key, evidence)


def _seen(one: Recorded, code: str, severity: Severity) -> Finding:
    assert one.attempt is not None
    return Finding(one.attempt, code, severity, _place(one), (_entry(one.n),))


def _sat(attempt: Attempt, at: int) -> bool:
    """Whether the candidate sat there at that instant and had not finished; nothing is flagged on a void."""
    if attempt.seated_at is None or attempt.state is A.VOIDED:
        return False
    return attempt.handed_in_at is None or at <= attempt.handed_in_at


def _answering(attempt: Attempt, at: int) -> bool:
    """Whether the exam ran for this attempt at that instant: started, not paused, the page not locked."""
    clock = attempt.clock
    if clock.started_at is None or at < clock.started_at or attempt.state is A.SUSPENDED:
        return False
    return clock.paused_at is None or at < clock.paused_at


def _entry(n: int) -> str:
    return f"n{n}"


def _place(one: Recorded) -> str:
    return f"{one.entry.stream}:{one.entry.seq}"
