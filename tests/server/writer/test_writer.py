"""One writer: a batch is saved whole or nothing of it is told; a verb that says no leaves nothing."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest

from protocol import limits
from protocol import office_entries as office
from protocol.entry import Head, follows, parse
from protocol.station_entries import PageLeft
from recordings.ledger import Ledger
from server.db import Database
from server.errors import NotFound
from server.writer.day import Day, Folding, read_row
from server.writer.desk import Desk, TooLong
from server.writer.models import CommandOutcome
from server.writer.office import office_stream, session_of_office_stream
from server.writer.writer import (
    BATCH_VERBS_MAX,
    PACKED_PER_TURN,
    QUEUE_VERBS_MAX,
    Busy,
    Committed,
    NotSaved,
    Writer,
)
from tests.server.room import PARTS, PROJECTIONS, Room, open_room

ALARM = office.RoomAlarm(code="test", attempt=None)


@pytest.fixture
async def room(tmp_path: Path) -> AsyncIterator[Room]:
    async with open_room(tmp_path) as opened:
        yield opened


def records(desk: Desk) -> str:
    desk.record(ALARM, session="s1")
    return "recorded"


def refuses(desk: Desk) -> None:
    """Writes everywhere a verb can, then says no."""
    desk.record(ALARM, session="s1")
    desk.note("refused")
    desk.ledger.quarantine("st", "station", 1, "refused", "text")
    desk.ledger.sign_head("st", 1, "statement", "signature")
    desk.db.add(CommandOutcome(id="refused", at=1, outcome="null"))
    desk.db.flush()
    raise NotFound(what="it")


def contents(room: Room) -> dict[str, int]:
    """Rows in every table."""
    connection = room.writer.connection
    names = [row[0] for row in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
    return {name: connection.execute(f"SELECT count(*) FROM {name}").fetchone()[0] for name in names}


class TestARefusal:
    async def test_leaves_nothing(self, room: Room) -> None:
        await room.writer.submit(records)
        before, day = contents(room), room.writer.folding.dump(room.day())
        with pytest.raises(NotFound):
            await room.writer.submit(refuses)
        assert contents(room) == before
        assert room.writer.folding.dump(room.day()) == day

    async def test_leaves_those_beside_it_in_the_batch_alone(self, room: Room) -> None:
        outcomes = await asyncio.gather(
            *[room.writer.submit(verb) for verb in (records, refuses, records, refuses)],
            return_exceptions=True,
        )
        assert [outcome if isinstance(outcome, str) else type(outcome) for outcome in outcomes] == [
            "recorded",
            NotFound,
            "recorded",
            NotFound,
        ]
        alarms = [row for row in room.writer.ledger.entries() if row.type == "room.alarm"]
        assert [row.n for row in alarms] == [2, 3]
        assert contents(room)["note"] == contents(room)["quarantine"] == contents(room)["signed_head"] == 0

    async def test_by_a_fault_is_the_verbs_own(self, room: Room) -> None:
        def twice(desk: Desk) -> None:
            desk.db.add(CommandOutcome(id="same", at=1, outcome="null"))

        def broken(desk: Desk) -> None:
            desk.record(ALARM, session="s1")
            raise ZeroDivisionError

        outcomes = await asyncio.gather(
            *[room.writer.submit(verb) for verb in (twice, twice, broken, records)], return_exceptions=True
        )
        assert outcomes[0] is None
        assert isinstance(outcomes[1], Exception)
        assert isinstance(outcomes[2], ZeroDivisionError)
        assert outcomes[3] == "recorded"
        assert contents(room)["command_outcome"] == 1
        assert not room.writer.failed.is_set()

    async def test_runs_what_it_was_told_to_run_when_undone(self, room: Room) -> None:
        undone: list[int] = []

        def verb(desk: Desk) -> None:
            desk.on_undo(lambda: undone.append(1))
            desk.on_undo(lambda: undone.append(2))
            raise NotFound(what="it")

        with pytest.raises(NotFound):
            await room.writer.submit(verb)
        assert undone == [2, 1]


class TestACommand:
    async def test_repeated_returns_its_first_outcome(self, room: Room) -> None:
        calls: list[int] = []

        def verb(desk: Desk) -> dict[str, object]:
            calls.append(1)
            desk.record(ALARM, session="s1")
            return {"考": len(calls)}

        first = await room.writer.submit(verb, command="c1")
        both = await asyncio.gather(*[room.writer.submit(verb, command="c1") for _ in range(2)])
        assert [first, *both] == [{"考": 1}] * 3
        assert len(calls) == 1

    async def test_twice_in_one_batch_happens_once(self, room: Room) -> None:
        outcomes = await asyncio.gather(*[room.writer.submit(records, command="c1") for _ in range(3)])
        assert outcomes == ["recorded"] * 3
        assert sum(row.type == "room.alarm" for row in room.writer.ledger.entries()) == 1

    async def test_that_was_refused_is_decided_anew(self, room: Room) -> None:
        with pytest.raises(NotFound):
            await room.writer.submit(refuses, command="c1")
        assert await room.writer.submit(records, command="c1") == "recorded"

    async def test_whose_outcome_is_no_json_is_undone(self, room: Room) -> None:
        def verb(desk: Desk) -> object:
            desk.record(ALARM, session="s1")
            return object()

        with pytest.raises(TypeError):
            await room.writer.submit(verb, command="c1")
        assert room.writer.ledger.last_n == 0


def breaks_the_commit(desk: Desk) -> str:
    """A row that is only found wrong when the transaction is committed."""
    desk.db.connection().exec_driver_sql(
        "CREATE TABLE broken (id INTEGER REFERENCES entry (n) DEFERRABLE INITIALLY DEFERRED)"
    )
    desk.db.connection().exec_driver_sql("INSERT INTO broken VALUES (-1)")
    return "never told"


def breaks_the_write(desk: Desk) -> str:
    """No page more on this disk."""
    pages = desk.db.connection().exec_driver_sql("PRAGMA page_count").scalar_one()
    desk.db.connection().exec_driver_sql(f"PRAGMA max_page_count = {pages}")
    for _ in range(200):
        desk.record(office.RoomAlarm(code="test", attempt=None, detail="x" * 200), session="s1")
    return "never told"


@pytest.mark.parametrize("fault", [breaks_the_commit, breaks_the_write])
class TestWhenTheDiskSaysNo:
    async def test_nobody_is_told_it_was_saved(self, room: Room, fault: object) -> None:
        await room.writer.submit(records)
        n, told = room.writer.ledger.last_n, list[Committed]()
        room.writer.subscribe(told.append)
        verbs = [records, fault, refuses, records]
        waiting = [room.writer.submit(verb) for verb in verbs]  # type: ignore[arg-type]
        outcomes = await asyncio.gather(*waiting, return_exceptions=True)
        assert [type(outcome) for outcome in outcomes] == [NotSaved] * 4
        assert room.writer.failed.is_set()
        assert told == []
        with pytest.raises(NotSaved):
            await room.writer.submit(records)
        await room.writer.stop()
        room.database.close()
        again = Database(room.folder / "room.sqlite")
        assert Ledger(again.writer).last_n == n
        again.close()


class TestAListener:
    async def test_hears_before_the_verb_is_answered(self, room: Room) -> None:
        heard: list[int] = []
        room.writer.subscribe(lambda committed: heard.extend(one.n for one in committed.entries))
        await room.writer.submit(records)
        assert heard == [1, 2]

    async def test_that_fails_makes_nothing_unsaved(self, room: Room) -> None:
        heard: list[int] = []

        def fails(_committed: Committed) -> None:
            raise ZeroDivisionError

        room.writer.subscribe(fails)
        room.writer.subscribe(lambda committed: heard.append(len(committed.entries)))
        assert await room.writer.submit(records) == "recorded"
        assert await room.writer.submit(records) == "recorded"
        assert heard == [2, 1]


class TestStop:
    async def test_finishes_what_waits_and_refuses_what_comes(self, room: Room) -> None:
        waiting = [room.writer.submit(records) for _ in range(BATCH_VERBS_MAX * 2)]
        stopping = asyncio.create_task(room.writer.stop())
        await asyncio.sleep(0)
        late = room.writer.submit(records)
        await stopping
        assert await asyncio.gather(*waiting) == ["recorded"] * len(waiting)
        with pytest.raises(Busy):
            await late
        assert sum(row.type == "room.alarm" for row in room.writer.ledger.entries()) == len(waiting)

    async def test_keeps_a_checkpoint_of_every_day(self, room: Room) -> None:
        await room.plans()
        await room.writer.stop()
        kept = room.writer.ledger.last_checkpoint("s1", room.writer.folding.shape)
        assert kept is not None
        assert kept[0] == room.day().n

    async def test_twice_is_harmless(self, room: Room) -> None:
        await asyncio.gather(room.writer.stop(), room.writer.stop())
        await room.writer.stop()


def folded(writer: Writer, n: int) -> Day:
    """The day of s1 up to n, from its entries alone."""
    day = writer.folding.empty("s1")
    for row in writer.ledger.entries(session="s1"):
        if row.n <= n:
            writer.folding.apply(day, read_row(row))
    return day


class TestACheckpoint:
    async def test_is_of_one_entry_though_attempts_go_on(self, tmp_path: Path) -> None:
        room = Room(tmp_path)
        writer = Writer(
            room.database, room.clock, room.key, Folding(PARTS), PROJECTIONS, checkpoint_entries=100
        )
        writer.start()
        attempts = [f"a{number}" for number in range(PACKED_PER_TURN * 4)]

        def lists(desk: Desk) -> None:
            for seat, attempt in enumerate(attempts):
                listed = office.AttemptListed(
                    attempt=attempt, candidate="c", subject="x", seat=seat + 1, duration_ms=1
                )
                desk.record(listed, session="s1", attempt=attempt)

        def moves(attempt: str) -> Callable[[Desk], None]:
            body = office.AttemptCheckedIn(attempt=attempt, by="p", note=None)
            return lambda desk: desk.record(body, session="s1", attempt=attempt)

        await writer.submit(lists)
        kept = None
        for attempt in attempts[::-1]:
            await writer.submit(moves(attempt))
            kept = kept or writer.ledger.last_checkpoint("s1", writer.folding.shape)
        assert kept is not None
        n, packed = kept
        assert 100 <= n < writer.ledger.last_n
        assert writer.folding.equal(writer.folding.load("s1", packed), folded(writer, n))
        await writer.stop()
        room.database.close()

    async def test_is_begun_anew_when_everybody_is_touched(self, tmp_path: Path) -> None:
        room = Room(tmp_path)
        writer = Writer(
            room.database, room.clock, room.key, Folding(PARTS), PROJECTIONS, checkpoint_entries=1
        )
        writer.start()

        def lists(desk: Desk) -> None:
            for seat in range(PACKED_PER_TURN * 2):
                listed = office.AttemptListed(
                    attempt=f"a{seat}", candidate="c", subject="x", seat=seat + 1, duration_ms=1
                )
                desk.record(listed, session="s1", attempt=f"a{seat}")

        await writer.submit(lists)
        everybody = office.SessionExtended(by_ms=1, by="p", note=None)
        await writer.submit(lambda desk: desk.record(everybody, session="s1"))
        alarm = office.RoomAlarm(code="test", attempt="a1")
        for _ in range(4):
            await writer.submit(lambda desk: desk.record(alarm, session="s1", attempt="a1"))
            kept = writer.ledger.last_checkpoint("s1", writer.folding.shape)
            assert kept is None or writer.folding.equal(
                writer.folding.load("s1", kept[1]), folded(writer, kept[0])
            )
        assert kept is not None
        await writer.stop()
        room.database.close()


async def test_a_full_queue_says_busy(tmp_path: Path) -> None:
    room = Room(tmp_path)
    waiting = [room.writer.submit(records) for _ in range(QUEUE_VERBS_MAX)]
    with pytest.raises(Busy):
        await room.writer.submit(records)
    for each in waiting:
        each.cancel()
    room.database.close()


class TestWhatCouldNeverBeRead:
    async def test_a_body_past_the_limit_is_refused(self, room: Room) -> None:
        flag = office.FlagRaised(
            attempt="a",
            flag="f",
            code="x",
            severity="info",
            source="person",
            by="p",
            evidence=["考" * 200] * 50,
        )
        with pytest.raises(TooLong):
            await room.writer.submit(lambda desk: desk.record(flag, session="s1"))
        assert room.writer.ledger.last_n == 0

    async def test_the_longest_body_taken_makes_an_entry(self, room: Room) -> None:
        longest = office.RegisterChanged(
            noun="n" * 64, key="考" * 200, verb="v" * 64, by="b" * 64, digest="0" * 64
        )
        await room.writer.submit(lambda desk: desk.record(longest, session=None))
        for row in room.writer.ledger.entries():
            parse(row.text)

    @pytest.mark.parametrize("session", ["s" * 41, "考场", "a b", "s\n"])
    async def test_a_session_whose_stream_has_no_name_is_refused(self, room: Room, session: str) -> None:
        with pytest.raises(ValueError, match=r"stream is no id|should match pattern"):
            await room.writer.submit(lambda desk: desk.record(ALARM, session=session))
        assert contents(room)["entry"] == contents(room)["stream"] == 0
        assert await room.writer.submit(records) == "recorded"

    async def test_only_entries_of_the_office_are_recorded(self, room: Room) -> None:
        with pytest.raises(AssertionError):
            await room.writer.submit(lambda desk: desk.record(PageLeft(cause="hidden"), session="s1"))
        assert not room.writer.failed.is_set()


class TestOfficeStreams:
    async def test_follow_the_run_before(self, room: Room) -> None:
        for session in ("s1", None):
            await room.writer.submit(lambda desk, session=session: desk.record(ALARM, session=session))
        before = {session: room.writer.ledger.last_head(session) for session in ("s1", None)}
        await room.writer.stop()
        second = Writer(room.database, room.clock, room.key, Folding(PARTS), PROJECTIONS)
        second.start()
        for session in (None, "s1"):
            await second.submit(lambda desk, session=session: desk.record(ALARM, session=session))
        await second.stop()
        opened = [row for row in second.ledger.entries() if row.type == "stream.opened"][2:]
        for row in opened:
            body = parse(row.text).body
            head = before[row.session]
            assert head is not None
            assert body["follows"] == head.to_json()
            assert row.stream == office_stream(second.run, row.session)

    async def test_go_on_in_another_when_full(self, tmp_path: Path) -> None:
        room = Room(tmp_path)
        writer = Writer(
            room.database, room.clock, room.key, Folding(PARTS), PROJECTIONS, stream_entries_max=4
        )
        writer.start()

        def many(desk: Desk) -> None:
            for _ in range(7):
                desk.record(ALARM, session="s1")

        await writer.submit(many)
        await writer.submit(many)
        await writer.stop()
        streams: dict[str, list[Head]] = {}
        follow: list[object] = []
        for row in writer.ledger.entries():
            entry = parse(row.text)
            stream = streams.setdefault(row.stream, [])
            assert follows(entry, stream[-1] if stream else None)
            stream.append(entry.head)
            if entry.type == "stream.opened":
                follow.append(entry.body["follows"])
        assert [len(stream) for stream in streams.values()] == [4, 4, 4, 4, 3]
        assert all(session_of_office_stream(stream) == "s1" for stream in streams)
        heads = [stream[-1].to_json() for stream in streams.values()]
        assert follow == [None, *heads[:-1]]
        room.database.close()

    @pytest.mark.parametrize("session", ["s1", "a-b", "office-0", "x" * 40])
    def test_name_their_session(self, session: str) -> None:
        name = office_stream("0123456789abcdef", session)
        assert session_of_office_stream(name) == session
        assert len(name) <= limits.ID_CHARS_MAX

    @pytest.mark.parametrize(
        "name", ["office-1-s1", "st-1", "office-0123456789abcdef-", "Office-0123456789abcdef-s"]
    )
    def test_of_another_form_name_none(self, name: str) -> None:
        assert session_of_office_stream(name) is None


async def test_the_outcome_is_what_a_repeat_will_read(room: Room) -> None:
    outcome = {"a": [1, None, "考"], "b": {"c": True}}
    assert await room.writer.submit(lambda _desk: outcome, command="c") == outcome
    kept = room.writer.connection.execute("SELECT outcome FROM command_outcome").fetchone()[0]
    assert json.loads(kept) == outcome
