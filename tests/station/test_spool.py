"""The spool keeps what it took through power cuts, and says so when it cannot."""

import errno
import hashlib
import random
from pathlib import Path

import pytest

from protocol.files import DiskFiles
from station.spool import PictureDamaged, Spool, SpoolFull
from tests.forgetful_files import ForgetfulFiles

FOLDER = Path("/seat/spool")


def picture(number: int, size: int = 1000) -> bytes:
    return random.Random(number).randbytes(size)


def spool_on(files: ForgetfulFiles, **limits: int) -> Spool:
    return Spool(files, FOLDER, **{"disk_free_bytes_min": 0, **limits})


@pytest.fixture
def disk() -> ForgetfulFiles:
    return ForgetfulFiles()


class TestPut:
    def test_a_picture_is_named_by_its_digest_and_read_back(self, disk: ForgetfulFiles) -> None:
        spool = spool_on(disk)
        kept = spool.put(picture(1))
        assert kept.digest == hashlib.sha256(picture(1)).hexdigest()
        assert kept.size == 1000
        assert spool.read(kept.digest) == picture(1)

    def test_survives_a_power_cut_the_moment_it_returns(self, disk: ForgetfulFiles) -> None:
        spool = spool_on(disk)
        for number in range(5):
            kept = spool.put(picture(number))
            disk.crash()
            spool = spool_on(disk)
            assert spool.read(kept.digest) == picture(number)
        assert len(spool.waiting()) == 5

    def test_survives_a_power_cut_that_keeps_some_unsynced_parts(self) -> None:
        for seed in range(30):
            disk = ForgetfulFiles()
            spool = spool_on(disk)
            digests = [spool.put(picture(number)).digest for number in range(3)]
            spool.acknowledged(digests[0])
            disk.crash(random.Random(seed))
            spool = spool_on(disk)
            for number in (1, 2):
                assert spool.read(digests[number]) == picture(number)

    def test_the_same_bytes_twice_are_one_picture(self, disk: ForgetfulFiles) -> None:
        spool = spool_on(disk)
        assert spool.put(picture(1)) == spool.put(picture(1))
        assert len(spool.waiting()) == 1
        assert spool.waiting_bytes() == 1000

    def test_order_is_kept_over_a_restart(self, disk: ForgetfulFiles) -> None:
        spool = spool_on(disk)
        first = [spool.put(picture(number)).digest for number in range(12)]
        spool.acknowledged(first[3])
        spool = spool_on(disk)
        later = spool.put(picture(99)).digest
        assert [kept.digest for kept in spool.waiting()] == [*first[:3], *first[4:], later]


class TestLimits:
    def test_one_past_the_limit_is_refused_and_nothing_is_dropped(self, disk: ForgetfulFiles) -> None:
        spool = spool_on(disk, bytes_max=3000)
        kept = [spool.put(picture(number)).digest for number in range(3)]
        with pytest.raises(SpoolFull) as full:
            spool.put(picture(3, size=1))
        assert "3" in full.value.sentence
        assert [waiting.digest for waiting in spool.waiting()] == kept
        spool.acknowledged(kept[0])
        spool.put(picture(3))

    def test_the_disk_keeps_room_for_answers(self) -> None:
        spool = spool_on(ForgetfulFiles(disk_bytes=5000), disk_free_bytes_min=4500)
        with pytest.raises(SpoolFull):
            spool.put(picture(1))
        spool.put(picture(2, size=500))

    def test_a_full_disk_leaves_no_half_picture(self, disk: ForgetfulFiles) -> None:
        spool = spool_on(disk)
        disk.break_next("write", errno.ENOSPC)
        with pytest.raises(SpoolFull):
            spool.put(picture(1))
        assert disk.list(FOLDER) == []

    @pytest.mark.parametrize("operation", ["write", "sync", "replace", "sync_folder"])
    def test_a_failing_disk_is_said_and_the_next_picture_is_kept(
        self, disk: ForgetfulFiles, operation: str
    ) -> None:
        spool = spool_on(disk)
        disk.break_next(operation)  # type: ignore[arg-type]
        with pytest.raises(OSError, match="broke"):
            spool.put(picture(1))
        assert spool.waiting() == []
        kept = spool.put(picture(1))
        disk.crash()
        assert spool_on(disk).read(kept.digest) == picture(1)


class TestAcknowledged:
    def test_is_forgotten_and_a_repeat_is_harmless(self, disk: ForgetfulFiles) -> None:
        spool = spool_on(disk)
        kept = spool.put(picture(1))
        spool.acknowledged(kept.digest)
        spool.acknowledged(kept.digest)
        assert spool.waiting() == []
        assert spool.get(kept.digest) is None
        assert disk.list(FOLDER) == []

    def test_may_come_back_after_a_power_cut_and_is_acknowledged_again(self, disk: ForgetfulFiles) -> None:
        spool = spool_on(disk)
        kept = spool.put(picture(1))
        spool.acknowledged(kept.digest)
        disk.crash()
        spool = spool_on(disk)
        assert spool.read(kept.digest) == picture(1)
        spool.acknowledged(kept.digest)
        assert spool.waiting() == []


class TestDamage:
    def test_half_written_files_of_a_crash_are_swept(self, disk: ForgetfulFiles) -> None:
        spool_on(disk)
        disk.create(FOLDER / f"0000000001-{'0' * 64}.part").close()
        assert spool_on(disk).waiting() == []
        assert disk.list(FOLDER) == []

    def test_rotten_bytes_are_set_aside_by_name(self, tmp_path: Path) -> None:
        spool = Spool(DiskFiles(), tmp_path / "spool", disk_free_bytes_min=0)
        kept = spool.put(picture(1))
        kept.path.write_bytes(b"rot")
        with pytest.raises(PictureDamaged) as damaged:
            spool.read(kept.digest)
        assert damaged.value.digest == kept.digest
        assert [path.suffix for path in (tmp_path / "spool").iterdir()] == [".damaged"]
        assert spool.waiting() == []

    def test_a_file_taken_away_is_damage_not_a_crash(self, tmp_path: Path) -> None:
        spool = Spool(DiskFiles(), tmp_path / "spool", disk_free_bytes_min=0)
        kept = spool.put(picture(1))
        kept.path.unlink()
        with pytest.raises(PictureDamaged):
            spool.read(kept.digest)
        spool.acknowledged(kept.digest)
