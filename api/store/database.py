"""The connection: SQLite with write-ahead log, and the migrations that bring it up to date."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from alembic import command
from alembic.config import Config
from alembic.util.exc import CommandError
from sqlalchemy import Connection, create_engine, event, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from matcher.errors import StoreUnavailable

_BUSY_SECONDS: Final = 10


class Database:
    """Opens sessions. Readers see a snapshot; a writer takes the lock when it begins."""

    def __init__(self, url: str) -> None:
        """Connect, verify that the write-ahead log took effect, and migrate to the newest schema.

        Raises StoreUnavailable, with a sentence for the administrator.
        """
        self._engine = create_engine(
            url,
            connect_args={"timeout": _BUSY_SECONDS},
            hide_parameters=True,  # errors are logged, texts and codes must not be
        )
        event.listen(self._engine, "connect", _configure)
        event.listen(self._engine, "begin", _begin)
        try:
            self._verify_log()
            self._migrate()
        except (DBAPIError, sqlite3.Error, OSError) as error:
            raise StoreUnavailable(_explained(error, url)) from error
        except CommandError as error:
            raise StoreUnavailable("数据库由更新版本的程序建立，请升级程序后再试。") from error

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """A session whose reads belong together."""
        with self._translated(), Session(self._engine, expire_on_commit=False) as session:
            yield session

    @contextmanager
    def writing(self) -> Iterator[Session]:
        """A session that commits when the block ends well, and otherwise changes nothing.

        Raises StoreUnavailable if the database cannot be written.
        """
        writer = self._engine.execution_options(hongniang_writes=True)
        with (
            self._translated(),
            Session(writer, expire_on_commit=False) as session,
            session.begin(),
        ):
            yield session

    @contextmanager
    def _translated(self) -> Iterator[None]:
        try:
            yield
        except DBAPIError as error:
            raise StoreUnavailable(_explained(error, str(self._engine.url))) from error

    def close(self) -> None:
        """Close all connections."""
        self._engine.dispose()

    def _verify_log(self) -> None:
        with self._engine.connect() as connection:
            mode = connection.execute(text("PRAGMA journal_mode")).scalar_one()
        if mode != "wal":
            raise StoreUnavailable(
                f"数据库无法启用 WAL 日志（当前为 {mode}），请把数据目录放在本机磁盘上。"
            )

    def _migrate(self) -> None:
        config = Config()
        config.set_main_option("script_location", str(Path(__file__).with_name("migrations")))
        with self._engine.execution_options(hongniang_writes=True).begin() as connection:
            config.attributes["connection"] = connection
            command.upgrade(config, "head")


def _configure(connection: sqlite3.Connection, _record: object) -> None:
    """SQLAlchemy begins transactions itself (``_begin``), so the driver must not."""
    connection.isolation_level = None
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("PRAGMA synchronous=FULL")
    connection.execute("PRAGMA foreign_keys=ON")


def _begin(connection: Connection) -> None:
    """Writers take the lock at once: one that upgrades later can fail without having waited."""
    writes = connection.get_execution_options().get("hongniang_writes")
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def _explained(error: Exception, url: str) -> str:
    reason = str(getattr(error, "orig", error))
    place = url.removeprefix("sqlite:///")
    if "readonly" in reason or "unable to open" in reason or isinstance(error, PermissionError):
        return (
            f"数据库 {place} 不可写（{reason}），请检查数据目录的权限，"
            "或用 HONGNIANG_DATA 另指定目录。"
        )
    if "locked" in reason:
        return "数据库正忙，请稍后再试。"
    return f"数据库 {place} 无法使用：{reason}。"
