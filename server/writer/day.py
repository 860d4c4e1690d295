"""The folded state of one session, and what it is folded from.

Each noun of the exam day contributes one :class:`Part`: a state and the pure function that applies an entry to it. The
day adds what all share: where every stream stands. ``fold(checkpoint, rest) == fold(all)`` holds for every part.
"""

import contextlib
import gc
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from hashlib import sha256
from typing import Any, Generic, NamedTuple, TypeVar

from protocol import office_entries, station_entries
from protocol.entry import Entry, Head
from protocol.entry import parse as parse_entry
from protocol.entry_types import FROM_OFFICE, FROM_STATION, STREAM_OPENED, read_body
from protocol.shapes import Closed
from protocol.version import SOFTWARE
from recordings.ledger import Ledger, Row
from server.writer.packing import FORM, Packer, Packing

S = TypeVar("S")


class Recorded(NamedTuple):
    """An entry with its place on the ledger and its body read; ``session`` None is the centre."""

    n: int
    entry: Entry
    body: Closed
    session: str | None
    attempt: str | None
    received_at: int
    signature: str | None
    from_station: bool

    def row(self) -> Row:
        """As the ledger keeps it."""
        e = self.entry
        return Row(
            self.n,
            e.stream,
            e.seq,
            self.session,
            self.attempt,
            e.type,
            e.at,
            self.received_at,
            e.hash,
            e.text,
            self.signature,
        )


@dataclass(slots=True)
class StreamState:
    """One stream as folded: who writes it, with which key, and its head."""

    author: str
    key: str
    attempt: str | None
    station: str | None
    head: Head


Apply = Callable[[S, Recorded], None]


@dataclass(frozen=True)
class Part(Generic[S]):
    """What one noun folds: the state's type, and the function for each entry type.

    ``by_attempt`` names the dictionary of the state whose values each belong to one attempt: an entry of an attempt
    changes no other's, and one that may is of no attempt.
    """

    state: type[S]
    applies: Mapping[str, Apply[S]]
    by_attempt: str | None = None


@dataclass(slots=True)
class Day:
    """The state of one session up to entry n. ``office_head`` is the newest head of the office's stream."""

    session: str
    parts: dict[type, Any]
    n: int = 0
    streams: dict[str, StreamState] = field(default_factory=dict)
    office_head: Head | None = None

    def part(self, state: type[S]) -> S:
        """One noun's state."""
        found: S = self.parts[state]
        return found


class Folding:
    """How entries become days: the parts of all nouns, as the app put them together."""

    def __init__(self, parts: Sequence[Part[Any]]) -> None:
        self._parts = list(parts)
        self._by_type: dict[str, list[tuple[type, Apply[Any]]]] = {}
        for part in parts:
            for kind, apply in part.applies.items():
                self._by_type.setdefault(kind, []).append((part.state, apply))
        self._packer = Packer(parts, StreamState)
        shapes = [str(self._packer.whole[part.state].json_schema()) for part in parts if _has_schema(part)]
        # A new release may fold differently into the same shape: its first start folds anew.
        self.shape = sha256(
            "".join([SOFTWARE, FORM, *shapes, str(self._packer.streams.json_schema())]).encode()
        ).hexdigest()

    def empty(self, session: str) -> Day:
        """A day nothing has happened in."""
        return Day(session, {part.state: part.state() for part in self._parts})

    def apply(self, day: Day, recorded: Recorded) -> None:
        """Take one entry, in place."""
        entry = recorded.entry
        day.n = recorded.n
        if entry.type == STREAM_OPENED:
            day.streams[entry.stream] = _opened(recorded)
        else:
            day.streams[entry.stream].head = entry.head
        if not recorded.from_station:
            day.office_head = entry.head
        for state, apply in self._by_type.get(entry.type, ()):
            apply(day.parts[state], recorded)

    def pack(self, day: Day) -> Packing:
        """Begin to pack a day for a checkpoint."""
        return Packing(self._packer, day)

    def dump(self, day: Day) -> bytes:
        """A day packed at once."""
        return self.pack(day).packed()

    def load(self, session: str, packed: bytes) -> Day:
        """A day from a checkpoint's bytes; raises ValueError when they are not of this shape."""
        day = self.empty(session)
        self._packer.read(day, packed)
        return day

    def equal(self, one: Day, other: Day) -> bool:
        """Whether two days are the same state."""
        return asdict(one) == asdict(other)


def read_row(row: Row) -> Recorded:
    """A kept entry, its body read by the types of its author; raises BadEntry."""
    entry = parse_entry(row.text)
    from_station = row_is_from_station(row, entry)
    body = read_body(entry, FROM_STATION if from_station else FROM_OFFICE)
    return Recorded(
        row.n, entry, body, row.session, row.attempt, row.received_at, row.signature, from_station
    )


def load_day(ledger: Ledger, folding: Folding, session: str) -> Day:
    """Fold a session: its checkpoint, when one of this shape is there, and every entry after it."""
    with _lasting():
        kept = ledger.last_checkpoint(session, folding.shape)
        day = folding.empty(session) if kept is None else folding.load(session, kept[1])
        for row in ledger.entries(day.n, session):
            folding.apply(day, read_row(row))
    return day


@contextlib.contextmanager
def _lasting() -> Iterator[None]:
    """Make much that lasts: the collector would walk all of it every few thousand values, and find nothing."""
    collecting = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if collecting:
            gc.enable()


def row_is_from_station(row: Row, entry: Entry) -> bool:
    """Who wrote it: an office entry's type is none of a station's, but for the first of a stream."""
    if entry.type == STREAM_OPENED:
        return entry.body.get("author") == "station"
    return entry.type in FROM_STATION


def _opened(recorded: Recorded) -> StreamState:
    body = recorded.body
    if isinstance(body, station_entries.StreamOpened):
        return StreamState("station", body.key, body.attempt, body.station, recorded.entry.head)
    assert isinstance(body, office_entries.StreamOpened)
    return StreamState("server", body.key, None, None, recorded.entry.head)


def _has_schema(part: Part[Any]) -> bool:
    return hasattr(part.state, "__dataclass_fields__")
