"""Many rows of a projection in one statement: the start and the end of an exam move everybody's at once."""

from collections.abc import Sequence
from functools import cache
from typing import Any

from sqlalchemy import Table
from sqlalchemy.dialects.sqlite import Insert, insert
from sqlmodel import Session, SQLModel


def put(db: Session, model: type[SQLModel], rows: Sequence[dict[str, Any]]) -> None:
    """Write rows, each with every column, over whatever stands under their keys."""
    if rows:
        db.connection().execute(_statement(model), rows)


@cache
def _statement(model: type[SQLModel]) -> Insert:
    table: Table = model.__table__  # type: ignore[attr-defined]
    statement = insert(table)
    keys = {column.name for column in table.primary_key}
    others = {
        column.name: statement.excluded[column.name] for column in table.columns if column.name not in keys
    }
    return statement.on_conflict_do_update(index_elements=list(table.primary_key), set_=others)
