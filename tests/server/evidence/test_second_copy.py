"""The server's folder is gone: a fresh server with the second copy and the seats' journals rebuilds the day."""

import asyncio
import shutil
import time
from pathlib import Path

import pytest
from click.testing import CliRunner

from kaochang.admin import command as admin
from protocol import journal_file
from protocol import station_entries as station
from protocol.shapes import HeadRef
from protocol.witness import sign_head
from recordings.second_copy.copying import Room as CopiedRoom
from recordings.second_copy.restoring import restore
from server.app import PROJECTED, create_app
from server.app import open_room as open_served
from server.attempts import actions as attempts
from server.attempts import importing
from server.attempts.rules import Attempt
from server.data_folder import DataFolder
from server.db import Database
from server.evidence.second_copy import SecondCopy
from server.papers.access import wrapping_key
from server.papers.queries import session_secret
from server.people.queries import people
from server.results.actions import score, to_score
from server.settings import Argon2, Settings
from server.settings import SecondCopy as CopySettings
from server.writer.day import Folding
from server.writer.rebuild import rebuild
from tests.server.after_exam import answer, lived, photograph
from tests.server.room import PARTS, PROJECTIONS, Room, Seat, open_room


def copied(room: Room, copy: Path) -> SecondCopy:
    described = CopiedRoom(room.folder, room.folder / "room.sqlite", room.folder / "store", room.key.public)
    return SecondCopy(described, copy, 0.02, room.clock.now_ms)


async def caught_up(room: Room, copy: SecondCopy) -> None:
    """Wait until everything committed is over there."""
    deadline = time.monotonic() + 30
    while copy.state.n < room.writer.ledger.last_n:
        assert time.monotonic() < deadline, copy.state
        await asyncio.sleep(0.01)


def journal(room: Room, seat: Seat) -> bytes:
    """What the seat has on its own disk: everything it ever wrote."""
    with room.database.read_ledger() as ledger:
        texts = [row.text for row in ledger.stream_entries(seat.stream)]
    assert seat.head is not None
    signed = sign_head(seat.key, HeadRef(**seat.head.to_json()), None, room.now)
    return journal_file.write(seat.station, room.now, "0.1.0", texts, [], [signed])


async def imported(room: Room, data: bytes) -> importing.Import:
    found = importing.read(data)
    prepared = await room.writer.submit(lambda desk: importing.prepare(desk, "s1", found))
    for piece in prepared.pieces:
        await room.writer.submit(
            lambda desk, piece=piece: importing.take(desk, prepared, piece, room.key.public)  # type: ignore[misc]
        )
    await room.writer.submit(lambda desk: importing.finish(desk, prepared, "0" * 64, "office"))
    return prepared


def again(folder: Path) -> None:
    """What ``kaochang admin restore`` does behind the copying."""
    database = Database(folder / "room.sqlite")
    try:
        rebuild(database, Folding(PARTS), PROJECTIONS, PROJECTED)
    finally:
        database.close()


def account(attempt: Attempt) -> dict[str, object]:
    """What must be the same in the rebuilt room; places on the ledger are not."""
    return {
        "state": attempt.state,
        "answers": {slot: held.response for slot, held in attempt.answers.items()},
        "end": attempt.clock.end_at,
        "heard": attempt.heard_clock.end_at,
        "away": attempt.away_times,
        "rules": attempt.rules_acknowledged,
    }


async def test_the_day_is_rebuilt(tmp_path: Path) -> None:
    home, copy, new = tmp_path / "room", tmp_path / "copy", tmp_path / "new"
    home.mkdir()
    async with open_room(home) as room:
        seats = await lived(room)
        keeping = copied(room, copy)
        keeping.start()
        await caught_up(room, keeping)
        await answer(seats["c2"], {1: ["A"]})
        await caught_up(room, keeping)
        await asyncio.to_thread(keeping.stop)
        # From here nothing reaches the second place any more.
        await room.writer.submit(lambda desk: attempts.extend(desk, "s1", "s1-c2", "proctor1", 5, "键盘失灵"))
        await room.hears(seats["c2"])
        await answer(seats["c2"], {2: ["B"], 3: ["C"]})
        await seats["c2"].says(station.PageLeft(cause="hidden"))
        await photograph(room, seats["c2"], b"never copied")
        expected = {key: account(seat.room.attempt(seat.attempt)) for key, seat in seats.items()}
        journals = {key: journal(room, seat) for key, seat in seats.items()}
        key, now = room.key, room.now
    shutil.rmtree(home)

    found = restore(copy, new, new / "room.sqlite", new / "store")
    assert not found.torn
    again(new)
    async with open_room(new, key, now + 60_000) as room:
        assert account(room.attempt("s1-c2")) != expected["c2"]
        for data in (journals["c2"], journals["c1"], journals["c2"]):
            taken = await imported(room, data)
            assert (taken.quarantined, taken.refused, taken.faults) == (0, 0, [])
        assert {key: account(room.attempt(f"s1-{key}")) for key in expected} == expected
        # The order the copy never saw came back with the seat, under the room's own signature.
        assert [ref.type for ref in room.attempt("s1-c2").orders].count("attempt.extended") == 1
        await room.writer.submit(lambda desk: attempts.end(desk, "s1", "room", "time_up"))
        wanted = await room.writer.submit(lambda desk: to_score(desk, "s1"))
        with room.database.read() as db:
            scored = score(db, session_secret(db, "s1", wrapping_key(room.key)), wanted)
        assert {one.attempt: one.score for one in scored}["s1-c1"] == 10000


async def test_a_second_place_that_fails_stops_nothing(tmp_path: Path) -> None:
    home, copy = tmp_path / "room", tmp_path / "copy"
    home.mkdir()
    copy.write_text("a file where the folder should be")
    async with open_room(home) as room:
        keeping = copied(room, copy)
        keeping.start()
        await lived(room)
        deadline = time.monotonic() + 30
        while keeping.state.fault is None:
            assert time.monotonic() < deadline
            await asyncio.sleep(0.01)
        await asyncio.to_thread(keeping.stop)
        assert room.attempt("s1-c1").answered() == 60


def test_the_command_says_what_is_not_there(tmp_path: Path) -> None:
    done = CliRunner().invoke(admin, ["restore", "--from", str(tmp_path), "--data", str(tmp_path / "new")])
    assert done.exit_code == 1
    assert "副本" in done.output


@pytest.mark.timeout(300)
async def test_a_room_served_with_a_second_copy_is_made_again_by_the_command(tmp_path: Path) -> None:
    """From ``admin init`` over a served room to ``admin restore``, by their own doors."""
    home, copy, new = tmp_path / "home", tmp_path / "copy", tmp_path / "new"
    done = await asyncio.to_thread(CliRunner().invoke, admin, ["init", str(home)])
    assert done.exit_code == 0, done.output
    settings = Settings(
        second_copy=CopySettings(folder=str(copy)), argon2=Argon2(memory_kib=8, passes=1, lanes=1)
    )
    served = open_served(DataFolder(home), settings)
    try:
        app = create_app(served)
        async with app.router.lifespan_context(app):
            pass
    finally:
        served.close()
    shutil.rmtree(home)
    restoring = ["restore", "--from", str(copy), "--data", str(new)]
    done = await asyncio.to_thread(CliRunner().invoke, admin, restoring)
    assert done.exit_code == 0, done.output
    opened = open_served(DataFolder(new), Settings())
    try:
        assert opened.keys.room.public == served.keys.room.public
        with opened.database.read() as db:
            assert [one.login for one in people(db)] == ["admin"]
    finally:
        opened.close()
