"""The second copy at work: a thread of its own, that no fault of the second place can bring to the room."""

import logging
import sqlite3
import threading
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from recordings.second_copy.copying import Copier, Room

RETRY_S = 5.0
"""After a fault the copy is tried again this much later, from the beginning."""

STOP_S_MAX = 30.0
"""How long the end of the server waits for the last step."""

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class CopyState:
    """How the copy stands: the last position that is over there, whether registers are behind, when, what is wrong."""

    n: int
    registers_behind: bool
    at: int | None
    fault: str | None


class SecondCopy:
    """Keeps one copy of one room; see the module."""

    def __init__(self, room: Room, copy: Path, every_s: float, now: Callable[[], int]) -> None:
        self._room = room
        self._copy = copy
        self._every_s = every_s
        self._now = now
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="second-copy", daemon=True)
        self.state = CopyState(0, True, None, None)

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def stop(self) -> None:
        """Take one last step and end; a second place that does not answer holds up no longer than the limit."""
        self._stopping.set()
        self._thread.join(STOP_S_MAX)

    def _run(self) -> None:
        while True:
            try:
                copier = Copier(self._room, self._copy, self._now)
            except (OSError, sqlite3.Error) as error:
                if self._failed(error):
                    return
                continue
            try:
                if self._keep(copier):
                    return
            except (OSError, sqlite3.Error) as error:
                if self._failed(error):
                    return
            finally:
                copier.close()

    def _keep(self, copier: Copier) -> bool:
        """Step until told to stop."""
        while True:
            last = self._stopping.is_set()
            copier.step()
            if self.state.fault is not None:
                _log.warning("the second copy is kept again")
            self.state = CopyState(copier.copied_n, copier.registers_behind, self._now(), None)
            if last:
                return True
            self._stopping.wait(self._every_s)

    def _failed(self, error: Exception) -> bool:
        """Say it once, wait, and go on; True when there is nothing more to wait for."""
        if self.state.fault is None:
            _log.error("the second copy is not kept: %s", error)
        self.state = CopyState(self.state.n, self.state.registers_behind, self.state.at, str(error))
        return self._stopping.wait(RETRY_S)
