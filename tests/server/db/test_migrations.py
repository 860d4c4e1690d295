"""The revisions make exactly the tables the models describe, from nothing and again."""

import sqlite3
from pathlib import Path

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import create_engine
from sqlmodel import SQLModel

import server.app  # noqa: F401 - brings every model
from recordings.models import create_statements
from server.db import MIGRATIONS, newest_revision, revision, upgrade


def shape(path: Path, table: str) -> list[tuple[object, ...]]:
    """Columns of a table as SQLite has them."""
    with sqlite3.connect(path) as connection:
        return connection.execute(
            f"SELECT name, type, pk FROM pragma_table_info('{table}') ORDER BY cid"
        ).fetchall()


class TestRevisions:
    def test_make_what_the_models_say(self, tmp_path: Path) -> None:
        upgrade(tmp_path / "room.sqlite")
        engine = create_engine(f"sqlite:///{tmp_path / 'room.sqlite'}")
        with engine.connect() as connection:
            differences = compare_metadata(MigrationContext.configure(connection), SQLModel.metadata)
        engine.dispose()
        assert differences == []

    def test_an_upgraded_room_is_left_alone(self, tmp_path: Path) -> None:
        upgrade(tmp_path / "room.sqlite")
        before = (tmp_path / "room.sqlite").read_bytes()
        upgrade(tmp_path / "room.sqlite")
        assert (tmp_path / "room.sqlite").read_bytes() == before

    def test_the_newest_is_known_without_alembic(self, tmp_path: Path) -> None:
        assert newest_revision() == ScriptDirectory(str(MIGRATIONS)).get_current_head()
        assert revision(tmp_path / "empty.sqlite") is None
        upgrade(tmp_path / "room.sqlite")
        assert revision(tmp_path / "room.sqlite") == newest_revision()

    def test_a_ledger_that_stands_alone_has_the_same_tables(self, tmp_path: Path) -> None:
        upgrade(tmp_path / "room.sqlite")
        with sqlite3.connect(tmp_path / "alone.sqlite") as connection:
            for statement in create_statements():
                connection.execute(statement)
        for table in ("entry", "stream", "quarantine", "signed_head", "checkpoint", "note"):
            assert shape(tmp_path / "alone.sqlite", table) == shape(tmp_path / "room.sqlite", table)
