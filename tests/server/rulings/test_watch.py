"""What the machine flags by itself: a table of what seats report."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from protocol import office_entries as office
from protocol import station_entries as station
from protocol.shapes import Closed
from server.rulings.rules import Rulings
from server.rulings.watch import LINK_LOST_MS, Finding, link_silent, observe, pictures_missing, still_away
from server.writer.writer import Committed
from tests.server.room import Room, Seat, open_room

GRACE_MS = 5_000


@pytest.fixture
async def room(tmp_path: Path) -> AsyncIterator[Room]:
    async with open_room(tmp_path) as opened:
        await opened.plans()
        yield opened


async def sitting(room: Room) -> Seat:
    seat = await room.seats("s1-c1")
    await room.starts("s1", [seat])
    room.now += 60_000
    return seat


async def found(room: Room, seat: Seat, *bodies: Closed, at: int | None = None) -> list[Finding]:
    """Everything the machine finds in these entries, each looked at as it was committed."""
    seen: list[Finding] = []

    def look(committed: Committed) -> None:
        for one in committed.entries:
            finding = observe(room.day(), one, GRACE_MS)
            if finding is not None:
                seen.append(finding)

    room.writer.subscribe(look)
    for body in bodies:
        await seat.says(body, at=at)
    return seen


def picture(number: int = 1) -> station.SnapshotTaken:
    return station.SnapshotTaken(
        digest=f"{number:064x}", size=9, width=1280, height=720, reason="schedule", taken_at=1
    )


class TestObserve:
    @pytest.mark.parametrize(
        ("body", "code", "severity"),
        [
            (station.ClipboardUsed(action="paste"), "clipboard", "minor"),
            (station.CameraChanged(state="lost"), "camera_lost", "major"),
            (station.CameraChanged(state="covered"), "camera_covered", "major"),
            (station.CameraChanged(state="dark"), "camera_dark", "minor"),
            (station.ClockChanged(by_ms=-2_000, cause="moved"), "clock_moved", "minor"),
            (station.ClockChanged(by_ms=0, cause="rebooted_offline"), "clock_unknown", "major"),
            (station.LinkChanged(state="back", offline_ms=LINK_LOST_MS + 1), "link_lost", "minor"),
            (station.SnapshotMissed(reason="schedule", cause="spool_full"), "pictures_not_kept", "major"),
            (station.SnapshotMissed(reason="schedule", cause="camera"), "picture_missed", "minor"),
            (station.HandRaised(raised=True, cause="not_me"), "not_me", "major"),
        ],
    )
    async def test_flags(self, room: Room, body: Closed, code: str, severity: str) -> None:
        [finding] = await found(room, await sitting(room), body)
        assert (finding.attempt, finding.code, finding.severity) == ("s1-c1", code, severity)
        assert finding.evidence == (f"n{room.day().n}",)

    @pytest.mark.parametrize(
        "body",
        [
            station.CameraChanged(state="back"),
            station.CameraChanged(state="clear"),
            station.ClockChanged(by_ms=1_999, cause="moved"),
            station.LinkChanged(state="lost"),
            station.LinkChanged(state="back", offline_ms=LINK_LOST_MS),
            station.HandRaised(raised=True),
            station.AnswerSaved(slot=1, response=["A"]),
            picture(),
        ],
    )
    async def test_leaves_alone(self, room: Room, body: Closed) -> None:
        assert await found(room, await sitting(room), body) == []

    @pytest.mark.parametrize(
        ("away_ms", "severity"), [(5_000, None), (5_001, "minor"), (30_000, "minor"), (30_001, "major")]
    )
    async def test_the_page_left_past_the_grace(self, room: Room, away_ms: int, severity: str | None) -> None:
        seat = await sitting(room)
        seen = await found(
            room,
            seat,
            station.PageLeft(cause="hidden"),
            station.PageReturned(cause="hidden", away_ms=away_ms),
        )
        assert [finding.severity for finding in seen] == ([severity] if severity else [])
        if seen:
            n = room.day().n
            assert seen[0].evidence == (f"n{n - 1}", f"n{n}")

    async def test_a_picture_missed_while_the_camera_is_lost_is_said_once(self, room: Room) -> None:
        seen = await found(
            room,
            await sitting(room),
            station.CameraChanged(state="lost"),
            station.SnapshotMissed(reason="schedule", cause="camera"),
        )
        assert [finding.code for finding in seen] == ["camera_lost"]

    async def test_leaving_the_page_before_the_start_or_in_a_pause_is_nobodys_business(
        self, room: Room
    ) -> None:
        seat = await room.seats("s1-c1")
        away = station.PageReturned(cause="hidden", away_ms=60_000)
        assert await found(room, seat, away) == []
        await room.starts("s1", [seat])
        room.now += 10_000
        await room.records(office.SessionPaused(paused_at=room.now, by="proctor1"))
        room.now += 90_000
        assert await found(room, seat, away) == []

    async def test_what_comes_after_hand_in_is_not_flagged(self, room: Room) -> None:
        seat = await sitting(room)
        await seat.says(station.HandedIn(by="candidate", answered=0, digest="0" * 64))
        room.now += 1
        assert await found(room, seat, station.CameraChanged(state="lost")) == []

    async def test_what_happened_before_hand_in_is_flagged_however_late_it_comes(self, room: Room) -> None:
        seat = await sitting(room)
        before = room.now
        room.now += 60_000
        await seat.says(station.HandedIn(by="candidate", answered=0, digest="0" * 64))
        assert len(await found(room, seat, station.CameraChanged(state="covered"), at=before)) == 1

    async def test_a_forked_stream_is_severe(self, room: Room) -> None:
        seat = await sitting(room)
        head = seat.head
        await seat.says(station.AnswerSaved(slot=1, response=["A"]))
        seat.head = head
        [finding] = await found(room, seat, station.AnswerSaved(slot=1, response=["B"]))
        assert (finding.code, finding.severity) == ("stream_forked", "severe")

    async def test_an_alarm_of_the_room_about_a_seat_is_flagged_under_its_own_code(self, room: Room) -> None:
        seat = await sitting(room)
        seen: list[Finding | None] = []
        room.writer.subscribe(
            lambda committed: seen.extend(observe(room.day(), one, GRACE_MS) for one in committed.entries)
        )
        alarm = office.RoomAlarm(code="order_recovered", attempt=seat.attempt, detail="session.paused")
        await room.records(alarm)
        assert [finding and (finding.code, finding.severity) for finding in seen] == [
            ("order_recovered", "minor")
        ]


class TestStillAway:
    async def test_is_flagged_while_nobody_came_back_and_is_the_same_flag_when_somebody_does(
        self, room: Room
    ) -> None:
        seat = await sitting(room)
        await seat.says(station.PageLeft(cause="hidden"))
        left_at = room.now
        attempt = room.attempt("s1-c1")
        assert still_away(room.day(), attempt, left_at + GRACE_MS, GRACE_MS) is None
        finding = still_away(room.day(), attempt, left_at + GRACE_MS + 1, GRACE_MS)
        assert finding is not None
        assert finding.evidence == (f"n{room.day().n}",)
        [back] = await found(room, seat, station.PageReturned(cause="hidden", away_ms=6_000))
        assert (back.code, back.severity, back.key) == (finding.code, finding.severity, finding.key)
        assert still_away(room.day(), attempt, left_at + 99_000, GRACE_MS) is None

    async def test_how_long_it_was_is_known_on_return(self, room: Room) -> None:
        seat = await sitting(room)
        await seat.says(station.PageLeft(cause="hidden"))
        await room.records(
            office.FlagRaised(
                attempt="s1-c1", flag="m1", code="page_left", severity="minor", source="machine", by="room"
            )
        )
        await seat.says(station.PageReturned(cause="hidden", away_ms=6_123))
        assert room.day().part(Rulings).of("s1-c1").flags["m1"].duration_ms == 6_123


class TestLinkSilent:
    async def test_only_in_the_middle_of_an_exam(self, room: Room) -> None:
        seat = await room.seats("s1-c1")
        late = room.now + LINK_LOST_MS + 1
        assert link_silent(room.attempt("s1-c1"), room.now, late) is None
        await room.starts("s1", [seat])
        assert link_silent(room.attempt("s1-c1"), room.now, late) is not None
        assert link_silent(room.attempt("s1-c1"), room.now, late - 1) is None
        await seat.says(station.HandedIn(by="candidate", answered=0, digest="0" * 64))
        assert link_silent(room.attempt("s1-c1"), room.now, late) is None


class TestPicturesMissing:
    async def test_names_what_is_missing(self, room: Room) -> None:
        await sitting(room)
        assert pictures_missing(room.attempt("s1-c1"), []) is None
        finding = pictures_missing(room.attempt("s1-c1"), [12_000, 30_000])
        assert finding is not None
        assert finding.evidence == ("planned 12000", "planned 30000")
