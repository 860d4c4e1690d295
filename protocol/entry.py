"""An entry, the chain it stands in, and the stream that is one run of one author.

An entry travels and is kept as its exact text, one JSON object::

    {"at": 1780000000000, "body": {…}, "prev": "<sha-256>", "seq": 7, "stream": "<id>", "type": "answer.saved", "v": 1}

``at`` is the author's view of the room's time in UTC milliseconds, ``prev`` the SHA-256 of the exact text before it in
the same stream (64 zeros in front of the first). The first entry of a stream is ``stream.opened``. The ledger adds a
position n, the order of all folds, which is no part of the text.
"""

import hashlib
import re
from dataclasses import dataclass
from typing import Any

from protocol import limits, wire

GENESIS = "0" * 64
"""What the first entry of a stream names as the hash before it."""

_ID = re.compile(limits.ID_PATTERN)
_DIGEST = re.compile(limits.DIGEST_PATTERN)
_KEYS = {"at", "body", "prev", "seq", "stream", "type", "v"}
_FLAT = r"[^{}\[\]\r\n]*"
_PLAIN = re.compile(
    r'\{"at":(0|[1-9][0-9]{0,14}),'
    rf'"body":(\{{{_FLAT}(?:\[{_FLAT}\]{_FLAT})?\}}),'
    r'"prev":"([0-9a-f]{64})",'
    r'"seq":(0|[1-9][0-9]{0,5}),'
    r'"stream":"([A-Za-z0-9_.:\-]{1,64})",'
    r'"type":"([A-Za-z0-9_.:\-]{1,64})",'
    r'"v":([1-9][0-9]{0,8})\}'
)
"""An entry as :func:`compose` writes it around a body that holds no object and at most one list: nearly all of them."""


class BadEntry(ValueError):
    """The text is no entry; the message says why and is kept beside the quarantined text."""


@dataclass(frozen=True, slots=True)
class Head:
    """A place in a stream: its id, the sequence number there and the hash of that entry."""

    stream: str
    seq: int
    hash: str

    def to_json(self) -> dict[str, Any]:
        """As it stands in bodies and signed statements."""
        return {"stream": self.stream, "seq": self.seq, "hash": self.hash}


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry with its exact text; ``hash`` is the SHA-256 of that text."""

    stream: str
    seq: int
    prev: str
    at: int
    type: str
    version: int
    body: dict[str, Any]
    text: str
    hash: str

    @property
    def head(self) -> Head:
        """The head of its stream once this entry stands on it."""
        return Head(self.stream, self.seq, self.hash)


def digest(text: str) -> str:
    """The SHA-256 of an exact text, in hexadecimal."""
    return hashlib.sha256(text.encode()).hexdigest()


def parse(text: str) -> Entry:
    """Read an entry's envelope; the body's own rules are checked by type. Raises :class:`BadEntry`."""
    return _parse_plain(text) or _parse_any(text)


def _parse_plain(text: str) -> Entry | None:
    """The short way, on which only the body is read as JSON; None where it does not lead to an entry."""
    found = _PLAIN.fullmatch(text)
    if found is None:
        return None
    at, inside, prev, seq, stream, kind, version = found.groups()
    try:
        body = wire.read(inside, bytes_max=limits.ENTRY_BYTES_MAX - (len(text) - len(inside)))
    except wire.Malformed:
        return None
    place = int(seq)
    if place >= limits.STREAM_ENTRIES_MAX:
        return None
    return Entry(stream, place, prev, int(at), kind, int(version), body, text, digest(text))


def _parse_any(text: str) -> Entry:
    # Journals and bundles keep an entry on one line; in JSON a line break can only stand between two tokens.
    if "\n" in text or "\r" in text:
        raise BadEntry("the text of an entry stands on one line")
    try:
        found = wire.read(text, bytes_max=limits.ENTRY_BYTES_MAX)
    except wire.Malformed as error:
        raise BadEntry(str(error)) from error
    if found.keys() != _KEYS:
        raise BadEntry(f"the keys of an entry are {', '.join(sorted(_KEYS))}")
    stream, seq, prev, at = found["stream"], found["seq"], found["prev"], found["at"]
    kind, version, body = found["type"], found["v"], found["body"]
    if not (isinstance(stream, str) and _ID.fullmatch(stream)):
        raise BadEntry("stream is no id")
    if type(seq) is not int or not 0 <= seq < limits.STREAM_ENTRIES_MAX:
        raise BadEntry("seq is no sequence number")
    if not (isinstance(prev, str) and _DIGEST.fullmatch(prev)):
        raise BadEntry("prev is no SHA-256")
    if type(at) is not int or at < 0:
        raise BadEntry("at is no time in UTC milliseconds")
    if not (isinstance(kind, str) and _ID.fullmatch(kind)):
        raise BadEntry("type is no entry type")
    if type(version) is not int or version < 1:
        raise BadEntry("v is no version")
    if not isinstance(body, dict):
        raise BadEntry("body is no object")
    return Entry(stream, seq, prev, at, kind, version, body, text, digest(text))


def compose(
    after: Head | None, stream: str, at: int, kind: str, body: dict[str, Any], version: int = 1
) -> Entry:
    """Write the entry that follows ``after`` (None: the first of its stream)."""
    seq, prev = (0, GENESIS) if after is None else (after.seq + 1, after.hash)
    text = wire.write(
        {"at": at, "body": body, "prev": prev, "seq": seq, "stream": stream, "type": kind, "v": version}
    )
    return Entry(stream, seq, prev, at, kind, version, body, text, digest(text))


def follows(entry: Entry, after: Head | Entry | None) -> bool:
    """Whether ``entry`` is the next of the stream whose head is ``after``."""
    if after is None:
        return entry.seq == 0 and entry.prev == GENESIS
    return entry.stream == after.stream and entry.seq == after.seq + 1 and entry.prev == after.hash
