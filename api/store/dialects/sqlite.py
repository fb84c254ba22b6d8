"""SQLite: one file in the data folder, with a write-ahead log."""

import json
import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from typing import Final

from pydantic_core import from_json
from sqlalchemy import Connection, Engine, QueuePool, create_engine, event, text

from api.store.dialects.port import Dialect, Reader
from api.store.dialects.sqlite_reader import SQLiteReader
from matcher.errors import StoreUnavailable

CACHE_KB: Final = 500
"""Of pages in each connection. Many have one, and the system holds the file's pages anyway."""
_BUSY_SECONDS: Final = 20
_WRITES: Final = "hongniang_writes"
_SENTENCES: Final = {
    "locked": "数据库正忙，请稍后再试。",
    "QueuePool": "数据库正忙，请稍后再试。",
    "full": "数据目录所在的磁盘已满，请腾出空间后再试。",
    "constraint": "内容与已有数据冲突，没有保存，请刷新后再试。",
}
"""By what the error says."""


class SQLite(Dialect):
    """Readers see a snapshot; a writer takes the lock when it begins."""

    errors = (sqlite3.Error,)
    writing = {_WRITES: True}  # noqa: RUF012 - as the port declares it

    @property
    def place(self) -> str:
        return f"SQLite 文件 {self.url.database}"

    def engine(self) -> Engine:
        engine = create_engine(
            self.url,
            connect_args={"timeout": _BUSY_SECONDS},
            json_deserializer=from_json,  # a third of the time of Python's own
            json_serializer=partial(json.dumps, ensure_ascii=False),  # half as long in Chinese
            hide_parameters=True,  # errors are logged, texts and codes must not be
            poolclass=QueuePool,
            pool_use_lifo=True,  # each has a cache, so few should be in use
        )
        event.listen(engine, "connect", _configure)
        event.listen(engine, "begin", _begin)
        return engine

    def verify(self, connection: Connection) -> None:
        mode = connection.execute(text("PRAGMA journal_mode")).scalar_one()
        if mode != "wal":
            raise StoreUnavailable(
                f"数据库无法启用 WAL 日志（当前为 {mode}），请把数据目录放在本机磁盘上。"
            )

    @contextmanager
    def migrating(self, engine: Engine) -> Iterator[Connection]:
        with engine.execution_options(**self.writing).connect() as connection:
            # Rebuilding a table drops it, which would empty those that refer to it. The pragma
            # means nothing inside a transaction.
            driver = connection.connection
            driver.execute("PRAGMA foreign_keys=OFF")
            try:
                with connection.begin():
                    yield connection
                    _check_references(connection)
            finally:
                driver.execute("PRAGMA foreign_keys=ON")

    def reader(self, engine: Engine) -> Reader:
        return SQLiteReader(engine)

    def explained(self, error: Exception) -> str:
        reason = str(getattr(error, "orig", error))
        place = self.url.database
        if "readonly" in reason or "unable to open" in reason or isinstance(error, PermissionError):
            return (
                f"数据库 {place} 不可写（{reason}），请检查数据目录的权限，"
                "或用 HONGNIANG_DATA 另指定目录。"
            )
        for sign, sentence in _SENTENCES.items():
            if sign in reason:
                return sentence
        return f"数据库 {place} 无法使用：{reason}。"


def _configure(connection: sqlite3.Connection, _record: object) -> None:
    """SQLAlchemy begins transactions itself (``_begin``), so the driver must not."""
    connection.isolation_level = None
    _enable_log(connection)
    connection.execute(f"PRAGMA cache_size=-{CACHE_KB}")
    connection.execute("PRAGMA synchronous=FULL")
    connection.execute("PRAGMA foreign_keys=ON")


def _enable_log(connection: sqlite3.Connection) -> None:
    """On a new file this fails at once, without waiting, while another process does the same."""
    deadline = time.monotonic() + _BUSY_SECONDS
    while True:
        try:
            connection.execute("PRAGMA journal_mode=WAL")
        except sqlite3.OperationalError as error:
            if "locked" not in str(error) or time.monotonic() > deadline:
                raise
            time.sleep(0.02)
        else:
            return


def _begin(connection: Connection) -> None:
    """Writers take the lock at once: one that upgrades later can fail without having waited."""
    writes = connection.get_execution_options().get(_WRITES)
    # Past SQLAlchemy, which takes ten times as long for it as SQLite does.
    driver = connection.connection.cursor()
    driver.execute("BEGIN IMMEDIATE" if writes else "BEGIN")
    driver.close()


def _check_references(connection: Connection) -> None:
    broken = connection.exec_driver_sql("PRAGMA foreign_key_check").first()
    if broken is not None:
        raise StoreUnavailable(
            f"升级数据库时发现表 {broken[0]} 的引用不完整，没有改动，请用备份恢复后再试。"
        )
