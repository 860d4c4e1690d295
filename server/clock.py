"""The clock of the room: counts from one anchor within a boot of the machine, whatever happens to the system's clock.

The anchor is kept beside the database, so that a restarted server counts on from where the one before it counted. After
a reboot there is no anchor to trust: the system's clock is taken, and the seats' median is asked (house.md, Time).
"""

import json
import os
import time
from collections.abc import Callable
from pathlib import Path

from protocol.files import DiskFiles

BOOT_ID = Path("/proc/sys/kernel/random/boot_id")


def boot_monotonic_ms() -> int:
    """Milliseconds since the machine booted, sleep included; never set back."""
    return time.clock_gettime_ns(time.CLOCK_BOOTTIME) // 1_000_000


def system_ms() -> int:
    """What the system's clock says, in UTC milliseconds."""
    return time.time_ns() // 1_000_000


class RoomClock:
    """UTC milliseconds of the room. ``rebooted`` says that the anchor is new and unconfirmed."""

    def __init__(
        self,
        anchor_file: Path,
        *,
        monotonic: Callable[[], int] = boot_monotonic_ms,
        system: Callable[[], int] = system_ms,
        boot_id: str | None = None,
    ) -> None:
        self._file = anchor_file
        self._monotonic = monotonic
        self._boot_id = boot_id or BOOT_ID.read_text().strip()
        kept = self._kept()
        if kept is not None:
            # A server that restarts after the reboot still waits for the person who confirms its time.
            self._offset, self.rebooted = kept
        else:
            self._offset, self.rebooted = system() - monotonic(), anchor_file.exists()
            self._keep()

    def now_ms(self) -> int:
        """The room's time in UTC milliseconds."""
        return self._monotonic() + self._offset

    def set_to(self, now_ms: int) -> None:
        """Take another time, decided by a person after a reboot; kept for this boot."""
        self._offset = now_ms - self._monotonic()
        self.rebooted = False
        self._keep()

    def _kept(self) -> tuple[int, bool] | None:
        try:
            found = json.loads(self._file.read_text())
            if found["boot_id"] != self._boot_id:
                return None
            return int(found["offset_ms"]), bool(found["unconfirmed"])
        except (OSError, ValueError, KeyError, TypeError):
            return None

    def _keep(self) -> None:
        part = self._file.with_suffix(".part")
        with part.open("w") as file:
            kept = {"boot_id": self._boot_id, "offset_ms": self._offset, "unconfirmed": self.rebooted}
            json.dump(kept, file)
            file.flush()
            os.fsync(file.fileno())
        os.replace(part, self._file)
        # Without its name the anchor would be missing after a power cut, and the reboot would go unnoticed.
        DiskFiles().sync_folder(self._file.parent)
