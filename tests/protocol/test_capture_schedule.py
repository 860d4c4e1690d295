"""The timetable of pictures: recomputable, random, with its two guarantees."""

import hashlib
import itertools
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from protocol.capture_schedule import (
    START_SPREAD_MS,
    CapturePolicy,
    PolicyImpossible,
    offsets,
    offsets_until,
    start_offset_ms,
)

SECRET = bytes(range(32))
POLICY = CapturePolicy(min_gap_s=5, max_gap_s=45, min_count=60, duration_s=7200)
GOLDEN = [43353, 68311, 83826, 111459, 122231, 152833, 185845, 192352]


@st.composite
def policies(draw: st.DrawFn) -> CapturePolicy:
    duration_s = draw(st.integers(60, 4 * 3600))
    min_gap_s = draw(st.integers(1, 60))
    max_gap_s = draw(st.integers(min_gap_s, 600))
    min_count = draw(st.integers(0, duration_s // min_gap_s))
    return CapturePolicy(min_gap_s, max_gap_s, min_count, duration_s)


class TestOffsets:
    def test_is_the_same_for_both_sides_and_for_every_release(self) -> None:
        first = list(itertools.islice(offsets(SECRET, "attempt-1", POLICY), 8))
        assert first == list(itertools.islice(offsets(SECRET, "attempt-1", POLICY), 8))
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
        assert list(itertools.islice(offsets(secret, attempt, POLICY), 8)) != GOLDEN

    @given(policies(), st.binary(min_size=32, max_size=32))
    def test_keeps_gaps_and_count(self, policy: CapturePolicy, secret: bytes) -> None:
        end_ms = policy.duration_s * 1000
        due = offsets_until(secret, "a", policy, end_ms + 1)
        assert len(due) >= policy.min_count
        for before, after in pairwise([0, *due]):
            assert policy.min_gap_s * 1000 <= after - before <= policy.max_gap_s * 1000
        assert end_ms - max(due, default=0) < policy.max_gap_s * 1000

    @given(st.integers(0, 7_200_000), st.integers(0, 3_600_000))
    def test_extended_time_changes_nothing_before(self, end_ms: int, extended_ms: int) -> None:
        planned = offsets_until(SECRET, "a", POLICY, end_ms)
        extended = offsets_until(SECRET, "a", POLICY, end_ms + extended_ms)
        assert extended[: len(planned)] == planned
        assert all(due >= end_ms for due in extended[len(planned) :])

    def test_gaps_are_spread_evenly(self) -> None:
        due = list(itertools.islice(offsets(SECRET, "a", POLICY), 40_000))
        gaps = [after - before for before, after in pairwise([0, *due])]
        tenths = [0] * 10
        for gap in gaps:
            tenths[(gap - 5000) * 10 // 40_001] += 1
        assert all(abs(count - 4000) < 300 for count in tenths)

    def test_a_gap_of_one_value_is_a_metronome(self) -> None:
        policy = CapturePolicy(min_gap_s=10, max_gap_s=10, min_count=0, duration_s=60)
        assert offsets_until(SECRET, "a", policy, 35_000) == [10_000, 20_000, 30_000]

    def test_a_short_secret_is_refused_at_once(self) -> None:
        with pytest.raises(ValueError, match="32 bytes"):
            offsets(b"short", "a", POLICY)


class TestPolicy:
    @pytest.mark.parametrize(
        ("numbers", "said"),
        [
            ((0, 30, 1, 100), "at least 1 s"),
            ((30, 20, 0, 100), "do not fit"),
            ((10, 30, 11, 100), "11 pictures in 100 s"),
            ((1, 10**7, 0, 100), "over 3600 s"),
        ],
    )
    def test_a_contradiction_is_named(self, numbers: tuple[int, int, int, int], said: str) -> None:
        with pytest.raises(PolicyImpossible, match=said):
            CapturePolicy(*numbers)


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
