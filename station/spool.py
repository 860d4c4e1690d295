"""Pictures on the seat's disk from the moment they are taken until the room has acknowledged them.

A picture is one file named `<running number>-<sha256 of its bytes>.jpg`; the folder is the index, so there is
no second account of it that could be lost or disagree. A picture counts once its bytes and its name are
synced. Nothing is ever removed to make room: at the limit `put` refuses, and the missed picture is put on
record.
"""

import errno
import hashlib
import re
import threading
from dataclasses import dataclass
from pathlib import Path

from protocol.files import Files

SPOOL_BYTES_MAX = 512 * 1024 * 1024
"""Bytes of waiting pictures: about 3,500 of 150 kB, a week of exams without a server."""

DISK_FREE_BYTES_MIN = 256 * 1024 * 1024
"""Bytes left free on the disk: a picture must never take the room an answer needs."""

_NAME = re.compile(r"(?P<number>[0-9]{10})-(?P<digest>[0-9a-f]{64})\.jpg")
_PART = ".part"


class SpoolFull(Exception):
    """The spool is at its limit; the picture was not kept. `sentence` is for the people of the room."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


class PictureDamaged(Exception):
    """A spooled file no longer has the bytes its name promises; it was set aside as `*.damaged`."""

    def __init__(self, digest: str) -> None:
        super().__init__(f"picture {digest} on this seat is damaged and was set aside")
        self.digest = digest


@dataclass(frozen=True, slots=True)
class SpooledPicture:
    """One waiting picture: hex SHA-256 of its bytes, size in bytes, where it lies."""

    digest: str
    size: int
    path: Path


class Spool:
    """The folder of waiting pictures. Safe to use from the capture thread and the link at once."""

    def __init__(
        self,
        files: Files,
        folder: Path,
        *,
        bytes_max: int = SPOOL_BYTES_MAX,
        disk_free_bytes_min: int = DISK_FREE_BYTES_MIN,
    ) -> None:
        self._files = files
        self._folder = folder
        self._bytes_max = bytes_max
        self._disk_free_bytes_min = disk_free_bytes_min
        self._lock = threading.Lock()
        self._waiting: dict[str, SpooledPicture] = {}
        self._next_number = 1
        self._read_folder()

    def put(self, data: bytes) -> SpooledPicture:
        """Keep one picture; when this returns it survives a power cut.

        The same bytes twice are one picture. Raises `SpoolFull` at the limit or on a full disk, `OSError`
        when the disk fails; in both cases nothing was kept and nothing already waiting was touched.
        """
        digest = hashlib.sha256(data).hexdigest()
        with self._lock:
            known = self._waiting.get(digest)
            if known is not None:
                return known
            self._refuse_when_full(len(data))
            path = self._folder / f"{self._next_number:010d}-{digest}.jpg"
            self._write(path, data)
            self._next_number += 1
            picture = SpooledPicture(digest, len(data), path)
            self._waiting[digest] = picture
            return picture

    def waiting(self) -> list[SpooledPicture]:
        """Every picture not yet acknowledged, oldest first, those of earlier runs included."""
        with self._lock:
            return list(self._waiting.values())

    def waiting_bytes(self) -> int:
        """Bytes of all waiting pictures."""
        with self._lock:
            return self._bytes()

    def get(self, digest: str) -> SpooledPicture | None:
        """The waiting picture of this digest, or None when it was acknowledged or never here."""
        with self._lock:
            return self._waiting.get(digest)

    def read(self, digest: str) -> bytes:
        """The bytes of a waiting picture, checked against its digest.

        Raises `KeyError` when it is not waiting and `PictureDamaged` when the disk gives back something else.
        """
        with self._lock:
            picture = self._waiting[digest]
            try:
                data = self._files.read(picture.path)
            except FileNotFoundError:
                del self._waiting[digest]
                raise PictureDamaged(digest) from None
            if hashlib.sha256(data).hexdigest() == digest:
                return data
            del self._waiting[digest]
            self._files.replace(picture.path, picture.path.with_suffix(".damaged"))
            raise PictureDamaged(digest)

    def acknowledged(self, digest: str) -> None:
        """The room has it durably: forget it. An unknown digest is a repeated acknowledgement and harmless."""
        with self._lock:
            picture = self._waiting.pop(digest, None)
            if picture is not None and self._files.exists(picture.path):
                # Not synced on purpose: a picture that returns after a power cut is sent again, and the
                # room acknowledges what it already has.
                self._files.unlink(picture.path)

    def _read_folder(self) -> None:
        self._files.make_folder(self._folder)
        for name in self._files.list(self._folder):
            path = self._folder / name
            found = _NAME.fullmatch(name)
            if found:
                digest = found["digest"]
                self._waiting[digest] = SpooledPicture(digest, self._files.size(path), path)
                self._next_number = max(self._next_number, int(found["number"]) + 1)
            elif name.endswith(_PART):
                self._files.unlink(path)

    def _refuse_when_full(self, size: int) -> None:
        if self._bytes() + size > self._bytes_max:
            raise SpoolFull(
                f"本机待上传照片已满（{len(self._waiting)} 张）；请恢复与考场服务器的连接。"
                f" The picture spool is full ({len(self._waiting)} waiting); restore the link to the server."
            )
        if self._files.free_bytes(self._folder) - size < self._disk_free_bytes_min:
            raise SpoolFull(
                "本机磁盘空间不足，照片无法保存；请清理磁盘。"
                " The disk of this seat is nearly full, pictures are not kept; free some space."
            )

    def _bytes(self) -> int:
        return sum(picture.size for picture in self._waiting.values())

    def _write(self, path: Path, data: bytes) -> None:
        part = path.with_suffix(_PART)
        try:
            file = self._files.create(part)
            try:
                file.write(data)
                file.sync()
            finally:
                file.close()
            self._files.replace(part, path)
            self._files.sync_folder(self._folder)
        except OSError as error:
            self._discard(part, path)
            if error.errno == errno.ENOSPC:
                raise SpoolFull(
                    "本机磁盘已满，照片无法保存。 The disk of this seat is full, pictures are not kept."
                ) from error
            raise

    def _discard(self, *paths: Path) -> None:
        for path in paths:
            if self._files.exists(path):
                self._files.unlink(path)
