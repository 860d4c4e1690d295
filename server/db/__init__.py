"""The room's database: one connection that writes, others that only read, and the migrations that make its tables."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.pool import StaticPool
from sqlmodel import Session

from recordings import ledger

MIGRATIONS = Path(__file__).parent / "migrations"


def upgrade(path: Path) -> None:
    """Bring a database file to the current tables, making it when it is not there."""
    if path.exists() and revision(path) == newest_revision():
        return
    from server.db import upgrading  # noqa: PLC0415 - Alembic loads for longer than a killed room needs to be back

    upgrading.upgrade(path, MIGRATIONS)


def newest_revision() -> str:
    """The revision of the newest migration, from the names of their files."""
    return max(file.name.partition("_")[0] for file in (MIGRATIONS / "versions").glob("[0-9]*.py"))


def revision(path: Path) -> str | None:
    """The revision a database's tables are at; None when nobody made any."""
    with closing(sqlite3.connect(path)) as connection:
        try:
            row = connection.execute("SELECT version_num FROM alembic_version").fetchone()
        except sqlite3.OperationalError:
            return None
    return None if row is None else str(row[0])


class Database:
    """One room's database file, already upgraded."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.writer: sqlite3.Connection = ledger.connect(path)
        self._writing = create_engine(
            "sqlite://", creator=lambda: self.writer, poolclass=StaticPool, hide_parameters=True
        )
        self._reading = _reading_engine(path)
        self._bound: Connection = self._writing.connect()

    @property
    def bound(self) -> Connection:
        """The writer's connection, for the ORM; its transaction is the ledger's, never committed through here."""
        return self._bound

    @contextmanager
    def read(self) -> Iterator[Session]:
        """A session that sees what was committed when it first read, and can write nothing."""
        with Session(self._reading) as session:
            yield session

    @contextmanager
    def read_ledger(self) -> Iterator[ledger.Ledger]:
        """A ledger for reading, on a connection of its own."""
        with self._reading.connect() as connection:
            raw = connection.connection.driver_connection
            assert isinstance(raw, sqlite3.Connection)
            yield ledger.Ledger(raw)

    def close(self) -> None:
        """Give all files back."""
        self._bound.close()
        self._writing.dispose()
        self._reading.dispose()
        self.writer.close()


def _reading_engine(path: Path) -> Engine:
    engine = create_engine(
        f"sqlite:///{path}", pool_size=8, hide_parameters=True, connect_args={"check_same_thread": False}
    )

    @event.listens_for(engine, "connect")
    def only_read(connection: sqlite3.Connection, _record: object) -> None:
        connection.execute("PRAGMA query_only=ON")
        connection.execute("PRAGMA busy_timeout=5000")

    return engine
