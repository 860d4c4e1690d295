"""The room's time as this seat knows it: measured against the server, counted on a clock nobody can move.

The offset between the room's clock and this machine's boot-time clock (which also counts while the machine sleeps)
is measured with every ping; the measurement with the shortest way there and back is believed. Moving the system
clock changes nothing. The offset is kept with the id of the boot it was measured in: a restart within the same boot
is exact without a network; after a reboot without a network the system clock has to do, and that is put on record.
"""

import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from pydantic import ValidationError

from protocol import limits
from protocol.files import Files
from protocol.shapes import Closed

SAMPLES_KEPT = 16
"""Measurements the best is chosen from: half a minute of pings."""

DRIFT_PER_S = 0.1
"""Milliseconds per second that an older measurement is trusted less: twice what ordinary crystals drift."""

HOLD_MS = 10_000
"""A room whose time suddenly differs hears first what its seats think; after this long it is followed all the same."""

MOVED_MS_MIN = 1_000
"""Smallest jump of the system clock in milliseconds that is put on record; less is a time service at work."""

KEPT_CHANGE_MS_MIN = 5.0
"""Smallest change of the offset in milliseconds that is worth a write."""

_FILE_BYTES_MAX = 4_096


class Machine(Protocol):
    """The clocks of this computer."""

    def boot_ms(self) -> float:
        """Milliseconds since the boot, sleep included; nobody can move it."""

    def wall_ms(self) -> float:
        """UTC milliseconds of the system clock, as right as somebody set it."""

    def boot_id(self) -> str:
        """Names this boot."""


class LinuxMachine:
    """The kernel's clocks; elsewhere the monotonic clock, which stands still while the machine sleeps."""

    _CLOCK = getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC)

    def boot_ms(self) -> float:
        """Milliseconds since the boot."""
        return time.clock_gettime_ns(self._CLOCK) / 1e6

    def wall_ms(self) -> float:
        """UTC milliseconds."""
        return time.time_ns() / 1e6

    def boot_id(self) -> str:
        """The kernel's own id of this boot, empty when it has none."""
        path = Path("/proc/sys/kernel/random/boot_id")
        return path.read_text().strip() if path.exists() else ""


class KeptOffset(Closed):
    """The offset as it lies on the disk: to the boot-time clock of one boot, and to the system clock."""

    boot_id: str
    to_boot_ms: float
    to_wall_ms: float


@dataclass(frozen=True, slots=True)
class _Sample:
    offset: float
    rtt: float
    at: float

    def doubt(self, now: float) -> float:
        return self.rtt / 2 + (now - self.at) / 1000 * DRIFT_PER_S


class RoomClock:
    """Tells the room's time. ``certain`` is False while only the system clock stands for it."""

    def __init__(self, machine: Machine, kept: KeptOffset | None = None) -> None:
        self._machine = machine
        self._samples: deque[_Sample] = deque(maxlen=SAMPLES_KEPT)
        self._strange: list[_Sample] = []
        self._last = 0.0
        self._floor_offset: float | None = None
        self.certain = False
        self._wall_base = machine.wall_ms() - machine.boot_ms()
        self._offset = self._wall_base
        if kept is not None and kept.boot_id and kept.boot_id == machine.boot_id():
            self._offset, self.certain = kept.to_boot_ms, True
        elif kept is not None:
            self._offset = self._wall_base + kept.to_wall_ms

    def now(self) -> int:
        """The room's time in UTC milliseconds; small corrections never make it go back."""
        now = self._machine.boot_ms() + self._offset
        if self.certain and self._last - MOVED_MS_MIN < now < self._last:
            now = self._last
        self._last = now
        return int(now)

    def surely(self) -> int:
        """An instant that has surely passed: what cannot be undone waits for it, not for a doubtful system clock."""
        if self.certain or self._floor_offset is None:
            return self.now()
        return int(self._machine.boot_ms() + self._floor_offset)

    def boot_ms(self) -> float:
        """Milliseconds since the boot: what pings and waits are measured with."""
        return self._machine.boot_ms()

    def heard(self, sent_at: float, room_time: int) -> None:
        """A pong: the server read ``room_time`` between ``sent_at`` (this machine's boot time) and now."""
        now = self._machine.boot_ms()
        sample = _Sample(room_time - (sent_at + now) / 2, now - sent_at, now)
        if self.certain and abs(sample.offset - self._offset) > limits.CLOCK_DISAGREEMENT_MS + sample.rtt / 2:
            self._doubt(sample)
            return
        self._strange.clear()
        self._samples.append(sample)
        self._offset = min(self._samples, key=lambda one: one.doubt(now)).offset
        self.certain = True

    def not_before(self, at: int) -> None:
        """The room's time was at least this once: a system clock with an empty battery is set forward to it."""
        boot = self._machine.boot_ms()
        self._floor_offset = at - boot
        if not self.certain:
            self._offset = max(self._offset, self._floor_offset)

    def moved_by(self) -> int | None:
        """By how much the system clock jumped since the last call, in milliseconds; None when it did not."""
        base = self._machine.wall_ms() - self._machine.boot_ms()
        moved, self._wall_base = base - self._wall_base, base
        return round(moved) if abs(moved) >= MOVED_MS_MIN else None

    def kept(self) -> KeptOffset:
        """What a later run needs."""
        return KeptOffset(
            boot_id=self._machine.boot_id(),
            to_boot_ms=self._offset,
            to_wall_ms=self._offset - (self._machine.wall_ms() - self._machine.boot_ms()),
        )

    def _doubt(self, sample: _Sample) -> None:
        self._strange.append(sample)
        if sample.at - self._strange[0].at >= HOLD_MS:
            self._samples.clear()
            self._samples.extend(self._strange[-SAMPLES_KEPT:])
            self._offset = min(self._samples, key=lambda one: one.doubt(sample.at)).offset
            self._strange.clear()


class OffsetFile:
    """Keeps the offset on the disk, replaced at once and only when it changed."""

    def __init__(self, files: Files, path: Path) -> None:
        self._files, self._path = files, path
        self._written: KeptOffset | None = None

    def read(self) -> KeptOffset | None:
        """What an earlier run kept; None when there is nothing readable."""
        try:
            data = self._files.read(self._path, size=_FILE_BYTES_MAX)
            self._written = KeptOffset.model_validate_json(data)
        except (FileNotFoundError, ValidationError):
            return None
        return self._written

    def due(self, kept: KeptOffset) -> Callable[[], None] | None:
        """The write to be done in a thread when ``kept`` differs enough from what lies there."""
        before = self._written
        if before is not None and before.boot_id == kept.boot_id:
            change = max(abs(before.to_boot_ms - kept.to_boot_ms), abs(before.to_wall_ms - kept.to_wall_ms))
            if change < KEPT_CHANGE_MS_MIN:
                return None
        self._written = kept
        return lambda: self._write(kept)

    def _write(self, kept: KeptOffset) -> None:
        replace_file(self._files, self._path, kept.model_dump_json().encode())


def replace_file(files: Files, path: Path, data: bytes) -> None:
    """Write a small file so that a power cut leaves the old or the new one, never a piece; readable by its owner."""
    part = path.with_name(path.name + ".part")
    if files.exists(part):
        files.unlink(part)
    file = files.create(part)
    try:
        file.write(data)
        file.sync()
    finally:
        file.close()
    files.replace(part, path)
    files.sync_folder(path.parent)
