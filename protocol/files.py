"""What the durable parts ask of a file system, and the real one.

It stands in `protocol` because both sides keep promises with it: the seat's journal and picture spool, and
the room's blob store. An acknowledgement means the same on both sides only if "on disk" does, and a test can
hold both to it with one file layer that forgets whatever was not synced.

The rules every user follows:

* bytes written count after `AppendFile.sync()` returned;
* a file's name (created, replaced or unlinked) counts after `Files.sync_folder()` of its folder returned;
* a sync that failed is never tried again on the same file: the kernel may have dropped the pages and would
  answer "done" the second time. What was to be made durable is written anew, elsewhere.

Everything here raises `OSError` and nothing else.
"""

import os
from pathlib import Path
from typing import Protocol


class AppendFile(Protocol):
    """One open file that only grows at its end."""

    def write(self, data: bytes) -> None:
        """Append all of `data`; it is not durable before `sync`."""

    def sync(self) -> None:
        """Return when everything written so far survives a power cut. The file's name is another matter."""

    def size(self) -> int:
        """Bytes in the file, with those written through this handle."""

    def close(self) -> None:
        """Give the handle back; closing again is harmless, and closing makes nothing durable."""


class Files(Protocol):
    """The few things the journal, the spool and the store ask of a disk."""

    def make_folder(self, folder: Path) -> None:
        """Make `folder` and what is missing above it, every new name synced; harmless if there."""

    def create(self, path: Path) -> AppendFile:
        """Open a file that must not exist yet (`FileExistsError` if it does)."""

    def open_append(self, path: Path) -> AppendFile:
        """Open for appending, created empty if missing."""

    def read(self, path: Path, offset: int = 0, size: int | None = None) -> bytes:
        """Bytes from `offset`, at most `size` of them or to the end (`FileNotFoundError` if missing)."""

    def size(self, path: Path) -> int:
        """Bytes in the file (`FileNotFoundError` if missing)."""

    def exists(self, path: Path) -> bool:
        """Whether a file or folder of this name is there."""

    def list(self, folder: Path) -> list[str]:
        """Names in `folder`, sorted (`FileNotFoundError` if there is no such folder)."""

    def truncate(self, path: Path, size: int) -> None:
        """Cut a file to `size` bytes and sync it: a torn tail must not come back after the next power cut."""

    def replace(self, source: Path, target: Path) -> None:
        """Give `source` the name `target` at once, over what was there; durable after `sync_folder`."""

    def unlink(self, path: Path) -> None:
        """Remove the name; durable after `sync_folder`."""

    def sync_folder(self, folder: Path) -> None:
        """Return when the names in `folder`, as they are now, survive a power cut."""

    def free_bytes(self, folder: Path) -> int:
        """Bytes an ordinary user may still write on the disk that holds `folder`."""


class DiskAppendFile:
    """A file descriptor opened with O_APPEND."""

    def __init__(self, path: Path, flags: int) -> None:
        self._fd: int | None = os.open(
            path, flags | os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_CLOEXEC, 0o600
        )

    def write(self, data: bytes) -> None:
        rest = memoryview(data)
        while rest:
            rest = rest[os.write(self._open_fd(), rest) :]

    def sync(self) -> None:
        # fdatasync writes the new length too, and leaves out the times nobody reads.
        os.fdatasync(self._open_fd())

    def size(self) -> int:
        return os.fstat(self._open_fd()).st_size

    def close(self) -> None:
        fd, self._fd = self._fd, None
        if fd is not None:
            os.close(fd)

    def _open_fd(self) -> int:
        if self._fd is None:
            raise OSError("the file is closed")
        return self._fd


class DiskFiles:
    """The disk of this machine (POSIX); files are readable by their owner only."""

    def make_folder(self, folder: Path) -> None:
        missing = [part for part in (folder, *folder.parents) if not part.exists()]
        for part in reversed(missing):
            part.mkdir(mode=0o700, exist_ok=True)
            self.sync_folder(part.parent)

    def create(self, path: Path) -> AppendFile:
        return DiskAppendFile(path, os.O_EXCL)

    def open_append(self, path: Path) -> AppendFile:
        return DiskAppendFile(path, 0)

    def read(self, path: Path, offset: int = 0, size: int | None = None) -> bytes:
        with path.open("rb") as file:
            file.seek(offset)
            return file.read() if size is None else file.read(size)

    def size(self, path: Path) -> int:
        return path.stat().st_size

    def exists(self, path: Path) -> bool:
        return path.exists()

    def list(self, folder: Path) -> list[str]:
        return sorted(os.listdir(folder))

    def truncate(self, path: Path, size: int) -> None:
        fd = os.open(path, os.O_WRONLY | os.O_CLOEXEC)
        try:
            os.ftruncate(fd, size)
            os.fsync(fd)
        finally:
            os.close(fd)

    def replace(self, source: Path, target: Path) -> None:
        os.replace(source, target)

    def unlink(self, path: Path) -> None:
        os.unlink(path)

    def sync_folder(self, folder: Path) -> None:
        fd = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
        try:
            os.fsync(fd)
        finally:
            os.close(fd)

    def free_bytes(self, folder: Path) -> int:
        disk = os.statvfs(folder)
        return disk.f_bavail * disk.f_frsize
