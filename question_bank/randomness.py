"""Randomness that anybody can recompute: a SHAKE-256 stream per purpose, integers by rejection, no
library's sampling.
"""

import hashlib
import struct
from collections.abc import Sequence
from typing import TypeVar

T = TypeVar("T")

_FIRST_BYTES = 1_024


class Stream:
    """The bytes of SHAKE-256 over a root and a purpose, read once from the beginning."""

    __slots__ = ("_at", "_bytes", "_xof")

    def __init__(self, root: bytes, purpose: str) -> None:
        """Root and purpose are separated by their lengths, so that no two purposes share a stream."""
        name = purpose.encode()
        self._xof = hashlib.shake_256(
            b"kaochang draw 2\n" + struct.pack(">II", len(root), len(name)) + root + name
        )
        self._bytes = b""
        self._at = 0

    def take(self, count: int) -> bytes:
        """The next bytes."""
        end = self._at + count
        if end > len(self._bytes):
            # The output of an XOF is prefix-free to extend: asking for twice as much repeats what was given.
            self._bytes = self._xof.digest(max(_FIRST_BYTES, 2 * end))
        taken = self._bytes[self._at : end]
        self._at = end
        return taken

    def below(self, bound: int) -> int:
        """A uniform integer in 0 … bound-1: the fewest big-endian bytes that hold it, too large ones thrown
        away.

        Raises ValueError for a bound below 1.
        """
        if bound < 1:
            raise ValueError("nothing lies below a bound under 1")
        width = max(1, ((bound - 1).bit_length() + 7) // 8)
        limit = 256**width - 256**width % bound
        while True:
            value = int.from_bytes(self.take(width), "big")
            if value < limit:
                return value % bound

    def several_below(self, bound: int, count: int) -> list[int]:
        """So many uniform integers in 0 … bound-1, by the same rule as below(), whose bytes are read together.

        Raises ValueError for a bound below 1.
        """
        if not 1 <= bound <= 256:
            return [self.below(bound) for _ in range(count)]
        limit = 256 - 256 % bound
        found: list[int] = []
        while len(found) < count:
            found += [value % bound for value in self.take(count - len(found)) if value < limit]
        return found

    def permutation(self, count: int) -> list[int]:
        """A uniform order of 0 … count-1: the order of as many 64-bit keys, all drawn again should two be
        equal.
        """
        while True:
            keys = struct.unpack(f">{count}Q", self.take(8 * count))
            if len(set(keys)) == count:
                return sorted(range(count), key=keys.__getitem__)

    def shuffled(self, values: Sequence[T]) -> list[T]:
        """The values in a uniform order."""
        return [values[index] for index in self.permutation(len(values))]
