"""A disk in memory that keeps only what was synced: the file layer for tests of durability.

A killed process proves nothing about fsync, because the kernel still holds the pages. Here
`ForgetfulFiles.crash()` is the power cut: bytes written without `sync` and names created, replaced or
unlinked without `sync_folder` are gone (or, with a random source, some survive in part, as on a real disk).
"""

import errno
import random
from dataclasses import dataclass, field
from pathlib import Path, PurePath
from typing import Literal

from protocol.files import AppendFile

Operation = Literal["write", "sync", "sync_folder", "replace", "unlink"]


@dataclass(eq=False)
class _File:
    data: bytearray = field(default_factory=bytearray)
    durable: bytes = b""


@dataclass(eq=False)
class _Folder:
    names: "dict[str, _File | _Folder]" = field(default_factory=dict)
    durable: "dict[str, _File | _Folder]" = field(default_factory=dict)


class ForgetfulFiles:
    """Implements `protocol.files.Files`; `disk_bytes` is the size of the disk, past it writes meet ENOSPC."""

    def __init__(self, disk_bytes: int = 1 << 40) -> None:
        self.disk_bytes = disk_bytes
        self.syncs = 0
        self._root = _Folder()
        self._boot = 0
        self._broken: dict[Operation, int] = {}

    # The tests' side: power cuts and faults.

    def crash(self, dice: random.Random | None = None) -> None:
        """Cut the power. Open handles are dead afterwards; with `dice` unsynced parts survive at random."""
        self._boot += 1
        self._broken.clear()
        self._forget(self._root, dice)

    def break_next(self, operation: Operation, code: int = errno.EIO) -> None:
        """Let the next call of `operation` fail; a failed `sync` loses the unsynced bytes, as Linux may."""
        self._broken[operation] = code

    def used_bytes(self) -> int:
        """Bytes of all files as a running process sees them."""
        return self._weight(self._root)

    # The product's side: protocol.files.Files.

    def make_folder(self, folder: Path) -> None:
        here = self._root
        for part in PurePath(folder).parts:
            found = here.names.get(part)
            if found is None:
                found = _Folder()
                here.names[part] = found
                here.durable[part] = found
            if not isinstance(found, _Folder):
                raise NotADirectoryError(errno.ENOTDIR, "not a folder", str(folder))
            here = found

    def create(self, path: Path) -> AppendFile:
        if self.exists(path):
            raise FileExistsError(errno.EEXIST, "file exists", str(path))
        return self.open_append(path)

    def open_append(self, path: Path) -> AppendFile:
        folder = self._folder(path.parent)
        found = folder.names.setdefault(path.name, _File())
        if not isinstance(found, _File):
            raise IsADirectoryError(errno.EISDIR, "is a folder", str(path))
        return _Handle(self, found, self._boot)

    def read(self, path: Path, offset: int = 0, size: int | None = None) -> bytes:
        data = self._file(path).data
        return bytes(data[offset:] if size is None else data[offset : offset + size])

    def size(self, path: Path) -> int:
        return len(self._file(path).data)

    def exists(self, path: Path) -> bool:
        try:
            return path.name in self._folder(path.parent).names
        except FileNotFoundError:
            return False

    def list(self, folder: Path) -> list[str]:
        return sorted(self._folder(folder).names)

    def truncate(self, path: Path, size: int) -> None:
        file = self._file(path)
        del file.data[size:]
        file.durable = bytes(file.data)

    def replace(self, source: Path, target: Path) -> None:
        self._maybe_fail("replace")
        self._folder(target.parent).names[target.name] = self._file(source)
        del self._folder(source.parent).names[source.name]

    def unlink(self, path: Path) -> None:
        self._maybe_fail("unlink")
        self._file(path)
        del self._folder(path.parent).names[path.name]

    def sync_folder(self, folder: Path) -> None:
        self._maybe_fail("sync_folder")
        self.syncs += 1
        found = self._folder(folder)
        found.durable = dict(found.names)

    def free_bytes(self, folder: Path) -> int:
        self._folder(folder)
        return max(0, self.disk_bytes - self.used_bytes())

    # What the handle and the power cut need.

    def append(self, file: _File, data: bytes, boot: int) -> None:
        self._alive(boot)
        self._maybe_fail("write")
        room = self.disk_bytes - self.used_bytes()
        file.data += data[: max(0, room)]
        if room < len(data):
            raise OSError(errno.ENOSPC, "no space left on device")

    def sync_file(self, file: _File, boot: int) -> None:
        self._alive(boot)
        try:
            self._maybe_fail("sync")
        except OSError:
            file.data = bytearray(file.durable)
            raise
        self.syncs += 1
        file.durable = bytes(file.data)

    def _alive(self, boot: int) -> None:
        if boot != self._boot:
            raise OSError(errno.EBADF, "this handle died with the power")

    def _maybe_fail(self, operation: Operation) -> None:
        code = self._broken.pop(operation, None)
        if code is not None:
            raise OSError(code, f"the test broke this {operation}")

    def _forget(self, folder: _Folder, dice: random.Random | None) -> None:
        if dice is not None:
            for name in sorted({*folder.names, *folder.durable}):
                if folder.names.get(name) is not folder.durable.get(name) and dice.random() < 0.5:
                    _take_over(folder, name)
        folder.names = dict(folder.durable)
        for found in folder.names.values():
            if isinstance(found, _Folder):
                self._forget(found, dice)
                continue
            if dice is not None and bytes(found.data[: len(found.durable)]) == found.durable:
                kept = dice.randint(len(found.durable), len(found.data))
                found.durable = bytes(found.data[:kept])
            found.data = bytearray(found.durable)

    def _weight(self, folder: _Folder) -> int:
        return sum(
            self._weight(found) if isinstance(found, _Folder) else len(found.data)
            for found in folder.names.values()
        )

    def _folder(self, folder: Path) -> _Folder:
        here: _File | _Folder | None = self._root
        for part in PurePath(folder).parts:
            here = here.names.get(part) if isinstance(here, _Folder) else None
        if not isinstance(here, _Folder):
            raise FileNotFoundError(errno.ENOENT, "no such folder", str(folder))
        return here

    def _file(self, path: Path) -> _File:
        found = self._folder(path.parent).names.get(path.name)
        if not isinstance(found, _File):
            raise FileNotFoundError(errno.ENOENT, "no such file", str(path))
        return found


def _take_over(folder: _Folder, name: str) -> None:
    """An unsynced change of one name that reached the disk all the same."""
    if name in folder.names:
        folder.durable[name] = folder.names[name]
    else:
        del folder.durable[name]


class _Handle:
    def __init__(self, files: ForgetfulFiles, file: _File, boot: int) -> None:
        self._files, self._file, self._boot = files, file, boot
        self._closed = False

    def write(self, data: bytes) -> None:
        self._check()
        self._files.append(self._file, data, self._boot)

    def sync(self) -> None:
        self._check()
        self._files.sync_file(self._file, self._boot)

    def size(self) -> int:
        self._check()
        return len(self._file.data)

    def close(self) -> None:
        self._closed = True

    def _check(self) -> None:
        if self._closed:
            raise OSError(errno.EBADF, "the file is closed")
