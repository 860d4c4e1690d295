"""The second copy of a room, made beside a working writer and opened as a room again."""

import shutil
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from recordings.store import Store
from server.clock import RoomClock
from server.data_folder import DataFolder

ROOT = Path(__file__).parents[2]
COPY = ROOT / "deploy" / "kaochang-copy"


def run(*words: object) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, *map(str, words)], cwd=ROOT, capture_output=True, text=True, check=False)


def copy(room: Path, to: Path) -> None:
    done = run(COPY, room, to)
    assert done.returncode == 0, done.stdout + done.stderr


def logins(database: Path) -> list[str]:
    with closing(sqlite3.connect(database)) as connection:
        return [row[0] for row in connection.execute("SELECT login FROM person ORDER BY login")]


@pytest.fixture(scope="module")
def new_room(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("made") / "room"
    done = run("-m", "kaochang", "admin", "init", made, "--name", "kaochang.lan")
    assert done.returncode == 0, done.stdout + done.stderr
    return made


@pytest.fixture
def room(new_room: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(new_room, tmp_path / "room"))


def test_a_copy_is_a_room(room: Path, tmp_path: Path) -> None:
    picture = Store(DataFolder(room).store).put(b"a picture")
    copy(room, tmp_path / "copy")
    listed = run("-m", "kaochang", "admin", "people", "list", tmp_path / "copy")
    assert listed.returncode == 0, listed.stderr
    assert listed.stdout.startswith("admin ")
    assert Store(DataFolder(tmp_path / "copy").store).get(picture) == b"a picture"
    rebuilt = run("-m", "kaochang", "admin", "rebuild", tmp_path / "copy")
    assert rebuilt.returncode == 0, rebuilt.stderr


def test_it_has_the_keys_and_the_policy_and_is_for_its_owner_alone(room: Path, tmp_path: Path) -> None:
    data = DataFolder(room)
    data.schemes.mkdir()
    for policy in (data.schemes / "ours.toml", *data.calendars):
        policy.write_text("# ours")
    copy(room, tmp_path / "copy")
    for policy in ("schemes/ours.toml", "calendar.toml", "calendar.csv", "kaochang.toml"):
        assert (tmp_path / "copy" / policy).read_bytes() == (room / policy).read_bytes()
    for name in ("room.pem", "ca.key.pem", "ca.pem", "server.pem", "server.key.pem"):
        kept = tmp_path / "copy" / "keys" / name
        assert kept.read_bytes() == (room / "keys" / name).read_bytes()
    assert not [path for path in (tmp_path / "copy").rglob("*") if path.stat().st_mode & 0o077]


def test_a_room_opened_from_a_copy_elsewhere_asks_for_the_time(room: Path, tmp_path: Path) -> None:
    copy(room, tmp_path / "copy")
    anchor = DataFolder(tmp_path / "copy").clock_anchor
    assert not RoomClock(anchor).rebooted
    copy(room, tmp_path / "copy")
    assert RoomClock(anchor, boot_id="another machine").rebooted


def test_it_holds_what_was_committed_and_waits_for_no_writer(room: Path, tmp_path: Path) -> None:
    with closing(sqlite3.connect(room / "room.sqlite", isolation_level=None)) as writer:
        writer.execute("UPDATE person SET login = 'committed'")
        writer.execute("BEGIN IMMEDIATE")
        writer.execute("UPDATE person SET login = 'not-yet'")
        copy(room, tmp_path / "copy")
        writer.execute("COMMIT")
    assert logins(tmp_path / "copy" / "room.sqlite") == ["committed"]


def test_a_second_run_brings_what_is_new_and_leaves_the_rest(room: Path, tmp_path: Path) -> None:
    store, kept = Store(DataFolder(room).store), DataFolder(tmp_path / "copy")
    first = store.put(b"first")
    copy(room, kept.path)
    before = Store(kept.store).path(first).stat().st_mtime_ns
    second = store.put(b"second")
    copy(room, kept.path)
    assert Store(kept.store).get(second) == b"second"
    assert Store(kept.store).path(first).stat().st_mtime_ns == before


def test_an_interrupted_run_leaves_nothing_that_looks_whole(room: Path, tmp_path: Path) -> None:
    target = tmp_path / "copy"
    copy(room, target)
    (target / ".room.sqlite.part").write_bytes(b"half of it")
    (target / "keys" / ".room.pem.part").write_bytes(b"half of it")
    copy(room, target)
    assert not list(target.rglob("*.part"))
    assert logins(target / "room.sqlite") == ["admin"]


def test_a_folder_without_a_room_is_refused(tmp_path: Path) -> None:
    done = run(COPY, tmp_path, tmp_path / "copy")
    assert done.returncode != 0
    assert "There is no room here" in done.stderr
    assert not (tmp_path / "copy").exists()
