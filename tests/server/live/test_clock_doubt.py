"""A rebooted server asks the seats, and a person when they disagree."""

from pathlib import Path

import pytest

from server.clock import RoomClock
from server.live.clock_doubt import SETTLE_S, ClockDoubt, disagreement

HOUR_MS = 3_600_000


class TestDisagreement:
    """The median of the seats against the server's own time."""

    @pytest.mark.parametrize(
        ("offsets", "middle"),
        [
            ([], None),
            ([1_999], None),
            ([-1_999, 1_999, 0], None),
            ([2_000], 2_000),
            ([-2_000], -2_000),
            ([HOUR_MS, HOUR_MS + 10, 0], HOUR_MS),
            ([0, 0, HOUR_MS], None),
        ],
    )
    def test_two_seconds_of_the_median_matter(self, offsets: list[int], middle: int | None) -> None:
        assert disagreement(offsets) == middle


class Machine:
    """A computer whose clocks the test moves."""

    def __init__(self) -> None:
        self.monotonic_ms, self.system_ms = 1_000, 1_780_000_000_000

    def clock(self, anchor: Path, boot: str) -> RoomClock:
        return RoomClock(
            anchor, monotonic=lambda: self.monotonic_ms, system=lambda: self.system_ms, boot_id=boot
        )

    def seconds(self) -> float:
        return self.monotonic_ms / 1000


class TestAfterAReboot:
    """Within a boot there is nothing to doubt; after one there is."""

    def test_a_restart_within_the_boot_counts_on_though_the_system_clock_moved(self, tmp_path: Path) -> None:
        machine = Machine()
        before = machine.clock(tmp_path / "clock.json", "boot").now_ms()
        machine.monotonic_ms += 5_000
        machine.system_ms += HOUR_MS
        again = machine.clock(tmp_path / "clock.json", "boot")
        assert again.now_ms() == before + 5_000
        assert not ClockDoubt(again, machine.seconds).holds()

    def test_seats_that_agree_end_the_doubt_after_a_while(self, tmp_path: Path) -> None:
        machine = Machine()
        machine.clock(tmp_path / "clock.json", "before")
        machine.monotonic_ms = 0
        clock = machine.clock(tmp_path / "clock.json", "after")
        doubt = ClockDoubt(clock, machine.seconds)
        doubt.seat_says("st1", clock.now_ms() + 300)
        assert doubt.holds()
        machine.monotonic_ms += int(SETTLE_S * 1000)
        assert not doubt.holds()
        assert doubt.time_for(5) == clock.now_ms()

    def test_seats_that_disagree_keep_their_time_until_a_person_decides(self, tmp_path: Path) -> None:
        machine = Machine()
        machine.clock(tmp_path / "clock.json", "before")
        machine.system_ms += HOUR_MS
        clock = machine.clock(tmp_path / "clock.json", "after")
        doubt = ClockDoubt(clock, machine.seconds)
        for seat in ("st1", "st2", "st3"):
            doubt.seat_says(seat, clock.now_ms() - HOUR_MS)
        machine.monotonic_ms += 60_000
        assert doubt.holds()
        theirs = clock.now_ms() - HOUR_MS
        assert doubt.time_for(theirs) == theirs
        assert doubt.settle(with_seats=True) == -HOUR_MS
        assert clock.now_ms() == theirs
        assert not doubt.holds()
        assert machine.clock(tmp_path / "clock.json", "after").now_ms() == theirs
