"""A blob that was put is there after a power cut, whole, and is never served when it was changed."""

import errno
import hashlib
import random
from pathlib import Path

import pytest

from protocol.files import AppendFile
from recordings.store import Store, StoreDamaged
from tests.forgetful_files import ForgetfulFiles

FOLDER = Path("/room/store")
PICTURES = [f"picture {number}".encode() * 500 for number in range(20)]


class NeverSyncs:
    """An open file whose sync does nothing."""

    def __init__(self, file: AppendFile) -> None:
        self._file = file

    def write(self, data: bytes) -> None:
        self._file.write(data)

    def sync(self) -> None:
        return

    def size(self) -> int:
        return self._file.size()

    def close(self) -> None:
        self._file.close()


class ForgetsBytes(ForgetfulFiles):
    """A store on this layer forgot to sync its files."""

    def create(self, path: Path) -> AppendFile:
        return NeverSyncs(super().create(path))


class ForgetsNames(ForgetfulFiles):
    """A store on this layer forgot to sync its folders."""

    def sync_folder(self, folder: Path) -> None:
        return


class TestPut:
    def test_survives_a_power_cut(self) -> None:
        files = ForgetfulFiles()
        store = Store(FOLDER, files)
        for number, picture in enumerate(PICTURES):
            digest = store.put(picture)
            files.crash(random.Random(number))
            store = Store(FOLDER, files)
            assert store.get(digest) == picture
        assert [store.get(hashlib.sha256(picture).hexdigest()) for picture in PICTURES] == PICTURES

    @pytest.mark.parametrize("files", [ForgetsBytes(), ForgetsNames()], ids=["file.sync", "sync_folder"])
    def test_would_not_without_its_syncs(self, files: ForgetfulFiles) -> None:
        store = Store(FOLDER, files)
        digests = [store.put(picture) for picture in PICTURES]
        files.crash()
        lost = 0
        for digest in digests:
            try:
                Store(FOLDER, files).get(digest)
            except (FileNotFoundError, StoreDamaged):
                lost += 1
        assert lost == len(PICTURES)

    def test_again_is_harmless_and_makes_an_older_name_durable(self) -> None:
        files = ForgetfulFiles()
        first, second = Store(FOLDER, files), Store(FOLDER, files)
        files.make_folder(FOLDER / first.put(PICTURES[0])[:2])
        files.break_next("sync_folder")
        with pytest.raises(OSError, match="broke"):
            first.put(PICTURES[1])
        digest = second.put(PICTURES[1])
        files.crash()
        assert Store(FOLDER, files).get(digest) == PICTURES[1]

    @pytest.mark.parametrize("operation", ["write", "sync", "replace", "sync_folder"])
    def test_that_fails_says_so_and_the_next_one_works(self, operation: str) -> None:
        files = ForgetfulFiles()
        store = Store(FOLDER, files)
        files.break_next(operation, errno.EIO)  # type: ignore[arg-type]
        with pytest.raises(OSError, match="broke"):
            store.put(PICTURES[0])
        digest = store.put(PICTURES[0])
        files.crash()
        assert Store(FOLDER, files).get(digest) == PICTURES[0]

    def test_on_a_full_disk_leaves_no_part_behind(self) -> None:
        files = ForgetfulFiles(disk_bytes=10_000)
        store = Store(FOLDER, files)
        with pytest.raises(OSError, match="space"):
            store.put(b"x" * 20_000)
        assert files.used_bytes() == 0

    def test_a_power_cut_in_the_middle_leaves_no_half_blob(self) -> None:
        for seed in range(30):
            files = ForgetfulFiles()
            store = Store(FOLDER, files)
            files.break_next("sync_folder" if seed % 2 else "sync")
            with pytest.raises(OSError, match="broke"):
                store.put(PICTURES[0])
            files.crash(random.Random(seed))
            again = Store(FOLDER, files)
            digest = hashlib.sha256(PICTURES[0]).hexdigest()
            assert not again.has(digest) or again.get(digest) == PICTURES[0]


class TestGet:
    def test_finds_damage(self, tmp_path: Path) -> None:
        store = Store(tmp_path)
        digest = store.put(PICTURES[0])
        path = store.path(digest)
        for damaged in (PICTURES[0][:-1], b"", b"x" + PICTURES[0][1:], PICTURES[0] + b"\n"):
            path.write_bytes(damaged)
            with pytest.raises(StoreDamaged, match=digest):
                store.get(digest)

    def test_putting_again_mends_damage(self, tmp_path: Path) -> None:
        store = Store(tmp_path)
        digest = store.put(PICTURES[0])
        store.path(digest).write_bytes(b"")
        assert store.put(PICTURES[0]) == digest
        assert store.get(digest) == PICTURES[0]

    def test_of_an_unknown_name(self, tmp_path: Path) -> None:
        store = Store(tmp_path)
        assert not store.has("0" * 64)
        with pytest.raises(FileNotFoundError):
            store.get("0" * 64)

    def test_keeps_only_its_owner_reading(self, tmp_path: Path) -> None:
        store = Store(tmp_path / "store")
        path = store.path(store.put(PICTURES[0]))
        assert path.stat().st_mode & 0o077 == 0
