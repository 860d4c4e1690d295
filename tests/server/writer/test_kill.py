"""A server killed in the middle of its work has kept everything it had called saved, and nothing by half."""

import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from protocol.entry import Head, follows, parse
from protocol.keys import SigningKey
from recordings.ledger import Ledger
from server.attempts.rules import Attempts
from server.clock import RoomClock
from server.db import Database
from server.writer.day import Folding, read_row
from server.writer.writer import Writer
from tests.server.room import PARTS, PROJECTIONS

ROOT = Path(__file__).parents[3]
LINES = 600


@pytest.fixture(scope="module")
def said(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[str]]:
    """A folder a killed server left, and every line in which it had called something saved."""
    folder = tmp_path_factory.mktemp("killed")
    with subprocess.Popen(
        [sys.executable, "-m", "tests.server.writer.killed", str(folder)], cwd=ROOT, stdout=subprocess.PIPE
    ) as process:
        assert process.stdout is not None
        lines = []
        for line in process.stdout:
            lines.append(line.decode().strip())
            if len(lines) == LINES:
                process.send_signal(signal.SIGKILL)
    assert process.returncode == -signal.SIGKILL
    assert lines[0] == "ready"
    return folder, lines[1:]


@pytest.fixture
def database(said: tuple[Path, list[str]]) -> Iterator[Database]:
    opened = Database(said[0] / "room.sqlite")
    yield opened
    opened.close()


def test_everything_called_saved_is_there(said: tuple[Path, list[str]], database: Database) -> None:
    commands = {row[0] for row in database.writer.execute("SELECT id FROM command_outcome")}
    heads = dict(database.writer.execute("SELECT stream, max(seq) FROM entry GROUP BY stream").fetchall())
    kinds = set()
    for line in said[1]:
        kind, name, *rest = line.split()
        kinds.add(kind)
        if kind == "command":
            assert name in commands
        else:
            assert heads[name] >= int(rest[0])
    assert kinds == {"command", "entry"}


def test_every_chain_holds_and_positions_have_no_gap(database: Database) -> None:
    heads: dict[str, Head] = {}
    for n, row in enumerate(Ledger(database.writer).entries(), 1):
        entry = parse(row.text)
        assert row.n == n
        assert (row.stream, row.seq, row.hash) == (entry.stream, entry.seq, entry.hash)
        assert follows(entry, heads.get(entry.stream))
        heads[entry.stream] = entry.head
    assert len(heads) > 20
    assert set(heads) == {stream.id for stream in Ledger(database.writer).streams()}


def test_nothing_is_there_by_half(database: Database) -> None:
    alarms = [row for row in Ledger(database.writer).entries() if row.type == "room.alarm"]
    noted = dict(database.writer.execute("SELECT digest, text FROM note").fetchall())
    told = dict(str(parse(row.text).body["detail"]).split() for row in alarms)
    assert {noted[digest]: digest for digest in noted} == told
    assert not any("refused" in text for text in noted.values())
    assert {row[0] for row in database.writer.execute("SELECT id FROM command_outcome")} == set(told)


def test_rows_are_what_the_ledger_folds_to(database: Database) -> None:
    folding = Folding(PARTS)
    day = folding.empty("s1")
    for row in Ledger(database.writer).entries(session="s1"):
        folding.apply(day, read_row(row))
    states = dict(database.writer.execute("SELECT id, state FROM attempt").fetchall())
    assert states == {key: str(attempt.state) for key, attempt in day.part(Attempts).by_id.items()}
    assert set(states.values()) == {"running"}


async def test_the_next_server_goes_on_and_repeats_first_outcomes(
    said: tuple[Path, list[str]], database: Database
) -> None:
    clock = RoomClock(said[0] / "clock.json", boot_id="test", monotonic=lambda: 1, system=lambda: 1)
    writer = Writer(database, clock, SigningKey.generate(), Folding(PARTS), PROJECTIONS)
    writer.start()
    try:
        command = next(line.split()[1] for line in said[1] if line.startswith("command"))
        n = writer.ledger.last_n
        again = await writer.submit(lambda desk: {"command": "another"}, command=command)
        assert again == {"command": command}
        assert writer.ledger.last_n == n
    finally:
        await writer.stop()
