"""Exam time as tables of instants, and against a clock that counts every millisecond."""

from collections.abc import Callable
from dataclasses import dataclass

import pytest
from hypothesis import given
from hypothesis import strategies as st

from protocol.exam_clock import ExamClock

MIN = 60_000
TWO_HOURS = ExamClock(120 * MIN)
RUNNING = TWO_HOURS.start(0)
PAUSED = RUNNING.pause(30 * MIN)
RESUMED = PAUSED.resume(40 * MIN)


class TestEnd:
    @pytest.mark.parametrize(
        ("clock", "end"),
        [
            (TWO_HOURS, None),
            (RUNNING, 120 * MIN),
            (RUNNING.start(5 * MIN), 120 * MIN),
            (PAUSED, None),
            (RESUMED, 130 * MIN),
            (PAUSED.pause(35 * MIN).resume(40 * MIN), 130 * MIN),
            (RESUMED.resume(90 * MIN), 130 * MIN),
            (RESUMED.pause(50 * MIN).resume(51 * MIN), 131 * MIN),
            (RUNNING.extend(5 * MIN), 125 * MIN),
            (TWO_HOURS.extend(5 * MIN).start(0), 125 * MIN),
            (PAUSED.extend(5 * MIN).resume(40 * MIN), 135 * MIN),
            (TWO_HOURS.pause(1).start(0), 120 * MIN),
            (TWO_HOURS.resume(1).start(0), 120 * MIN),
            (RUNNING.pause(-5).resume(10 * MIN), 130 * MIN),
            (PAUSED.resume(20 * MIN), 120 * MIN),
        ],
    )
    def test_stands_at(self, clock: ExamClock, end: int | None) -> None:
        assert clock.end_at == end


class TestRemaining:
    @pytest.mark.parametrize(
        ("clock", "now", "remaining"),
        [
            (TWO_HOURS, 10**12, 120 * MIN),
            (TWO_HOURS.extend(MIN), 0, 121 * MIN),
            (RUNNING, -MIN, 120 * MIN),
            (RUNNING, 0, 120 * MIN),
            (RUNNING, 29 * MIN, 91 * MIN),
            (RUNNING, 120 * MIN - 1, 1),
            (RUNNING, 120 * MIN, 0),
            (RUNNING, 999 * MIN, 0),
            (PAUSED, 20 * MIN, 100 * MIN),
            (PAUSED, 30 * MIN, 90 * MIN),
            (PAUSED, 500 * MIN, 90 * MIN),
            (PAUSED.extend(10 * MIN), 500 * MIN, 100 * MIN),
            (RESUMED, 40 * MIN, 90 * MIN),
            (RESUMED, 130 * MIN, 0),
            (RUNNING.extend(10 * MIN), 125 * MIN, 5 * MIN),
        ],
    )
    def test_is(self, clock: ExamClock, now: int, remaining: int) -> None:
        assert clock.remaining_ms(now) == remaining
        assert clock.is_up(now) == (remaining == 0)

    def test_a_late_candidate_keeps_the_common_end(self) -> None:
        assert TWO_HOURS.start(0).remaining_ms(25 * MIN) == 95 * MIN


class TestAccepts:
    @pytest.mark.parametrize(
        ("clock", "at", "accepted"),
        [
            (TWO_HOURS, 0, False),
            (RUNNING, -1, False),
            (RUNNING, 0, True),
            (RUNNING, 120 * MIN, True),
            (RUNNING, 120 * MIN + 1, False),
            (PAUSED, 30 * MIN, True),
            (PAUSED, 30 * MIN + 1, False),
            (RESUMED, 40 * MIN, True),
            (RESUMED, 130 * MIN, True),
            (RESUMED, 130 * MIN + 1, False),
            (RUNNING.extend(MIN), 121 * MIN, True),
            (RUNNING.extend(MIN), 121 * MIN + 1, False),
        ],
    )
    def test_from_start_to_end(self, clock: ExamClock, at: int, accepted: bool) -> None:
        assert clock.accepts(at) is accepted


@dataclass(frozen=True)
class Told:
    """One order at an instant; ``extend`` carries its length."""

    at: int
    verb: str
    by_ms: int = 0


ORDERS: dict[str, Callable[[ExamClock, Told], ExamClock]] = {
    "start": lambda clock, told: clock.start(told.at),
    "pause": lambda clock, told: clock.pause(told.at),
    "resume": lambda clock, told: clock.resume(told.at),
    "extend": lambda clock, told: clock.extend(told.by_ms),
}


def fold(clock: ExamClock, orders: list[Told]) -> ExamClock:
    for told in orders:
        clock = ORDERS[told.verb](clock, told)
    return clock


def counted(duration: int, orders: list[Told], now: int) -> int:
    """Time left at ``now`` by counting every millisecond as a person with a stop-watch would."""
    started = paused = False
    used, allowance, waiting = 0, duration, list(orders)
    for instant in range(now + 1):
        while waiting and waiting[0].at <= instant:
            told = waiting.pop(0)
            if told.verb == "start":
                started = True
            elif told.verb == "pause" and started:
                paused = True
            elif told.verb == "resume":
                paused = False
            elif told.verb == "extend":
                allowance += told.by_ms
        if started and not paused and instant < now:
            used += 1
    return max(0, allowance - used)


DAYS = st.lists(
    st.builds(Told, st.integers(0, 120), st.sampled_from(sorted(ORDERS)), st.integers(0, 30)), max_size=10
).map(lambda orders: sorted(orders, key=lambda told: told.at))


class TestNoSecondIsGivenOrTaken:
    @given(st.integers(1, 80), DAYS, st.integers(0, 60))
    def test_the_clock_is_the_stop_watch(self, duration: int, orders: list[Told], later: int) -> None:
        now = max([told.at for told in orders], default=0) + later
        assert fold(ExamClock(duration), orders).remaining_ms(now) == counted(duration, orders, now)

    @given(st.integers(1, 80), DAYS, st.integers(0, 10))
    def test_an_order_said_twice_moves_nothing(self, duration: int, orders: list[Told], place: int) -> None:
        told = [order for order in orders if order.verb != "extend"]
        again = [*told[: place + 1], *told[place:]]
        assert fold(ExamClock(duration), again) == fold(ExamClock(duration), told)

    @given(st.integers(1, 80), DAYS, st.integers(0, 10))
    def test_a_restart_goes_on_from_what_was_kept(
        self, duration: int, orders: list[Told], place: int
    ) -> None:
        kept = fold(ExamClock(duration), orders[:place])
        assert fold(ExamClock(**_fields(kept)), orders[place:]) == fold(ExamClock(duration), orders)

    @given(st.integers(1, 80), DAYS, st.integers(0, 300), st.integers(0, 300))
    def test_waiting_never_adds_time(self, duration: int, orders: list[Told], one: int, two: int) -> None:
        clock = fold(ExamClock(duration), orders)
        assert clock.remaining_ms(min(one, two)) >= clock.remaining_ms(max(one, two))

    @given(st.integers(1, 80), DAYS, st.integers(0, 400))
    def test_what_is_accepted_has_time_left_or_is_the_last_instant(
        self, duration: int, orders: list[Told], at: int
    ) -> None:
        clock = fold(ExamClock(duration), orders)
        end = clock.end_at
        if clock.accepts(at) and clock.paused_at is None:
            assert end is not None
            assert at <= end
            assert clock.remaining_ms(at) > 0 or at == end


def _fields(clock: ExamClock) -> dict[str, int | None]:
    return {name: getattr(clock, name) for name in ExamClock.__slots__}
