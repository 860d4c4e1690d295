"""One contract for every file layer, and what the forgetful one forgets."""

import errno
import random
from pathlib import Path

import pytest

from protocol.files import DiskFiles, Files
from tests.forgetful_files import ForgetfulFiles


@pytest.fixture(params=["disk", "forgetful"])
def layer(request: pytest.FixtureRequest, tmp_path: Path) -> tuple[Files, Path]:
    files: Files = DiskFiles() if request.param == "disk" else ForgetfulFiles()
    folder = tmp_path / "a" / "b"
    files.make_folder(folder)
    return files, folder


class TestContract:
    def test_appends_and_reads_back_in_pieces(self, layer: tuple[Files, Path]) -> None:
        files, folder = layer
        file = files.open_append(folder / "x")
        file.write(b"hello ")
        file.sync()
        file.close()
        again = files.open_append(folder / "x")
        again.write(b"room")
        assert again.size() == 10
        again.close()
        assert files.read(folder / "x") == b"hello room"
        assert files.read(folder / "x", 6, 2) == b"ro"
        assert files.size(folder / "x") == 10

    def test_create_refuses_a_name_that_is_taken(self, layer: tuple[Files, Path]) -> None:
        files, folder = layer
        files.create(folder / "x").close()
        with pytest.raises(FileExistsError):
            files.create(folder / "x")

    def test_replace_takes_the_place_at_once(self, layer: tuple[Files, Path]) -> None:
        files, folder = layer
        for name, data in (("old", b"1"), ("new", b"2")):
            file = files.create(folder / name)
            file.write(data)
            file.close()
        files.replace(folder / "new", folder / "old")
        assert files.list(folder) == ["old"]
        assert files.read(folder / "old") == b"2"

    def test_truncate_and_unlink(self, layer: tuple[Files, Path]) -> None:
        files, folder = layer
        file = files.create(folder / "x")
        file.write(b"whole and torn")
        file.close()
        files.truncate(folder / "x", 5)
        assert files.read(folder / "x") == b"whole"
        files.unlink(folder / "x")
        assert not files.exists(folder / "x")
        files.sync_folder(folder)

    def test_missing_files_and_folders_are_named(self, layer: tuple[Files, Path]) -> None:
        files, folder = layer
        for call in (
            lambda: files.read(folder / "no"),
            lambda: files.size(folder / "no"),
            lambda: files.list(folder / "no"),
            lambda: files.unlink(folder / "no"),
        ):
            with pytest.raises(FileNotFoundError):
                call()
        assert not files.exists(folder / "no" / "deeper")

    def test_a_closed_file_refuses(self, layer: tuple[Files, Path]) -> None:
        files, folder = layer
        file = files.create(folder / "x")
        file.close()
        file.close()
        with pytest.raises(OSError, match="closed"):
            file.write(b"late")

    def test_knows_free_space(self, layer: tuple[Files, Path]) -> None:
        files, folder = layer
        assert files.free_bytes(folder) > 0

    def test_make_folder_twice_is_harmless(self, layer: tuple[Files, Path]) -> None:
        files, folder = layer
        files.make_folder(folder)
        assert files.list(folder) == []


FOLDER = Path("/seat")


@pytest.fixture
def disk() -> ForgetfulFiles:
    files = ForgetfulFiles()
    files.make_folder(FOLDER)
    return files


class TestForgetting:
    def test_a_file_needs_both_its_bytes_and_its_name_synced(self, disk: ForgetfulFiles) -> None:
        for name, sync_bytes, sync_name in (("a", True, False), ("b", True, True), ("c", False, True)):
            file = disk.create(FOLDER / name)
            file.write(b"bytes")
            if sync_bytes:
                file.sync()
            if sync_name:
                disk.sync_folder(FOLDER)
        disk.unlink(FOLDER / "a")
        disk.sync_folder(FOLDER)
        disk.crash()
        assert disk.list(FOLDER) == ["b", "c"]
        assert disk.read(FOLDER / "b") == b"bytes"
        assert disk.read(FOLDER / "c") == b""

    def test_an_unsynced_replace_is_undone(self, disk: ForgetfulFiles) -> None:
        for name in ("old", "new"):
            file = disk.create(FOLDER / name)
            file.write(name.encode())
            file.sync()
        disk.sync_folder(FOLDER)
        disk.replace(FOLDER / "new", FOLDER / "old")
        disk.crash()
        assert disk.read(FOLDER / "old") == b"old"

    def test_an_unsynced_unlink_is_undone(self, disk: ForgetfulFiles) -> None:
        disk.create(FOLDER / "x").close()
        disk.sync_folder(FOLDER)
        disk.unlink(FOLDER / "x")
        disk.crash()
        assert disk.list(FOLDER) == ["x"]

    def test_handles_die_with_the_power(self, disk: ForgetfulFiles) -> None:
        file = disk.create(FOLDER / "x")
        disk.crash()
        with pytest.raises(OSError, match="died"):
            file.write(b"late")

    def test_a_failed_sync_loses_the_bytes_and_the_next_one_lies(self, disk: ForgetfulFiles) -> None:
        file = disk.create(FOLDER / "x")
        disk.sync_folder(FOLDER)
        file.write(b"bytes")
        disk.break_next("sync")
        with pytest.raises(OSError, match="broke"):
            file.sync()
        file.sync()
        disk.crash()
        assert disk.read(FOLDER / "x") == b""

    def test_a_full_disk_writes_a_part_and_says_so(self) -> None:
        disk = ForgetfulFiles(disk_bytes=8)
        disk.make_folder(FOLDER)
        file = disk.create(FOLDER / "x")
        with pytest.raises(OSError, match="no space") as full:
            file.write(b"ten bytes.")
        assert full.value.errno == errno.ENOSPC
        assert disk.size(FOLDER / "x") == 8
        assert disk.free_bytes(FOLDER) == 0

    def test_with_dice_a_tail_may_survive_in_part_but_never_less_than_synced(self) -> None:
        seen = set()
        for seed in range(40):
            disk = ForgetfulFiles()
            disk.make_folder(FOLDER)
            file = disk.create(FOLDER / "x")
            file.write(b"sure")
            file.sync()
            disk.sync_folder(FOLDER)
            file.write(b"maybe")
            disk.create(FOLDER / "y")
            disk.crash(random.Random(seed))
            data = disk.read(FOLDER / "x")
            assert b"suremaybe".startswith(data)
            assert data.startswith(b"sure")
            seen.add((data, disk.exists(FOLDER / "y")))
        assert len({data for data, _ in seen}) > 2
        assert {there for _, there in seen} == {True, False}
