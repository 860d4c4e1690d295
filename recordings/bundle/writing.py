"""Writing a bundle: every source is read twice, once to be measured and once to be packed, never held whole."""

import hashlib
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import IO

from protocol import wire
from protocol.entry import parse
from protocol.keys import Purpose, SigningKey
from protocol.version import SOFTWARE
from recordings.bundle.container import (
    CONTAINER_BYTES_MAX,
    CONTAINER_FILES_MAX,
    LOCAL_BYTES,
    Packed,
    directory,
    local_header,
)
from recordings.bundle.form import (
    FINAL_HEADS,
    HEADS,
    MANIFEST,
    NOTES,
    SIGNATURE,
    BundleFile,
    BundleStream,
    Manifest,
    blocks,
    heads_text,
    line,
)
from recordings.ledger import Ledger, Row, StreamRow
from recordings.store import Store, StoreDamaged

_NOTE_FIELDS = ("note", "text", "statement")
_NOTES_OF_OTHERS = frozenset({"record.corrected"})
"""A correction of the session's record form may speak of anybody in the room."""


class BundleTooLarge(ValueError):
    """More bytes or files than a plain zip holds."""


class SourceChanged(RuntimeError):
    """A file gave other bytes the second time: the store or the disk is damaged."""


@dataclass(frozen=True, slots=True)
class Asked:
    """Which attempt, and what the room says of the bundle itself; ``made_at`` in UTC milliseconds."""

    session: str
    attempt: str
    paper: str | None
    made_at: int


@dataclass(frozen=True, slots=True)
class _Source:
    path: str
    chunks: Callable[[], Iterator[bytes]]


@dataclass(slots=True)
class _Gathered:
    """What one reading of the session's entries tells."""

    counts: dict[str, int] = field(default_factory=dict)
    heads: dict[str, str] = field(default_factory=dict)
    notes: dict[str, None] = field(default_factory=dict)
    pictures: dict[str, None] = field(default_factory=dict)
    signed_n: int | None = None
    signed_heads: str = ""


def write(out: IO[bytes], ledger: Ledger, store: Store, key: SigningKey, asked: Asked) -> Manifest:
    """Write the bundle of an attempt as the ledger stands now; raises LookupError where the attempt has no stream.

    Raises :class:`BundleTooLarge`, :class:`SourceChanged`, OSError. What was announced and is not in the store, or is
    damaged there, stands as absent in the manifest.
    """
    own = ledger.streams(asked.attempt)
    # Heads first: none of them then stands beyond the entries read after it.
    signed = ledger.signed_heads([one.id for one in own])
    upto = ledger.newest_n()
    office = [one for one in ledger.streams() if one.session == asked.session and one.author == "server"]
    known = [one for one in [*own, *office] if one.opened_n <= upto]
    if not known:
        raise LookupError(f"attempt {asked.attempt} of session {asked.session} has no stream")
    found = _gather(ledger, asked, upto)
    pictures = [digest for digest in found.pictures if _held(store, digest)]
    streams, sources = _streams(ledger, known, found, upto)
    sources = [
        _source(FINAL_HEADS, _final_heads(ledger, asked.session, found)),
        _source(HEADS, b"".join(_head_line(*one) for one in signed)),
        _source(NOTES, _notes(ledger, found)),
        *sources,
        *[_Source(f"pictures/{digest}.jpg", _picture(store, digest)) for digest in pictures],
    ]
    manifest = Manifest(
        kind="kaochang.bundle",
        format=1,
        software=SOFTWARE,
        made_at=asked.made_at,
        session=asked.session,
        attempt=asked.attempt,
        upto_n=upto,
        room_key=key.public,
        paper=asked.paper,
        streams=streams,
        absent=[digest for digest in found.pictures if digest not in set(pictures)],
        files=[_measured(source) for source in sources],
    )
    _pack(out, manifest, key, sources)
    return manifest


def manifest_bytes(manifest: Manifest) -> bytes:
    """The manifest as it is packed and signed."""
    return wire.write(manifest.to_json()).encode()


def _gather(ledger: Ledger, asked: Asked, upto: int) -> _Gathered:
    found = _Gathered()
    for row in ledger.entries(session=asked.session):
        if row.n > upto:
            break
        found.counts[row.stream] = row.seq + 1
        found.heads[row.stream] = row.hash
        if row.attempt not in (None, asked.attempt):
            continue
        body = parse(row.text).body
        if row.type not in _NOTES_OF_OTHERS:
            found.notes.update(dict.fromkeys(body[name] for name in _NOTE_FIELDS if body.get(name)))
        if row.type == "snapshot.taken":
            found.pictures[body["digest"]] = None
        if row.type == "record.signed" and body["heads_digest"] != found.signed_heads:
            # A stream's opening is laid down with its first entry: the signer saw the heads before both.
            found.signed_n, found.signed_heads = row.n - (row.seq == 1), body["heads_digest"]
    return found


