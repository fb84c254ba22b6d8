"""Lines of JSON into an empty database of either kind: all of them, or none."""

import json
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime
from itertools import islice
from typing import Any, Final

from alembic import command
from alembic.script import ScriptDirectory
from alembic.util.exc import CommandError
from sqlalchemy import Connection, DateTime, Integer, MetaData, Table, delete, func, select, text
from sqlalchemy.exc import InvalidRequestError

from api.store.database import Database
from api.store.migration import configuration
from api.store.tables import Base, MetaRow
from api.store.tables.base import IDENTITY
from matcher.errors import RestoreRefused

_AT_ONCE: Final = 1000
_NEWER: Final = "备份由更新版本的程序制作，请升级程序后再恢复。"
_STRANGE: Final = "备份中的数据与其版本不符，可能被改动过，请换一个备份。"


class Loader:
    """Tables as they were at a revision of the schema, to be filled."""

    def __init__(self, connection: Connection, revision: str) -> None:
        """Take the empty tables back to ``revision``. Raises RestoreRefused if it is unknown."""
        self._connection = connection
        self._unhurried()
        self._go_to(revision)
        self._tables = MetaData()

    def put(self, table: str, lines: Iterable[str]) -> int:
        """Insert rows, and return how many. Raises RestoreRefused for what does not fit."""
        into, count, rest = self._table(table), 0, iter(lines)
        try:
            while rows := [_row(into, line) for line in islice(rest, _AT_ONCE)]:
                self._connection.execute(into.insert(), rows)
                count += len(rows)
        except (ValueError, TypeError, AttributeError) as error:
            raise RestoreRefused(_STRANGE) from error
        return count

    def finish(self) -> None:
        """Go on to the newest schema; make this a database with an id of its own."""
        for table in self._tables.tables.values():
            self._count_on(table)
        command.upgrade(configuration(self._connection), "head")
        self._connection.execute(delete(MetaRow).where(MetaRow.name == IDENTITY))

    def _table(self, name: str) -> Table:
        try:
            self._tables.reflect(self._connection, only=[name])
        except InvalidRequestError as error:
            raise RestoreRefused(_STRANGE) from error
        return self._tables.tables[name]

    def _go_to(self, revision: str) -> None:
        config = configuration(self._connection)
        try:
            known = ScriptDirectory.from_config(config).get_revision(revision)
        except CommandError as error:
            raise RestoreRefused(_NEWER) from error
        if known is None:
            raise RestoreRefused(_NEWER)
        command.downgrade(config, revision)

    def _unhurried(self) -> None:
        """Statements about whole tables take their time."""
        if self._connection.dialect.name == "postgresql":
            self._connection.execute(text("SET LOCAL statement_timeout = 0"))

    def _count_on(self, table: Table) -> None:
        """PostgreSQL counts from where a sequence stands, not from what is there; SQLite does."""
        [*keys] = table.primary_key
        if self._connection.dialect.name != "postgresql" or len(keys) > 1:
            return
        if not isinstance(keys[0].type, Integer):
            return
        sequence = func.pg_get_serial_sequence(table.name, keys[0].name)
        newest = select(func.max(keys[0])).scalar_subquery()
        self._connection.execute(
            select(func.setval(sequence, func.coalesce(newest, 1), newest.is_not(None)))
        )


@contextmanager
def loading(database: Database, revision: str) -> Iterator[Loader]:
    """Fill a database; what was put is kept if the block ends well, and otherwise none of it.

    Raises StoreUnavailable, and RestoreRefused for a revision that is not known here.
    """
    with database.writing() as session:
        loader = Loader(session.connection(), revision)
        yield loader
        loader.finish()


def is_empty(database: Database) -> bool:
    """Whether nobody has kept anything in it yet."""
    with database.reading() as session:
        tables = (table for table in Base.metadata.sorted_tables if table is not MetaRow.__table__)
        return not any(session.execute(select(table).limit(1)).first() for table in tables)


def _row(table: Table, line: str) -> dict[str, Any]:
    values: dict[str, Any] = json.loads(line)
    if values.keys() != set(table.columns.keys()):
        raise ValueError(table.name)
    for column in table.columns:
        if isinstance(column.type, DateTime) and values[column.name] is not None:
            values[column.name] = datetime.fromisoformat(values[column.name])
    return values
