"""The room's clock counts from one anchor within a boot, and knows when it has to be asked about."""

from dataclasses import dataclass
from pathlib import Path

import pytest

from server.clock import RoomClock

DAY = 86_400_000
NOW = 1_780_000_000_000


@dataclass
class Machine:
    """A machine's two clocks and its boot."""

    folder: Path
    boot: str = "one"
    up: int = 5_000
    says: int = NOW

    def server(self) -> RoomClock:
        """A server that starts on it now."""
        return RoomClock(
            self.folder / "clock.json", monotonic=lambda: self.up, system=lambda: self.says, boot_id=self.boot
        )

    def later(self, ms: int) -> None:
        self.up += ms
        self.says += ms

    def reboots(self, says: int) -> None:
        self.boot, self.up, self.says = self.boot + "'", 0, says


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    return Machine(tmp_path)


class TestWithinABoot:
    def test_counts_on_whatever_the_systems_clock_does(self, machine: Machine) -> None:
        clock = machine.server()
        assert clock.now_ms() == NOW
        for moved in (DAY, -3 * DAY, 0):
            machine.later(1_000)
            machine.says += moved
        assert clock.now_ms() == NOW + 3_000

    def test_a_restarted_server_counts_on(self, machine: Machine) -> None:
        machine.server()
        machine.later(60_000)
        machine.says -= DAY
        clock = machine.server()
        assert clock.now_ms() == NOW + 60_000
        assert not clock.rebooted

    def test_what_a_person_set_is_kept(self, machine: Machine) -> None:
        machine.server().set_to(NOW + 7_000)
        machine.later(1_000)
        assert machine.server().now_ms() == NOW + 8_000


class TestAfterAReboot:
    def test_takes_the_systems_clock_and_says_so(self, machine: Machine) -> None:
        machine.server()
        machine.reboots(NOW + DAY)
        clock = machine.server()
        assert (clock.now_ms(), clock.rebooted) == (NOW + DAY, True)

    def test_still_says_so_after_another_restart_until_a_person_confirms(self, machine: Machine) -> None:
        machine.server()
        machine.reboots(NOW + DAY)
        machine.server()
        machine.later(1_000)
        clock = machine.server()
        assert (clock.now_ms(), clock.rebooted) == (NOW + DAY + 1_000, True)
        clock.set_to(NOW + 50_000)
        assert not clock.rebooted
        again = machine.server()
        assert (again.now_ms(), again.rebooted) == (NOW + 50_000, False)

    @pytest.mark.parametrize(
        "left", ["", "{", "[]", '{"boot_id": "one"}', '{"boot_id": "one", "offset_ms": "x"}']
    )
    def test_a_damaged_anchor_is_none(self, machine: Machine, left: str) -> None:
        (machine.folder / "clock.json").write_text(left)
        clock = machine.server()
        assert (clock.now_ms(), clock.rebooted) == (NOW, True)

    def test_the_first_start_ever_is_no_reboot(self, machine: Machine) -> None:
        assert not machine.server().rebooted


def test_this_machines_own_clocks(tmp_path: Path) -> None:
    one = RoomClock(tmp_path / "clock.json")
    two = RoomClock(tmp_path / "clock.json")
    assert abs(two.now_ms() - one.now_ms()) < 1_000
    assert not two.rebooted
