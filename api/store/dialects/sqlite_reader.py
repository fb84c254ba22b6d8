"""Reads of SQLite that stand alone: past SQLAlchemy, which takes longer for them than SQLite."""

import sqlite3
from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import Any, Final, NamedTuple

import orjson
from sqlalchemy import JSON, Engine, Select
from sqlalchemy import Dialect as Spelling
from sqlalchemy.types import TypeEngine

from api.store.dialects.port import Columns, Reader, Rows

_IDLE: Final = 5
"""Connections that are kept for the next read."""
_ID: Final = object()
"""Stands for one of several ids."""
Read = Callable[[Sequence[Any]], Sequence[Any]]
"""Makes of a column as SQLite gives it what it holds."""


class Prepared(NamedTuple):
    """A statement for so many ids as the driver takes it.

    ``asked`` are its values, the ids not among them yet; some columns are ``read``, by place.
    """

    sql: str
    asked: Sequence[Any]
    read: Sequence[tuple[int, Read]]


class SQLiteReader(Reader):
    """Connections of its own, each as SQLAlchemy opened it, and none inside a transaction.

    Those are kept that end their read well.
    """

    def __init__(self, engine: Engine) -> None:
        super().__init__(engine)
        self._idle: list[sqlite3.Connection] = []

    def rows(self, statement: Select[Any], ids: Sequence[str]) -> Rows:
        return list(zip(*self.columns(statement, ids), strict=True))

    def columns(self, statement: Select[Any], ids: Sequence[str]) -> Columns:
        sql, asked, read = _prepared(statement, self._engine.dialect, len(ids))
        given = iter(ids)
        rows = self._fetched(sql, [next(given) if value is _ID else value for value in asked])
        columns: list[Sequence[Any]] = list(zip(*rows, strict=True))
        for at, values in read if columns else ():
            columns[at] = values(columns[at])
        return columns

    def close(self) -> None:
        while self._idle:
            self._idle.pop().close()

    def _fetched(self, sql: str, values: Sequence[Any]) -> Rows:
        connection = self._connection()
        try:
            rows = connection.execute(sql, values).fetchall()
        except BaseException:
            connection.close()
            raise
        if len(self._idle) < _IDLE:
            self._idle.append(connection)
        else:
            connection.close()
        return rows

    def _connection(self) -> sqlite3.Connection:
        try:
            return self._idle.pop()
        except IndexError:
            pooled = self._engine.raw_connection()
            connection: Any = pooled.driver_connection
            pooled.detach()
            return connection  # type: ignore[no-any-return]


@lru_cache(maxsize=256)
def _prepared(statement: Select[Any], spelling: Spelling, count: int) -> Prepared:
    made = statement.compile(dialect=spelling)
    expanded = made.construct_expanded_state({"ids": [_ID] * count})
    types = [column.type for column in statement.selected_columns]
    read = ((at, _read(type_, spelling)) for at, type_ in enumerate(types))
    return Prepared(
        expanded.statement,
        list(expanded.positional_parameters),
        [(at, values) for at, values in read if values],
    )


def _read(type_: TypeEngine[Any], spelling: Spelling) -> Read | None:
    if isinstance(type_, JSON):
        return _all_json
    one = type_.dialect_impl(spelling).result_processor(spelling, None)
    return (lambda column: list(map(one, column))) if one else None


def _all_json(column: Sequence[str | None]) -> Sequence[Any]:
    """All at once; orjson takes a third of pydantic's time where other work came in between."""
    read: list[Any] = orjson.loads(f"[{','.join([value or 'null' for value in column])}]")
    return read
