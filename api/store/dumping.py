"""All that a database holds as lines of JSON, taken out of one of its states while others write."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Final

from alembic.migration import MigrationContext
from sqlalchemy import Select, Table, select
from sqlalchemy.orm import Session

from api.store.database import Database
from api.store.tables import Base, JobRow, MetaRow
from api.store.tables.base import IDENTITY

_LEFT_OUT: Final = frozenset({"sessions", "throttle", "staged"})
"""Who is signed in, who failed to, and rows of imports that are under way."""
_AT_ONCE: Final = 1000


class Snapshot:
    """One state of a database, for as long as its transaction lasts."""

    def __init__(self, session: Session) -> None:
        self._connection = session.connection()
        found = MigrationContext.configure(self._connection).get_current_revision()
        self.revision: Final = str(found)
        """Of the schema; looking it up is the read that fixes the state."""

    @property
    def tables(self) -> list[str]:
        """The names of the tables, those that others refer to first."""
        return [
            name for table in Base.metadata.sorted_tables if (name := table.name) not in _LEFT_OUT
        ]

    def lines(self, table: str) -> Iterator[str]:
        """Every row as one line of JSON in ASCII: an object of all columns, times in ISO 8601."""
        rows = self._connection.execute(
            _wanted(Base.metadata.tables[table]), execution_options={"yield_per": _AT_ONCE}
        )
        for row in rows.mappings():
            yield json.dumps(dict(row), default=_text) + "\n"


@contextmanager
def snapshot(database: Database) -> Iterator[Snapshot]:
    """A state of the database to read from. Raises StoreUnavailable."""
    with database.reading() as session:
        yield Snapshot(session)


def _wanted(table: Table) -> Select[tuple[object, ...]]:
    """Without jobs that have not ended, which need what is left out, and without the id."""
    wanted = select(table).order_by(*table.primary_key)
    if table is JobRow.__table__:
        return wanted.where(JobRow.finished_at.is_not(None))
    if table is MetaRow.__table__:
        return wanted.where(MetaRow.name != IDENTITY)
    return wanted


def _text(value: object) -> str:
    if isinstance(value, datetime):
        return value.isoformat()
    raise TypeError(type(value).__name__)
