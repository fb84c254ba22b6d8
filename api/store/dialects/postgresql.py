"""PostgreSQL by psycopg 3: a server of its own, for several processes and machines."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final

import psycopg
from psycopg.abc import Buffer
from psycopg.types.string import StrDumperUnknown
from pydantic_core import from_json
from sqlalchemy import Connection, Engine, create_engine, event, text
from sqlalchemy.exc import TimeoutError as NoConnectionFree

from api.store.dialects import postgresql_errors
from api.store.dialects.port import Dialect
from matcher.errors import StoreUnavailable

_ARGUMENTS: Final = {
    "application_name": "hongniang",
    "client_encoding": "utf8",
    "connect_timeout": "5",
    "keepalives_idle": "30",
    "tcp_user_timeout": "30000",
}
"""Each can be set otherwise in the address. A server that vanishes is noticed in half a minute."""
_POOL: Final[dict[str, Any]] = {
    "pool_size": 10,
    "max_overflow": 10,
    "pool_timeout": 10,
    "pool_use_lifo": True,
}
"""Connections of one process, and seconds to wait for one. PostgreSQL itself allows 100 in all.

The one used last is used next: the server holds caches for each that is in use.
"""
_OPTIONS: Final = "-c statement_timeout=30s -c lock_timeout=10s -c timezone=UTC"
_TURN: Final = 0x686F6E676E69616E
"""The advisory lock of migrations: "hongnian" in ASCII."""


class PostgreSQL(Dialect):
    """Readers see a snapshot, as on SQLite; writers wait for each other row by row."""

    errors = (psycopg.Error,)
    reading = {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}  # noqa: RUF012
    writing = {"isolation_level": "READ COMMITTED"}  # noqa: RUF012 - as the port declares it
    alone = {"isolation_level": "AUTOCOMMIT"}  # noqa: RUF012

    @property
    def place(self) -> str:
        host = self.url.host or self.url.query.get("host") or "本机"
        port = f":{self.url.port}" if self.url.port else ""
        database = self.url.database or self.url.username or ""
        return f"PostgreSQL 数据库 {database}（{host}{port}）"

    def engine(self) -> Engine:
        engine = create_engine(
            self.url,
            connect_args=self._arguments(),
            pool_pre_ping=True,  # a server that came back is found before the first statement
            **_POOL,
            json_deserializer=from_json,  # a third of the time of Python's own
            hide_parameters=True,  # errors are logged, texts and codes must not be
        )
        event.listen(engine, "connect", _configure)
        return engine

    def verify(self, connection: Connection) -> None:
        encoding = connection.execute(text("SHOW server_encoding")).scalar_one()
        if encoding != "UTF8":
            raise StoreUnavailable(
                f"{self.place}的编码为 {encoding}，请新建编码为 UTF8 的数据库后再试。"
            )

    @contextmanager
    def migrating(self, engine: Engine) -> Iterator[Connection]:
        with engine.execution_options(**self.writing).begin() as connection:
            # A large table takes its time, and so does another process that came first.
            connection.execute(text("SET LOCAL statement_timeout = 0"))
            connection.execute(text("SET LOCAL lock_timeout = 0"))
            connection.execute(text("SELECT pg_advisory_xact_lock(:turn)"), {"turn": _TURN})
            yield connection

    def explained(self, error: Exception) -> str:
        if isinstance(error, NoConnectionFree):
            return postgresql_errors.BUSY
        return postgresql_errors.explained(getattr(error, "orig", error), self.place)

    def _arguments(self) -> dict[str, Any]:
        given = self.url.query
        arguments = {name: value for name, value in _ARGUMENTS.items() if name not in given}
        return arguments | {"options": f"{_OPTIONS} {given.get('options', '')}".rstrip()}


class _WithoutNul(StrDumperUnknown):
    """PostgreSQL has no NUL in texts. What is asked for with one is then simply not found."""

    def dump(self, obj: str) -> Buffer | None:
        return super().dump(obj.replace("\0", "\ufffd"))


def _configure(connection: psycopg.Connection[Any], _record: object) -> None:
    connection.adapters.register_dumper(str, _WithoutNul)
