"""How Alembic reaches a room's database: the path comes from :func:`server.db.upgrade`, never from a file."""

from alembic import context
from sqlalchemy import create_engine
from sqlmodel import SQLModel

import recordings.models  # noqa: F401
import server.attempts.models
import server.bank.models
import server.candidates.models
import server.corrections.models
import server.papers.models
import server.people.models
import server.results.models
import server.reviews.models
import server.rooms.models
import server.rulings.models
import server.sessions.models
import server.snapshots.models
import server.stations.models
import server.statistics.models
import server.writer.models  # noqa: F401

path = context.config.attributes["path"]
engine = create_engine(f"sqlite:///{path}")

with engine.connect() as connection:
    context.configure(connection=connection, target_metadata=SQLModel.metadata, render_as_batch=True)
    with context.begin_transaction():
        context.run_migrations()
engine.dispose()
