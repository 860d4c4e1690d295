"""When a seat is photographed: a secret, random timetable both sides can compute.

The server hands a capture secret to the seat; the seat takes pictures at these instants of exam time, and the
server, which computes the same instants, knows by itself which picture is missing. Random snapshots are what
S3-A asks for (随机抓拍); how often is ours: gaps are drawn uniformly between the policy's smallest and largest
gap, so there is never a longer stretch without a picture, and the largest gap is lowered where the smallest
number of pictures needs it.

The timetable has no end: time given to a candidate only reads further, and what came before stays as it was.
"""

import hashlib
import itertools
from collections.abc import Iterator
from dataclasses import dataclass

SECRET_BYTES = 32
"""Length of a capture secret."""

GAP_S_MAX = 3600
"""Largest gap in seconds a policy may name; a seat unseen for longer is not watched."""

START_SPREAD_MS = 30_000
"""Milliseconds over which a room's forced pictures at the start are spread, so that answers go first."""

_DOMAIN = b"kaochang capture schedule 1\x00"
_BLOCK_BYTES = 128
_WORD_BYTES = 4


class PolicyImpossible(ValueError):
    """No timetable can keep this policy; the message says which two numbers contradict each other."""


@dataclass(frozen=True, slots=True)
class CapturePolicy:
    """How often a seat is photographed.

    Seconds between pictures at least and at most, pictures at least within the planned exam, and the planned
    exam in seconds (without extensions). Raises `PolicyImpossible` when they contradict each other.
    """

    min_gap_s: int
    max_gap_s: int
    min_count: int
    duration_s: int

    def __post_init__(self) -> None:
        if self.min_gap_s < 1 or self.max_gap_s < 1 or self.duration_s < 1 or self.min_count < 0:
            raise PolicyImpossible("gaps and duration must be at least 1 s, the count at least 0")
        if self.max_gap_s > GAP_S_MAX:
            raise PolicyImpossible(f"a largest gap of {self.max_gap_s} s is over {GAP_S_MAX} s")
        if self.largest_gap_ms < self.min_gap_s * 1000:
            raise PolicyImpossible(
                f"{self.min_count} pictures in {self.duration_s} s with at most {self.max_gap_s} s between them"
                f" do not fit gaps of at least {self.min_gap_s} s"
            )

    @property
    def largest_gap_ms(self) -> int:
        """The largest gap drawn: the policy's, or less where `min_count` within the planned exam needs it."""
        largest = self.max_gap_s * 1000
        return min(largest, self.duration_s * 1000 // self.min_count) if self.min_count else largest


def offsets(secret: bytes, attempt_id: str, policy: CapturePolicy) -> Iterator[int]:
    """Milliseconds of exam time at which to photograph, ascending, without end.

    Exam time counts from the start of the attempt's clock and stands still while that clock is paused. The
    first offset is one gap after 0. Raises `ValueError` when the secret is not 32 bytes.
    """
    if len(secret) != SECRET_BYTES:
        raise ValueError(f"a capture secret has {SECRET_BYTES} bytes, this one has {len(secret)}")
    return _offsets(_words(secret, attempt_id), policy)


def offsets_until(secret: bytes, attempt_id: str, policy: CapturePolicy, end_ms: int) -> list[int]:
    """All offsets before `end_ms` of exam time: what the server expects of an attempt that ended there."""
    return list(itertools.takewhile(lambda due: due < end_ms, offsets(secret, attempt_id, policy)))


def start_offset_ms(seat_number: int, spread_ms: int = START_SPREAD_MS) -> int:
    """Milliseconds after the start at which this seat takes its forced picture, in [0, spread_ms).

    Multiples of the golden ratio: any run of seat numbers lies evenly over the spread.
    """
    return ((seat_number * 0x9E3779B1) % (1 << 32)) * spread_ms >> 32


def _offsets(words: Iterator[int], policy: CapturePolicy) -> Iterator[int]:
    smallest_ms = policy.min_gap_s * 1000
    choices = policy.largest_gap_ms - smallest_ms + 1
    due = 0
    while True:
        due += smallest_ms + _below(choices, words)
        yield due


def _words(secret: bytes, attempt_id: str) -> Iterator[int]:
    """SHAKE-256 as a stream of 32-bit numbers, one block of it per counter value, made when asked for."""
    attempt = attempt_id.encode()
    prefix = _DOMAIN + secret + len(attempt).to_bytes(4) + attempt
    for counter in itertools.count():
        block = hashlib.shake_256(prefix + counter.to_bytes(8)).digest(_BLOCK_BYTES)
        for at in range(0, _BLOCK_BYTES, _WORD_BYTES):
            yield int.from_bytes(block[at : at + _WORD_BYTES])


def _below(bound: int, words: Iterator[int]) -> int:
    """A uniform integer in [0, bound): as many bits as needed, drawn again until they are below `bound`."""
    mask = (1 << (bound - 1).bit_length()) - 1
    while True:
        drawn = next(words) & mask
        if drawn < bound:
            return drawn
