"""Projections written again from the ledger are the projections that were."""

import sqlite3
from collections.abc import AsyncIterator
from contextlib import closing
from pathlib import Path

import pytest

from protocol import office_entries as office
from protocol import station_entries as station
from server.app import PROJECTED
from server.attempts.models import AttemptRow
from server.rulings.models import FlagRow, VoidRow
from server.snapshots.models import SnapshotRow
from server.writer.day import Folding
from server.writer.rebuild import rebuild
from tests.server.room import PARTS, PROJECTIONS, Room, open_room

TABLES = (AttemptRow, FlagRow, VoidRow, SnapshotRow)
NAMES = ("attempt", "flag", "void", "snapshot", "exam_session")
DIGEST = "ab" * 32


@pytest.fixture
async def room(tmp_path: Path) -> AsyncIterator[Room]:
    """Two sessions in which something happened."""
    async with open_room(tmp_path) as opened:
        for session in ("s1", "s2"):
            await opened.plans(session)
            seat = await opened.seats(f"{session}-c1", session)
            await opened.starts(session, [seat])
            taken = station.SnapshotTaken(
                digest=DIGEST, size=1, width=1280, height=720, reason="start", taken_at=opened.now
            )
            await seat.says(station.AnswerSaved(slot=1, response=["A"]), taken)
            opened.now += 1_000
            received = office.SnapshotReceived(attempt=seat.attempt, digest=DIGEST, size=1)
            flag = office.FlagRaised(
                attempt=seat.attempt,
                flag="f1" + session,
                code="x",
                severity="major",
                source="person",
                by="p1",
            )
            await opened.records(received, flag, session=session)
            opened.now += 1_000
            await seat.says(station.HandedIn(by="candidate", answered=1, digest=DIGEST))
        yield opened


def rows(path: Path) -> dict[str, list[tuple[object, ...]]]:
    with closing(sqlite3.connect(path)) as connection:
        return {name: sorted(connection.execute(f"SELECT * FROM {name}"), key=str) for name in NAMES}


def damage(room: Room) -> None:
    """What a repair finds: rows gone, rows wrong, rows that never were."""
    room.database.writer.execute("DELETE FROM snapshot")
    room.database.writer.execute("UPDATE attempt SET state = 'running', seat = 77")
    room.database.writer.execute("UPDATE exam_session SET state = 'archived'")
    room.database.writer.execute("UPDATE flag SET id = id || '-ghost'")
    room.database.writer.execute("UPDATE checkpoint SET state = x'00'")


async def test_damaged_projections_become_what_they_were(room: Room) -> None:
    before = rows(room.database.path)
    assert all(before[name] for name in NAMES if name != "void")
    await room.writer.stop()
    damage(room)
    assert rows(room.database.path) != before
    read = rebuild(room.database, Folding(PARTS), PROJECTIONS, TABLES)
    assert rows(room.database.path) == before
    with room.database.read_ledger() as ledger:
        assert read == sum(1 for row in ledger.entries() if row.session is not None)


async def test_what_cannot_be_read_leaves_everything_as_it_was(room: Room) -> None:
    await room.writer.stop()
    damage(room)
    before = rows(room.database.path)
    room.database.writer.execute(
        "UPDATE entry SET text = '{}' WHERE n = (SELECT max(n) FROM entry WHERE session = 's2')"
    )
    with pytest.raises(ValueError, match="keys"):
        rebuild(room.database, Folding(PARTS), PROJECTIONS, TABLES)
    assert rows(room.database.path) == before


def test_the_app_names_every_table_that_only_projections_write() -> None:
    assert set(TABLES) <= set(PROJECTED)
