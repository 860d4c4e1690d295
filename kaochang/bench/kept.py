"""What seats hold as saved, looked for on the room's ledger and in its store, from the files alone."""

import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from protocol import wire
from protocol.entry import parse
from protocol.files import DiskFiles
from recordings.ledger import Ledger
from recordings.store import Store
from server.data_folder import DataFolder
from station.disk import InlineDisk
from station.journal import Journal


@dataclass
class Kept:
    """How many answers the seats hold as saved, and which the ledger lacks, as stream and sequence.

    ``pictures`` were announced; ``pictures_unknown`` of them are neither in the store nor listed as outstanding.
    """

    answers: int = 0
    answers_lost: list[tuple[str, int]] = field(default_factory=list)
    pictures: int = 0
    pictures_outstanding: int = 0
    pictures_unknown: list[str] = field(default_factory=list)


def scored(room: DataFolder, session: str) -> int:
    """Attempts of a session that have a score, on the ledger itself: asking the server would be work for it."""
    count = "SELECT count(DISTINCT attempt) FROM entry WHERE session = ? AND type = 'attempt.scored'"
    with _rows(room.database) as rows:
        return int(rows.execute(count, (session,)).fetchone()[0])


def look(room: DataFolder, session: str, journals: Iterable[Path]) -> Kept:
    """Compare the folders of seats with the room's; nothing may be on its way. Entries count by their exact text."""
    found = Kept()
    with _ledger(room.database) as ledger:
        for home in journals:
            _answers(ledger, home, found)
    with _rows(room.database) as rows:
        _pictures(rows, Store(room.store), session, found)
    return found


def _answers(ledger: Ledger, home: Path, found: Kept) -> None:
    for folder in sorted((home / "attempts").glob("*")):
        for stream, upto in Journal(DiskFiles(), folder, InlineDisk()).line():
            held = {row.seq: row.text for row in ledger.stream_entries(stream.id)}
            for seq, text in enumerate(stream.texts[:upto]):
                if text is None or parse(text).type != "answer.saved":
                    continue
                found.answers += 1
                if held.get(seq) != text:
                    found.answers_lost.append((stream.id, seq))


def _pictures(rows: sqlite3.Connection, store: Store, session: str, found: Kept) -> None:
    taken = rows.execute("SELECT text FROM entry WHERE session = ? AND type = 'snapshot.taken'", (session,))
    listed = dict(
        rows.execute(
            "SELECT digest, received_at FROM snapshot WHERE session = ? AND digest IS NOT NULL", (session,)
        )
    )
    for (text,) in taken:
        digest = wire.read(text, bytes_max=len(text.encode()))["body"]["digest"]
        found.pictures += 1
        if store.has(digest):
            continue
        if digest in listed and listed[digest] is None:
            found.pictures_outstanding += 1
        else:
            found.pictures_unknown.append(digest)


@contextmanager
def _ledger(database: Path) -> Iterator[Ledger]:
    with _rows(database) as connection:
        yield Ledger(connection)


@contextmanager
def _rows(database: Path) -> Iterator[sqlite3.Connection]:
    connection = sqlite3.connect(f"file:{database}?mode=ro", uri=True, isolation_level=None)
    try:
        yield connection
    finally:
        connection.close()
