"""Where a file's one changed byte is, found from the CRC-32 it had before: a CRC of a sum is the sum of the CRCs.

One changed byte changes the CRC by the byte's own pattern, shifted through every byte after it. Going back through
those shifts, the place is where the pattern is one byte's; a chance meeting is ruled out by whoever knows a digest.
"""

from collections.abc import Iterator

_POLYNOMIAL = 0xEDB88320


def _forward(byte: int) -> int:
    for _ in range(8):
        byte = (byte >> 1) ^ (_POLYNOMIAL if byte & 1 else 0)
    return byte


_TABLE = [_forward(byte) for byte in range(256)]
_BACK = {entry >> 24: byte for byte, entry in enumerate(_TABLE)}
_PATTERNS = {entry: byte for byte, entry in enumerate(_TABLE)}


def one_changed_byte(size: int, was: int, found: int) -> Iterator[tuple[int, int]]:
    """Every (offset, pattern) at which one byte, xored with the pattern, explains that the CRC is not ``was``.

    From the end of a file of ``size`` bytes to its beginning; beyond the true one there is a chance meeting every
    sixteen million bytes.
    """
    pattern = was ^ found
    for offset in range(size - 1, -1, -1):
        byte = _PATTERNS.get(pattern)
        if byte is not None:
            yield offset, byte
        # Undo the shift through one byte of zeros.
        high = _BACK[pattern >> 24]
        pattern = ((pattern ^ _TABLE[high]) << 8 | high) & 0xFFFF_FFFF
