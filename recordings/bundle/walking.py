"""From the first byte of a bundle to its last: the manifest and who signed it, then every file where it must stand.

What a file holds is read once, in pieces; a file that is not what the manifest says is searched for the very byte.
"""

import hashlib
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import BinaryIO

from pydantic import ValidationError

from protocol import wire
from protocol.keys import Purpose, decode, encode, verify
from recordings.bundle.container import LOCAL_BYTES, Packed, directory, local_header, read_local
from recordings.bundle.crc import one_changed_byte
from recordings.bundle.form import (
    BLOCK_BYTES,
    MANIFEST,
    MANIFEST_BYTES_MAX,
    SIGNATURE,
    BundleFile,
    Manifest,
)
from recordings.bundle.verdict import Finding, Verdict

SIGNATURE_BYTES = 88
READ_BYTES = 1_048_576
NAME_BYTES_MAX = 255
SEARCHED_MAX = 8
"""Changed files that are searched for the byte; where more changed, the block is named."""


@dataclass(slots=True)
class Placed:
    """A file of the manifest as it stands in the bundle; ``at`` is where its bytes begin."""

    file: BundleFile
    at: int
    intact: bool
    changed: int | None = None
    """The one byte of the file that was changed, where it could be found."""
    block: tuple[int, int] | None = None
    """From where, and how many bytes, hold the first change."""


@dataclass(slots=True)
class Walk:
    """What walking through a bundle found."""

    manifest: Manifest
    placed: dict[str, Placed] = field(default_factory=dict)


