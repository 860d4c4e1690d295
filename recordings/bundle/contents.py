"""What the files of a bundle say to each other: chains, keys, signed heads, orders, notes, pictures, the record form.

Streams are read line by line; what later files are asked about earlier ones is gathered first, so that memory holds
heads, orders and names of pictures and never the entries.
"""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, BinaryIO

from protocol import wire
from protocol.entry import BadEntry, Entry, Head, digest, follows, parse
from protocol.entry_types import ORDERS, STREAM_OPENED
from protocol.keys import Purpose, verify
from protocol.witness import read_head
from recordings.bundle.form import FINAL_HEADS, HEADS, LINE_BYTES_MAX, NOTES, BundleStream
from recordings.bundle.verdict import Finding, Verdict
from recordings.bundle.walking import Placed, Walk
from recordings.ledger import note_digest


@dataclass(frozen=True, slots=True)
class _Line:
    """One line of a file; ``at`` is its offset in that file."""

    at: int
    data: bytes


@dataclass(slots=True)
class _Told:
    """What the streams tell of the rest."""

    pictures: dict[str, None] = field(default_factory=dict)
    signed_heads: str | None = None


class Contents:
    """Checks what an intact walk has placed; what stands in a changed file is named by its line."""

    def __init__(self, bundle: BinaryIO, walk: Walk, verdict: Verdict) -> None:
        self._bundle = bundle
        self._walk = walk
        self._manifest = walk.manifest
        self._verdict = verdict
        self._told = _Told()
        self._wanted: dict[tuple[str, int], list[tuple[str, Finding]]] = {}

    def check(self) -> None:
        """Everything."""
        for placed in self._walk.placed.values():
            if not placed.intact:
                self._name_change(placed)
        self._notes()
        self._heads()
        self._final_heads()
        for stream in self._manifest.streams:
            self._what_it_follows(stream)
        for stream in self._manifest.streams:
            self._stream(stream)
        self._form()
        self._pictures()

    # -- what was changed --------------------------------------------------------------------------------------

    def _name_change(self, placed: Placed) -> None:
        """One problem for a changed file: the byte, and the entry it stands in, as closely as they can be told."""
        stream = self._stream_of(placed)
        byte = placed.changed
        seq = None
        if stream is not None and byte is None:
            found = self._first_other_entry(stream)
            if found is not None:
                seq, byte = found
        block = placed.block or (0, placed.file.size)
        if stream is not None and seq is None:
            seq = self._lines_before(placed, block[0] if byte is None else byte)
        entry = stream is not None and placed.file.path == stream.file
        self._verdict.problem(
            Finding(
                "entry_changed" if entry else "file_changed",
                placed.file.path,
                placed.at + (block[0] if byte is None else byte),
                byte=byte,
                length=None if placed.changed is not None else block[1],
                stream=stream.stream if stream else None,
                seq=seq,
            )
        )

    def _stream_of(self, placed: Placed) -> BundleStream | None:
        named = (one for one in self._manifest.streams if placed.file.path in (one.file, one.rows))
        return next(named, None)

    def _first_other_entry(self, stream: BundleStream) -> tuple[int, int] | None:
        """Sequence number and offset of the first entry whose hash is not the one beside it."""
        entries, rows = self._walk.placed.get(stream.file), self._walk.placed.get(stream.rows)
        if entries is None or rows is None or not rows.intact or entries.intact:
            return None
        given = self._lines(entries)
        for seq, row in enumerate(self._lines(rows)):
            line = next(given, None)
            if line is None or _sha256(line.data) != _json(row).get("hash"):
                return seq, entries.file.size if line is None else line.at
        return None

    def _lines_before(self, placed: Placed, byte: int) -> int:
        self._bundle.seek(placed.at)
        count, left = 0, byte
        while left > 0:
            piece = self._bundle.read(min(left, LINE_BYTES_MAX))
            count += piece.count(b"\n")
            left -= len(piece)
        return count

    # -- the small files ---------------------------------------------------------------------------------------

    def _notes(self) -> None:
        for line, placed in self._intact_lines(NOTES):
            note = _json(line)
            if note_digest(str(note.get("salt")), str(note.get("text"))) != note.get("digest"):
                self._bad("note", placed, line)

    def _heads(self) -> None:
        streams = {one.stream: one for one in self._manifest.streams}
        seen = {}
        for line, placed in self._intact_lines(HEADS):
            told = _json(line)
            stream = streams.get(str(told.get("stream")))
            statement = None
            if stream is not None:
                try:
                    statement = read_head(stream.key, str(told.get("statement")), str(told.get("signature")))
                except (wire.Malformed, ValueError):
                    statement = None
            if stream is None or statement is None or statement.head.stream != stream.stream:
                self._bad("head_signature", placed, line)
                continue
            head, office = statement.head, statement.office
            seen[stream.stream] = head.seq
            if head.seq >= stream.entries:
                self._bad("head_beyond", placed, line, stream.stream, stream.entries)
            self._want(head.stream, head.seq, head.hash, self._found("head_differs", placed, line))
            if office is not None:
                self._want(
                    office.stream, office.seq, office.hash, self._found("office_differs", placed, line)
                )
                known = streams.get(office.stream)
                if known is None or office.seq >= known.entries:
                    self._warn(self._found("office_lost", placed, line, office.stream, office.seq))
        self._unwitnessed(seen)

    def _unwitnessed(self, seen: dict[str, int]) -> None:
        for one in self._manifest.streams:
            if one.author == "station" and one.stream not in seen:
                self._warn(Finding("no_head", one.file, 0, stream=one.stream))
            elif one.author == "station" and seen[one.stream] < one.entries - 1:
                self._warn(Finding("unwitnessed", one.file, 0, stream=one.stream, seq=seen[one.stream] + 1))

    def _final_heads(self) -> None:
        known = {one.stream: one.entries for one in self._manifest.streams}
        for line, placed in self._intact_lines(FINAL_HEADS):
            told = _json(line)
            stream, seq = str(told.get("stream")), told.get("seq")
            if stream not in known:
                continue
            if type(seq) is not int or seq >= known[stream]:
                self._bad("final_heads", placed, line, stream, known[stream])
            else:
                found = self._found("final_heads", placed, line)
                self._want(stream, seq, str(told.get("hash")), found)

    # -- the streams -------------------------------------------------------------------------------------------

    def _what_it_follows(self, stream: BundleStream) -> None:
        placed = self._walk.placed.get(stream.file)
        if placed is None or not placed.intact:
            return
        line = next(self._lines(placed), None)
        entry = None if line is None else _entry(line)
        if line is None or entry is None:
            return
        before = entry.body.get("follows")
        if not isinstance(before, dict):
            return
        known = {one.stream: one.entries for one in self._manifest.streams}
        name, seq = str(before.get("stream")), before.get("seq")
        if name not in known or type(seq) is not int or seq >= known[name]:
            self._warn(self._found("stream_lost", placed, line, name, seq if type(seq) is int else None))
        else:
            found = self._found("follows", placed, line, stream.stream, 0)
            self._want(name, seq, str(before.get("hash")), found)

    def _stream(self, stream: BundleStream) -> None:
        entries, rows = self._walk.placed.get(stream.file), self._walk.placed.get(stream.rows)
        if entries is None or rows is None or not (entries.intact and rows.intact):
            return
        self._verdict.streams += 1
        head: Head | None = None
        last_n, beside = 0, self._lines(rows)
        for line in self._lines(entries):
            seq = 0 if head is None else head.seq + 1
            row = _json(next(beside, _Line(0, b"{}")))
            entry = _entry(line)
            if entry is None:
                self._bad("entry_unreadable", entries, line, stream.stream, seq)
                return
            n = row.get("n")
            if not follows(entry, head) or row.get("hash") != entry.hash or type(n) is not int or n <= last_n:
                self._bad("chain", entries, line, stream.stream, seq)
                return
            if head is None and not self._opens(stream, entry):
                self._bad("stream", entries, line, stream.stream, 0)
                return
            for expected, finding in self._wanted.pop((stream.stream, seq), ()):
                if expected != entry.hash:
                    self._verdict.problem(finding)
            self._read_entry(stream, entry, row, entries, line)
            head, last_n = entry.head, n
            self._verdict.entries += 1
        if head is None or head.seq + 1 != stream.entries or head.hash != stream.head:
            self._verdict.problem(Finding("stream", entries.file.path, entries.at, stream=stream.stream))

    def _opens(self, stream: BundleStream, entry: Entry) -> bool:
        body, manifest = entry.body, self._manifest
        if (entry.type, entry.stream) != (STREAM_OPENED, stream.stream):
            return False
        if (body.get("author"), body.get("key"), body.get("session")) != (
            stream.author,
            stream.key,
            manifest.session,
        ):
            return False
        if stream.author == "server":
            return stream.key == manifest.room_key
        return (body.get("attempt"), body.get("station")) == (manifest.attempt, stream.station)

    def _read_entry(
        self, stream: BundleStream, entry: Entry, row: dict[str, Any], placed: Placed, line: _Line
    ) -> None:
        room_key, body = self._manifest.room_key, entry.body
        at = (placed, line, stream.stream, entry.seq)
        if stream.author == "server":
            signature = str(row.get("signature", ""))
            if entry.type in ORDERS and not verify(room_key, Purpose.ORDER, entry.text, signature):
                self._bad("order_signature", *at)
            elif entry.type == "record.signed":
                self._told.signed_heads = str(body.get("heads_digest"))
            return
        match entry.type:
            case "snapshot.taken":
                self._told.pictures[str(body.get("digest"))] = None
            case "paper.opened" if body.get("digest") != self._manifest.paper:
                self._bad("paper", *at)
            case "order.heard":
                self._order(entry, at)

    def _order(self, entry: Entry, at: tuple[Placed, _Line, str, int]) -> None:
        order, text = entry.body.get("order"), str(entry.body.get("text"))
        signature = str(entry.body.get("signature"))
        if not verify(self._manifest.room_key, Purpose.ORDER, text, signature) or not isinstance(order, dict):
            self._bad("order_signature", *at)
            return
        name, seq, hash_ = str(order.get("stream")), order.get("seq"), str(order.get("hash"))
        if digest(text) != hash_ or type(seq) is not int:
            self._bad("order_differs", *at)
            return
        known = {one.stream: one.entries for one in self._manifest.streams}
        if seq >= known.get(name, 0):
            self._warn(self._found("office_lost", at[0], at[1], name, seq))
        else:
            self._want(name, seq, hash_, self._found("order_differs", *at))

    # -- at the end --------------------------------------------------------------------------------------------

    def _form(self) -> None:
        placed = self._walk.placed.get(FINAL_HEADS)
        if placed is None or not placed.intact or self._told.signed_heads is None:
            return
        if placed.file.sha256 != self._told.signed_heads:
            self._verdict.problem(Finding("final_heads", FINAL_HEADS, placed.at))

    def _pictures(self) -> None:
        held = {}
        for path, placed in self._walk.placed.items():
            if path.startswith("pictures/"):
                named = path.removeprefix("pictures/").removesuffix(".jpg")
                held[named] = placed
                if placed.intact and placed.file.sha256 != named:
                    self._verdict.problem(Finding("picture", path, placed.at))
                self._verdict.pictures += 1
        absent = set(self._manifest.absent)
        listed = {one.path for one in self._manifest.files}
        for name in self._told.pictures:
            if name in absent:
                self._warn(Finding("picture_absent", f"pictures/{name}.jpg", 0))
            elif name not in held and f"pictures/{name}.jpg" not in listed:
                self._verdict.problem(Finding("picture_missing", f"pictures/{name}.jpg", 0))

    # -- beneath -----------------------------------------------------------------------------------------------

    def _want(self, stream: str, seq: int, hash_: str, finding: Finding) -> None:
        """Ask that the entry at this place has this hash, when its stream is read."""
        self._wanted.setdefault((stream, seq), []).append((hash_, finding))

    def _found(
        self, code: str, placed: Placed, line: _Line, stream: str | None = None, seq: int | None = None
    ) -> Finding:
        return Finding(code, placed.file.path, placed.at + line.at, byte=line.at, stream=stream, seq=seq)

    def _bad(
        self, code: str, placed: Placed, line: _Line, stream: str | None = None, seq: int | None = None
    ) -> None:
        self._verdict.problem(self._found(code, placed, line, stream, seq))

    def _warn(self, finding: Finding) -> None:
        self._verdict.warnings.append(finding)

    def _intact_lines(self, path: str) -> Iterator[tuple[_Line, Placed]]:
        placed = self._walk.placed.get(path)
        if placed is not None and placed.intact:
            for line in self._lines(placed):
                yield line, placed

    def _lines(self, placed: Placed) -> Iterator[_Line]:
        """The lines of a file; two files may be read in turns."""
        at, end, held, begin = placed.at, placed.at + placed.file.size, b"", 0
        while at < end and len(held) <= LINE_BYTES_MAX:
            self._bundle.seek(at)
            given = self._bundle.read(min(LINE_BYTES_MAX, end - at))
            at += len(given)
            *whole, held = (held + given).split(b"\n")
            for data in whole:
                yield _Line(begin, data)
                begin += len(data) + 1
        if held:
            yield _Line(begin, held)


def _sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def _entry(line: _Line) -> Entry | None:
    try:
        return parse(line.data.decode())
    except (BadEntry, UnicodeDecodeError):
        return None


def _json(line: _Line) -> dict[str, Any]:
    try:
        return wire.read(line.data, bytes_max=LINE_BYTES_MAX)
    except wire.Malformed:
        return {}
