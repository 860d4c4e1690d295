"""The room's time at a seat, as tables of instants: nobody moves it, and it is right again after anything."""

from dataclasses import dataclass
from pathlib import Path

import pytest

from station.room_clock import HOLD_MS, KeptOffset, OffsetFile, RoomClock
from tests.forgetful_files import ForgetfulFiles

ROOM = 1_780_000_000_000


@dataclass
class FakeMachine:
    """A machine whose clocks a test moves."""

    boot: float = 5_000
    wall: float = ROOM + 3_600_000
    boot_name: str = "b1"

    def boot_ms(self) -> float:
        return self.boot

    def wall_ms(self) -> float:
        return self.wall

    def boot_id(self) -> str:
        return self.boot_name

    def passes(self, ms: float) -> None:
        self.boot += ms
        self.wall += ms


def pong(clock: RoomClock, machine: FakeMachine, there_ms: float, back_ms: float, room_ahead: float = 0) -> None:
    """A ping with the room exactly ROOM - 5000 + boot ahead of the boot clock."""
    sent = machine.boot
    machine.passes(there_ms)
    read = int(ROOM - 5_000 + machine.boot + room_ahead)
    machine.passes(back_ms)
    clock.heard(sent, read)


def right(machine: FakeMachine) -> float:
    return ROOM - 5_000 + machine.boot


class TestMeasuring:
    @pytest.mark.parametrize(
        ("ways", "error_ms"),
        [
            ([(1, 1)], 1),
            ([(40, 0)], 21),
            ([(40, 0), (1, 1), (0, 60)], 1),
            ([(200, 10), (30, 30), (5, 1)], 3),
        ],
    )
    def test_the_shortest_way_is_believed(self, ways: list[tuple[float, float]], error_ms: float) -> None:
        machine = FakeMachine()
        clock = RoomClock(machine)
        for there, back in ways:
            pong(clock, machine, there, back)
            machine.passes(2_000)
        assert abs(clock.now() - right(machine)) <= error_ms
        assert clock.certain

    def test_small_corrections_never_make_it_go_back(self) -> None:
        machine = FakeMachine()
        clock = RoomClock(machine)
        pong(clock, machine, 0, 80)
        before = clock.now()
        pong(clock, machine, 1, 0)
        assert clock.now() >= before

    def test_moving_the_system_clock_changes_nothing_and_is_noticed(self) -> None:
        machine = FakeMachine()
        clock = RoomClock(machine)
        pong(clock, machine, 1, 1)
        machine.passes(2_000)
        assert clock.moved_by() is None
        machine.wall -= 3_600_000
        assert abs(clock.now() - right(machine)) <= 1
        assert clock.moved_by() == -3_600_000
        assert clock.moved_by() is None

    def test_a_room_that_suddenly_differs_is_followed_after_it_heard_its_seats(self) -> None:
        machine = FakeMachine()
        clock = RoomClock(machine)
        pong(clock, machine, 1, 1)
        for _ in range(HOLD_MS // 2_000):
            machine.passes(1_998)
            pong(clock, machine, 1, 1, room_ahead=60_000)
            assert abs(clock.now() - right(machine)) <= 2
        machine.passes(1_998)
        pong(clock, machine, 1, 1, room_ahead=60_000)
        assert abs(clock.now() - right(machine) - 60_000) <= 2

    def test_a_room_that_differed_for_a_moment_is_forgiven(self) -> None:
        machine = FakeMachine()
        clock = RoomClock(machine)
        pong(clock, machine, 1, 1)
        for ahead in (60_000, 60_000, 0, 60_000, 60_000, 60_000):
            machine.passes(1_998)
            pong(clock, machine, 1, 1, room_ahead=ahead)
        assert abs(clock.now() - right(machine)) <= 2


class TestRestart:
    def kept(self) -> tuple[FakeMachine, KeptOffset]:
        machine = FakeMachine()
        clock = RoomClock(machine)
        pong(clock, machine, 1, 1)
        return machine, clock.kept()

    def test_within_the_boot_it_is_exact_whatever_the_system_clock_says(self) -> None:
        machine, kept = self.kept()
        machine.passes(90_000)
        machine.wall = 0
        clock = RoomClock(machine, kept)
        assert clock.certain
        assert abs(clock.now() - right(machine)) <= 1

    def test_after_a_reboot_the_system_clock_stands_for_it_and_nothing_is_certain(self) -> None:
        machine, kept = self.kept()
        machine.passes(60_000)
        expected = right(machine)
        machine.boot, machine.boot_name = 700, "b2"
        clock = RoomClock(machine, kept)
        assert not clock.certain
        assert abs(clock.now() - expected) <= 1

    def test_after_a_reboot_with_an_empty_battery_it_is_not_before_what_was_written(self) -> None:
        machine, kept = self.kept()
        last = int(right(machine))
        machine.boot, machine.wall, machine.boot_name = 700, 0, "b2"
        clock = RoomClock(machine, kept)
        clock.not_before(last)
        assert clock.now() == last

    def test_a_system_clock_set_ahead_ends_nothing(self) -> None:
        machine, kept = self.kept()
        last = int(right(machine))
        machine.boot, machine.boot_name = 700, "b2"
        machine.wall += 86_400_000
        clock = RoomClock(machine, kept)
        clock.not_before(last)
        machine.passes(5_000)
        assert clock.now() > last + 80_000_000
        assert clock.surely() == last + 5_000

    def test_the_first_pong_after_a_reboot_is_believed_at_once(self) -> None:
        machine, kept = self.kept()
        machine.boot_name, machine.wall = "b2", 0
        clock = RoomClock(machine, kept)
        pong(clock, machine, 1, 1)
        assert abs(clock.now() - right(machine)) <= 1


class TestOffsetFile:
    def test_is_written_only_when_it_changed_and_survives_a_power_cut(self) -> None:
        disk = ForgetfulFiles()
        disk.make_folder(Path("/seat"))
        file = OffsetFile(disk, Path("/seat/clock.json"))
        kept = KeptOffset(boot_id="b1", to_boot_ms=5.0, to_wall_ms=0.0)
        write = file.due(kept)
        assert write is not None
        write()
        assert file.due(kept.model_copy(update={"to_boot_ms": 6.0})) is None
        disk.crash()
        assert OffsetFile(disk, Path("/seat/clock.json")).read() == kept

    def test_an_unreadable_file_is_no_file(self) -> None:
        disk = ForgetfulFiles()
        disk.make_folder(Path("/seat"))
        disk.create(Path("/seat/clock.json")).write(b"{")
        assert OffsetFile(disk, Path("/seat/clock.json")).read() is None
