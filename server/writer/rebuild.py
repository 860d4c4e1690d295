"""Writing the projections again from the ledger: what a restored or repaired room does before it opens."""

from collections.abc import Iterator, Sequence
from itertools import groupby

from sqlmodel import Session, SQLModel, delete

from recordings.ledger import Ledger
from server.db import Database
from server.writer.day import Day, Folding, Recorded, read_row
from server.writer.writer import Projection


def rebuild(
    database: Database,
    folding: Folding,
    projections: Sequence[Projection],
    tables: Sequence[type[SQLModel]],
) -> int:
    """Empty the projected tables, fold every session from its first entry and write the rows again.

    One transaction: it happens whole or not at all. Kept checkpoints are dropped, so that the next start folds anew
    too. Returns how many entries were read; raises BadEntry at the first that cannot be.
    """
    ledger = Ledger(database.writer)
    ledger.begin()
    bound = database.bound.begin()
    read = 0
    try:
        database.writer.execute("DELETE FROM checkpoint")
        with Session(database.bound, join_transaction_mode="create_savepoint") as db:
            for table in tables:
                db.exec(delete(table))
            for session in _sessions(database):
                day = folding.empty(session)
                for entries in _commits(ledger, session):
                    _write(db, day, folding, projections, entries)
                    read += len(entries)
            db.commit()
        ledger.commit(ledger.last_n)
        bound.commit()
    except BaseException:
        ledger.rollback()
        bound.rollback()
        raise
    return read


def _sessions(database: Database) -> list[str]:
    query = "SELECT session FROM entry WHERE session IS NOT NULL GROUP BY session ORDER BY min(n)"
    return [row[0] for row in database.writer.execute(query).fetchall()]


def _commits(ledger: Ledger, session: str) -> Iterator[list[Recorded]]:
    """A session's entries as they were committed: those of one commit bear one time of receipt."""
    rows = (read_row(row) for row in ledger.entries(session=session))
    for _, entries in groupby(rows, key=lambda one: one.received_at):
        yield list(entries)


def _write(
    db: Session, day: Day, folding: Folding, projections: Sequence[Projection], entries: list[Recorded]
) -> None:
    for one in entries:
        folding.apply(day, one)
    for projection in projections:
        concerned = [one for one in entries if one.entry.type in projection.types]
        if concerned:
            projection.write(db, day, concerned)
            db.flush()
