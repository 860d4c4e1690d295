"""Keeping a second copy up to date: a reader of the room's database that never holds up its writer.

Each :meth:`Copier.step` reads what was committed since the last one, appends it to the tail and syncs it, then brings
new blobs and small files over. What a step has returned for survives the loss of the room's own disk.
"""

import contextlib
import json
import os
import secrets
import sqlite3
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from protocol.files import AppendFile, DiskFiles, Files
from recordings.second_copy.form import (
    BASE,
    COLUMNS,
    FOLDERS,
    READ_BYTES,
    SMALL,
    Base,
    NoCopy,
    read_base,
    read_line,
    write_line,
)
from recordings.store import Store, StoreDamaged

ENTRIES_PER_STEP = 20_000
"""Entries read in one piece; a step goes on until it has caught up."""

TAIL_ENTRIES_MAX = 1_000_000
"""Entries after which a new base is made, so that a restore reads no endless tail."""

BASE_INTERVAL_MS = 2_000
"""A new base is made no sooner after the last, however often registers change."""

BASE_SHARE = 20
"""And no sooner than so many times what the last one took: a large room spends a twentieth of its time on them."""

SETTLED_NS = 1_000_000_000
"""A folder whose time is older than this is not listed again before it changes."""

_REGISTERS_CHANGE = frozenset(
    {
        "session.planned",
        "session.loaded",
        "bank.items_moved",
        "bank.version_published",
        "bank.package_moved",
    }
)
_NO_REGISTER = frozenset({"login", "evidence", "results", "journal"})
"""Nouns whose audit entries tell of no register that a restore would miss."""


@dataclass(frozen=True, slots=True)
class Room:
    """The data folder that is copied: its paths and the room's public key."""

    folder: Path
    database: Path
    store: Path
    key: str


