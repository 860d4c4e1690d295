"""The floor's law: stale rows and the rows each entry touched are the floor rendered anew."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from protocol import office_entries as office
from protocol import station_entries as station
from protocol.console import FloorSnapshot
from protocol.entry_types import FROM_OFFICE, FROM_STATION
from protocol.from_station import SeatReport
from server.attempts.actions import answer_hand
from server.live.floor import Card, Floor, SessionCard, station_row, touched
from server.live.presence import Presence
from server.rulings import actions as rulings
from server.writer.writer import Committed
from tests.server.room import MORNING, Room, Seat, open_room

CARD = SessionCard(
    title="Morning",
    room="Room 1",
    run_type="formal",
    late_cutoff_ms=1_800_000,
    proctors_min=2,
    width_min=1280,
    height_min=720,
    attempts={"s1-c1": Card("陈一", "T1", "420***37", "专业知识", None, 80)},
    stations={"station-s1-c1": 1, "spare": 9},
)
DIGEST = "ab" * 32
NOT_OF_THE_FLOOR = frozenset(
    {"register", "bank", "draw", "hand_score", "hand_scoring", "key_correction", "spare"}
)
"""Nouns whose entries are the centre's, or come before and after the day: no row of the floor reads them."""


@pytest.fixture
async def room(tmp_path: Path) -> AsyncIterator[Room]:
    async with open_room(tmp_path) as opened:
        yield opened


class Watched:
    """A stale floor, refreshed by what each commit touched and compared with one rendered anew."""

    def __init__(self, room: Room, presence: Presence) -> None:
        self.room, self.presence = room, presence
        self.floor = self.rendered_anew()
        self.seen: set[str] = set()
        self.broken: list[str] = []
        room.writer.subscribe(self.committed)

    def rendered_anew(self) -> Floor:
        floor = Floor(CARD, self.presence.line, {}.get)
        floor.refresh(self.room.day(), MORNING, None)
        return floor

    def committed(self, committed: Committed) -> None:
        for one in committed.entries:
            if one.session != "s1":
                continue
            self.seen.add(one.entry.type)
            # Time passing is no entry: both floors are rendered for the same instant.
            self.floor.refresh(self.room.day(), MORNING, touched(one))
        if self.snapshot() != self.fresh():
            self.broken.append(committed.entries[-1].entry.type)

    def snapshot(self) -> FloorSnapshot:
        return self.floor.snapshot(self.room.day(), MORNING)

    def fresh(self) -> FloorSnapshot:
        return self.rendered_anew().snapshot(self.room.day(), MORNING)


async def everything_at_a_seat(room: Room, seat: Seat) -> None:
    """Every type of entry a station writes."""
    room.now += 60_000
    for body in (
        station.PaperOpened(digest=DIGEST),
        station.AnswerSaved(slot=1, response=["A"]),
        station.ItemMarked(slot=2, marked=True),
        station.PageLeft(cause="hidden"),
        station.PageReturned(cause="hidden", away_ms=7_000),
        station.ClipboardUsed(action="copy"),
        station.CameraChanged(state="covered"),
        station.CameraChanged(state="clear"),
        station.LinkChanged(state="lost"),
        station.LinkChanged(state="back", offline_ms=3_000),
        station.ClockChanged(by_ms=9_000, cause="moved"),
        station.SnapshotTaken(
            digest=DIGEST, size=9, width=1280, height=720, reason="schedule", planned_ms=1, taken_at=room.now
        ),
        station.SnapshotMissed(reason="schedule", cause="camera"),
        station.HandRaised(raised=True),
    ):
        await seat.says(body)


async def everything_of_the_office(room: Room, seat: Seat) -> None:
    """Every type of entry the office writes while an attempt runs, orders heard as they come."""
    key = seat.attempt
    for body in (
        office.SnapshotReceived(attempt=key, digest=DIGEST, size=1),
        office.MessageSent(attempt=key, message="m1", text=DIGEST, warning=True, by="p1"),
        office.FlagRaised(attempt=key, flag="f1", code="x", severity="major", source="person", by="p1"),
        office.SnapshotRequested(attempt=key, flag="f1", by="p1"),
        office.FlagClosed(flag="f1", attempt=key, outcome="dismissed", by="p1"),
        office.FlagRaised(attempt=key, flag="f2", code="x", severity="severe", source="machine", by="room"),
        office.AttemptExtended(attempt=key, by_ms=60_000, by="p1", note=None),
        office.AttemptSuspended(attempt=key, by="p1", note=None),
        office.AttemptUnsuspended(attempt=key, by="p1"),
        office.SessionPaused(paused_at=room.now, by="p1"),
        office.SessionResumed(resumed_at=room.now + 1_000, by="p1"),
        office.SessionExtended(by_ms=60_000, by="p1", note=None),
        office.SeatChangeAllowed(attempt=key, seat=7, by="p1", note=None),
        office.LateAdmitted(attempt=key, stream=seat.stream, by="p1", note=None),
        office.HandAnswered(attempt=key, by="p1"),
        office.RoomAlarm(code="clock_disagrees", attempt=None),
        office.RoomAlarm(code="quarantined", attempt=key, detail="a gap"),
    ):
        await room.records(body)
        await room.hears(seat)
    await seat.says(station.MessageAcknowledged(message="m1"))
    await seat.says(station.HandedIn(by="candidate", answered=1, digest=DIGEST))
    await room.records(office.HandInRevoked(attempt=key, by="p1", note=None))


