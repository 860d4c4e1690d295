"""One connection writes, the others read what was committed, and migrations make exactly the models' tables."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import create_engine
from sqlalchemy.exc import OperationalError
from sqlmodel import SQLModel

from server.db import Database, upgrade
from server.writer.models import CommandOutcome


@pytest.fixture
def path(tmp_path: Path) -> Path:
    made = tmp_path / "room.sqlite"
    upgrade(made)
    return made


class TestUpgrade:
    def test_makes_exactly_the_models_tables(self, path: Path) -> None:
        engine = create_engine(f"sqlite:///{path}")
        with engine.connect() as connection:
            context = MigrationContext.configure(connection)
            assert compare_metadata(context, SQLModel.metadata) == []
        engine.dispose()

    def test_again_changes_nothing(self, path: Path) -> None:
        before = _schema(path)
        upgrade(path)
        assert _schema(path) == before


class TestReading:
    def test_sees_only_what_was_committed(self, path: Path) -> None:
        database = Database(path)
        database.writer.execute("BEGIN IMMEDIATE")
        database.writer.execute("INSERT INTO command_outcome VALUES ('c', 1, 'null')")
        with database.read() as db:
            assert db.get(CommandOutcome, "c") is None
        database.writer.execute("COMMIT")
        with database.read() as db:
            assert db.get(CommandOutcome, "c") is not None
        database.close()

    def test_can_write_nothing(self, path: Path) -> None:
        database = Database(path)
        with database.read() as db:
            db.add(CommandOutcome(id="c", at=1, outcome="null"))
            with pytest.raises(OperationalError, match="readonly"):
                db.commit()
        with (
            database.read_ledger() as ledger,
            pytest.raises(sqlite3.OperationalError, match="readonly"),
        ):
            ledger.note("x")
        database.close()

    def test_does_not_wait_for_the_writer(self, path: Path) -> None:
        database = Database(path)
        database.writer.execute("BEGIN IMMEDIATE")
        with database.read_ledger() as ledger:
            assert list(ledger.entries()) == []
        database.writer.execute("ROLLBACK")
        database.close()


def _schema(path: Path) -> list[tuple[str, str]]:
    with closing(sqlite3.connect(path)) as connection:
        return sorted(connection.execute("SELECT name, sql FROM sqlite_master WHERE sql IS NOT NULL"))
