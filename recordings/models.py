"""The tables of what happened. Rows are only ever added, but for the newest signed head of a stream.

Alembic makes these tables in a room's database; :func:`create_statements` gives them for a ledger that stands alone (a
contract test, a bundle's scratch copy) from the same definitions.
"""

from sqlalchemy import Column, Index, Integer, LargeBinary, MetaData, String, Table, Text, UniqueConstraint
from sqlalchemy.dialects import sqlite
from sqlalchemy.schema import CreateIndex, CreateTable
from sqlmodel import SQLModel

METADATA: MetaData = SQLModel.metadata

ENTRY = Table(
    "entry",
    METADATA,
    Column("n", Integer, primary_key=True, autoincrement=False, comment="the order of all folds"),
    Column("stream", String(64), nullable=False),
    Column("seq", Integer, nullable=False),
    Column("session", String(64), comment="NULL: the centre's own streams"),
    Column("attempt", String(64)),
    Column("type", String(64), nullable=False),
    Column("at", Integer, nullable=False, comment="UTC ms, the author's view of the room's time"),
    Column("received_at", Integer, nullable=False, comment="UTC ms of the room's clock at the commit"),
    Column("hash", String(64), nullable=False),
    Column("text", Text, nullable=False, comment="the exact text, verbatim"),
    Column("signature", String(88), comment="orders only: the room key's, base64"),
    UniqueConstraint("stream", "seq", name="entry_stream_seq"),
    Index("entry_attempt", "attempt", "n"),
    Index("entry_session", "session", "n"),
)

STREAM = Table(
    "stream",
    METADATA,
    Column("id", String(64), primary_key=True),
    Column("author", String(16), nullable=False, comment="station or server"),
    Column("station", String(64)),
    Column("session", String(64)),
    Column("attempt", String(64)),
    Column("key", String(44), nullable=False, comment="the author's Ed25519 public key, base64"),
    Column("opened_n", Integer, nullable=False),
    Index("stream_attempt", "attempt"),
)

QUARANTINE = Table(
    "quarantine",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("stream", String(64)),
    Column("station", String(64)),
    Column("received_at", Integer, nullable=False),
    Column("reason", String(400), nullable=False),
    Column("text", LargeBinary, nullable=False, comment="exactly what came, cut at the frame limit"),
)

SIGNED_HEAD = Table(
    "signed_head",
    METADATA,
    Column("stream", String(64), primary_key=True),
    Column("seq", Integer, nullable=False),
    Column("statement", Text, nullable=False),
    Column("signature", String(88), nullable=False),
)

CHECKPOINT = Table(
    "checkpoint",
    METADATA,
    Column("session", String(64), primary_key=True),
    Column("n", Integer, nullable=False, comment="the fold of everything up to this entry"),
    Column("format", String(64), nullable=False, comment="digest of the shape; another shape is ignored"),
    Column("state", LargeBinary, nullable=False, comment="zlib of the state's JSON"),
)

NOTE = Table(
    "note",
    METADATA,
    Column("digest", String(64), primary_key=True, comment="SHA-256 of salt and text"),
    Column("salt", String(32), nullable=False),
    Column("text", Text, nullable=False),
)

LEDGER_TABLES = (ENTRY, STREAM, QUARANTINE, SIGNED_HEAD, CHECKPOINT, NOTE)


def create_statements() -> list[str]:
    """SQLite's own statements that make the ledger's tables and indexes."""
    dialect = sqlite.dialect()
    made: list[str] = []
    for table in LEDGER_TABLES:
        made.append(str(CreateTable(table).compile(dialect=dialect)))
        made.extend(str(CreateIndex(index).compile(dialect=dialect)) for index in table.indexes)
    return made
