"""A journal keeps what it said was durable, through power cuts, failing disks and damaged files."""

import asyncio
import random
from pathlib import Path

import pytest

from protocol.entry import Entry, Head
from protocol.entry_types import FROM_STATION, read_body
from protocol.shapes import Closed
from protocol.station_entries import AnswerSaved
from station.attempt import Attempt
from station.disk import InlineDisk, ThreadedDisk
from station.journal import Author, Journal
from tests.forgetful_files import ForgetfulFiles
from tests.station.waiting import until

FOLDER = Path("/seat/000001-a1")
AUTHOR = Author("st1", "s1", "a1", "A" * 43 + "=")
AT = 1_780_000_000_000


def answer(slot: int, letters: str) -> Closed:
    return AnswerSaved(slot=slot, response=list(letters))


def opened(files: ForgetfulFiles, reason: str = "restart") -> Journal:
    journal = Journal(files, FOLDER, InlineDisk())
    journal.open_stream(AUTHOR, reason, journal.head, AT)
    return journal


def folded(journal: Journal) -> dict[int, list[str]]:
    attempt = Attempt.begin(7_200_000)
    attempt.apply_all(journal.entries_read)
    return attempt.answers


@pytest.fixture
def disk() -> ForgetfulFiles:
    return ForgetfulFiles()


class TestAppend:
    async def test_what_was_flushed_survives_a_power_cut(self, disk: ForgetfulFiles) -> None:
        journal = opened(disk)
        journal.keep({"kind": "paper_key", "key": "k"})
        journal.append("answer.saved", answer(1, "A"), AT + 1)
        await journal.flushed()
        disk.crash()
        again = Journal(disk, FOLDER, InlineDisk())
        assert folded(again) == {1: ["A"]}
        assert again.records == [{"kind": "paper_key", "key": "k"}]
        assert again.damage == []

    async def test_whatever_was_called_durable_survives_any_power_cut(self) -> None:
        for seed in range(40):
            dice = random.Random(seed)
            disk = ForgetfulFiles()
            safe: dict[int, list[str]] = {}
            for _ in range(3):
                journal = opened(disk)

                def note(entries: object, safe: dict[int, list[str]] = safe) -> None:
                    for entry in entries:  # type: ignore[attr-defined]
                        if entry.type == "answer.saved":
                            safe[entry.body["slot"]] = entry.body["response"]

                journal.on_durable = note
                for _ in range(dice.randint(1, 30)):
                    journal.append("answer.saved", answer(dice.randint(1, 9), dice.choice("ABCD")), AT)
                    if dice.random() < 0.4:
                        await journal.flushed()
                written = {**safe}
                disk.crash(dice)
                again = folded(Journal(disk, FOLDER, InlineDisk()))
                assert {slot: again.get(slot) for slot in written}.keys() == written.keys()
                # An answer written after the last durable one may have reached the disk as well, never an older one.
                for slot, response in written.items():
                    assert slot in again, (seed, slot)
                    if response != again[slot]:
                        assert len(journal.streams[-1].texts) > journal.streams[-1].durable
                safe.update(again)

    async def test_answers_arriving_together_share_one_sync(self, disk: ForgetfulFiles) -> None:
        journal = opened(disk)
        await journal.flushed()
        before = disk.syncs
        for slot in range(1, 41):
            journal.append("answer.saved", answer(slot, "B"), AT)
        await journal.flushed()
        assert disk.syncs == before + 1

    async def test_a_thread_keeps_the_loop_free_and_the_order(self, disk: ForgetfulFiles) -> None:
        journal = Journal(disk, FOLDER, ThreadedDisk(2))
        journal.open_stream(AUTHOR, "sign_in", None, AT)
        seen: list[int] = []
        journal.on_durable = lambda entries: seen.extend(entry.seq for entry in entries)
        for slot in range(1, 101):
            journal.append("answer.saved", answer(slot, "B"), AT)
            await asyncio.sleep(0)
        await journal.flushed()
        assert seen == list(range(101))

    async def test_the_key_of_an_order_is_safe_before_the_order_is_heard(self, disk: ForgetfulFiles) -> None:
        journal = opened(disk)
        await journal.flushed()
        journal.append("answer.saved", answer(1, "A"), AT)
        journal.keep({"kind": "paper_key", "key": "k"})
        journal.append("answer.saved", answer(2, "A"), AT)
        disk.break_next("sync")
        faults: list[OSError] = []
        journal.on_fault = faults.append
        await until(lambda: bool(faults))
        # The first sync of the batch failed and nothing of the stream was written after it.
        disk.crash()
        assert folded(Journal(disk, FOLDER, InlineDisk())) == {}


