"""A day on its way into a checkpoint: packed a few attempts at a time, and still exactly as it stood at one entry.

Writing down a day of two thousand attempts at once would hold every answer of the room for a quarter of a second. So
what belongs to one attempt is packed by itself: before the first entry that touches it, or after some later commit.
"""

import zlib
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, get_args, get_type_hints

from pydantic import TypeAdapter

from protocol.entry import Head
from protocol.shapes import Closed

if TYPE_CHECKING:
    from server.writer.day import Day, Part, StreamState

FORM = "pieces 1"
"""How a packed day is written; another form is not read, and the day is folded anew."""


class Opening(Closed):
    """The first line: the entry the day stands at, and in which order its keys stood."""

    n: int
    office_head: tuple[str, int, str] | None
    streams: list[str]
    keys: list[list[str] | None]


class Packer:
    """How each part is written and read: what belongs to one attempt by itself, the rest at once."""

    def __init__(self, parts: "Sequence[Part[Any]]", streams: "type[StreamState]") -> None:
        self.parts = list(parts)
        self.streams: TypeAdapter[dict[str, StreamState]] = TypeAdapter(dict[str, streams])  # type: ignore[valid-type]
        self.whole = {part.state: TypeAdapter(part.state) for part in parts}
        self.one = {
            part.state: TypeAdapter(get_args(get_type_hints(part.state)[part.by_attempt])[1])
            for part in parts
            if part.by_attempt is not None
        }

    def read(self, day: "Day", packed: bytes) -> None:
        """Fill an empty day from what was packed; raises ValueError when it is not of this shape."""
        try:
            lines = iter(zlib.decompress(packed).split(b"\n")[:-1])
        except zlib.error as error:
            raise ValueError(f"no packed day: {error}") from error
        opening = Opening.model_validate_json(next(lines))
        day.n, day.office_head = opening.n, Head(*opening.office_head) if opening.office_head else None
        streams = self.streams.validate_json(next(lines))
        split = []
        for part, keys in zip(self.parts, opening.keys, strict=True):
            day.parts[part.state] = self.whole[part.state].validate_json(next(lines))
            if part.by_attempt is not None:
                split.append((part, dict.fromkeys(keys or ())))
        for line in lines:
            attempt = line.decode()
            streams.update(self.streams.validate_json(next(lines)))
            for part, found in split:
                piece = next(lines)
                if piece:
                    found[attempt] = self.one[part.state].validate_json(piece)
        for part, found in split:
            setattr(day.parts[part.state], part.by_attempt or "", found)
        day.streams = {stream: streams[stream] for stream in opening.streams}


class Packing:
    """One day being packed; ``n`` is the entry it stands at, whatever is applied to it meanwhile."""

    def __init__(self, packer: Packer, day: "Day") -> None:
        self.n = day.n
        self._packer, self._day = packer, day
        self._pack = zlib.compressobj(1)
        self._packed: list[bytes] = []
        self._split = [
            (self._packer.one[part.state], getattr(day.parts[part.state], part.by_attempt))
            for part in packer.parts
            if part.by_attempt is not None
        ]
        self._streams: dict[str, list[str]] = {}
        for stream, state in day.streams.items():
            self._streams.setdefault(state.attempt or "", []).append(stream)
        self._waiting = dict.fromkeys(key for _, pieces in self._split for key in pieces)
        self._waiting.update(dict.fromkeys(key for key in self._streams if key))
        self._open()

    def before(self, attempt: str) -> None:
        """Pack this attempt, if it is not yet: an entry will touch it."""
        if attempt in self._waiting:
            self._attempt(attempt)

    def some(self, attempts: int) -> bool:
        """Pack so many more; True when all are."""
        for attempt in list(self._waiting)[:attempts]:
            self._attempt(attempt)
        return not self._waiting

    def packed(self) -> bytes:
        """Everything, packed to its end."""
        self.some(len(self._waiting))
        self._packed.append(self._pack.flush())
        return b"".join(self._packed)

    def _open(self) -> None:
        day, head = self._day, self._day.office_head
        opening = Opening(
            n=day.n,
            office_head=None if head is None else (head.stream, head.seq, head.hash),
            streams=list(day.streams),
            keys=[
                list(getattr(day.parts[part.state], part.by_attempt)) if part.by_attempt else None
                for part in self._packer.parts
            ],
        )
        self._line(opening.model_dump_json().encode())
        self._line(self._streams_of(""))
        for part in self._packer.parts:
            apart = {part.by_attempt} if part.by_attempt else None
            state = day.parts[part.state]
            self._line(self._packer.whole[part.state].dump_json(state, exclude=apart))

    def _attempt(self, attempt: str) -> None:
        del self._waiting[attempt]
        self._line(attempt.encode())
        self._line(self._streams_of(attempt))
        for adapter, pieces in self._split:
            self._line(adapter.dump_json(pieces[attempt]) if attempt in pieces else b"")

    def _streams_of(self, attempt: str) -> bytes:
        found = {stream: self._day.streams[stream] for stream in self._streams.get(attempt, ())}
        return self._packer.streams.dump_json(found)

    def _line(self, line: bytes) -> None:
        self._packed.append(self._pack.compress(line + b"\n"))
