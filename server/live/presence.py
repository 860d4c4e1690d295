"""Who is on the line: stations by id, connected or not, when they were last heard, and how they say they are.

Nothing here is recorded: a link lost is on record when the seat itself says so. The link calls the verbs, the floor and
the watch read; ``subscribe`` tells of every change but that a station was heard again.
"""

from collections.abc import Callable
from dataclasses import dataclass

from protocol.from_station import SeatReport


@dataclass(slots=True)
class Line:
    """One station's line. ``since`` is when it was connected or lost, in UTC milliseconds of the room's clock.

    A station that comes back before its old link was given up has two ``links`` for a moment, and stays connected.
    """

    since: int
    heard_at: int
    links: int = 0
    report: SeatReport | None = None
    offset_ms: int | None = None

    @property
    def connected(self) -> bool:
        """Whether a link stands."""
        return self.links > 0


class Presence:
    """The register of lines; ``now`` is the room's clock in UTC milliseconds."""

    def __init__(self, now: Callable[[], int]) -> None:
        self._now = now
        self._lines: dict[str, Line] = {}
        self._listeners: list[Callable[[str], None]] = []

    def subscribe(self, listener: Callable[[str], None]) -> None:
        """Call ``listener`` with the station whenever its line changed; it must not wait."""
        self._listeners.append(listener)

    def connected(self, station: str) -> None:
        """A link proved its key."""
        now = self._now()
        line = self._lines.setdefault(station, Line(now, now))
        if not line.connected:
            line.since = now
        line.links += 1
        line.heard_at = now
        self._tell(station)

    def heard(self, station: str) -> None:
        """Something came from the station."""
        line = self._lines.get(station)
        if line is not None:
            line.heard_at = self._now()

    def lost(self, station: str) -> None:
        """One of the station's links ended."""
        line = self._lines.get(station)
        if line is None or not line.connected:
            return
        line.links -= 1
        if line.links == 0:
            line.since = self._now()
            self._tell(station)

    def report(self, station: str, report: SeatReport) -> None:
        """How the seat says it is."""
        line = self._lines.get(station)
        if line is not None and line.report != report:
            line.report = report
            self._tell(station)

    def offset(self, station: str, offset_ms: int) -> None:
        """How far the seat's view of the room's time is from the room's, positive when it runs ahead."""
        line = self._lines.get(station)
        if line is not None:
            line.offset_ms = offset_ms

    def line(self, station: str | None) -> Line | None:
        """A station's line; None when it never came since the server started."""
        return None if station is None else self._lines.get(station)

    def _tell(self, station: str) -> None:
        for listener in self._listeners:
            listener(station)