def _streams(
    ledger: Ledger, known: list[StreamRow], found: _Gathered, upto: int
) -> tuple[list[BundleStream], list[_Source]]:
    streams, sources = [], []
    number = {"station": 0, "server": 0}
    for one in known:
        folder = "station" if one.author == "station" else "office"
        place = f"{folder}/{number[one.author]}"
        number[one.author] += 1
        stream = BundleStream.model_validate(
            {
                "stream": one.id,
                "author": one.author,
                "station": one.station,
                "key": one.key,
                "entries": found.counts[one.id],
                "head": found.heads[one.id],
                "file": f"{place}.ndjson",
                "rows": f"{place}.rows.ndjson",
            }
        )
        streams.append(stream)
        sources += [
            _Source(stream.file, _lines(ledger, one.id, upto, _entry_line)),
            _Source(stream.rows, _lines(ledger, one.id, upto, _row_line)),
        ]
    return streams, sources


def _lines(
    ledger: Ledger, stream: str, upto: int, written: Callable[[Row], bytes]
) -> Callable[[], Iterator[bytes]]:
    def chunks() -> Iterator[bytes]:
        for row in ledger.stream_entries(stream):
            if row.n > upto:
                return
            yield written(row)

    return chunks


def _entry_line(row: Row) -> bytes:
    return row.text.encode() + b"\n"


def _row_line(row: Row) -> bytes:
    told = {"seq": row.seq, "n": row.n, "received_at": row.received_at, "hash": row.hash}
    return line(told if row.signature is None else told | {"signature": row.signature})


def _head_line(stream: str, seq: int, statement: str, signature: str) -> bytes:
    return line({"stream": stream, "seq": seq, "statement": statement, "signature": signature})


def _final_heads(ledger: Ledger, session: str, found: _Gathered) -> bytes:
    if found.signed_n is None:
        return b""
    return heads_text(ledger.heads_before(session, found.signed_n)).encode()


def _notes(ledger: Ledger, found: _Gathered) -> bytes:
    lines = []
    for digest in found.notes:
        note = ledger.note_text(digest)
        if note is not None:
            lines.append(line({"digest": digest, "salt": note[0], "text": note[1]}))
    return b"".join(lines)


def _held(store: Store, digest: str) -> bool:
    try:
        store.get(digest)
    except (FileNotFoundError, StoreDamaged):
        return False
    return True


def _picture(store: Store, digest: str) -> Callable[[], Iterator[bytes]]:
    return lambda: iter((store.get(digest),))


def _source(path: str, data: bytes) -> _Source:
    return _Source(path, lambda: iter((data,)))


def _measured(source: _Source) -> BundleFile:
    size, crc, whole, parts = 0, 0, hashlib.sha256(), []
    for piece in blocks(source.chunks()):
        size += len(piece)
        crc = zlib.crc32(piece, crc)
        whole.update(piece)
        parts.append(hashlib.sha256(piece).hexdigest())
    return BundleFile(path=source.path, size=size, sha256=whole.hexdigest(), crc32=crc, blocks=parts)


def _pack(out: IO[bytes], manifest: Manifest, key: SigningKey, sources: list[_Source]) -> None:
    told = manifest_bytes(manifest)
    signature = key.sign(Purpose.BUNDLE, hashlib.sha256(told).hexdigest()).encode()
    files = [
        Packed(MANIFEST, len(told), zlib.crc32(told)),
        Packed(SIGNATURE, len(signature), zlib.crc32(signature)),
        *[Packed(one.path, one.size, one.crc32) for one in manifest.files],
    ]
    size = sum(LOCAL_BYTES + len(one.name) + one.size for one in files)
    if size > CONTAINER_BYTES_MAX or len(files) > CONTAINER_FILES_MAX:
        raise BundleTooLarge(f"{size} bytes in {len(files)} files")
    offset, placed = 0, []
    given = [_source(MANIFEST, told), _source(SIGNATURE, signature), *sources]
    for packed, source in zip(files, given, strict=True):
        placed.append((packed, offset))
        header = local_header(packed)
        out.write(header)
        crc = 0
        for chunk in source.chunks():
            crc = zlib.crc32(chunk, crc)
            out.write(chunk)
        if crc != packed.crc32:
            raise SourceChanged(source.path)
        offset += len(header) + packed.size
    out.write(directory(placed))