async def to_the_end(room: Room) -> None:
    """Voids of both outcomes, the end, and what comes after."""
    for outcome in ("lifted", "upheld"):
        for state in ("withdrawn", outcome):
            proposed = await room.writer.submit(
                lambda desk: rulings.propose_void(
                    desk,
                    "s1",
                    "s1-c1",
                    "p1",
                    code="system_misuse",
                    flags=[],
                    statement=None,
                    statement_declined=True,
                    reason="seen",
                )
            )
            ruling = str(proposed["ruling"])
            if state == "withdrawn":
                body = office.VoidWithdrawn(ruling=ruling, attempt="s1-c1", by="p1")
                await room.records(body)
            else:
                await room.writer.submit(
                    lambda desk, key=ruling: rulings.sign_void(desk, "s1", "s1-c1", key, "p2")
                )  # type: ignore[misc]
                decided = office.VoidDecided.model_validate(
                    {"ruling": ruling, "attempt": "s1-c1", "outcome": outcome, "by": "b", "note": None}
                )
                await room.records(decided)
    await room.records(
        office.AttemptAbsent(attempt="s1-c2", by="p1"),
        office.AttemptRefused(attempt="s1-c3", code="no_document", by="p1"),
        office.SessionCollected(cause="ordered", by="p1"),
        office.AttemptCollected(attempt="s1-c4", cause="ordered", by="p1"),
        office.SessionMoved(step="ended", by="p1"),
        office.AttemptScored(
            attempt="s1-c4", score=0, max_score=10_000, answers_digest=DIGEST, cause="session_end"
        ),
        office.SessionSeconded(verb="abort", by="p1", second="p2", note=None),
        office.RecordCorrected(field="x", value=None, by="p1", note=None),
        office.RecordSigned(by="p1", form_digest=DIGEST, heads_digest=DIGEST),
        office.RecordSigned(by="p2", form_digest=DIGEST, heads_digest=DIGEST),
        office.WindowEventReported(event="upload", happened_at=1, by="o"),
        office.ReviewSeen(attempt="s1-c4", what="flag", key="f1", by="r1"),
        office.ResultMoved(attempt="s1-c4", step="under_review", by="r1"),
    )


class TestLaw:
    async def test_holds_after_every_type_of_entry(self, room: Room) -> None:
        presence = Presence(lambda: room.now)
        presence.connected("station-s1-c1")
        watched = Watched(room, presence)
        await room.plans(candidates=("c1", "c2", "c3", "c4"))
        seat = await room.seats("s1-c1")
        other = await room.seats("s1-c4")
        await room.starts("s1", [seat, other])
        await everything_at_a_seat(room, seat)
        await everything_of_the_office(room, seat)
        await to_the_end(room)
        assert watched.broken == []
        of_a_session = {
            kind
            for kind in FROM_STATION.keys() | FROM_OFFICE.keys()
            if kind.split(".")[0] not in NOT_OF_THE_FLOOR
        }
        assert of_a_session - watched.seen == set()
        row = next(row for row in watched.snapshot().rows if row.attempt == "s1-c1")
        assert (row.name, row.void, row.pictures, row.pictures_missed) == ("陈一", "upheld", 1, 1)
        assert [alarm.code for alarm in watched.snapshot().alarms] == ["x", "clock_disagrees"]

    async def test_orders_are_missed_only_where_somebody_sits(self, room: Room) -> None:
        await room.plans(candidates=("c1", "c2"))
        seat = await room.seats("s1-c1")
        await room.starts("s1", [seat])
        floor = Floor(CARD, Presence(lambda: room.now).line, {}.get)
        for attempt in ("s1-c1", "s1-c2"):
            await room.records(office.AttemptExtended(attempt=attempt, by_ms=60_000, by="p1", note=None))
        floor.refresh(room.day(), room.now, None)
        rows = {row.attempt: row.orders_unheard for row in floor.snapshot(room.day(), room.now).rows}
        assert rows == {"s1-c1": 1, "s1-c2": 0}

    async def test_a_closed_alarm_is_shown_closed_once(self, room: Room) -> None:
        await room.plans()
        floor = Floor(CARD, Presence(lambda: room.now).line, {}.get)
        flag = office.FlagRaised(
            attempt="s1-c1", flag="f1", code="x", severity="minor", source="person", by="p1"
        )
        await room.records(flag)
        floor.refresh(room.day(), room.now, None)
        await room.records(office.FlagClosed(flag="f1", attempt="s1-c1", outcome="dismissed", by="p1"))
        changes = floor.refresh(room.day(), room.now, ["s1-c1"])
        assert changes is not None
        assert [(alarm.alarm, alarm.open) for alarm in changes.alarms] == [("f1", False)]
        assert floor.refresh(room.day(), room.now, ["s1-c1"]) is None