class Walker:
    """Walks through one open bundle and tells a verdict."""

    def __init__(self, bundle: BinaryIO, verdict: Verdict) -> None:
        self._bundle = bundle
        self._verdict = verdict
        self._size = bundle.seek(0, 2)
        self._searched = 0
        self._moved = False
        self._packed: list[tuple[Packed, int]] = []

    def walk(self) -> Walk | None:
        """Everything up to the last byte; None where there is no manifest to go by."""
        found = self._manifest()
        if found is None:
            return None
        manifest, at = found
        walk = Walk(manifest)
        for number, file in enumerate(manifest.files):
            place = self._find(manifest.files, number, at)
            if place is None:
                self._verdict.problem(Finding("missing_file", file.path, at))
                self._moved = True
                continue
            packed = Packed(file.path, file.size, file.crc32)
            self._packed.append((packed, place))
            data_at = place + LOCAL_BYTES + len(file.path)
            if place + LOCAL_BYTES >= self._size or data_at + file.size > self._size:
                self._verdict.problem(Finding("truncated", file.path, self._size))
                return walk
            walk.placed[file.path] = self._read(file, data_at)
            at = data_at + file.size
        self._tail(at)
        return walk

    def _at(self, offset: int, size: int) -> bytes:
        self._bundle.seek(offset)
        return self._bundle.read(size)

    # -- the manifest ------------------------------------------------------------------------------------------

    def _manifest(self) -> tuple[Manifest, int] | None:
        data = self._opening()
        if data is None:
            return None
        size = len(data)
        begin = LOCAL_BYTES + len(MANIFEST)
        sign_at = begin + size + LOCAL_BYTES + len(SIGNATURE)
        signature = self._at(sign_at, SIGNATURE_BYTES)
        stored = [self._stored_crc(at) for at in (0, begin + size)]
        good = _signed(data, signature)
        packed = [
            (Packed(MANIFEST, size, zlib.crc32(data)), 0),
            (Packed(SIGNATURE, SIGNATURE_BYTES, zlib.crc32(signature)), begin + size),
        ]
        if good is None:
            good = self._repaired(data, signature, stored, begin, sign_at)
            # Changed bytes stand under the headers that were written for the true ones.
            packed = [
                (replace(one, crc32=was or 0), at) for (one, at), was in zip(packed, stored, strict=True)
            ]
        for one, at in packed:
            self._header(one, at)
        self._packed = packed
        if good is None:
            good = _read(data)
            if good is None:
                self._verdict.problem(Finding("manifest", MANIFEST, begin))
                return None
            self._verdict.problem(Finding("signature", MANIFEST, begin, length=size))
        return good, sign_at + SIGNATURE_BYTES

    def _opening(self) -> bytes | None:
        """The manifest's bytes, found by the header in front of them or by the next one's mark."""
        head = self._at(0, LOCAL_BYTES + len(MANIFEST))
        begin = LOCAL_BYTES + len(MANIFEST)
        found = read_local(head) or read_local(b"PK\x03\x04" + head[4:])
        if found is None:
            self._verdict.problem(Finding("manifest", MANIFEST, 0, detail="no bundle"))
            return None
        for size in dict.fromkeys(found.sizes):
            if size <= min(MANIFEST_BYTES_MAX, self._size) and self._at(begin + size, 4) == b"PK\x03\x04":
                return self._at(begin, size)
        if found.sizes[0] == found.sizes[1] and found.sizes[0] <= min(MANIFEST_BYTES_MAX, self._size):
            return self._at(begin, found.sizes[0])
        self._verdict.problem(Finding("container", MANIFEST, 18, length=8))
        return None

    def _repaired(
        self, data: bytes, signature: bytes, stored: list[int | None], begin: int, sign_at: int
    ) -> Manifest | None:
        """The manifest, when one changed byte of it or of its signature explains everything."""
        if stored[0] is not None and stored[0] != zlib.crc32(data):
            for offset, pattern in one_changed_byte(len(data), stored[0], zlib.crc32(data)):
                fixed = _xored(data, offset, pattern)
                good = _signed(fixed, signature)
                if good is not None:
                    self._verdict.problem(Finding("file_changed", MANIFEST, begin + offset, byte=offset))
                    return good
        if stored[1] is not None and stored[1] != zlib.crc32(signature):
            for offset, pattern in one_changed_byte(len(signature), stored[1], zlib.crc32(signature)):
                good = _signed(data, _xored(signature, offset, pattern))
                if good is not None:
                    self._verdict.problem(Finding("file_changed", SIGNATURE, sign_at + offset, byte=offset))
                    return good
        return None

    def _stored_crc(self, at: int) -> int | None:
        found = read_local(self._at(at, LOCAL_BYTES + NAME_BYTES_MAX))
        return None if found is None else found.crc32

    # -- the files ---------------------------------------------------------------------------------------------

    def _find(self, files: list[BundleFile], number: int, at: int) -> int | None:
        """Where the header of a file stands, from ``at`` on; None when the file is missing."""
        file = files[number]
        later = {one.path: one for one in files[number + 1 :]}
        packed = Packed(file.path, file.size, file.crc32)
        while True:
            expected = local_header(packed)
            given = self._at(at, LOCAL_BYTES + NAME_BYTES_MAX)
            if given[: len(expected)] == expected or at >= self._size:
                return at
            found = read_local(given)
            name = "" if found is None else found.name.decode("ascii", "replace")
            if found is not None and name in later:
                return None
            if found is None and given[:4] == b"PK\x01\x02":
                return None
            ends_at = at + len(expected) + file.size
            if self._at(ends_at, 2) == b"PK" or found is None or name == file.path or self._moved:
                self._header(packed, at)
                return at
            self._verdict.problem(Finding("added_file", name, at))
            self._moved = True
            at += found.bytes_long + found.sizes[0]

    def _header(self, packed: Packed, at: int) -> None:
        expected = local_header(packed)
        given = self._at(at, len(expected))
        if given != expected:
            self._verdict.problem(Finding("container", packed.name, at + _differs(given, expected)))

    def _read(self, file: BundleFile, at: int) -> Placed:
        whole = hashlib.sha256()
        for piece in self._pieces(at, file.size):
            whole.update(piece)
        if whole.hexdigest() == file.sha256:
            return Placed(file, at, True)
        placed = Placed(file, at, False, block=self._first_block(file, at))
        self._searched += 1
        if self._searched <= SEARCHED_MAX:
            placed.changed = self._changed_byte(file, at)
        return placed

    def _changed_byte(self, file: BundleFile, at: int) -> int | None:
        """The one byte that explains why a file is another than it was; None when more than one was changed."""
        crc = 0
        for piece in self._pieces(at, file.size):
            crc = zlib.crc32(piece, crc)
        for offset, pattern in one_changed_byte(file.size, file.crc32, crc):
            begin = offset - offset % BLOCK_BYTES
            block = self._at(at + begin, min(BLOCK_BYTES, file.size - begin))
            fixed = _xored(block, offset - begin, pattern)
            if hashlib.sha256(fixed).hexdigest() == file.blocks[begin // BLOCK_BYTES]:
                return offset
        return None

    def _pieces(self, at: int, size: int) -> Iterator[bytes]:
        self._bundle.seek(at)
        while size > 0:
            piece = self._bundle.read(min(size, READ_BYTES))
            if not piece:
                return
            yield piece
            size -= len(piece)

    def _first_block(self, file: BundleFile, at: int) -> tuple[int, int] | None:
        self._bundle.seek(at)
        for number, digest in enumerate(file.blocks):
            size = min(BLOCK_BYTES, file.size - number * BLOCK_BYTES)
            if hashlib.sha256(self._bundle.read(size)).hexdigest() != digest:
                return number * BLOCK_BYTES, size
        return None

    def _tail(self, at: int) -> None:
        given = read_local(self._at(at, LOCAL_BYTES + NAME_BYTES_MAX))
        while given is not None:
            self._verdict.problem(Finding("added_file", given.name.decode("ascii", "replace"), at))
            self._moved = True
            at += given.bytes_long + given.sizes[0]
            given = read_local(self._at(at, LOCAL_BYTES + NAME_BYTES_MAX))
        if self._moved:
            return
        expected = directory(self._packed)
        found = self._at(at, len(expected))
        if found != expected:
            place = at + _differs(found, expected)
            code = "truncated" if place >= self._size else "container"
            self._verdict.problem(Finding(code, "", place, detail="directory"))
        elif at + len(expected) < self._size:
            self._verdict.problem(Finding("added_bytes", "", at + len(expected)))


def _signed(data: bytes, signature: bytes) -> Manifest | None:
    """The manifest when the signature is that of the key it names, in the one form base64 has for it."""
    manifest = _read(data)
    if manifest is None:
        return None
    try:
        text = signature.decode("ascii")
        canonical = encode(decode(text)) == text
    except ValueError:
        return None
    statement = hashlib.sha256(data).hexdigest()
    return manifest if canonical and verify(manifest.room_key, Purpose.BUNDLE, statement, text) else None


def _read(data: bytes) -> Manifest | None:
    try:
        return Manifest.model_validate(wire.read(data, bytes_max=MANIFEST_BYTES_MAX))
    except (wire.Malformed, ValidationError):
        return None


def _xored(data: bytes, offset: int, pattern: int) -> bytes:
    changed = bytearray(data)
    changed[offset] ^= pattern
    return bytes(changed)


def _differs(given: bytes, expected: bytes) -> int:
    """The first place at which two texts differ."""
    for place, (one, other) in enumerate(zip(given, expected, strict=False)):
        if one != other:
            return place
    return min(len(given), len(expected))
