"""Who waits for the room to hold an entry, wherever the entry may have to move until then."""

import asyncio
from collections.abc import Sequence

from protocol.entry import Entry
from station.journal import Rewritten


class Promises:
    """Futures by the place of their entry."""

    def __init__(self) -> None:
        self._waiting: dict[tuple[str, int], asyncio.Future[None]] = {}

    def held(self, entry: Entry) -> "asyncio.Future[None]":
        """Done once the room holds this entry."""
        waiting: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting[entry.stream, entry.seq] = waiting
        return waiting

    def keep(self, stream: str, first: int, last: int) -> None:
        """The room holds these."""
        for seq in range(first, last + 1) if self._waiting else ():
            waiting = self._waiting.pop((stream, seq), None)
            if waiting is not None and not waiting.done():
                waiting.set_result(None)

    def move(self, moved: Sequence[Rewritten]) -> None:
        """These entries were written again elsewhere."""
        for one in moved:
            waiting = self._waiting.pop((one.old.stream, one.old.seq), None)
            if waiting is not None:
                self._waiting[one.new.stream, one.new.seq] = waiting
