"""SQLite: its log, its locks, and what it says when it cannot be used."""

import sqlite3
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import bindparam, select, text

from api.bootstrap import open_workspace
from api.services.workspace import Workspace
from api.settings import Settings
from api.store import Database
from api.store.dialects import sqlite as dialect
from api.store.tables import AccountRow, KeyRow
from matcher.errors import StoreUnavailable


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "hongniang.db"


@pytest.fixture
def url(file: Path) -> str:
    return f"sqlite:///{file}"


def queried(file: Path, sql: str) -> list[tuple[Any, ...]]:
    connection = sqlite3.connect(file)
    try:
        return connection.execute(sql).fetchall()
    finally:
        connection.close()


def test_the_write_ahead_log_took_effect(url: str, file: Path) -> None:
    Database(url).close()
    assert queried(file, "PRAGMA journal_mode") == [("wal",)]


def test_a_database_that_cannot_have_the_log_is_refused() -> None:
    with pytest.raises(StoreUnavailable, match="WAL"):
        Database("sqlite://")


def test_a_second_writer_is_told_that_the_database_is_busy(
    url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(dialect, "_BUSY_SECONDS", 0)
    one, other = Database(url), Database(url)
    with one.writing() as session:
        session.execute(text("SELECT 1"))  # a writer takes the lock even if it only reads at first
        with pytest.raises(StoreUnavailable, match="正忙"), other.writing() as second:
            second.execute(text("SELECT 1"))
    with other.writing() as session:
        session.execute(text("SELECT 1"))
    one.close()
    other.close()


def test_the_log_waits_for_another_process_that_makes_the_same_file(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Contested:
        """SQLite does not wait here by itself."""

        failures = 3

        def execute(self, _statement: str) -> None:
            self.failures -= 1
            if self.failures >= 0:
                raise sqlite3.OperationalError("database is locked")

    connection: Any = Contested()
    dialect._enable_log(connection)
    assert connection.failures == -1
    monkeypatch.setattr(dialect, "_BUSY_SECONDS", -1)
    connection.failures = 3
    with pytest.raises(sqlite3.OperationalError):
        dialect._enable_log(connection)


def test_references_are_held_before_and_after_migrating(url: str) -> None:
    database = Database(url)
    for session in (database.reading(), database.writing()):
        with session as opened:
            assert opened.scalar(text("PRAGMA foreign_keys")) == 1
    database.close()


def test_a_data_folder_below_a_regular_file_is_unavailable(tmp_path: Path) -> None:
    # Also for root, whom permissions do not stop.
    (tmp_path / "file").write_text("")
    with pytest.raises(StoreUnavailable, match="HONGNIANG_DATA"):
        open_workspace(Settings(data=tmp_path / "file" / "data"))


def test_a_folder_in_the_place_of_the_database_is_unavailable(file: Path, url: str) -> None:
    file.mkdir()
    with pytest.raises(StoreUnavailable, match=r"hongniang\.db"):
        Database(url)


def test_a_file_that_is_no_database_is_unavailable(file: Path, url: str) -> None:
    file.write_text("this is no database. " * 100)
    with pytest.raises(StoreUnavailable, match=r"hongniang\.db"):
        Database(url)


def test_a_full_disk_is_told_as_one(url: str) -> None:
    database = Database(url)

    def write_too_much() -> None:
        with database.writing() as session:
            pages = session.scalar(text("PRAGMA page_count"))
            session.execute(text(f"PRAGMA max_page_count = {pages}"))
            session.execute(text("CREATE TABLE large AS SELECT zeroblob(1000000)"))

    with pytest.raises(StoreUnavailable, match="已满"):
        write_too_much()
    database.close()


def test_the_workspace_keeps_its_database_in_the_data_folder(tmp_path: Path) -> None:
    workspace: Workspace = open_workspace(Settings(data=tmp_path / "new" / "data"))
    workspace.close()
    assert (tmp_path / "new" / "data" / "hongniang.db").is_file()
    assert (tmp_path / "new" / "data" / "models").is_dir()


def test_a_row_read_past_sqlalchemy_is_the_row_that_it_would_give(url: str) -> None:
    database = Database(url)
    wanted = select(KeyRow.__table__).where(KeyRow.id == bindparam("id"))
    key = {"id": "k1", "account_id": "u1", "name": "系统", "shown": "hn_1", "key_hash": "h"}
    moments = {"created_at": datetime(2026, 3, 1, 8, 30, 0, 5, UTC), "used_at": None}
    account = {"id": "u1", "name": "a", "role": "broker", "password_hash": "p"}
    with database.writing() as session:
        session.add(AccountRow(**account, created_at=moments["created_at"]))
        session.flush()
        session.add(KeyRow(**key, **moments, scopes=["match", "read"], revoked_at=None))
    found = database.first(wanted, id="k1")
    with database.connected() as connection:
        assert found == list(connection.execute(wanted, {"id": "k1"}).one())
    assert database.first(wanted, id="k2") is None
    database.close()


def test_what_is_wrong_with_the_file_is_said_there_too(url: str, file: Path) -> None:
    database = Database(url)
    database.close()
    file.unlink()
    with pytest.raises(StoreUnavailable, match="无法使用"):
        database.first(select(KeyRow.id))
    database.close()