class TestRestart:
    async def test_every_run_opens_a_new_stream_that_follows_the_last_head(self, disk: ForgetfulFiles) -> None:
        journal = opened(disk)
        last = journal.append("answer.saved", answer(1, "A"), AT)
        await journal.flushed()
        disk.crash()
        again = opened(disk)
        again.append("answer.saved", answer(2, "B"), AT)
        await again.flushed()
        assert again.streams[1].follows == last.head
        assert [stream.id for stream, _ in again.line()] == [stream.id for stream in again.streams]
        third = Journal(disk, FOLDER, InlineDisk())
        assert folded(third) == {1: ["A"], 2: ["B"]}

    async def test_a_torn_tail_is_cut_off(self, disk: ForgetfulFiles) -> None:
        journal = opened(disk)
        journal.append("answer.saved", answer(1, "A"), AT)
        await journal.flushed()
        path = journal.streams[0].path
        whole = disk.size(path)
        for tail in (b'{"at":17800', b"\x00" * 300, b"\x00" * 30 + b"\n"):
            handle = disk.open_append(path)
            handle.write(tail)
            handle.sync()
            again = Journal(disk, FOLDER, InlineDisk())
            assert folded(again) == {1: ["A"]}
            assert again.damage == []
            assert disk.size(path) == whole

    @pytest.mark.parametrize("how", ["garbage", "another_letter"])
    async def test_a_damaged_middle_is_reported_and_costs_one_line(self, disk: ForgetfulFiles, how: str) -> None:
        journal = opened(disk)
        for slot in (1, 2, 3):
            journal.append("answer.saved", answer(slot, "A"), AT)
        await journal.flushed()
        path = journal.streams[0].path
        lines = disk.read(path).split(b"\n")
        lines[2] = b"\xff" * len(lines[2]) if how == "garbage" else lines[2].replace(b'"A"', b'"B"')
        disk.truncate(path, 0)
        handle = disk.open_append(path)
        handle.write(b"\n".join(lines))
        handle.sync()
        again = opened(disk)
        assert folded(again) == {1: ["A"], 3: ["A"]}
        assert [(fault.file, fault.line) for fault in again.damage] == [(path.name, 3)]
        follows = again.streams[1].follows
        assert follows is not None
        assert follows.seq == 3


class TestFailingDisk:
    @pytest.mark.parametrize("operation", ["write", "sync", "sync_folder"])
    async def test_what_a_failed_write_lost_is_written_anew_in_a_new_stream(
        self, disk: ForgetfulFiles, operation: str
    ) -> None:
        journal = Journal(disk, FOLDER, InlineDisk(), retry_s=0)
        journal.open_stream(AUTHOR, "sign_in", None, AT)
        if operation != "sync_folder":
            journal.append("answer.saved", answer(1, "A"), AT)
            await journal.flushed()
        moved: list[tuple[Head, Entry]] = []
        journal.on_rewritten = lambda many: moved.extend((one.old, one.new) for one in many)
        disk.break_next(operation)  # type: ignore[arg-type]
        last = journal.append("answer.saved", answer(2, "B"), AT + 5)
        await journal.flushed()
        assert [old for old, _ in moved] == [last.head]
        assert moved[0][1].at == AT + 5
        disk.crash()
        again = Journal(disk, FOLDER, InlineDisk())
        expected = {2: ["B"]} if operation == "sync_folder" else {1: ["A"], 2: ["B"]}
        assert folded(again) == expected
        delivered = [
            read_body(entry, FROM_STATION)
            for stream, upto in again.line()
            for entry in again.entries_read
            if entry.stream == stream.id and (upto is None or entry.seq < upto) and entry.type == "answer.saved"
        ]
        assert delivered == [answer(slot, *letters) for slot, letters in sorted(expected.items())]


class TestRepair:
    async def test_what_was_not_held_is_written_again_after_the_held_head(self, disk: ForgetfulFiles) -> None:
        journal = opened(disk)
        entries = [journal.append("answer.saved", answer(slot, "A"), AT + slot) for slot in (1, 2, 3)]
        await journal.flushed()
        assert journal.repair(journal.streams[0].id, 1, AT + 9)
        await journal.flushed()
        new = journal.streams[1]
        assert new.follows == entries[0].head
        again = Journal(disk, FOLDER, InlineDisk())
        texts = [entry for entry in again.entries_read if entry.stream == new.id]
        assert [(entry.type, entry.at, entry.body) for entry in texts[1:]] == [
            (entry.type, entry.at, entry.body) for entry in entries[1:]
        ]
        assert [(stream.id, upto) for stream, upto in again.line()] == [(journal.streams[0].id, 2), (new.id, None)]

    async def test_repairing_an_old_stream_takes_the_later_ones_along(self, disk: ForgetfulFiles) -> None:
        first = opened(disk)
        first.append("answer.saved", answer(1, "A"), AT)
        await first.flushed()
        second = opened(disk)
        second.append("answer.saved", answer(1, "B"), AT)
        old = second.streams[0].id
        assert second.repair(old, 0, AT)
        await second.flushed()
        assert second.repair(old, 0, AT) is False
        assert len(second.streams) == 3
        assert second.line()[0] == (second.streams[0], 1)
        assert folded(Journal(disk, FOLDER, InlineDisk())) == {1: ["B"]}

    async def test_a_stream_off_the_line_was_repaired_before(self, disk: ForgetfulFiles) -> None:
        journal = opened(disk)
        journal.append("answer.saved", answer(1, "A"), AT)
        await journal.flushed()
        old = journal.streams[0].id
        assert journal.repair(old, -1, AT)
        assert journal.repair(old, -1, AT) is False
