"""The machine's eyes: flags raised by what seats report, and by what they do not; time is moved, never slept."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from config.scheme import shipped_schemes
from protocol import office_entries as office
from protocol import station_entries as station
from protocol.capture_schedule import offsets_until
from server.attempts.signing_in import seat_policy
from server.live.presence import Presence
from server.live.watching import PICTURE_LATE_MS, Watching
from server.papers.models import SessionSecret
from server.papers.queries import capture_secret
from server.papers.sealing import wrap
from server.rulings.rules import Flag, Rulings
from server.rulings.watch import LINK_LOST_MS
from server.sessions.models import SessionSubject
from tests.server.room import Room, Seat, open_room

SECRET, WRAPPING = b"s" * 32, b"w" * 32
SCHEME = shipped_schemes()["s3-a"]
SUBJECT = SCHEME.subjects[0].code


class Watched:
    """A room with one candidate in mid-exam, connected and under watch."""

    def __init__(self, room: Room) -> None:
        self.room = room
        self.presence = Presence(lambda: room.now)
        self.watching: Watching
        self.seat: Seat

    async def begin(self) -> None:
        await self.room.plans()
        nonce, wrapped = wrap(SECRET, "s1", WRAPPING)
        await self.room.writer.submit(
            lambda desk: desk.db.add_all(
                [
                    SessionSecret(session="s1", nonce=nonce, wrapped=wrapped),
                    SessionSubject(session="s1", subject=SUBJECT, bank="b", blueprint="b"),
                ]
            )
        )
        self.watching = Watching(self.room.writer, self.presence, self.room.clock, WRAPPING)
        await self.watching.watch("s1")
        self.seat = await self.room.seats("s1-c1")
        self.presence.connected(self.seat.station)
        await self.room.starts("s1", [self.seat])

    async def flags(self) -> list[Flag]:
        """All flags, once everything submitted is durable."""
        await self.room.writer.submit(lambda _desk: None)
        return list(self.room.day().part(Rulings).of("s1-c1").flags.values())

    async def after(self, ms: int) -> list[str]:
        """The codes of all flags when so much time has passed and the watch has looked."""
        self.room.now += ms
        self.watching.tick()
        return [flag.code for flag in await self.flags()]


@pytest.fixture
async def watched(tmp_path: Path) -> AsyncIterator[Watched]:
    async with open_room(tmp_path) as room:
        made = Watched(room)
        await made.begin()
        yield made


class TestReports:
    async def test_a_covered_camera_is_flagged_and_photographed(self, watched: Watched) -> None:
        await watched.seat.says(station.CameraChanged(state="covered"))
        [flag] = await watched.flags()
        assert (flag.code, flag.severity, flag.source, flag.by) == (
            "camera_covered",
            "major",
            "machine",
            "room",
        )
        order = watched.room.attempt("s1-c1").orders[-1]
        assert order.type == "snapshot.requested"

    async def test_ten_tries_to_copy_are_one_open_flag(self, watched: Watched) -> None:
        await watched.seat.says(*[station.ClipboardUsed(action="copy")] * 10)
        await watched.seat.says(station.ClipboardUsed(action="paste"))
        assert [flag.code for flag in await watched.flags()] == ["clipboard"]

    async def test_a_new_try_after_a_person_looked_is_flagged_again(self, watched: Watched) -> None:
        await watched.seat.says(station.ClipboardUsed(action="copy"))
        [flag] = await watched.flags()
        closed = office.FlagClosed(flag=flag.id, attempt="s1-c1", outcome="acknowledged", by="p")
        await watched.room.records(closed)
        await watched.seat.says(station.ClipboardUsed(action="copy"))
        assert len(await watched.flags()) == 2


class TestPageLeft:
    async def test_is_flagged_while_still_away_past_the_grace(self, watched: Watched) -> None:
        await watched.seat.says(station.PageLeft(cause="hidden"))
        assert await watched.after(5_000) == []
        assert await watched.after(1) == ["page_left"]
        assert await watched.after(10_000) == ["page_left"]

    async def test_is_one_flag_that_learns_how_long_it_was(self, watched: Watched) -> None:
        await watched.seat.says(station.PageLeft(cause="hidden"))
        await watched.after(6_000)
        await watched.seat.says(station.PageReturned(cause="hidden", away_ms=6_000))
        [flag] = await watched.flags()
        assert flag.duration_ms == 6_000

    async def test_gets_worse_with_time(self, watched: Watched) -> None:
        await watched.seat.says(station.PageLeft(cause="hidden"))
        await watched.after(6_000)
        await watched.after(30_000)
        left = [flag.severity for flag in await watched.flags() if flag.code == "page_left"]
        assert left == ["minor", "major"]

    async def test_a_suspended_seat_is_not_asked(self, watched: Watched) -> None:
        await watched.seat.says(station.PageLeft(cause="hidden"))
        await watched.room.records(office.AttemptSuspended(attempt="s1-c1", by="p", note=None))
        assert await watched.after(60_000) == []


class TestLink:
    async def test_a_silent_seat_is_flagged_once(self, watched: Watched) -> None:
        watched.presence.lost(watched.seat.station)
        assert await watched.after(LINK_LOST_MS) == []
        assert await watched.after(1) == ["link_lost"]
        assert await watched.after(60_000) == ["link_lost"]

    async def test_one_that_comes_back_in_time_is_not(self, watched: Watched) -> None:
        watched.presence.lost(watched.seat.station)
        await watched.after(LINK_LOST_MS - 1_000)
        watched.presence.connected(watched.seat.station)
        assert "link_lost" not in await watched.after(60_000)


class TestPictures:
    def planned(self, watched: Watched, until_ms: int) -> list[int]:
        policy = seat_policy(SCHEME, SUBJECT).capture
        attempt = watched.room.attempt("s1-c1")
        secret = capture_secret(SECRET, "s1-c1")
        return offsets_until(secret, "s1-c1", policy, attempt.clock.duration_ms, until_ms)

    async def test_one_the_connected_seat_says_nothing_of_is_missing(self, watched: Watched) -> None:
        await watched.after(1_000)
        due = [each for each in self.planned(watched, 200_000) if each > 1_000]
        assert await watched.after(due[0] - 1_000 + PICTURE_LATE_MS - 1) == []
        assert await watched.after(1) == ["picture_missing"]
        [flag] = await watched.flags()
        assert flag.evidence == [f"planned {due[0]}"]

    async def test_those_taken_or_reported_missed_are_not(self, watched: Watched) -> None:
        await watched.after(1_000)
        due = [each for each in self.planned(watched, 200_000) if each > 1_000]
        started_at = watched.room.attempt("s1-c1").clock.started_at
        assert started_at is not None
        for number, planned in enumerate(due):
            watched.room.now = started_at + planned
            body: station.SnapshotTaken | station.SnapshotMissed = station.SnapshotTaken(
                digest=f"{number:064x}",
                size=9,
                width=1280,
                height=720,
                reason="schedule",
                planned_ms=planned,
                taken_at=watched.room.now,
            )
            if number % 2:
                body = station.SnapshotMissed(reason="schedule", planned_ms=planned, cause="spool_full")
            await watched.seat.says(body)
            assert "picture_missing" not in await watched.after(0)

    async def test_a_seat_that_was_away_from_the_line_is_asked_from_its_return_on(
        self, watched: Watched
    ) -> None:
        await watched.after(1_000)
        watched.presence.lost(watched.seat.station)
        await watched.after(25_000)
        watched.presence.connected(watched.seat.station)
        back = watched.room.now
        await watched.after(0)
        started_at = watched.room.attempt("s1-c1").clock.started_at
        assert started_at is not None
        due = next(each for each in self.planned(watched, 300_000) if each > back - started_at)
        await watched.after(due - (back - started_at) + PICTURE_LATE_MS - 1)
        assert await watched.flags() == []
        assert await watched.after(1) == ["picture_missing"]

    async def test_a_pause_asks_for_none(self, watched: Watched) -> None:
        await watched.after(0)
        await watched.room.records(office.SessionPaused(paused_at=watched.room.now, by="p"))
        await watched.room.hears(watched.seat)
        assert await watched.after(600_000) == []
