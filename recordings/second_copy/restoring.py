"""Making a room's data folder again from its second copy: the base, then every line of the tail, checked.

A tail torn by a power cut is read up to there. An entry that is not what its hash names, or does not follow the one
before, ends the reading with a sentence: what comes after it could not be trusted.
"""

import contextlib
import os
import shutil
import sqlite3
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from protocol.entry import BadEntry, Head, follows, parse
from protocol.files import DiskFiles
from recordings.second_copy.copying import lines_of
from recordings.second_copy.form import BASE, COLUMNS, FOLDERS, SMALL, Base, NoCopy, read_base, read_line


class NotEmpty(ValueError):
    """A room is made again in an empty folder, never over another."""


@dataclass(frozen=True, slots=True)
class Restored:
    """What was brought back: positions of base and end, lines of the tail, blobs; ``torn`` when the tail was cut."""

    base_n: int
    n: int
    lines: int
    blobs: int
    torn: bool


def restore(copy: Path, folder: Path, database: Path, store: Path) -> Restored:
    """Make the data folder ``folder`` again; projections are still to be rebuilt.

    Raises :class:`NoCopy`, :class:`NotEmpty`, OSError. Nothing is left behind when it fails before the end.
    """
    base = _base(copy)
    if folder.exists() and any(folder.iterdir()):
        raise NotEmpty(f"{folder} 不是空目录。 {folder} is not empty.")
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    try:
        shutil.copyfile(copy / base.database, database)
        lines, n, torn = _replay(copy, base, database)
        blobs = _bring(copy / "store", store)
        for name in FOLDERS:
            _bring(copy / name, folder / name)
        for name in SMALL:
            if (copy / name).is_file():
                shutil.copyfile(copy / name, folder / name)
        _settle(folder)
    except BaseException:
        for left in folder.iterdir():
            if left.is_dir():
                shutil.rmtree(left)
            else:
                left.unlink()
        raise
    return Restored(base.n, n, lines, blobs, torn)


def _base(copy: Path) -> Base:
    try:
        base = read_base((copy / BASE).read_text())
    except FileNotFoundError as error:
        raise NoCopy(f"{copy}: 这里没有副本。 There is no second copy here.") from error
    if not (copy / base.database).is_file():
        raise NoCopy(f"{copy / base.database} 缺失。 {copy / base.database} is missing.")
    return base


def _replay(copy: Path, base: Base, database: Path) -> tuple[int, int, bool]:
    """Give the base what came after; lines read, the last position, and whether the tail was cut."""
    with contextlib.closing(sqlite3.connect(database, isolation_level=None)) as ledger:
        problem = ledger.execute("PRAGMA quick_check(1)").fetchone()[0]
        if problem != "ok":
            raise NoCopy(f"{base.database} 已损坏。 {base.database} is damaged: {problem}")
        tail, files = copy / base.tail, DiskFiles()
        lines, n, torn = 0, base.n, False
        heads: dict[str, Head | None] = {}
        ledger.execute("BEGIN IMMEDIATE")
        for line in lines_of(files, tail) if files.exists(tail) else ():
            found = read_line(line) if line.endswith(b"\n") else None
            if found is None:
                torn = True
                break
            kind, values = found
            if kind == "E":
                _check(ledger, heads, values)
                n = max(n, int(values[0]))
            _insert(ledger, kind, values)
            lines += 1
        ledger.execute("COMMIT")
        ledger.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
        return lines, n, torn


def _check(ledger: sqlite3.Connection, heads: dict[str, Head | None], values: tuple[Any, ...]) -> None:
    n, stream, seq, hash_, text = values[0], values[1], values[2], values[8], values[9]
    try:
        entry = parse(text)
    except BadEntry as error:
        raise NoCopy(
            f"副本中第 {n} 条记录无法读取。 Entry {n} of the copy cannot be read: {error}"
        ) from error
    if stream not in heads:
        row = ledger.execute(
            "SELECT stream, seq, hash FROM entry WHERE stream = ? ORDER BY seq DESC LIMIT 1", (stream,)
        ).fetchone()
        heads[stream] = Head(*row) if row else None
    before = heads[stream]
    if before is not None and seq <= before.seq:
        return
    if (entry.hash, entry.seq, entry.stream) != (hash_, seq, stream) or not follows(entry, before):
        raise NoCopy(f"副本中第 {n} 条记录被改动。 Entry {n} of the copy was changed ({stream} #{seq})")
    heads[stream] = entry.head


def _insert(ledger: sqlite3.Connection, kind: str, values: tuple[Any, ...]) -> None:
    table, columns = COLUMNS[kind]
    marks = ", ".join("?" * len(values))
    # A copy that was resumed may hold a line twice; the newest signed head of a stream replaces the one before.
    verb = "INSERT OR REPLACE" if kind == "H" else "INSERT OR IGNORE"
    ledger.execute(f"{verb} INTO {table} ({columns}) VALUES ({marks})", values)


def _bring(source: Path, target: Path) -> int:
    if not source.is_dir():
        return 0
    shutil.copytree(source, target, dirs_exist_ok=True, ignore=shutil.ignore_patterns(".*"))
    return sum(1 for one in target.rglob("*") if one.is_file())


def _settle(folder: Path) -> None:
    """Return when everything below the folder survives a power cut; only its owner reads it."""
    files = DiskFiles()
    for path in sorted(folder.rglob("*"), reverse=True):
        path.chmod(0o700 if path.is_dir() else 0o600)
        if path.is_dir():
            files.sync_folder(path)
        else:
            with path.open("rb+") as file:
                os.fsync(file.fileno())
    files.sync_folder(folder)
