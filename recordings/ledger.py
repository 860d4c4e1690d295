"""The ledger: an append-only table of entries in one SQLite file, and the only place that commits.

It knows rows and order, not what an entry means. One connection writes; what is read through the same connection
between ``begin`` and ``commit`` includes what was appended. A commit that failed leaves nothing of its batch, and the
ledger refuses every further write: the kernel may have dropped pages, so the process starts again from the file.
"""

import secrets
import sqlite3
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any, NamedTuple, Protocol

from protocol.entry import Head


class Cursor(Protocol):
    """What the ledger asks of a cursor."""

    def fetchone(self) -> Any:
        """The next row, or None."""

    def fetchall(self) -> list[Any]:
        """All further rows."""


class Connection(Protocol):
    """What the ledger asks of a connection in autocommit: SQLite's own module and apsw both have it."""

    def execute(self, sql: str, parameters: Any = ..., /) -> Cursor:
        """Run one statement."""

    def executemany(self, sql: str, parameters: Any, /) -> Any:
        """Run one statement for each row."""

    def close(self) -> None:
        """Give the file back."""


class LedgerBroken(RuntimeError):
    """A commit failed: nothing of the batch happened, and this ledger takes no more. Start again from the file."""


class Row(NamedTuple):
    """One entry as it is kept, in the order of the table's columns.

    ``text`` is verbatim; ``n`` is its position in the order of all folds.
    """

    n: int
    stream: str
    seq: int
    session: str | None
    attempt: str | None
    type: str
    at: int
    received_at: int
    hash: str
    text: str
    signature: str | None

    @property
    def head(self) -> Head:
        """The head of its stream at this entry."""
        return Head(self.stream, self.seq, self.hash)


@dataclass(frozen=True, slots=True)
class StreamRow:
    """One stream: who writes it and with which key."""

    id: str
    author: str
    station: str | None
    session: str | None
    attempt: str | None
    key: str
    opened_n: int


def connect(path: Path) -> sqlite3.Connection:
    """Open a room's database for its one writer: WAL, every commit synced, autocommit."""
    connection = sqlite3.connect(path, isolation_level=None, check_same_thread=False, cached_statements=512)
    prepare(connection)
    return connection


def prepare(connection: Connection) -> None:
    """Set what durability needs on a fresh connection; FULL syncs the WAL at every commit."""
    connection.execute("PRAGMA journal_mode=WAL").fetchone()
    connection.execute("PRAGMA synchronous=FULL")
    connection.execute("PRAGMA foreign_keys=ON")
    connection.execute("PRAGMA busy_timeout=5000").fetchone()


_COLUMNS = "n, stream, seq, session, attempt, type, at, received_at, hash, text, signature"
_INSERT = f"INSERT INTO entry ({_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"  # noqa: S608
_STREAM_COLUMNS = "id, author, station, session, attempt, key, opened_n"
_INSERT_STREAM = f"INSERT INTO stream ({_STREAM_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?)"  # noqa: S608
_READ_PAGE = 2_000

DAY_MS = 86_400_000

QUARANTINE_ROW_BYTES = 1_024
"""What a text put aside costs beside itself: its row, and the alarm and flag that tell of it."""


