"""The journal of one sitting: every answer and event on disk before the page shows it as saved.

A sitting is one candidate signed in at this machine once; it has one folder::

    000001-<stream>.ndjson   one file for each stream, a line is an entry's exact text
    beside-000001.ndjson     the sealed paper, its key, the capture secret: what a restart without a network needs

The folder is the index. A stream is never continued: every run of the station opens a new one that names the head it
follows. A file whose write or sync failed is never written again either: what was to be made durable goes into a new
stream. What is delivered to the room is the line of ``follows`` from the newest stream back.
"""

import asyncio
import logging
import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

from protocol import limits, wire
from protocol.entry import Entry, Head, compose, parse
from protocol.entry_types import STREAM_OPENED, version_of
from protocol.files import AppendFile, Files
from protocol.shapes import Closed, HeadRef
from protocol.station_entries import StreamOpened
from station.disk import Disk
from station.journal_reading import Damage, read_entries, read_records

WRITE_RETRY_S = 1.0
"""Seconds between attempts on a disk that fails; what is not durable meanwhile is shown as not saved."""

STREAM_ENTRIES_SPARE = 1_000
"""Entries left free at the end of a stream when the next one is opened (reason ``full``)."""

_LOG = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Author:
    """Who writes: what every ``stream.opened`` of this sitting says."""

    station: str
    session: str
    attempt: str
    key: str


@dataclass(slots=True)
class Stream:
    """One stream by sequence: exact texts (None where the disk lost one), and how many of them are durable."""

    id: str
    path: Path
    follows: Head | None
    texts: list[str | None] = field(default_factory=list)
    durable: int = 0
    head: Head | None = None

    def head_at(self, seq: int) -> Head | None:
        """The newest readable head at or before ``seq``; None when there is none."""
        for at in range(min(seq, len(self.texts) - 1), -1, -1):
            text = self.texts[at]
            if text is not None:
                return parse(text).head
        return None


@dataclass(slots=True)
class _Pending:
    """One line on its way to the disk: of a stream, or (``stream`` None) of the file beside."""

    line: bytes
    stream: Stream | None
    entry: Entry | None


@dataclass(frozen=True, slots=True)
class Rewritten:
    """An entry that was written again in a newer stream: same type, body and instant."""

    old: Head
    new: Entry