class Copier:
    """Writes one copy of one room; used by one thread."""

    def __init__(self, room: Room, copy: Path, now: Callable[[], int], files: Files | None = None) -> None:
        self._room = room
        self._copy = copy
        self._now = now
        self._files = files or DiskFiles()
        self._files.make_folder(copy)
        self._from = sqlite3.connect(
            f"{room.database.absolute().as_uri()}?mode=ro",
            uri=True,
            isolation_level=None,
            check_same_thread=False,
        )
        self._from.execute("PRAGMA busy_timeout=5000")
        self._to = Store(copy / "store", self._files)
        self._blobs: dict[str, tuple[int, set[str]]] = {}
        self._small: dict[Path, tuple[int, int]] = {}
        self._tail: AppendFile | None = None
        self._base: Base | None = None
        self._last = {"n": 0, "note": 0, "quarantine": 0}
        self._heads: dict[str, int] = {}
        self._in_tail = 0
        self._stale = False
        self._base_took_ms = 0
        self._broken = False
        self._resume()

    @property
    def copied_n(self) -> int:
        """The last position that survives the loss of the room's disk."""
        return self._last["n"]

    @property
    def registers_behind(self) -> bool:
        """Whether a register (people, stations, rosters, papers) changed after the base that is over there."""
        return self._stale

    def step(self) -> None:
        """Bring the copy up to what is committed now; raises OSError or sqlite3.Error, and can be called again."""
        if self._base is None or self._broken or self._wants_base():
            self._new_base()
        while self._append():
            pass
        self._copy_blobs()
        self._copy_small()

    def close(self) -> None:
        """Give all files back."""
        self._from.close()
        if self._tail is not None:
            self._tail.close()

    # -- the base ----------------------------------------------------------------------------------------------

    def _resume(self) -> None:
        """Go on with a copy that is there, when it is this room's and tells the same history."""
        try:
            base = read_base(self._files.read(self._copy / BASE).decode())
        except (FileNotFoundError, NoCopy, UnicodeDecodeError):
            return
        if not self._files.exists(self._copy / base.database):
            return
        tail = self._copy / base.tail
        kept, ends = _kept(self._files, tail)
        last = max((n for n, _ in kept), default=base.n)
        if base.room != self._room.key or not self._same_history(last, dict(kept).get(last)):
            self._put_aside()
            return
        if self._files.exists(tail) and self._files.size(tail) > ends:
            self._files.truncate(tail, ends)
        self._open_tail(base)
        self._last["n"] = last
        self._in_tail = len(kept)
        # Notes and quarantine have no place in the order of entries: what is there twice is ignored by a restore.
        self._last |= {"note": self._rowid_at("note", base), "quarantine": self._rowid_at("quarantine", base)}

    def _same_history(self, n: int, hash_: str | None) -> bool:
        row = self._from.execute("SELECT hash FROM entry WHERE n = ?", (n,)).fetchone()
        if row is None:
            return n == 0
        return hash_ is None or row[0] == hash_

    def _rowid_at(self, table: str, base: Base) -> int:
        """The newest row of a table in the base."""
        path = (self._copy / base.database).absolute()
        with contextlib.closing(sqlite3.connect(f"{path.as_uri()}?mode=ro&immutable=1", uri=True)) as kept:
            return int(kept.execute(f"SELECT coalesce(max(rowid), 0) FROM {table}").fetchone()[0])  # noqa: S608

    def _put_aside(self) -> None:
        """Another room's copy, or one that knows more than this ledger, is evidence: it is kept, never written over."""
        aside = self._copy.with_name(f"{self._copy.name}.aside-{self._now()}-{secrets.token_hex(2)}")
        os.replace(self._copy, aside)
        self._files.sync_folder(self._copy.parent)
        self._files.make_folder(self._copy)
        self._to = Store(self._copy / "store", self._files)

    def _wants_base(self) -> bool:
        assert self._base is not None
        if self._now() - self._base.made_at < max(BASE_INTERVAL_MS, BASE_SHARE * self._base_took_ms):
            return False
        return self._stale or self._in_tail > TAIL_ENTRIES_MAX

    def _new_base(self) -> None:
        before, began = self._base, self._now()
        generation = 1 if before is None else before.generation + 1
        part = self._copy / f".base-{generation}.part"
        part.unlink(missing_ok=True)
        with contextlib.closing(sqlite3.connect(part)) as target:
            # In one step: a backup in pieces begins again whenever the room commits.
            self._from.backup(target)
            target.execute("PRAGMA journal_mode=DELETE")
            n = int(target.execute("SELECT coalesce(max(n), 0) FROM entry").fetchone()[0])
            last = {
                table: int(target.execute(f"SELECT coalesce(max(rowid), 0) FROM {table}").fetchone()[0])  # noqa: S608
                for table in ("note", "quarantine")
            }
        base = Base(generation, self._room.key, n, self._now())
        _sync(part)
        self._files.replace(part, self._copy / base.database)
        tail = self._copy / base.tail
        if self._files.exists(tail):
            self._files.truncate(tail, 0)
        self._open_tail(base)
        self._files.sync_folder(self._copy)
        self._write(self._copy / BASE, base.to_text().encode())
        self._last = {"n": n, **last}
        self._in_tail, self._stale, self._broken = 0, False, False
        self._base_took_ms = self._now() - began
        self._heads.clear()
        if before is not None:
            for name in (before.database, before.tail):
                with contextlib.suppress(OSError):
                    self._files.unlink(self._copy / name)

    def _open_tail(self, base: Base) -> None:
        if self._tail is not None:
            self._tail.close()
        self._tail = self._files.open_append(self._copy / base.tail)
        self._files.sync_folder(self._copy)
        self._base = base

    # -- the tail ----------------------------------------------------------------------------------------------

    def _append(self) -> bool:
        """Append one piece of what is new and sync it; whether there may be more."""
        assert self._tail is not None
        lines: list[bytes] = []
        last = dict(self._last)
        self._from.execute("BEGIN")
        try:
            entries = self._new("E", "n > ? ORDER BY n LIMIT ?", self._last["n"], ENTRIES_PER_STEP)
            upto = entries[-1][0] if entries else self._last["n"]
            streams = self._new("S", "opened_n > ? AND opened_n <= ?", self._last["n"], upto)
            last["note"], notes = self._by_rowid("N", self._last["note"])
            last["quarantine"], aside = self._by_rowid("Q", self._last["quarantine"])
            heads = [row for row in self._new("H", "1") if self._heads.get(row[0]) != row[1]]
        finally:
            self._from.execute("COMMIT")
        for kind, rows in (("S", streams), ("N", notes), ("E", entries), ("H", heads), ("Q", aside)):
            lines += [write_line(kind, row) for row in rows]
        if lines:
            try:
                self._tail.write(b"".join(lines))
                self._tail.sync()
            except OSError:
                # What a failed sync left behind is unknown: the next step begins a new generation.
                self._broken = True
                raise
        last["n"] = upto
        self._last, self._in_tail = last, self._in_tail + len(entries)
        self._heads.update({row[0]: row[1] for row in heads})
        self._stale = self._stale or any(_changes_a_register(row) for row in entries)
        return len(entries) == ENTRIES_PER_STEP

    def _new(self, kind: str, where: str, *given: Any) -> list[tuple[Any, ...]]:
        table, columns = COLUMNS[kind]
        return self._from.execute(f"SELECT {columns} FROM {table} WHERE {where}", given).fetchall()  # noqa: S608

    def _by_rowid(self, kind: str, after: int) -> tuple[int, list[tuple[Any, ...]]]:
        table, columns = COLUMNS[kind]
        rows = self._from.execute(
            f"SELECT rowid, {columns} FROM {table} WHERE rowid > ? ORDER BY rowid",  # noqa: S608
            (after,),
        ).fetchall()
        return (rows[-1][0] if rows else after), [row[1:] for row in rows]

    # -- blobs and small files ---------------------------------------------------------------------------------

    def _copy_blobs(self) -> None:
        """Bring over what is new in folders of the store that changed."""
        store = Store(self._room.store, self._files)
        for folder in _folders(self._room.store):
            changed_at = folder.stat().st_mtime_ns
            kept_at, known = self._blobs.get(folder.name, (-1, set()))
            if kept_at == changed_at:
                continue
            for name in self._files.list(folder):
                if name in known or name.startswith("."):
                    continue
                if not self._to.has(name):
                    try:
                        self._to.put(store.get(name))
                    except StoreDamaged:
                        # Reported where it is read; a copy of damage would hide it.
                        continue
                known.add(name)
            # Within the clock's grain a name may come after the listing and leave the folder's time as it was.
            settled = time.time_ns() - changed_at > SETTLED_NS
            self._blobs[folder.name] = (changed_at if settled else -1, known)

    def _copy_small(self) -> None:
        for source in _small_files(self._room.folder):
            stat = source.stat()
            seen = (stat.st_mtime_ns, stat.st_size)
            if self._small.get(source) != seen:
                target = self._copy / source.relative_to(self._room.folder)
                self._files.make_folder(target.parent)
                self._write(target, source.read_bytes())
                self._small[source] = seen

    def _write(self, target: Path, data: bytes) -> None:
        """A whole file under its name, or the one before."""
        part = target.with_name(f".{target.name}.part")
        if self._files.exists(part):
            self._files.unlink(part)
        file = self._files.create(part)
        try:
            file.write(data)
            file.sync()
        finally:
            file.close()
        self._files.replace(part, target)
        self._files.sync_folder(target.parent)


