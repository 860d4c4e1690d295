"""The register of open links: how many one station may have, and whose are cut."""

import asyncio
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Protocol

from server.attempts.receiving import Author
from server.writer.writer import Committed, Writer

LINKS_PER_STATION_MAX = 4
"""Links of one station at once; one more cuts the oldest, which is a dead one as a rule."""

UNPROVED_PER_ADDRESS_MAX = 512
"""Connections from one address that have proved no key yet; one more is closed at once and comes again. A machine has
one; so many come from one address where many seats are simulated."""

UNPROVED_MAX = 4_096
"""Connections from everywhere that have proved no key yet; as above."""

_NO_LONGER = frozenset({"retired", "enrolled"})
"""What happens to a station after which the machine that was it has no say."""


class Cuttable(Protocol):
    """A link as this register knows it; it ends soon after ``cut`` is set."""

    author: Author
    cut: asyncio.Event


class TooManyUnproved(Exception):
    """More connections than the room keeps that have not proved who they are."""


class Unproved:
    """Connections that have proved nothing yet, by address: strangers take no more of the room than this."""

    def __init__(self) -> None:
        self._from: Counter[str] = Counter()

    @contextmanager
    def one(self, address: str) -> Iterator[None]:
        """Count a connection until the block ends; raises :class:`TooManyUnproved` where too many stand."""
        if self._from[address] >= UNPROVED_PER_ADDRESS_MAX or self._from.total() >= UNPROVED_MAX:
            raise TooManyUnproved()
        self._from[address] += 1
        try:
            yield
        finally:
            self._from[address] -= 1
            if not self._from[address]:
                del self._from[address]


class Links:
    """Open links by station, the oldest first; a machine that is no longer the station of its place loses them."""

    def __init__(self, writer: Writer) -> None:
        self._open: dict[str, list[Cuttable]] = {}
        writer.subscribe(self._committed)

    def add(self, link: Cuttable) -> None:
        """A link proved its key."""
        links = self._open.setdefault(link.author.station, [])
        links.append(link)
        if len(links) > LINKS_PER_STATION_MAX:
            links[0].cut.set()

    def remove(self, link: Cuttable) -> None:
        """A link ended."""
        links = self._open[link.author.station]
        links.remove(link)
        if not links:
            del self._open[link.author.station]

    def _committed(self, committed: Committed) -> None:
        for one in committed.entries:
            if one.session is not None or one.entry.type != "register.changed":
                continue
            body = one.entry.body
            if body["noun"] == "station" and body["verb"] in _NO_LONGER:
                for link in self._open.get(body["key"], ()):
                    link.cut.set()