class Journal:
    """Reads a sitting's folder on construction; from then on the only writer in it.

    ``on_durable`` is called in the loop with the entries one sync made safe, in order; ``on_rewritten`` when entries
    moved to a new stream; ``on_fault`` with the error of a failing disk.
    """

    def __init__(self, files: Files, folder: Path, disk: Disk, *, retry_s: float = WRITE_RETRY_S) -> None:
        self._files, self.folder, self._disk, self._retry_s = files, folder, disk, retry_s
        self.streams: list[Stream] = []
        self.records: list[dict[str, Any]] = []
        self.entries_read: list[Entry] = []
        self.damage: list[Damage] = []
        self.on_durable: Callable[[Sequence[Entry]], None] = lambda entries: None
        self.on_rewritten: Callable[[Sequence[Rewritten]], None] = lambda rewritten: None
        self.on_fault: Callable[[OSError], None] = lambda error: None
        self._author: Author | None = None
        self._by_id: dict[str, Stream] = {}
        self._open: dict[Path, AppendFile] = {}
        self._beside_number = 0
        self._next_number = 1
        self._pending: list[_Pending] = []
        self._flushing: asyncio.Task[None] | None = None
        self._appended = self._done = 0
        self._waiting: list[tuple[int, asyncio.Future[None]]] = []
        self._read()

    @property
    def head(self) -> Head | None:
        """The head of the newest stream, None when there is no stream."""
        return self.streams[-1].head if self.streams else None

    @property
    def attempt_id(self) -> str | None:
        """The attempt the newest stream is of."""
        return self._author.attempt if self._author else None

    def stream(self, stream_id: str) -> Stream | None:
        """A stream of this sitting by its id."""
        return self._by_id.get(stream_id)

    def line(self) -> list[tuple[Stream, int | None]]:
        """What the room is to hold, oldest first: streams with the count of entries that stand (None: all)."""
        found: list[tuple[Stream, int | None]] = []
        stream = self.streams[-1] if self.streams else None
        upto: int | None = None
        while stream is not None:
            found.append((stream, upto))
            follows = stream.follows
            stream = self._by_id.get(follows.stream) if follows else None
            upto = follows.seq + 1 if follows else None
        return found[::-1]

    def keep(self, record: dict[str, Any]) -> None:
        """Keep a record beside the streams; durable before any entry appended after it."""
        self.records.append(record)
        self._submit(_Pending(wire.write(record).encode() + b"\n", None, None))

    def open_stream(self, author: Author, reason: str, follows: Head | None, at: int) -> Entry:
        """Begin a new stream; everything appended from here stands on it."""
        self._author = author
        stream_id = secrets.token_hex(16)
        name = f"{self._next_number:06d}-{stream_id}.ndjson"
        self._next_number += 1
        self.streams.append(Stream(stream_id, self.folder / name, follows))
        self._by_id[stream_id] = self.streams[-1]
        opened = StreamOpened.model_validate(
            {
                "author": "station",
                "station": author.station,
                "session": author.session,
                "attempt": author.attempt,
                "key": author.key,
                "follows": HeadRef(**follows.to_json()) if follows else None,
                "reason": reason,
            }
        )
        return self._compose(STREAM_OPENED, opened.to_json(), 1, at)

    def append(self, kind: str, body: Closed, at: int) -> Entry:
        """Write an entry on the newest stream; it is durable when ``on_durable`` names it or ``flushed`` returned."""
        assert self._author is not None, "a stream is opened before anything is written"
        if len(self.streams[-1].texts) >= limits.STREAM_ENTRIES_MAX - STREAM_ENTRIES_SPARE:
            self.open_stream(self._author, "full", self.head, at)
        return self._compose(kind, body.to_json(), version_of(kind), at)

    @property
    def pending(self) -> bool:
        """Whether something written is not durable yet."""
        return self._done < self._appended

    async def flushed(self) -> None:
        """Return when everything appended or kept so far is durable."""
        if not self.pending:
            return
        done = asyncio.get_running_loop().create_future()
        self._waiting.append((self._appended, done))
        await done

    async def close(self) -> None:
        """Write what is pending and close the files; a failing disk is left after one attempt."""
        if self._flushing is not None:
            await asyncio.wait([self._flushing], timeout=self._retry_s)
            self._flushing.cancel()
        for file in self._open.values():
            file.close()
        self._open.clear()

    def forget(self) -> None:
        """Remove everything of this sitting; the folder stays, empty, so that its number is not used again."""
        for name in self._files.list(self.folder):
            self._files.unlink(self.folder / name)
        self._files.sync_folder(self.folder)

    def repair(self, stream_id: str, held: int, at: int) -> bool:
        """Write everything after ``held`` of this stream again, in a new stream that follows that head.

        The original file is kept. False when the stream is no longer on the delivered line: done before.
        """
        line = self.line()
        place = next((i for i, (stream, _) in enumerate(line) if stream.id == stream_id), None)
        if place is None or self._author is None:
            return False
        stream, upto = line[place]
        if upto is not None and upto <= held + 1:
            return False
        rest = [text for text in stream.texts[held + 1 : upto] if text is not None]
        for later, later_upto in line[place + 1 :]:
            rest += [text for text in later.texts[:later_upto] if text is not None]
        follows = stream.head_at(held) if held >= 0 else stream.follows
        self._write_again([parse(text) for text in rest], follows, at)
        return True

    def _write_again(self, entries: Sequence[Entry], follows: Head | None, at: int) -> None:
        assert self._author is not None
        self.open_stream(self._author, "repair", follows, at)
        rewritten = [
            Rewritten(entry.head, self._compose(entry.type, entry.body, entry.version, entry.at))
            for entry in entries
            if entry.type != STREAM_OPENED
        ]
        self.on_rewritten(rewritten)

    def _compose(self, kind: str, body: dict[str, Any], version: int, at: int) -> Entry:
        stream = self.streams[-1]
        entry = compose(stream.head, stream.id, at, kind, body, version)
        stream.texts.append(entry.text)
        stream.head = entry.head
        self._submit(_Pending(entry.text.encode() + b"\n", stream, entry))
        return entry

    # To the disk: one write and one sync for everything that is waiting.

    def _submit(self, pending: _Pending) -> None:
        self._pending.append(pending)
        self._appended += 1
        if self._flushing is None or self._flushing.done():
            self._flushing = asyncio.get_running_loop().create_task(self._flush())

    async def _flush(self) -> None:
        while self._pending:
            batch, self._pending = self._pending, []
            try:
                await self._disk.run(partial(self._write, batch))
            except OSError as error:
                self._start_anew(batch, error)
                await asyncio.sleep(self._retry_s)
                continue
            self._count(batch)

    def _write(self, batch: Sequence[_Pending]) -> None:
        # Beside first: an order's key must be there before the entry that says the order was heard.
        pieces: dict[Path, list[bytes]] = {}
        records = [pending.line for pending in batch if pending.stream is None]
        if records:
            pieces[self.folder / f"beside-{self._beside_number:06d}.ndjson"] = records
        for pending in batch:
            if pending.stream is not None:
                pieces.setdefault(pending.stream.path, []).append(pending.line)
        for path, lines in pieces.items():
            new = path not in self._open
            if new:
                self._open[path] = self._files.create(path)
            self._open[path].write(b"".join(lines))
            self._open[path].sync()
            if new:
                self._files.sync_folder(self.folder)

    def _count(self, batch: Sequence[_Pending]) -> None:
        entries = []
        for pending in batch:
            if pending.stream is not None and pending.entry is not None:
                pending.stream.durable = pending.entry.seq + 1
                entries.append(pending.entry)
        self._done += len(batch)
        if entries:
            self.on_durable(entries)
        while self._waiting and self._waiting[0][0] <= self._done:
            waiting = self._waiting.pop(0)[1]
            if not waiting.done():
                waiting.set_result(None)

    def _start_anew(self, batch: Sequence[_Pending], error: OSError) -> None:
        _LOG.error("the journal could not be written (%s); a new stream is begun", error)
        lost = [*batch, *self._pending]
        self._pending = []
        for file in self._open.values():
            file.close()
        self._open.clear()
        self._beside_number += 1
        self._done += len(lost)
        for pending in lost:
            if pending.stream is None:
                self._submit(_Pending(pending.line, None, None))
        broken = next((pending.stream for pending in lost if pending.stream is not None), None)
        if broken is not None:
            follows = broken.head_at(broken.durable - 1) if broken.durable else broken.follows
            entries = [pending.entry for pending in lost if pending.entry is not None]
            self._write_again(entries, follows, entries[-1].at)
        # Whoever waited for the lost lines waits for those that replace them.
        self._waiting = [(self._appended, done) for _, done in self._waiting]
        self.on_fault(error)

    # From the disk.

    def _read(self) -> None:
        self._files.make_folder(self.folder)
        for name in self._files.list(self.folder):
            path = self.folder / name
            if name.startswith("beside-"):
                self.records += read_records(self._files, path, self.damage)
                self._beside_number = int(name[len("beside-") : -len(".ndjson")])
            elif name.endswith(".ndjson"):
                self._read_stream(path, name)
        self._beside_number += 1

    def _read_stream(self, path: Path, name: str) -> None:
        number, _, stream_id = name[: -len(".ndjson")].partition("-")
        self._next_number = int(number) + 1
        entries = self._standing(name, stream_id, read_entries(self._files, path, self.damage))
        if not entries:
            return
        stream = Stream(stream_id, path, self.head)
        for entry in entries:
            stream.texts += [None] * (entry.seq - len(stream.texts)) + [entry.text]
        stream.head, stream.durable = entries[-1].head, len(stream.texts)
        self._understand(stream, entries[0])
        self.streams.append(stream)
        self._by_id[stream_id] = stream
        self.entries_read += entries

    def _standing(self, name: str, stream_id: str, entries: Sequence[Entry]) -> list[Entry]:
        """The entries that stand where the next one says they stand; a changed one is damage."""
        found: list[Entry] = []
        for entry in entries:
            if entry.stream != stream_id or (found and entry.seq <= found[-1].seq):
                self.damage.append(Damage(name, entry.seq + 1, "an entry of another place"))
                continue
            if found and entry.seq == found[-1].seq + 1 and entry.prev != found[-1].hash:
                changed = found.pop()
                self.damage.append(Damage(name, changed.seq + 1, "the next entry knows another text of this one"))
            found.append(entry)
        return found

    def _understand(self, stream: Stream, first: Entry) -> None:
        if first.type != STREAM_OPENED:
            return  # its opening is among the damage; it followed the stream before it
        try:
            opened = StreamOpened.model_validate(first.body)
        except ValueError as error:
            self.damage.append(Damage(stream.path.name, 1, f"the opening is unreadable: {error}"))
            return
        stream.follows = Head(**opened.follows.to_json()) if opened.follows else None
        self._author = Author(opened.station, opened.session, opened.attempt, opened.key)
