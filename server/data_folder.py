"""Where a room keeps what it knows: the one folder an operator names and backs up."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path


class FolderInUse(RuntimeError):
    """Another server process has this folder open."""


@dataclass(frozen=True, slots=True)
class DataFolder:
    """The paths inside a room's data folder."""

    path: Path

    @property
    def settings(self) -> Path:
        """The operator's settings; may be missing."""
        return self.path / "kaochang.toml"

    @property
    def database(self) -> Path:
        """Ledger and registers."""
        return self.path / "room.sqlite"

    @property
    def schemes(self) -> Path:
        """Scheme files of this room's own, beside the shipped ones; may be missing."""
        return self.path / "schemes"

    @property
    def calendars(self) -> tuple[Path, Path]:
        """The office's own working days, over the calendar package; both may be missing, the first wins."""
        return self.path / "calendar.toml", self.path / "calendar.csv"

    @property
    def keys(self) -> Path:
        """Room key, private CA and the server's certificate."""
        return self.path / "keys"

    @property
    def bank_key(self) -> Path:
        """The bank key, wrapped for each keeper; missing before a first keeper makes it."""
        return self.keys / "bank_key.json"

    @property
    def store(self) -> Path:
        """Pictures and other blobs."""
        return self.path / "store"

    @property
    def thumbnails(self) -> Path:
        """Small copies of pictures, made again when they are missing."""
        return self.path / "thumbs"

    @property
    def clock_anchor(self) -> Path:
        """What the room's clock counts from in this boot."""
        return self.path / "clock.json"

    @property
    def exists(self) -> bool:
        """Whether a room was made here."""
        return self.database.is_file() and self.keys.is_dir()

    @contextmanager
    def held(self) -> Iterator[None]:
        """Hold the folder for this process, so that two servers never write one room; raises :class:`FolderInUse`.

        The lock is the kernel's: it ends with the process, however that ends.
        """
        fd = os.open(self.path / "lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            try:
                fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError as error:
                raise FolderInUse(f"{self.path} is open in another process") from error
            yield
        finally:
            os.close(fd)
