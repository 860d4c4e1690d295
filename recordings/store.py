"""The store of pictures and other blobs: one file each, named by the SHA-256 of its bytes, in folders of two letters.

A blob counts when :meth:`Store.put` returned: bytes synced, renamed into place, the folder's names synced. Putting the
same bytes again is harmless, and mends a damaged file. A file whose bytes no longer match its name is reported, never
served.
"""

import contextlib
import hashlib
import secrets
from pathlib import Path

from protocol.files import DiskFiles, Files


class StoreDamaged(RuntimeError):
    """The bytes under this name are not those it names."""


class Store:
    """Blobs by digest below one folder."""

    def __init__(self, folder: Path, files: Files | None = None) -> None:
        self._files = files or DiskFiles()
        self._folder = folder
        self._files.make_folder(folder)
        self._made: set[str] = set()

    def put(self, data: bytes) -> str:
        """Make a blob durable and return its digest; raises OSError when the disk does not."""
        digest = hashlib.sha256(data).hexdigest()
        target = self.path(digest)
        if self._holds(target, data):
            # Whoever put it may not have synced the name yet.
            self._files.sync_folder(target.parent)
            return digest
        if digest[:2] not in self._made:
            self._files.make_folder(target.parent)
            self._made.add(digest[:2])
        part = target.with_name(f".{digest}.{secrets.token_hex(4)}.part")
        file = self._files.create(part)
        try:
            file.write(data)
            file.sync()
        except OSError:
            file.close()
            with contextlib.suppress(OSError):
                self._files.unlink(part)
            raise
        file.close()
        self._files.replace(part, target)
        self._files.sync_folder(target.parent)
        return digest

    def _holds(self, target: Path, data: bytes) -> bool:
        """Whether these very bytes stand there: a damaged blob that is put again is mended."""
        try:
            return self._files.size(target) == len(data) and self._files.read(target) == data
        except FileNotFoundError:
            return False

    def get(self, digest: str) -> bytes:
        """A blob's bytes; raises FileNotFoundError, or :class:`StoreDamaged` when they are not what the name says."""
        data = self._files.read(self.path(digest))
        if hashlib.sha256(data).hexdigest() != digest:
            raise StoreDamaged(f"{digest} was changed on disk")
        return data

    def has(self, digest: str) -> bool:
        """Whether a blob of this name is here."""
        return self._files.exists(self.path(digest))

    def path(self, digest: str) -> Path:
        """Where a blob of this name is kept."""
        return self._folder / digest[:2] / digest

    def free_bytes(self) -> int:
        """Bytes the disk below the store still takes."""
        return self._files.free_bytes(self._folder)
