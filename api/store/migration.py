"""Migrations: they bring the tables to the shape that the code expects."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine

from api.store.dialects import Dialect


def migrate(dialect: Dialect, engine: Engine) -> None:
    """Go to the newest schema. Several processes may do so at once: one works, the others wait.

    Raises CommandError for a database that a newer program has migrated.
    """
    with engine.connect() as connection:
        if _is_newest(connection):
            return  # a writer that is at work keeps nobody from opening
    with dialect.migrating(engine) as connection:
        command.upgrade(configuration(connection), "head")


def configuration(connection: Connection) -> Config:
    """What Alembic's commands need to work on an open connection."""
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).with_name("migrations")))
    config.attributes["connection"] = connection
    return config


def _is_newest(connection: Connection) -> bool:
    head = ScriptDirectory.from_config(configuration(connection)).get_current_head()
    return MigrationContext.configure(connection).get_current_revision() == head
