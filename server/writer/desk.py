"""What a verb works on: it reads days and registers, decides, lays down entries; it never commits.

A verb first asks the rules of its noun and raises what it refuses; only then it records. What it recorded is applied
when it has returned, so a verb that raised has left nothing behind, in memory or in the transaction.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from sqlmodel import Session

from protocol import limits
from protocol.entry import Entry
from protocol.entry_types import FROM_OFFICE
from protocol.shapes import Closed
from recordings.ledger import Ledger
from server.errors import Refused
from server.writer.day import Day

if TYPE_CHECKING:
    from server.writer.writer import Writer

ENVELOPE_BYTES = 512
"""What an entry's text has around its body, in bytes: never more."""

_OFFICE = frozenset(FROM_OFFICE.values())


class TooLong(Refused):
    """What was given does not fit one entry; an entry past the limit could never be read again."""

    code = "too_long"
    zh = "内容过长，无法记录，请缩短后重试。"
    en = "This is too long to be recorded. Shorten it and try again."


@dataclass(frozen=True, slots=True)
class Planned:
    """An office entry to be composed when the verb has returned."""

    session: str | None
    attempt: str | None
    body: Closed


class Arrived(NamedTuple):
    """A station's entry, its chain already checked."""

    session: str
    attempt: str
    entry: Entry
    body: Closed


class Desk:
    """One verb's view of the room. ``now`` is the room's time of the whole verb, in UTC milliseconds."""

    __slots__ = ("_db", "_saved", "_undo", "_writer", "laid", "now")

    def __init__(self, writer: "Writer", now: int) -> None:
        self._writer = writer
        self.now = now
        self.laid: list[Planned | Arrived] = []
        self._db: Session | None = None
        self._undo: tuple[Callable[[], None], ...] = ()
        self._saved = False

    def day(self, session: str) -> Day:
        """The folded state of a session, as it is with everything before this verb; loaded when it was not."""
        return self._writer.day(session)

    def session_of(self, stream: str) -> str | None:
        """The session of a stream in a day that is in memory."""
        return self._writer.session_of(stream)

    def hash_at(self, stream: str, seq: int) -> str | None:
        """The hash of the entry at a place of a stream, with everything before this verb."""
        return self._writer.hash_at(stream, seq)

    def record(self, body: Closed, *, session: str | None, attempt: str | None = None) -> None:
        """Lay down an office entry on this server run's stream of the session (None: the centre's)."""
        assert type(body) in _OFFICE, f"{type(body).__name__} is no entry of the office"
        if len(body.model_dump_json().encode()) > limits.ENTRY_BYTES_MAX - ENVELOPE_BYTES:
            raise TooLong()
        self.laid.append(Planned(session, attempt, body))

    def accept(self, entry: Entry, body: Closed, *, session: str, attempt: str) -> None:
        """Lay down a station's entry that follows its stream's head."""
        self.laid.append(Arrived(session, attempt, entry, body))

    def note(self, text: str | None) -> str | None:
        """Keep a free text and return its name for an entry; None and blank stay None."""
        if text is None or not text.strip():
            return None
        return self.ledger.note(text.strip())

    @property
    def ledger(self) -> Ledger:
        """The ledger, inside the open transaction: notes, quarantine, signed heads, reading back."""
        self._savepoint()
        return self._writer.ledger

    @property
    def db(self) -> Session:
        """Registers and projections, inside the open transaction; flushed when the verb has returned."""
        self._savepoint()
        if self._db is None:
            self._db = self._writer.session()
        return self._db

    def on_undo(self, undo: Callable[[], None]) -> None:
        """Call this when the verb is undone: for the rare state a noun keeps outside the days."""
        self._undo = (*self._undo, undo)

    def finish(self) -> None:
        """The verb returned: flush its rows and close its savepoint."""
        if self._db is not None:
            self._db.commit()
            self._db.close()
        if self._saved:
            self._writer.connection.execute("RELEASE verb")

    def undo(self) -> None:
        """The verb raised: forget what it laid down and wrote."""
        self.laid.clear()
        if self._db is not None:
            self._db.expunge_all()
            self._db.close()
        if self._saved:
            self._writer.connection.execute("ROLLBACK TO verb")
            self._writer.connection.execute("RELEASE verb")
        for undo in reversed(self._undo):
            undo()

    def _savepoint(self) -> None:
        if not self._saved:
            self._saved = True
            self._writer.connection.execute("SAVEPOINT verb")