class TestHands:
    """举手: also after the hand-in, when the receipt tells the candidate to raise it and wait."""

    async def test_one_raised_after_the_hand_in_asks_for_a_person_until_one_came(self, room: Room) -> None:
        (attempt,) = await room.plans(candidates=["c1"])
        seat = await room.seats(attempt)
        await room.starts("s1", [seat])
        await seat.says(station.HandedIn(by="candidate", answered=1, digest=DIGEST))
        floor = Floor(CARD, Presence(lambda: room.now).line, {}.get)
        floor.refresh(room.day(), room.now, None)

        room.now += 5_000
        await seat.says(station.HandRaised(raised=True))
        await seat.says(station.HandRaised(raised=True))
        changes = floor.refresh(room.day(), room.now + 9_000, [attempt])
        assert changes is not None
        assert [(row.state, row.hand_raised) for row in changes.rows] == [("handed_in", True)]
        (alarm,) = changes.alarms
        assert (alarm.code, alarm.seat, alarm.source, alarm.at, alarm.open) == (
            "hand_raised",
            1,
            "candidate",
            room.now,
            True,
        )
        assert floor.snapshot(room.day(), room.now).alarms == [alarm]

        await room.writer.submit(lambda desk: answer_hand(desk, "s1", attempt, "proctor1"))
        changes = floor.refresh(room.day(), room.now, [attempt])
        assert changes is not None
        assert [row.hand_raised for row in changes.rows] == [False]
        assert [one.open for one in changes.alarms] == [False]
        n = room.day().n
        await room.writer.submit(lambda desk: answer_hand(desk, "s1", attempt, "proctor2"))
        assert room.day().n == n, "a hand that is down is not answered again"

        await seat.says(station.HandRaised(raised=False), station.HandRaised(raised=True))
        changes = floor.refresh(room.day(), room.now, [attempt])
        assert changes is not None
        assert [one.open for one in changes.alarms] == [True]

    async def test_nobody_sits_there_once_the_form_is_signed(self, room: Room) -> None:
        (attempt,) = await room.plans(candidates=["c1"])
        seat = await room.seats(attempt)
        await room.starts("s1", [seat])
        await seat.says(station.HandRaised(raised=True))
        await room.records(
            office.SessionCollected(cause="ordered", by="p1"),
            office.SessionMoved(step="ended", by="p1"),
            *[office.RecordSigned(by=one, form_digest=DIGEST, heads_digest=DIGEST) for one in ("p1", "p2")],
        )
        floor = Floor(CARD, Presence(lambda: room.now).line, {}.get)
        floor.refresh(room.day(), room.now, None)
        snapshot = floor.snapshot(room.day(), room.now)
        assert ([row.hand_raised for row in snapshot.rows], snapshot.alarms) == ([False], [])


class TestPresence:
    async def test_a_seat_is_connected_as_long_as_one_of_its_links_stands(self, room: Room) -> None:
        presence = Presence(lambda: room.now)
        told: list[str] = []
        presence.subscribe(told.append)
        presence.connected("a")
        presence.connected("a")
        presence.lost("a")
        line = presence.line("a")
        assert line is not None
        assert line.connected
        room.now += 5_000
        presence.heard("a")
        room.now += 1_000
        presence.lost("a")
        assert not line.connected
        assert (room.now - line.heard_at, line.since) == (1_000, room.now)
        assert told == ["a", "a", "a"]

    def test_a_station_says_why_it_is_not_fit(self) -> None:
        presence = Presence(lambda: MORNING)
        assert station_row("spare", CARD, presence.line("spare")).reasons == ["not_connected", "no_report"]
        presence.connected("spare")
        fit = SeatReport(
            camera="ok", width=1280, height=720, disk_free_mb=9_000, page="none", spooled=0, software="1"
        )
        presence.report("spare", fit)
        assert station_row("spare", CARD, presence.line("spare")).fit
        presence.report("spare", fit.model_copy(update={"height": 719, "disk_free_mb": 1_999}))
        presence.offset("spare", -2_001)
        row = station_row("spare", CARD, presence.line("spare"))
        assert row.reasons == ["camera_too_small", "disk_full", "clock_off"]
