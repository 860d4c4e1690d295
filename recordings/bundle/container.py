"""The one form of a bundle's zip: stored, ASCII names, one date, no extra fields; every byte of it can be foretold.

Any unzip program opens it. A verifier that knows names, sizes and CRCs knows every header to the byte, so that nothing
can be hidden between, behind or beside the files.
"""

import struct
from dataclasses import dataclass

CONTAINER_BYTES_MAX = 0xFFFF_FFFF
"""A plain zip has 32-bit offsets; a larger bundle is refused when it is made."""

CONTAINER_FILES_MAX = 0xFFFF
"""Files a plain zip can count."""

LOCAL_BYTES = 30
"""Bytes of a local header without its name."""

_LOCAL = struct.Struct("<4s2B4HL2L2H")
_CENTRAL = struct.Struct("<4s4B4HL2L5H2L")
_END = struct.Struct("<4s4H2LH")

_LOCAL_MARK, _CENTRAL_MARK, _END_MARK = b"PK\x03\x04", b"PK\x01\x02", b"PK\x05\x06"
_VERSION, _UNIX, _STORED, _MIDNIGHT = 20, 3, 0, 0
_1980_01_01 = (1 << 5) | 1
_OWNER_READS_AND_WRITES = 0o600 << 16


@dataclass(frozen=True, slots=True)
class Packed:
    """One file as a zip names it."""

    name: str
    size: int
    crc32: int


def local_header(one: Packed) -> bytes:
    """What stands in front of a file's bytes."""
    name = one.name.encode("ascii")
    fields = (_VERSION, 0, 0, _STORED, _MIDNIGHT, _1980_01_01, one.crc32, one.size, one.size, len(name), 0)
    return _LOCAL.pack(_LOCAL_MARK, *fields) + name


def directory(files: list[tuple[Packed, int]]) -> bytes:
    """What stands behind the last file: the central directory of (file, offset of its local header) and its end."""
    lines = []
    for one, offset in files:
        name = one.name.encode("ascii")
        versions = (_VERSION, _UNIX, _VERSION, 0)
        stored = (0, _STORED, _MIDNIGHT, _1980_01_01, one.crc32, one.size, one.size)
        rest = (len(name), 0, 0, 0, 0, _OWNER_READS_AND_WRITES, offset)
        lines.append(_CENTRAL.pack(_CENTRAL_MARK, *versions, *stored, *rest) + name)
    central = b"".join(lines)
    start = sum(LOCAL_BYTES + len(one.name) + one.size for one, _ in files)
    end = _END.pack(_END_MARK, 0, 0, len(files), len(files), len(central), start, 0)
    return central + end


@dataclass(frozen=True, slots=True)
class FoundHeader:
    """A local header as it stands in a file, whatever it says."""

    name: bytes
    crc32: int
    sizes: tuple[int, int]

    @property
    def bytes_long(self) -> int:
        """Length of the header with its name."""
        return LOCAL_BYTES + len(self.name)


def read_local(data: bytes) -> FoundHeader | None:
    """The local header at the beginning of ``data``; None where none begins."""
    if len(data) < LOCAL_BYTES or data[:4] != _LOCAL_MARK:
        return None
    fields = _LOCAL.unpack(data[:LOCAL_BYTES])
    name_length = fields[10]
    return FoundHeader(data[LOCAL_BYTES : LOCAL_BYTES + name_length], fields[7], (fields[8], fields[9]))