class Ledger:
    """Appends and reads; see the module for its one law."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._broken = False
        self._aside_of: Counter[str | None] = Counter()
        self._aside_day: int | None = None
        self.last_n: int = int(connection.execute("SELECT coalesce(max(n), 0) FROM entry").fetchone()[0])

    def begin(self) -> None:
        """Open a transaction and take the write lock."""
        self._writable()
        self._connection.execute("BEGIN IMMEDIATE")

    def append(self, rows: Sequence[Row]) -> None:
        """Add entries, in order, to the open transaction."""
        self._writable()
        self._connection.executemany(_INSERT, rows)

    def open_stream(self, stream: StreamRow) -> None:
        """Add a stream to the open transaction."""
        self._writable()
        s = stream
        self._connection.execute(
            _INSERT_STREAM, (s.id, s.author, s.station, s.session, s.attempt, s.key, s.opened_n)
        )

    def quarantine(self, stream: str | None, station: str | None, at: int, reason: str, text: str) -> None:
        """Keep what could not be taken, verbatim, in the open transaction."""
        self._writable()
        data = text.encode("utf-8", "surrogatepass")
        self._connection.execute(
            "INSERT INTO quarantine (stream, station, received_at, reason, text) VALUES (?, ?, ?, ?, ?)",
            (stream, station, at, reason[:400], data),
        )
        self._aside(at)[station] += len(data) + QUARANTINE_ROW_BYTES

    def quarantined_bytes(self, station: str | None, at: int) -> tuple[int, int]:
        """What was put aside on the day (UTC) of ``at``: of this station, and of all; an undone verb's counts too."""
        aside = self._aside(at)
        return aside[station], aside.total()

    def _aside(self, at: int) -> Counter[str | None]:
        day = at // DAY_MS
        if self._aside_day != day:
            rows = self._connection.execute(
                "SELECT station, sum(length(text) + ?) FROM quarantine WHERE received_at >= ? GROUP BY station",
                (QUARANTINE_ROW_BYTES, day * DAY_MS),
            ).fetchall()
            self._aside_of, self._aside_day = Counter(dict(rows)), day
        return self._aside_of

    def sign_head(self, stream: str, seq: int, statement: str, signature: str) -> None:
        """Keep a stream's newest signed head, in the open transaction; an older one changes nothing."""
        self._writable()
        self._connection.execute(
            "INSERT INTO signed_head (stream, seq, statement, signature) VALUES (?, ?, ?, ?)"
            " ON CONFLICT (stream) DO UPDATE SET seq = excluded.seq, statement = excluded.statement,"
            " signature = excluded.signature WHERE excluded.seq >= signed_head.seq",
            (stream, seq, statement, signature),
        )

    def note(self, text: str) -> str:
        """Keep a free text in the open transaction under a salted digest, and return that digest."""
        self._writable()
        salt = secrets.token_hex(16)
        digest = note_digest(salt, text)
        self._connection.execute(
            "INSERT INTO note (digest, salt, text) VALUES (?, ?, ?)", (digest, salt, text)
        )
        return digest

    def checkpoint(self, session: str, n: int, shape: str, state: bytes) -> None:
        """Keep the fold of a session up to n, packed by who reads it again, in the open transaction."""
        self._writable()
        self._connection.execute(
            "INSERT INTO checkpoint (session, n, format, state) VALUES (?, ?, ?, ?) ON CONFLICT (session)"
            " DO UPDATE SET n = excluded.n, format = excluded.format, state = excluded.state",
            (session, n, shape, state),
        )

    def commit(self, last_n: int) -> None:
        """Make the open transaction durable; raises :class:`LedgerBroken` when the disk did not say so."""
        try:
            self._connection.execute("COMMIT")
        except Exception as error:
            self._broken = True
            raise LedgerBroken(f"the commit failed: {error}") from error
        self.last_n = last_n

    def rollback(self) -> None:
        """Forget the open transaction, if there is one."""
        if getattr(self._connection, "in_transaction", True):
            self._connection.execute("ROLLBACK")

    def _writable(self) -> None:
        if self._broken:
            raise LedgerBroken("an earlier commit failed")

    # -- reading -----------------------------------------------------------------------------------------------

    def entries(
        self, after_n: int = 0, session: str | None = None, attempt: str | None = None
    ) -> Iterator[Row]:
        """Entries in order, those after n; only a session's, or only those of an attempt."""
        where, given = "", []
        if attempt is not None:
            where, given = " AND attempt = ?", [attempt]
        elif session is not None:
            where, given = " AND session = ?", [session]
        while True:
            rows = self._connection.execute(
                f"SELECT {_COLUMNS} FROM entry WHERE n > ?{where} ORDER BY n LIMIT {_READ_PAGE}",  # noqa: S608
                (after_n, *given),
            ).fetchall()
            yield from map(Row._make, rows)
            if len(rows) < _READ_PAGE:
                return
            after_n = rows[-1][0]

    def entries_of_types(self, session: str, types: Sequence[str]) -> list[Row]:
        """A session's entries of these types, in order."""
        marks = ", ".join("?" * len(types))
        rows = self._connection.execute(
            f"SELECT {_COLUMNS} FROM entry WHERE session = ? AND type IN ({marks}) ORDER BY n",  # noqa: S608
            (session, *types),
        ).fetchall()
        return [Row._make(row) for row in rows]

    def stream_entries(self, stream: str, from_seq: int = 0) -> Iterator[Row]:
        """One stream's entries in its own order."""
        while True:
            rows = self._connection.execute(
                f"SELECT {_COLUMNS} FROM entry WHERE stream = ? AND seq >= ? ORDER BY seq LIMIT {_READ_PAGE}",  # noqa: S608
                (stream, from_seq),
            ).fetchall()
            yield from map(Row._make, rows)
            if len(rows) < _READ_PAGE:
                return
            from_seq = rows[-1][2] + 1

    def entry_at(self, stream: str, seq: int) -> Row | None:
        """The entry at a place of a stream."""
        row = self._connection.execute(
            f"SELECT {_COLUMNS} FROM entry WHERE stream = ? AND seq = ?",  # noqa: S608
            (stream, seq),
        ).fetchone()
        return Row._make(row) if row else None

    def streams(self, attempt: str | None = None) -> list[StreamRow]:
        """All streams, or those of one attempt, in the order they were opened."""
        where, given = ("", ()) if attempt is None else (" WHERE attempt = ?", (attempt,))
        rows = self._connection.execute(
            f"SELECT {_STREAM_COLUMNS} FROM stream{where} ORDER BY opened_n",  # noqa: S608
            given,
        ).fetchall()
        return [StreamRow(*row) for row in rows]

    def stream(self, stream: str) -> StreamRow | None:
        """One stream by its id."""
        row = self._connection.execute(
            f"SELECT {_STREAM_COLUMNS} FROM stream WHERE id = ?",  # noqa: S608
            (stream,),
        ).fetchone()
        return StreamRow(*row) if row else None

    def last_head(self, session: str | None) -> Head | None:
        """The head of the newest entry of a session (None: of the centre), whoever wrote it."""
        row = self._connection.execute(
            "SELECT stream, seq, hash FROM entry WHERE session IS ? ORDER BY n DESC LIMIT 1", (session,)
        ).fetchone()
        return Head(*row) if row else None

    def heads_before(self, session: str, n: int) -> list[Head]:
        """Where every stream of a session stood just before position n, by stream."""
        rows = self._connection.execute(
            "SELECT e.stream, e.seq, e.hash FROM entry e JOIN (SELECT stream, max(seq) AS seq FROM entry"
            " WHERE session = ? AND n < ? GROUP BY stream) m ON m.stream = e.stream AND m.seq = e.seq"
            " ORDER BY e.stream",
            (session, n),
        ).fetchall()
        return [Head(*row) for row in rows]

    def newest_n(self) -> int:
        """The last position that is committed; a ledger on another connection writes on."""
        return int(self._connection.execute("SELECT coalesce(max(n), 0) FROM entry").fetchone()[0])

    def signed_heads(self, streams: Sequence[str]) -> list[tuple[str, int, str, str]]:
        """The newest signed head of each of these streams: stream, seq, statement, signature."""
        found = []
        for stream in streams:
            row = self._connection.execute(
                "SELECT stream, seq, statement, signature FROM signed_head WHERE stream = ?", (stream,)
            ).fetchone()
            if row:
                found.append((row[0], row[1], row[2], row[3]))
        return found

    def note_text(self, digest: str) -> tuple[str, str] | None:
        """Salt and text of a note, or None when it was deleted or never here."""
        row = self._connection.execute("SELECT salt, text FROM note WHERE digest = ?", (digest,)).fetchone()
        return (row[0], row[1]) if row else None

    def last_checkpoint(self, session: str, shape: str) -> tuple[int, bytes] | None:
        """Position and state of a session's checkpoint, when it was written in this shape."""
        row = self._connection.execute(
            "SELECT n, state FROM checkpoint WHERE session = ? AND format = ?", (session, shape)
        ).fetchone()
        return (row[0], row[1]) if row else None


def note_digest(salt: str, text: str) -> str:
    """The name of a free text: SHA-256 of its salt and itself, so that nobody can guess a short text from its name."""
    return sha256(f"{salt}\n{text}".encode()).hexdigest()
