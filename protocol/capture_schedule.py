"""When a seat is photographed: a secret, random timetable both sides can compute.

The server hands a capture secret to the seat; the seat takes pictures at these instants of exam time, and the
server, which computes the same instants, knows by itself which picture is missing. Random snapshots are what
S3-A asks for (随机抓拍); how often is ours: gaps are drawn uniformly between the policy's smallest and
largest gap, so there is never a longer stretch without a picture, and the largest gap is lowered where the
smallest number of pictures needs it.

The timetable has no end: time given to a candidate only reads further, and what came before stays as it was.
"""

import hashlib
import itertools
from collections.abc import Iterator

from protocol.seat import CapturePolicy

SECRET_BYTES = 32
"""Length of a capture secret."""

GAP_MS_MIN = 1_000
"""Smallest gap in milliseconds a policy may name: a picture takes its time to be taken and kept."""

GAP_MS_MAX = 3_600_000
"""Largest gap in milliseconds a policy may name; a seat unseen for longer is not watched."""

START_SPREAD_MS = 30_000
"""Milliseconds over which a room's forced pictures at the start are spread, so that answers go first."""

_DOMAIN = b"kaochang capture schedule 1\x00"
_BLOCK_BYTES = 128
_WORD_BYTES = 4


class PolicyImpossible(ValueError):
    """No timetable can keep this policy; the message says which two numbers contradict each other."""


def largest_gap_ms(policy: CapturePolicy, duration_ms: int) -> int:
    """The largest gap drawn: the policy's, or less where its count within the planned exam needs it.

    `duration_ms` is the planned exam without extensions. Raises `PolicyImpossible` when the policy's numbers
    contradict each other; a scheme that passes here has a timetable.
    """
    if not GAP_MS_MIN <= policy.gap_ms_min <= policy.gap_ms_max <= GAP_MS_MAX:
        raise PolicyImpossible(
            f"gaps of {policy.gap_ms_min} to {policy.gap_ms_max} ms: the smallest may not be over the"
            f" largest, and both lie within {GAP_MS_MIN} and {GAP_MS_MAX} ms"
        )
    largest = policy.gap_ms_max
    if policy.count_min:
        largest = min(largest, duration_ms // policy.count_min)
    if largest < policy.gap_ms_min:
        raise PolicyImpossible(
            f"{policy.count_min} pictures in {duration_ms} ms do not fit gaps of at least"
            f" {policy.gap_ms_min} ms"
        )
    return largest


def offsets(secret: bytes, attempt_id: str, policy: CapturePolicy, duration_ms: int) -> Iterator[int]:
    """Milliseconds of exam time at which to photograph, ascending, without end.

    Exam time counts from the start of the attempt's clock and stands still while that clock is paused;
    `duration_ms` is the planned exam, and stays so when time is given. The first offset is one gap after 0.
    Raises `ValueError` when the secret is not 32 bytes, and `PolicyImpossible`.
    """
    if len(secret) != SECRET_BYTES:
        raise ValueError(f"a capture secret has {SECRET_BYTES} bytes, this one has {len(secret)}")
    return _offsets(_words(secret, attempt_id), policy.gap_ms_min, largest_gap_ms(policy, duration_ms))


def offsets_until(
    secret: bytes, attempt_id: str, policy: CapturePolicy, duration_ms: int, end_ms: int
) -> list[int]:
    """All offsets before `end_ms` of exam time: what the server expects of an attempt that ended there."""
    due = offsets(secret, attempt_id, policy, duration_ms)
    return list(itertools.takewhile(lambda at: at < end_ms, due))


def start_offset_ms(seat_number: int, spread_ms: int = START_SPREAD_MS) -> int:
    """Milliseconds after the start at which this seat takes its forced picture, in [0, spread_ms).

    Multiples of the golden ratio: any run of seat numbers lies evenly over the spread.
    """
    return ((seat_number * 0x9E3779B1) % (1 << 32)) * spread_ms >> 32


def _offsets(words: Iterator[int], smallest_ms: int, largest_ms: int) -> Iterator[int]:
    due = 0
    while True:
        due += smallest_ms + _below(largest_ms - smallest_ms + 1, words)
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
