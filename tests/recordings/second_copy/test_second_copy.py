"""The second copy: what a step returned for survives the room's disk, and what was changed in it is never restored."""

import errno
import os
import shutil
import sqlite3
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from protocol.files import AppendFile, DiskFiles
from recordings.ledger import Row
from recordings.second_copy import copying
from recordings.second_copy.copying import Copier, Room
from recordings.second_copy.form import NoCopy, read_line, write_line
from recordings.second_copy.restoring import NotEmpty, Restored, restore
from tests.recordings.builders import Book, Stream, sat


@pytest.fixture
def book(tmp_path: Path) -> Book:
    folder = tmp_path / "room"
    folder.mkdir()
    (folder / "keys").mkdir()
    (folder / "keys" / "room.pem").write_text("the room's key")
    (folder / "kaochang.toml").write_text("[listen]\n")
    return Book(folder)


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    return tmp_path / "copy"


def copier(book: Book, copy: Path, files: DiskFiles | None = None, room: str | None = None) -> Copier:
    described = Room(
        book.folder, book.folder / "ledger.sqlite", book.folder / "store", room or book.key.public
    )
    return Copier(described, copy, lambda: book.now, files)


def brought_back(copy: Path, to: Path) -> Restored:
    return restore(copy, to, to / "ledger.sqlite", to / "store")


def rows(database: Path) -> list[Row]:
    with sqlite3.connect(database) as kept:
        return [Row(*one) for one in kept.execute("SELECT * FROM entry ORDER BY n")]


def table(database: Path, name: str) -> list[tuple[object, ...]]:
    with sqlite3.connect(database) as kept:
        return kept.execute(f"SELECT * FROM {name} ORDER BY 1").fetchall()


def answers(book: Book, seat: Stream, count: int = 5) -> None:
    for slot in range(1, count + 1):
        book.write(seat, "answer.saved", {"slot": slot, "response": ["D"]})


class TestCopy:
    def test_brings_back_base_and_tail(self, book: Book, copy: Path, tmp_path: Path) -> None:
        office, seat = sat(book)
        keeping = copier(book, copy)
        keeping.step()
        answers(book, seat)
        book.note("later")
        book.signs(seat, office.head)
        other = book.open("a2-1", key=seat.key, station="st2", attempt="a2")
        book.ledger.begin()
        book.ledger.quarantine(other.id, "st2", book.now, "a fork", "\ud800 no text")
        book.ledger.commit(book.ledger.last_n)
        book.store.put(b"one more picture")
        keeping.step()
        keeping.close()
        to = tmp_path / "again"
        found = brought_back(copy, to)
        assert (found.n, found.torn) == (book.ledger.last_n, False)
        for name in ("entry", "stream", "note", "signed_head", "quarantine"):
            assert table(to / "ledger.sqlite", name) == table(book.folder / "ledger.sqlite", name), name
        assert found.blobs == 4
        assert (to / "keys" / "room.pem").read_text() == "the room's key"
        assert (to / "kaochang.toml").exists()

    def test_makes_one_base_and_then_only_appends(self, book: Book, copy: Path) -> None:
        _, seat = sat(book)
        keeping = copier(book, copy)
        keeping.step()
        base = (copy / "base.json").read_bytes()
        before = (copy / "tail-1.ndjson").stat().st_size
        answers(book, seat, 40)
        keeping.step()
        assert (copy / "base.json").read_bytes() == base
        assert (copy / "tail-1.ndjson").stat().st_size > before
        keeping.close()

    def test_begins_a_new_base_when_registers_changed_but_not_at_once(self, book: Book, copy: Path) -> None:
        office, _ = sat(book)
        keeping = copier(book, copy)
        keeping.step()
        body = {"commitment": "0" * 64, "papers": 1, "papers_digest": "0" * 64, "by": "o"}
        book.write(office, "session.loaded", body)
        keeping.step()
        assert (copy / "base-1.sqlite").exists()
        book.now += copying.BASE_INTERVAL_MS
        keeping.step()
        assert sorted(one.name for one in copy.glob("base-*")) == ["base-2.sqlite"]
        assert sorted(one.name for one in copy.glob("tail-*")) == ["tail-2.ndjson"]
        keeping.close()

    def test_goes_on_after_a_restart_without_a_line_twice(
        self, book: Book, copy: Path, tmp_path: Path
    ) -> None:
        _, seat = sat(book)
        for _ in range(3):
            keeping = copier(book, copy)
            answers(book, seat)
            keeping.step()
            keeping.close()
        assert (copy / "base-1.sqlite").exists()
        told = [read_line(one) for one in (copy / "tail-1.ndjson").read_bytes().splitlines()]
        entries = [one[1][0] for one in told if one and one[0] == "E"]
        assert len(entries) == len(set(entries))
        brought_back(copy, tmp_path / "again")
        assert rows(tmp_path / "again" / "ledger.sqlite") == rows(book.folder / "ledger.sqlite")

    def test_leaves_a_damaged_blob_behind(self, book: Book, copy: Path, tmp_path: Path) -> None:
        sat(book)
        digest = book.store.put(b"to be damaged")
        book.store.path(digest).write_bytes(b"damaged")
        keeping = copier(book, copy)
        keeping.step()
        keeping.close()
        brought_back(copy, tmp_path / "again")
        assert not (tmp_path / "again" / "store" / digest[:2] / digest).exists()