def _kept(files: Files, tail: Path) -> tuple[list[tuple[int, str]], int]:
    """Position and hash of every entry in a tail, and where its last whole line ends."""
    if not files.exists(tail):
        return [], 0
    kept, ends = [], 0
    for line in lines_of(files, tail):
        read = read_line(line) if line.endswith(b"\n") else None
        if read is None:
            break
        ends += len(line)
        if read[0] == "E":
            kept.append((int(read[1][0]), str(read[1][8])))
    return kept, ends


def lines_of(files: Files, path: Path) -> Iterator[bytes]:
    """The lines of a file with their ends, read in pieces; the last may lack its end."""
    at, held = 0, b""
    while True:
        given = files.read(path, at, READ_BYTES)
        at += len(given)
        *whole, held = (held + given).split(b"\n")
        yield from (line + b"\n" for line in whole)
        if not given:
            break
    if held:
        yield held


def _changes_a_register(row: tuple[Any, ...]) -> bool:
    kind, session, text = row[5], row[3], row[9]
    if kind in _REGISTERS_CHANGE:
        return True
    if session is not None or kind != "register.changed":
        return False
    return json.loads(text)["body"]["noun"] not in _NO_REGISTER


def _folders(store: Path) -> Iterator[Path]:
    if store.is_dir():
        yield from sorted(one for one in store.iterdir() if one.is_dir() and len(one.name) == 2)


def _small_files(folder: Path) -> Iterator[Path]:
    for name in SMALL:
        if (folder / name).is_file():
            yield folder / name
    for name in FOLDERS:
        if (folder / name).is_dir():
            yield from sorted(
                one for one in (folder / name).iterdir() if one.is_file() and not one.name.startswith(".")
            )


def _sync(path: Path) -> None:
    fd = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    try:
        os.fsync(fd)
    finally:
        os.close(fd)
