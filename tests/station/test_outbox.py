"""Delivery is in order, only of what is durable, within its window, and begins again after anything."""

from pathlib import Path

import pytest

from protocol.entry import parse
from protocol.limits import ENTRIES_PER_FRAME_MAX, UNACKNOWLEDGED_ENTRIES_MAX
from protocol.station_entries import AnswerSaved
from protocol.to_station import StreamState
from station.disk import InlineDisk
from station.journal import Author, Journal
from station.outbox import Gap, Outbox
from tests.forgetful_files import ForgetfulFiles

FOLDER = Path("/seat/000001")
AUTHOR = Author("st1", "s1", "a1", "A" * 43 + "=")


async def journal_with(disk: ForgetfulFiles, answers: int) -> Journal:
    journal = Journal(disk, FOLDER, InlineDisk())
    journal.open_stream(AUTHOR, "restart", journal.head, 1)
    for number in range(answers):
        journal.append("answer.saved", AnswerSaved(slot=1 + number % 9, response=["A"]), 2 + number)
    await journal.flushed()
    return journal


@pytest.fixture
def disk() -> ForgetfulFiles:
    return ForgetfulFiles()


def seqs(frame: list[str] | Gap | None) -> list[int]:
    assert isinstance(frame, list)
    return [parse(text).seq for text in frame]


class TestNextFrame:
    async def test_nothing_before_the_room_said_what_it_holds(self, disk: ForgetfulFiles) -> None:
        outbox = Outbox(await journal_with(disk, 3))
        assert outbox.next_frame() is None
        outbox.resumed([])
        assert seqs(outbox.next_frame()) == [0, 1, 2, 3]
        assert outbox.next_frame() is None

    async def test_only_durable_entries(self, disk: ForgetfulFiles) -> None:
        journal = await journal_with(disk, 1)
        outbox = Outbox(journal)
        outbox.resumed([])
        journal.append("answer.saved", AnswerSaved(slot=1, response=["B"]), 9)
        assert seqs(outbox.next_frame()) == [0, 1]
        assert outbox.next_frame() is None
        await journal.flushed()
        assert seqs(outbox.next_frame()) == [2]

    async def test_frames_and_window_are_bounded(self, disk: ForgetfulFiles) -> None:
        journal = await journal_with(disk, 1_000)
        outbox = Outbox(journal)
        outbox.resumed([])
        sent = []
        while (frame := outbox.next_frame()) is not None:
            assert len(seqs(frame)) <= ENTRIES_PER_FRAME_MAX
            sent += seqs(frame)
        assert sent == list(range(UNACKNOWLEDGED_ENTRIES_MAX))
        outbox.acknowledged(journal.streams[0].id, 99)
        assert seqs(outbox.next_frame()) == list(range(512, 612))
        assert outbox.unacknowledged() == 901

    async def test_an_old_stream_is_through_before_the_next_begins(self, disk: ForgetfulFiles) -> None:
        first = await journal_with(disk, 2)
        journal = await journal_with(disk, 1)
        outbox = Outbox(journal)
        outbox.resumed([StreamState(stream=first.streams[0].id, seq=0)])
        assert seqs(outbox.next_frame()) == [1, 2]
        assert outbox.next_frame() is None
        outbox.acknowledged(first.streams[0].id, 2)
        assert seqs(outbox.next_frame()) == [0, 1]

    async def test_what_was_not_acknowledged_is_sent_again_after_a_cut(self, disk: ForgetfulFiles) -> None:
        journal = await journal_with(disk, 3)
        outbox = Outbox(journal)
        outbox.resumed([])
        outbox.next_frame()
        outbox.acknowledged(journal.streams[0].id, 1)
        outbox.disconnected()
        assert outbox.next_frame() is None
        outbox.resumed([StreamState(stream=journal.streams[0].id, seq=1)])
        assert seqs(outbox.next_frame()) == [2, 3]

    async def test_a_room_that_lost_its_disk_gets_everything_again(self, disk: ForgetfulFiles) -> None:
        journal = await journal_with(disk, 3)
        outbox = Outbox(journal)
        outbox.resumed([StreamState(stream=journal.streams[0].id, seq=3)])
        assert outbox.next_frame() is None
        outbox.disconnected()
        outbox.resumed([])
        assert seqs(outbox.next_frame()) == [0, 1, 2, 3]

    async def test_a_line_the_disk_lost_is_a_gap_only_while_the_room_needs_it(self, disk: ForgetfulFiles) -> None:
        before = await journal_with(disk, 4)
        path = before.streams[0].path
        lines = disk.read(path).split(b"\n")
        lines[2] = b"?"
        disk.truncate(path, 0)
        handle = disk.open_append(path)
        handle.write(b"\n".join(lines))
        handle.sync()
        journal = await journal_with(disk, 1)
        old = journal.streams[0].id
        outbox = Outbox(journal)
        outbox.resumed([StreamState(stream=old, seq=4)])
        assert seqs(outbox.next_frame()) == [0, 1]
        outbox.disconnected()
        outbox.resumed([])
        assert seqs(outbox.next_frame()) == [0, 1]
        outbox.acknowledged(old, 1)
        assert outbox.next_frame() == Gap(old, 1)
        assert journal.repair(old, 1, 99)
        await journal.flushed()
        frame = outbox.next_frame()
        assert isinstance(frame, list)
        assert [parse(text).body.get("slot") for text in frame[1:]] == [3, 4, 1]