class TestAnotherHistory:
    def test_of_another_room_is_put_aside(self, book: Book, copy: Path) -> None:
        sat(book)
        keeping = copier(book, copy, room="other room" + "=" * 34)
        keeping.step()
        keeping.close()
        keeping = copier(book, copy)
        keeping.step()
        keeping.close()
        assert len(list(copy.parent.glob("copy.aside-*"))) == 1

    def test_a_copy_that_knows_more_than_the_ledger_is_never_written_over(
        self, book: Book, copy: Path
    ) -> None:
        _, seat = sat(book)
        keeping = copier(book, copy)
        keeping.step()
        answers(book, seat)
        keeping.step()
        keeping.close()
        book.connection.execute("DELETE FROM entry WHERE n > ?", (book.ledger.last_n - 3,))
        again = copier(book, copy)
        again.step()
        again.close()
        (aside,) = copy.parent.glob("copy.aside-*")
        assert len((aside / "tail-1.ndjson").read_bytes().splitlines()) >= 5


class TestRestore:
    def test_reads_a_torn_tail_up_to_its_last_whole_line(
        self, book: Book, copy: Path, tmp_path: Path
    ) -> None:
        _, seat = sat(book)
        keeping = copier(book, copy)
        keeping.step()
        answers(book, seat)
        keeping.step()
        keeping.close()
        tail = copy / "tail-1.ndjson"
        os.truncate(tail, tail.stat().st_size - 7)
        found = brought_back(copy, tmp_path / "again")
        assert (found.n, found.torn) == (book.ledger.last_n - 1, True)

    def test_refuses_an_entry_that_was_changed(self, book: Book, copy: Path, tmp_path: Path) -> None:
        _, seat = sat(book)
        keeping = copier(book, copy)
        keeping.step()
        answers(book, seat)
        keeping.step()
        keeping.close()
        tail = copy / "tail-1.ndjson"
        tail.write_bytes(tail.read_bytes().replace(b'[\\"D\\"]', b'[\\"A\\"]', 1))
        with pytest.raises(NoCopy, match=f"{seat.id} #"):
            brought_back(copy, tmp_path / "again")
        assert list((tmp_path / "again").iterdir()) == []

    def test_refuses_a_damaged_base(self, book: Book, copy: Path, tmp_path: Path) -> None:
        sat(book)
        keeping = copier(book, copy)
        keeping.step()
        keeping.close()
        base = copy / "base-1.sqlite"
        data = bytearray(base.read_bytes())
        data[4096 * 3 : 4096 * 3 + 64] = os.urandom(64)
        base.write_bytes(data)
        with pytest.raises((NoCopy, sqlite3.DatabaseError)):
            brought_back(copy, tmp_path / "again")

    def test_is_never_over_another_room(self, book: Book, copy: Path) -> None:
        sat(book)
        keeping = copier(book, copy)
        keeping.step()
        keeping.close()
        with pytest.raises(NotEmpty):
            brought_back(copy, book.folder)

    def test_of_no_copy_says_so(self, tmp_path: Path) -> None:
        with pytest.raises(NoCopy):
            brought_back(tmp_path, tmp_path / "again")

    @pytest.mark.parametrize(
        "line", [b"", b"[]", b'["X",1]', b'["N","a"]', b'["Q",1,"s","t",1,"r","zz"]', b"nul"]
    )
    def test_a_line_that_is_none_is_none(self, line: bytes) -> None:
        assert read_line(line) is None

    def test_a_line_is_read_as_it_was_written(self) -> None:
        values = (1, "s", "t", 2, "r", b"\xff\x00")
        assert read_line(write_line("Q", values)) == ("Q", values)


@dataclass
class Unsynced:
    """An append file that knows how much of it is durable."""

    inner: AppendFile
    path: Path
    disk: "CutDisk"

    def write(self, data: bytes) -> None:
        self.inner.write(data)

    def sync(self) -> None:
        if self.disk.broken:
            self.disk.broken = False
            raise OSError(errno.EIO, "the disk did not confirm")
        self.inner.sync()
        self.disk.durable[self.path] = self.inner.size()

    def size(self) -> int:
        return self.inner.size()

    def close(self) -> None:
        self.inner.close()


@dataclass
class CutDisk(DiskFiles):
    """The real disk, but :meth:`cut` takes away what was appended and not synced."""

    durable: dict[Path, int] = field(default_factory=dict)
    broken: bool = False

    def open_append(self, path: Path) -> AppendFile:
        opened = super().open_append(path)
        self.durable.setdefault(path, opened.size())
        return Unsynced(opened, path, self)

    def cut(self) -> None:
        for path, size in self.durable.items():
            if path.exists():
                os.truncate(path, size)


class TestDurable:
    def test_what_a_step_returned_for_survives_a_power_cut_of_both(
        self, book: Book, copy: Path, tmp_path: Path
    ) -> None:
        _, seat = sat(book)
        disk = CutDisk()
        keeping = copier(book, copy, disk)
        keeping.step()
        answers(book, seat)
        keeping.step()
        disk.cut()
        keeping.close()
        expected = rows(book.folder / "ledger.sqlite")
        shutil.rmtree(book.folder)
        brought_back(copy, tmp_path / "again")
        assert rows(tmp_path / "again" / "ledger.sqlite") == expected

    def test_a_failed_sync_is_followed_by_a_new_generation(
        self, book: Book, copy: Path, tmp_path: Path
    ) -> None:
        _, seat = sat(book)
        disk = CutDisk()
        keeping = copier(book, copy, disk)
        keeping.step()
        answers(book, seat)
        disk.broken = True
        with pytest.raises(OSError, match="confirm"):
            keeping.step()
        keeping.step()
        keeping.close()
        disk.cut()
        assert (copy / "base-2.sqlite").exists()
        brought_back(copy, tmp_path / "again")
        assert rows(tmp_path / "again" / "ledger.sqlite") == rows(book.folder / "ledger.sqlite")
