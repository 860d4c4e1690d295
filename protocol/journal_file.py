"""A seat's journal as one file, for a USB stick: how it is written, and how it is read without trust.

UTF-8 text, one JSON object a line, ended by ``\\n``:

* the header: ``{"format": 1, "kind": "kaochang.journal", "software": …, "station": …, "written_at": …}``;
* every entry of every stream in its exact text, streams one after another, each in order;
* ``{"aside": "<file>", "line": n, "reason": …}`` for each line of the journal that could not be read any more;
* ``{"signature": …, "statement": …}``: the newest signed head of each stream;
* the trailer: ``{"entries": n, "sha256": "<of all bytes before this line>"}``.

Importing the same file twice is harmless: every entry is known by stream, sequence and hash.
"""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from protocol import limits, wire
from protocol.entry import BadEntry, Entry, follows, parse
from protocol.entry_types import FROM_STATION, STREAM_OPENED, read_body
from protocol.station_entries import StreamOpened
from protocol.witness import HeadStatement, read_head

KIND = "kaochang.journal"
FORMAT = 1
FILE_BYTES_MAX = 256 * 1_048_576
"""One journal file in bytes: hundreds of exams of one seat; a larger one is refused before it is read."""


class BadJournalFile(ValueError):
    """This is no whole journal file; the message says in which line and what to do."""


@dataclass(frozen=True, slots=True)
class SignedStatement:
    """A signed head as exact text; ``read`` is None when the signature is not that of the stream's key."""

    statement: str
    signature: str
    read: HeadStatement | None


@dataclass(slots=True)
class StreamInFile:
    """One stream: who wrote it, and its entries up to the first that does not follow; ``fault`` says why it ends."""

    opened: StreamOpened
    entries: list[Entry]
    fault: str | None = None


@dataclass(slots=True)
class JournalFile:
    """What a file holds. Streams stand in the order they were written."""

    station: str
    written_at: int
    streams: list[StreamInFile] = field(default_factory=list)
    heads: list[SignedStatement] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)


def write(
    station: str,
    written_at: int,
    software: str,
    texts: Iterable[str],
    aside: Iterable[tuple[str, int, str]],
    heads: Iterable[tuple[str, str]],
) -> bytes:
    """The whole file from exact entry texts, (file, line, reason) of what is unreadable, and signed heads."""
    head = {"format": FORMAT, "kind": KIND, "software": software, "station": station, "written_at": written_at}
    entries = list(texts)
    lines = [wire.write(head), *entries]
    lines += [wire.write({"aside": file, "line": line, "reason": reason}) for file, line, reason in aside]
    lines += [wire.write({"signature": signature, "statement": text}) for text, signature in heads]
    body = ("\n".join(lines) + "\n").encode()
    trailer = wire.write({"entries": len(entries), "sha256": hashlib.sha256(body).hexdigest()})
    return body + trailer.encode() + b"\n"


def read(data: bytes) -> JournalFile:
    """Read and check a file: its trailer, every hash and chain. Raises :class:`BadJournalFile` when it is not whole.

    A stream that does not follow itself is read up to there and its fault named; the rest of the file still counts.
    """
    if len(data) > FILE_BYTES_MAX:
        raise BadJournalFile(f"文件过大。 {len(data)} bytes, at most {FILE_BYTES_MAX} are read")
    lines = _whole(data)
    header = _line(lines, 0)
    if header.get("kind") != KIND:
        raise BadJournalFile("这不是考试机日志文件。 This is no journal file of a station")
    if header.get("format") != FORMAT:
        raise BadJournalFile(f"文件格式版本不支持。 Format {header.get('format')} is not read here, only {FORMAT}")
    station, written_at = header.get("station"), header.get("written_at")
    if not isinstance(station, str) or type(written_at) is not int:
        raise BadJournalFile("文件头不完整。 The header names no station or time")
    found = JournalFile(station, written_at)
    by_stream: dict[str, StreamInFile] = {}
    for number in range(1, len(lines) - 1):
        _take(found, by_stream, number, lines[number])
    return found


def _take(found: JournalFile, by_stream: dict[str, StreamInFile], number: int, line: bytes) -> None:
    if line.startswith(b'{"aside"'):
        aside = _line([line], 0)
        found.faults.append(f"{aside.get('aside')}:{aside.get('line')}: {aside.get('reason')}")
        return
    if line.startswith(b'{"signature"'):
        found.heads.append(_head(by_stream, _line([line], 0)))
        return
    try:
        entry = parse(line.decode())
        body = read_body(entry, FROM_STATION)
    except (BadEntry, UnicodeDecodeError) as error:
        found.faults.append(f"line {number + 1}: {error}")
        return
    stream = by_stream.get(entry.stream)
    if stream is None:
        if entry.type != STREAM_OPENED or not follows(entry, None):
            found.faults.append(f"line {number + 1}: stream {entry.stream} does not begin with its opening")
            return
        assert isinstance(body, StreamOpened)
        by_stream[entry.stream] = stream = StreamInFile(body, [entry])
        found.streams.append(stream)
    elif stream.fault is None:
        if follows(entry, stream.entries[-1].head):
            stream.entries.append(entry)
        else:
            stream.fault = f"line {number + 1}: entry {entry.seq} does not follow {stream.entries[-1].seq}"
            found.faults.append(stream.fault)


def _head(by_stream: dict[str, StreamInFile], line: dict[str, Any]) -> SignedStatement:
    statement, signature = str(line.get("statement")), str(line.get("signature"))
    try:
        stream = str(wire.read(statement, bytes_max=1_024).get("head", {}).get("stream"))
        key = by_stream[stream].opened.key
        return SignedStatement(statement, signature, read_head(key, statement, signature))
    except (wire.Malformed, KeyError, AttributeError, ValueError):
        return SignedStatement(statement, signature, None)


def _whole(data: bytes) -> list[bytes]:
    if not data.endswith(b"\n"):
        raise BadJournalFile("文件不完整，请重新导出。 The file was cut off: export it again")
    lines = data[:-1].split(b"\n")
    trailer = _line(lines, len(lines) - 1)
    before = data[: len(data) - len(lines[-1]) - 1]
    if set(trailer) != {"entries", "sha256"} or len(lines) < 2:
        raise BadJournalFile("文件不完整，请重新导出。 The file has no trailer: export it again")
    if trailer["sha256"] != hashlib.sha256(before).hexdigest():
        raise BadJournalFile("文件已被改动或损坏，请重新导出。 The file was changed or damaged: export it again")
    counted = sum(1 for line in lines[1:-1] if not line.startswith((b'{"aside"', b'{"signature"')))
    if trailer["entries"] != counted:
        raise BadJournalFile("文件不完整，请重新导出。 The trailer counts other entries: export it again")
    return lines


def _line(lines: list[bytes], number: int) -> dict[str, Any]:
    try:
        return wire.read(lines[number], bytes_max=limits.ENTRY_BYTES_MAX)
    except wire.Malformed as error:
        raise BadJournalFile(f"文件无法读取。 Line {number + 1}: {error}") from error
