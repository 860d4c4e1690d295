"""The timetable of pictures: recomputable, random, with its two guarantees."""

import hashlib
import itertools
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from protocol.capture_schedule import (
    START_SPREAD_MS,
    PolicyImpossible,
    largest_gap_ms,
    offsets,
    offsets_until,
    start_offset_ms,
)
from protocol.seat import CapturePolicy

SECRET = bytes(range(32))
DURATION_MS = 7_200_000


def policy_of(gap_ms_min: int, gap_ms_max: int, count_min: int) -> CapturePolicy:
    return CapturePolicy(
        gap_ms_min=gap_ms_min,
        gap_ms_max=gap_ms_max,
        count_min=count_min,
        width_min=1280,
        height_min=720,
        start_spread_ms=START_SPREAD_MS,
        forced=["login", "start", "flag", "hand_in"],
    )


POLICY = policy_of(5_000, 45_000, 60)
GOLDEN = [43353, 68311, 83826, 111459, 122231, 152833, 185845, 192352]


@st.composite
def policies(draw: st.DrawFn) -> tuple[CapturePolicy, int]:
    duration_ms = draw(st.integers(60_000, 4 * 3_600_000))
    gap_ms_min = draw(st.integers(1_000, 60_000))
    gap_ms_max = draw(st.integers(gap_ms_min, 600_000))
    count_min = draw(st.integers(0, duration_ms // gap_ms_min))
    return policy_of(gap_ms_min, gap_ms_max, count_min), duration_ms


class TestOffsets:
    def test_is_the_same_for_both_sides_and_for_every_release(self) -> None:
        first = list(itertools.islice(offsets(SECRET, "attempt-1", POLICY, DURATION_MS), 8))
        assert first == list(itertools.islice(offsets(SECRET, "attempt-1", POLICY, DURATION_MS), 8))
        assert first == GOLDEN

    def test_follows_its_own_description(self) -> None:
        """Computed a second time, from the description alone."""
        block = hashlib.shake_256(
            b"kaochang capture schedule 1\x00" + SECRET + b"\x00\x00\x00\x09attempt-1" + bytes(8)
        ).digest(128)
        words = [int.from_bytes(block[at : at + 4], "big") & 0xFFFF for at in range(0, 128, 4)]
        gaps = [5000 + word for word in words if word < 40_001]
        assert list(itertools.accumulate(gaps))[:8] == GOLDEN

    @pytest.mark.parametrize(
        ("secret", "attempt"), [(bytes(32), "attempt-1"), (SECRET, "attempt-2"), (SECRET, "attempt-")]
    )
    def test_another_secret_or_attempt_is_another_timetable(self, secret: bytes, attempt: str) -> None:
        assert list(itertools.islice(offsets(secret, attempt, POLICY, DURATION_MS), 8)) != GOLDEN

    @given(policies(), st.binary(min_size=32, max_size=32))
    def test_keeps_gaps_and_count(self, planned: tuple[CapturePolicy, int], secret: bytes) -> None:
        policy, duration_ms = planned
        due = offsets_until(secret, "a", policy, duration_ms, duration_ms + 1)
        assert len(due) >= policy.count_min
        for before, after in pairwise([0, *due]):
            assert policy.gap_ms_min <= after - before <= policy.gap_ms_max
        assert duration_ms - max(due, default=0) < policy.gap_ms_max

    @given(st.integers(0, 7_200_000), st.integers(0, 3_600_000))
    def test_extended_time_changes_nothing_before(self, end_ms: int, extended_ms: int) -> None:
        planned = offsets_until(SECRET, "a", POLICY, DURATION_MS, end_ms)
        extended = offsets_until(SECRET, "a", POLICY, DURATION_MS, end_ms + extended_ms)
        assert extended[: len(planned)] == planned
        assert all(due >= end_ms for due in extended[len(planned) :])

    def test_gaps_are_spread_evenly(self) -> None:
        due = list(itertools.islice(offsets(SECRET, "a", POLICY, DURATION_MS), 40_000))
        gaps = [after - before for before, after in pairwise([0, *due])]
        tenths = [0] * 10
        for gap in gaps:
            tenths[(gap - 5000) * 10 // 40_001] += 1
        assert all(abs(count - 4000) < 300 for count in tenths)

    def test_a_gap_of_one_value_is_a_metronome(self) -> None:
        policy = policy_of(10_000, 10_000, 0)
        assert offsets_until(SECRET, "a", policy, DURATION_MS, 35_000) == [10_000, 20_000, 30_000]

    def test_a_short_secret_is_refused_at_once(self) -> None:
        with pytest.raises(ValueError, match="32 bytes"):
            offsets(b"short", "a", POLICY, DURATION_MS)


class TestPolicy:
    @pytest.mark.parametrize(
        ("numbers", "said"),
        [
            ((999, 30_000, 1), "within 1000 and"),
            ((30_000, 20_000, 0), "may not be over the largest"),
            ((1_000, 3_600_001, 0), "3600000 ms"),
            ((10_000, 30_000, 11), "11 pictures in 100000 ms"),
        ],
    )
    def test_a_contradiction_is_named(self, numbers: tuple[int, int, int], said: str) -> None:
        with pytest.raises(PolicyImpossible, match=said):
            largest_gap_ms(policy_of(*numbers), 100_000)

    def test_a_count_lowers_the_largest_gap(self) -> None:
        assert largest_gap_ms(policy_of(5_000, 45_000, 4), 100_000) == 25_000


class TestStartOffset:
    def test_any_two_hundred_neighbours_lie_evenly(self) -> None:
        for first in (1, 17, 500):
            placed = [start_offset_ms(seat) for seat in range(first, first + 200)]
            assert all(0 <= ms < START_SPREAD_MS for ms in placed)
            seconds = [sum(1 for ms in placed if ms // 1000 == second) for second in range(30)]
            assert max(seconds) <= 9
            assert min(seconds) >= 4

    def test_is_the_same_every_time(self) -> None:
        assert start_offset_ms(12) == start_offset_ms(12) != start_offset_ms(13)
