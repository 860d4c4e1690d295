"""All sittings of this machine, in folders numbered in the order they began: ``attempts/000001``, ``000002``, …"""

import logging
from pathlib import Path

from protocol.files import Files
from station.disk import Disk
from station.journal import WRITE_RETRY_S
from station.sitting import Sitting

_LOG = logging.getLogger(__name__)


class Shelf:
    """Reads what lies there and makes room for the next; nothing is taken away but by ``Journal.forget``."""

    def __init__(self, files: Files, home: Path, disk: Disk, *, write_retry_s: float = WRITE_RETRY_S) -> None:
        self._files, self._folder, self._disk, self._retry_s = files, home / "attempts", disk, write_retry_s
        files.make_folder(self._folder)

    def read(self) -> list[Sitting]:
        """Every sitting, oldest first; what is damaged in one is reported and costs nothing else."""
        found = []
        for name in self._files.list(self._folder):
            sitting = self._open(name)
            for damage in sitting.journal.damage:
                _LOG.error("journal %s/%s line %d is unreadable: %s", name, damage.file, damage.line, damage.reason)
            found.append(sitting)
        return found

    def next(self) -> Sitting:
        """An empty sitting after all the others. Raises OSError when the disk fails."""
        return self._open(f"{len(self._files.list(self._folder)) + 1:06d}")

    def _open(self, name: str) -> Sitting:
        return Sitting(self._files, self._folder / name, self._disk, retry_s=self._retry_s)
