"""What the browser and the page's socket tell of the candidate: left, back, clipboard, page lost. Observed, not ruled.

The length of an absence is counted in room time from the entry that began it, so that a restart in between loses none.
"""

import asyncio
from collections.abc import Mapping
from typing import Final, Literal, get_args

from protocol.page import PageEvent, Stage
from protocol.station_entries import ClipboardUsed, PageLeft, PageReturned
from station.seat import Seat

PAGE_LOST_S: Final = 3.0
"""Seconds without the page's socket before the page counts as lost: a reload is shorter."""

GUARDED: frozenset[Stage] = frozenset({"exam", "paused", "suspended"})
"""Stages in which leaving is on record."""

LeaveCause = Literal["hidden", "focus_lost", "full_screen_left", "page_lost"]
ClipboardAction = Literal["copy", "cut", "paste", "context_menu", "print"]
_CAUSES: Mapping[str, LeaveCause] = {cause: cause for cause in get_args(LeaveCause)}
_ACTIONS: Mapping[str, ClipboardAction] = {action: action for action in get_args(ClipboardAction)}


class Guard:
    """One seat's guard."""

    def __init__(self, seat: Seat, page_lost_s: float = PAGE_LOST_S) -> None:
        self._seat, self._page_lost_s = seat, page_lost_s
        self._lost_timer: asyncio.TimerHandle | None = None

    def told(self, event: PageEvent) -> None:
        """Something the browser told."""
        if event.event == "clipboard":
            action = _ACTIONS.get(event.cause)
            if action is not None and self._seat.stage in GUARDED:
                self._seat.write("clipboard.used", ClipboardUsed(action=action))
            return
        cause = _CAUSES.get(event.cause)
        if cause is not None and cause != "page_lost":
            self.left(cause) if event.event == "left" else self.returned(cause)

    def left(self, cause: LeaveCause) -> None:
        """The candidate left; a second word of the same leaving is no second leaving."""
        sitting = self._seat.current
        if sitting is not None and self._seat.stage in GUARDED and cause not in sitting.attempt.left:
            self._seat.write("page.left", PageLeft(cause=cause))

    def returned(self, cause: LeaveCause) -> None:
        """The candidate is back."""
        sitting = self._seat.current
        since = sitting.attempt.left.get(cause) if sitting is not None else None
        if since is not None:
            away_ms = max(0, self._seat.clock.now() - since)
            self._seat.write("page.returned", PageReturned(cause=cause, away_ms=away_ms))

    def page_opened(self) -> None:
        """A page is there again: whatever the last one said of absence is over, the new one says its own."""
        if self._lost_timer is not None:
            self._lost_timer.cancel()
            self._lost_timer = None
        sitting = self._seat.current
        for cause in list(sitting.attempt.left) if sitting is not None else []:
            self.returned(_CAUSES[cause])

    def page_closed(self) -> None:
        """The page's socket ended; it is lost when no page comes for a while."""
        loop = asyncio.get_running_loop()
        self._lost_timer = loop.call_later(self._page_lost_s, lambda: self.left("page_lost"))
