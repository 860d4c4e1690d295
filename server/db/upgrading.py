"""Bringing a database to the current tables with Alembic, which a database that is there already never loads."""

from pathlib import Path

from alembic import command
from alembic.config import Config


def upgrade(path: Path, migrations: Path) -> None:
    """Run every migration the database lacks, making the file when it is not there."""
    config = Config()
    config.set_main_option("script_location", str(migrations))
    config.attributes["path"] = path
    command.upgrade(config, "head")
