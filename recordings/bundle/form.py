"""What a bundle holds, in which order, and its manifest.

The files of the zip, in this order:

* ``manifest.json``: what follows, every file with size and digests;
* ``manifest.sig``: the room key's signature over the manifest's SHA-256, base64;
* ``final_heads.ndjson``: where every stream of the session stood when the record form was signed; empty before;
* ``heads.ndjson``: the newest signed head of each of the attempt's streams;
* ``notes.ndjson``: salt and text of the notes that concern the attempt;
* ``station/k.ndjson``, ``station/k.rows.ndjson``: each of the attempt's streams, every entry verbatim on its line,
  and beside it the ledger's own facts of it (position, time received, hash);
* ``office/k.ndjson``, ``office/k.rows.ndjson``: the office's streams of the session, whole, since the chain is over
  all; the rows hold the signatures of the orders;
* ``pictures/<SHA-256>.jpg``: the snapshots, in the order they were announced.
"""

import hashlib
from collections.abc import Iterable, Iterator
from typing import Annotated, Any, Literal

from pydantic import Field, StringConstraints, model_validator

from protocol import wire
from protocol.entry import Head
from protocol.shapes import Closed, Digest, Id, Instant, PublicKey, ShortText
from recordings.bundle.container import CONTAINER_BYTES_MAX

MANIFEST, SIGNATURE = "manifest.json", "manifest.sig"
FINAL_HEADS, HEADS, NOTES = "final_heads.ndjson", "heads.ndjson", "notes.ndjson"

BLOCK_BYTES = 16_384
"""Bytes of a file that one further digest covers, so that a change is named more closely than by its file."""

MANIFEST_BYTES_MAX = 32 * 1_048_576
"""The manifest of the largest bundle a plain zip can hold stays below this; a larger one is not read."""

LINE_BYTES_MAX = 65_536
"""One line of an ndjson file: an entry, or a note of :data:`protocol.limits.TEXT_CHARS_MAX` characters."""

Path = Annotated[str, StringConstraints(pattern=r"^[a-z_]{1,20}(/[0-9a-f]{1,64})?(\.[a-z]{1,8}){1,2}$")]


class BundleFile(Closed):
    """One file: ``blocks`` are the SHA-256 of each :data:`BLOCK_BYTES` of it."""

    path: Path
    size: Annotated[int, Field(ge=0, le=CONTAINER_BYTES_MAX)]
    sha256: Digest
    crc32: Annotated[int, Field(ge=0, le=0xFFFF_FFFF)]
    blocks: list[Digest]

    @model_validator(mode="after")
    def _has_its_blocks(self) -> "BundleFile":
        if len(self.blocks) != -(-self.size // BLOCK_BYTES):
            raise ValueError(f"{len(self.blocks)} blocks are not those of {self.size} bytes")
        return self


class BundleStream(Closed):
    """One stream: ``head`` is the hash of its last entry here, ``file`` its entries, ``rows`` the ledger's facts."""

    stream: Id
    author: Literal["station", "server"]
    station: Id | None
    key: PublicKey
    entries: Annotated[int, Field(ge=1)]
    head: Digest
    file: Path
    rows: Path


class Manifest(Closed):
    """What the room signs. ``upto_n`` is the ledger's last position; ``absent`` are announced pictures not held."""

    kind: Literal["kaochang.bundle"]
    format: Literal[1]
    software: ShortText
    made_at: Instant
    session: Id
    attempt: Id
    upto_n: int
    room_key: PublicKey
    paper: Digest | None
    streams: list[BundleStream]
    absent: list[Digest]
    files: list[BundleFile]


def heads_text(heads: Iterable[Head]) -> str:
    """The heads of a session as text, one line each, by stream: what a signature under a record form covers."""
    return "".join(f"{wire.write(head.to_json())}\n" for head in sorted(heads, key=lambda one: one.stream))


def heads_digest(heads: Iterable[Head]) -> str:
    """The one name for where all streams of a session stand, as ``record.signed`` carries it."""
    return hashlib.sha256(heads_text(heads).encode()).hexdigest()


def blocks(chunks: Iterable[bytes]) -> Iterator[bytes]:
    """The same bytes in pieces of :data:`BLOCK_BYTES`, the last one shorter."""
    held = bytearray()
    for chunk in chunks:
        held += chunk
        while len(held) >= BLOCK_BYTES:
            yield bytes(held[:BLOCK_BYTES])
            del held[:BLOCK_BYTES]
    if held:
        yield bytes(held)


def line(value: Any) -> bytes:
    """A value as one line of an ndjson file."""
    return wire.write(value).encode() + b"\n"
