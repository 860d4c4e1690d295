"""What goes to the room and when: in order, oldest stream first, a window ahead of the acknowledgements.

Pure bookkeeping over one sitting's journal; only durable entries are ever sent, so that the room never holds what a
power cut could take from the seat.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from protocol import limits
from protocol.entry import Head, parse
from protocol.to_station import StreamState
from station.journal import Journal, Stream


@dataclass(frozen=True, slots=True)
class Gap:
    """The next entry to be sent is lost on this disk: what follows it has to be written again."""

    stream: str
    held: int


class Outbox:
    """One sitting's delivery. Nothing is sent before the room said on this connection what it holds."""

    def __init__(self, journal: Journal) -> None:
        self._journal = journal
        self._held: dict[str, int] = {}
        self._sent: dict[str, int] = {}
        self.ready = False

    def disconnected(self) -> None:
        """The connection is gone; what was sent and not acknowledged will be sent again."""
        self.ready = False
        self._sent.clear()

    def resumed(self, states: Iterable[StreamState]) -> list[tuple[str, int, int]]:
        """The room says what it holds; returns what is newly known to be held, as ``acknowledged`` does."""
        told = {state.stream: state.seq for state in states}
        newly = [part for stream, seq in told.items() if (part := self.acknowledged(stream, seq))]
        # What the room says counts also when it is less than it once acknowledged: its disk may have been lost.
        self._held = told
        self._sent.clear()
        self.ready = True
        return newly

    def acknowledged(self, stream: str, seq: int) -> tuple[str, int, int] | None:
        """Everything of ``stream`` up to ``seq`` is durable in the room; returns (stream, from, to) newly so."""
        if self._journal.stream(stream) is None:
            return None
        held = self._held.get(stream, -1)
        if seq <= held:
            return None
        self._held[stream] = seq
        return stream, held + 1, seq

    def holds(self, stream: str, seq: int) -> bool:
        """Whether the room holds this entry."""
        return self.held(stream) >= seq

    def held(self, stream: str) -> int:
        """The highest sequence the room is known to hold of a stream, -1 for none."""
        return self._held.get(stream, -1)

    def next_frame(self) -> list[str] | Gap | None:
        """The texts of the next frame, the gap in the way, or None when nothing may be sent now."""
        if not self.ready:
            return None
        for stream, upto in self._journal.line():
            held = self._held.get(stream.id, -1)
            end = _end(stream, upto)
            if held + 1 >= end:
                # An old stream is through only when all of it is held; its end may not be durable yet.
                if upto is not None and held + 1 < upto:
                    return None
                continue
            return self._from(stream, held, end)
        return None

    def unacknowledged(self) -> int:
        """Entries the room does not hold yet, durable here or not."""
        return sum(
            max(0, (len(stream.texts) if upto is None else upto) - 1 - self._held.get(stream.id, -1))
            for stream, upto in self._journal.line()
        )

    def sent_head(self) -> Head | None:
        """The newest head that was sent: what the seat can sign and the room can check."""
        for stream, _ in reversed(self._journal.line()):
            sent = max(self._sent.get(stream.id, -1), self._held.get(stream.id, -1))
            if 0 <= sent < len(stream.texts):
                text = stream.texts[sent]
                return None if text is None else parse(text).head
        return None

    def _from(self, stream: Stream, held: int, end: int) -> list[str] | Gap | None:
        start = max(held, self._sent.get(stream.id, -1)) + 1
        stop = min(end, start + limits.ENTRIES_PER_FRAME_MAX, held + 1 + limits.UNACKNOWLEDGED_ENTRIES_MAX)
        texts: list[str] = []
        size = 0
        for text in stream.texts[start:stop]:
            if text is None:
                break
            size += len(text) * 4
            if texts and size > limits.FRAME_BYTES_MAX // 2:
                break
            texts.append(text)
        if texts:
            self._sent[stream.id] = start + len(texts) - 1
            return texts
        if start == held + 1 and start < stop:
            return Gap(stream.id, held)
        return None


def _end(stream: Stream, upto: int | None) -> int:
    return stream.durable if upto is None else min(upto, stream.durable)
