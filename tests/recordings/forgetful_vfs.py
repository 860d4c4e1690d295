"""A disk for SQLite, in memory, that keeps only what was synced: the power cut that a killed process is not.

SQLite reaches it as any other file system. Its shared memory is missing here, so a connection that wants WAL says
``PRAGMA locking_mode=EXCLUSIVE`` first and is alone.
"""

import random
from dataclasses import dataclass, field
from typing import Literal

import apsw

Operation = Literal["write", "sync"]
SECTOR_BYTES = 512


@dataclass(eq=False)
class _File:
    data: bytearray = field(default_factory=bytearray)
    durable: bytearray = field(default_factory=bytearray)
    unsynced: list[tuple[int, bytes] | int] = field(default_factory=list)
    name_durable: bool = False

    def write(self, offset: int, data: bytes) -> None:
        _write(self.data, offset, data)
        self.unsynced.append((offset, data))

    def truncate(self, size: int) -> None:
        del self.data[size:]
        self.unsynced.append(size)

    def sync(self) -> None:
        self.durable = bytearray(self.data)
        self.unsynced.clear()
        self.name_durable = True


class ForgetfulVFS(apsw.VFS):
    """``crash`` cuts the power; ``break_next`` lets an operation fail; ``syncs`` counts those that did not."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.files: dict[str, _File] = {}
        self.syncs = 0
        self._boot = 0
        self._broken: dict[Operation, type[apsw.Error]] = {}
        super().__init__(name, base="")

    def connect(self) -> apsw.Connection:
        """A connection that is alone with its files, so that WAL works without shared memory."""
        connection = apsw.Connection(f"/{self._boot}/room.sqlite", vfs=self.name)
        connection.execute("PRAGMA locking_mode=EXCLUSIVE").fetchall()
        return connection

    def crash(self, dice: random.Random | None = None) -> None:
        """Cut the power: what was not synced is gone, or with ``dice`` some of its sectors survive, in any order.

        Connections of before are dead: every boot has names of its own, so that nothing they do late touches its files.
        """
        self._broken.clear()
        self._boot += 1
        kept: dict[str, _File] = {}
        for name, file in self.files.items():
            if file.name_durable or (dice is not None and dice.random() < 0.5):
                survivor = bytearray(file.durable)
                for change in file.unsynced if dice is not None else ():
                    _survive(survivor, change, dice)
                kept[f"/{self._boot}/{name.rpartition('/')[2]}"] = _File(
                    bytearray(survivor), survivor, [], True
                )
        self.files = kept

    def break_next(self, operation: Operation, error: type[apsw.Error]) -> None:
        """Let the next call of ``operation`` fail with ``error``."""
        self._broken[operation] = error

    def maybe_fail(self, operation: Operation) -> None:
        """Fail as the test asked."""
        error = self._broken.pop(operation, None)
        if error is not None:
            raise error(f"the test broke this {operation}")

    # SQLite's side.

    def xFullPathname(self, name: str) -> str:  # noqa: N802
        return name

    def xAccess(self, pathname: str, flags: int) -> bool:  # noqa: N802
        return pathname in self.files

    def xDelete(self, filename: str, syncdir: bool) -> None:  # noqa: N802
        self.files.pop(filename, None)

    def xOpen(  # noqa: N802
        self, name: str | apsw.URIFilename | None, flags: list[int]
    ) -> "ForgetfulFile":
        path = name.filename() if isinstance(name, apsw.URIFilename) else str(name)
        file = self.files.setdefault(path, _File())
        flags[1] = flags[0]
        return ForgetfulFile(self, file)


class ForgetfulFile:
    """One open file; locks are nobody's business, there is one connection."""

    def __init__(self, disk: ForgetfulVFS, file: _File) -> None:
        self._disk, self._file = disk, file

    def xRead(self, amount: int, offset: int) -> bytes:  # noqa: N802
        return bytes(self._file.data[offset : offset + amount])

    def xWrite(self, data: bytes, offset: int) -> None:  # noqa: N802
        self._disk.maybe_fail("write")
        self._file.write(offset, bytes(data))

    def xTruncate(self, newsize: int) -> None:  # noqa: N802
        self._file.truncate(newsize)

    def xSync(self, flags: int) -> None:  # noqa: N802
        self._disk.maybe_fail("sync")
        self._disk.syncs += 1
        self._file.sync()

    def xFileSize(self) -> int:  # noqa: N802
        return len(self._file.data)

    def xLock(self, level: int) -> None:  # noqa: N802
        return

    def xUnlock(self, level: int) -> None:  # noqa: N802
        return

    def xCheckReservedLock(self) -> bool:  # noqa: N802
        return False

    def xFileControl(self, op: int, ptr: int) -> bool:  # noqa: N802
        return False

    def xSectorSize(self) -> int:  # noqa: N802
        return SECTOR_BYTES

    def xDeviceCharacteristics(self) -> int:  # noqa: N802
        return 0

    def xClose(self) -> None:  # noqa: N802
        return


def _write(data: bytearray, offset: int, piece: bytes) -> None:
    data.extend(b"\x00" * (offset - len(data)))
    data[offset : offset + len(piece)] = piece


def _survive(data: bytearray, change: tuple[int, bytes] | int, dice: random.Random) -> None:
    if isinstance(change, int):
        if dice.random() < 0.5:
            del data[change:]
        return
    offset, piece = change
    for at in range(0, len(piece), SECTOR_BYTES):
        if dice.random() < 0.5:
            _write(data, offset + at, piece[at : at + SECTOR_BYTES])
