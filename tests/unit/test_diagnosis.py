"""The doctor, on both databases, with one thing after another broken on purpose."""

import os
import shutil
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from pydantic import SecretStr
from sqlalchemy import Connection, NullPool, create_engine, insert, text

from api.bootstrap import open_workspace
from api.observability.metrics import Lag
from api.security.roles import SYSTEM
from api.services import deployment
from api.services.accounts import account_named, add_account, set_enabled
from api.services.diagnosis import diagnose
from api.services.findings import Finding
from api.services.importing import import_file
from api.services.kinds import ACHIEVEMENTS, DEMANDS
from api.services.live import LiveEngine
from api.settings import Settings
from api.store.dialects import sqlite
from api.store.tables import ChangeRow, JobRow
from tests.databases import Folders
from tests.unit.rows import achievement_row, demand_row, write_jsonl

INSIDE = [
    *("数据目录", "数据库", "写入", "审计日志", "时钟", "管理员"),
    *("模型", "匹配", "同步", "后台任务", "草稿"),
]
OUTSIDE = ["磁盘", "密钥", "访问", "邮件", "端口"]


@pytest.fixture
def settings(database_url: str, fitted_folder: Path, tmp_path: Path) -> Settings:
    """A small installation in which nothing is wrong."""
    shutil.copytree(fitted_folder / "models", tmp_path / "models")
    address = database_url.replace("+psycopg", "") if "psycopg" in database_url else ""
    settings = Settings(data=tmp_path, database_url=address, port=0)
    workspace = open_workspace(settings)
    offers = write_jsonl(tmp_path / "offers.jsonl", [achievement_row(1), achievement_row(2)])
    import_file(workspace, ACHIEVEMENTS, offers)
    import_file(workspace, DEMANDS, write_jsonl(tmp_path / "needs.jsonl", [demand_row(1)]))
    add_account(workspace, SYSTEM, "lin.jing", "administrator", "一句很容易记住的话呀")
    workspace.close()
    return settings


@contextmanager
def behind_its_back(settings: Settings) -> Iterator[Connection]:
    """The database as somebody uses it who goes around the program."""
    engine = create_engine(settings.database, poolclass=NullPool)
    with engine.begin() as connection:
        yield connection


def diagnosed(settings: Settings, **changes: Any) -> list[Finding]:
    return diagnose(settings.model_copy(update=changes), open_workspace)


def wrong(settings: Settings, **changes: Any) -> dict[str, str]:
    return {f.subject: f.message for f in diagnosed(settings, **changes) if not f.good}


def only_wrong(settings: Settings, subject: str, **changes: Any) -> str:
    found = wrong(settings, **changes)
    assert list(found) == [subject]
    assert found[subject].endswith("。")
    return found[subject]


def test_nothing_is_wrong_with_a_good_installation(settings: Settings) -> None:
    found = diagnosed(settings)
    assert [f.subject for f in found] == [*INSIDE, *OUTSIDE]
    assert [f for f in found if not f.good] == []
    said = {f.subject: f.message for f in found}
    assert str(settings.data) in said["数据目录"]
    assert "成果 2" in said["数据库"]
    kind = "PostgreSQL 数据库 of_one_test（" if settings.database_url else "SQLite 文件"
    assert said["数据库"].startswith(kind)


def test_the_doctor_leaves_nothing_behind(settings: Settings) -> None:
    def rows() -> dict[str, int]:
        tables = ("meta", "audit", "changes", "achievements", "jobs")
        with behind_its_back(settings) as database:
            return {t: database.scalar(text(f"SELECT count(*) FROM {t}")) for t in tables}

    diagnosed(settings)  # once it may give the database an id
    before = rows()
    diagnosed(settings)
    assert rows() == before


def test_an_audit_log_that_can_be_rewritten_is_found(settings: Settings) -> None:
    one = "audit_append_only ON audit" if settings.database_url else "audit_no_delete"
    with behind_its_back(settings) as database:
        database.execute(text(f"DROP TRIGGER {one}"))
    assert "触发器" in only_wrong(settings, "审计日志")


@pytest.mark.parametrize("table", [ChangeRow, JobRow])
def test_moments_in_the_future_are_found(settings: Settings, table: type[Any]) -> None:
    values = {"kind": "achievements", "record_id": "a"}
    if table is JobRow:
        values = job_values()
    ahead = datetime.now(UTC) + timedelta(hours=3)
    with behind_its_back(settings) as database:
        database.execute(
            insert(table).values(values | {"at" if table is ChangeRow else "created_at": ahead})
        )
    message = only_wrong(settings, "时钟")
    assert f"{ahead.astimezone():%Y-%m-%d %H:%M}" in message
    assert "NTP" in message


@pytest.mark.parametrize(("most", "is_good"), [(0, True), (12, True), (11, False), (9, False)])
def test_drafts_of_nobody_that_nearly_fill_their_room_are_found(
    settings: Settings, most: int, is_good: bool
) -> None:
    workspace = open_workspace(settings)
    with workspace.store.writing() as unit:
        for number in range(10):
            workspace.store.drafts.add(unit, f"{number:064}", {})
    workspace.close()
    found = wrong(settings, max_drafts=most)
    assert (found == {}) is is_good
    assert is_good or f"上限为 {most} 份" in found["草稿"]
    assert is_good or "HONGNIANG_MAX_DRAFTS" in found["草稿"]


def test_an_installation_without_an_administrator_is_found(settings: Settings) -> None:
    workspace = open_workspace(settings)
    add_account(workspace, SYSTEM, "wang.lei", "broker", "另一句容易记住的话呀")
    set_enabled(workspace, SYSTEM, account_named(workspace, "lin.jing"), False)
    workspace.close()
    assert "hongniang users add" in only_wrong(settings, "管理员")


def test_a_database_that_takes_no_writes_is_found(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    diagnosed(settings)
    monkeypatch.setattr(sqlite, "_BUSY_SECONDS", 0.1)
    address = settings.database_url.get_secret_value()
    impatient = address and SecretStr(f"{address}&options=-c%20lock_timeout%3D100")
    with behind_its_back(settings) as database:
        if address:
            database.execute(text("LOCK TABLE meta IN EXCLUSIVE MODE"))
        else:
            database.execute(text("UPDATE meta SET value = value"))
        found = wrong(settings, database_url=impatient or settings.database_url)
    assert "正忙" in found["写入"]
    assert {"数据库", "数据目录", "匹配"}.isdisjoint(found)


def test_an_index_that_does_not_agree_with_the_database_is_found(settings: Settings) -> None:
    diagnosed(settings)  # makes and saves the index
    with behind_its_back(settings) as database:
        database.execute(text("DELETE FROM demands"))
    message = only_wrong(settings, "匹配")
    assert "需求 1 条" in message
    assert "需求 0 条" in message
    shutil.rmtree(settings.data / "index")  # as it says
    assert wrong(settings) == {}


def test_an_index_that_stays_behind_is_found(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(LiveEngine, "lag", lambda _: Lag(7, 61.4))
    message = only_wrong(settings, "同步")
    assert "7 处" in message
    assert "61 秒" in message


def job_values(**changes: Any) -> dict[str, Any]:
    return {
        **{"id": f"j{changes}"[:32], "kind": "import", "state": "running", "parameters": {}},
        **{"step": "", "done": 0, "message": "", "report": {}},
        **changes,
    }


@pytest.mark.parametrize(
    ("minutes", "stuck"),
    [
        ([(20, None)], True),  # nobody has begun
        ([(60, 20)], True),
        ([(60, 1)], False),
        ([(60, 1), (30, None)], False),  # waits for the other
        ([], False),
    ],
)
def test_jobs_that_nobody_works_on_are_found(
    settings: Settings, minutes: list[tuple[int, int | None]], stuck: bool
) -> None:
    def ago(count: int | None) -> datetime | None:
        return None if count is None else datetime.now(UTC) - timedelta(minutes=count)

    with behind_its_back(settings) as database:
        for made, heard in minutes:
            values = job_values(id=f"j{made}", created_at=ago(made), beat_at=ago(heard))
            database.execute(insert(JobRow).values(values))
        ended = job_values(id="j", created_at=ago(90), finished_at=ago(80), state="done")
        prepared = job_values(id="p", created_at=ago(90), state="prepared")  # waits for a person
        for values in (ended, prepared):
            database.execute(insert(JobRow).values(values))
    assert (list(wrong(settings)) == ["后台任务"]) is stuck


def test_a_damaged_model_is_found(settings: Settings) -> None:
    [model] = (settings.data / "models").glob("*/representation.joblib")
    model.write_bytes(model.read_bytes()[:-1])
    assert {"模型", "匹配"} <= wrong(settings).keys()
    assert "数据库" not in wrong(settings)


def test_a_table_that_is_gone_is_found_and_the_rest_is_still_checked(
    folders: Folders, tmp_path: Path
) -> None:
    settings = folders.settings(tmp_path / "data", port=0)
    open_workspace(settings).close()
    folders.drop_table(settings.data, "jobs")
    found = diagnosed(settings)
    assert {"时钟", "后台任务"} <= wrong(settings).keys()
    assert [f.subject for f in found] == [*INSIDE, *OUTSIDE]


def test_a_new_folder_can_match_and_says_how_to_get_a_model_and_an_administrator(
    tmp_path: Path,
) -> None:
    found = wrong(Settings(data=tmp_path / "new", port=0))
    assert found.keys() == {"模型", "管理员"}
    assert "hongniang fit" in found["模型"]


def test_a_folder_that_cannot_be_used_is_found_and_the_machine_is_still_checked(
    tmp_path: Path,
) -> None:
    (tmp_path / "file").write_text("")
    settings = Settings(data=tmp_path / "file" / "data", port=0)
    assert list(wrong(settings)) == ["数据目录", "磁盘", "密钥"]


def test_a_database_out_of_reach_is_named_without_its_password(tmp_path: Path) -> None:
    settings = Settings(data=tmp_path, database_url="postgresql://u:geheim@127.0.0.1:1/x", port=0)
    message = wrong(settings)["数据目录"]
    assert "PostgreSQL 数据库 x（127.0.0.1:1）" in message
    assert "geheim" not in message


# The machine and the settings


@pytest.fixture
def checked(tmp_path: Path) -> Settings:
    """Settings of a folder with a secret in it."""
    (tmp_path / "secret.key").touch(0o600)
    return Settings(data=tmp_path, port=0)


def outside(settings: Settings, **changes: Any) -> dict[str, str]:
    found = deployment.findings(Settings.model_validate(dict(settings) | changes))
    return {f.subject: f.message for f in found if not f.good}


class Usage(NamedTuple):
    free: int


@pytest.mark.parametrize(("free", "subjects"), [(10**9, []), (10**9 - 1, ["磁盘"])])
def test_a_disk_that_is_nearly_full_is_found(
    checked: Settings, monkeypatch: pytest.MonkeyPatch, free: int, subjects: list[str]
) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda _: Usage(free))
    assert list(outside(checked)) == subjects


@pytest.mark.parametrize("mode", [0o644, 0o640, 0o604])
def test_a_secret_that_others_can_read_is_found(checked: Settings, mode: int) -> None:
    path = checked.data / "secret.key"
    path.chmod(mode)
    assert f"chmod 600 {path}" in outside(checked)["密钥"]
    assert outside(checked, secret="x" * 32) == {}


def test_backups_are_checked_where_there_should_be_some(checked: Settings, tmp_path: Path) -> None:
    folder = tmp_path / "backups"
    assert "没有备份" in outside(checked, backups=folder)["备份"]
    folder.mkdir()
    (folder / "empty.tar.gz").touch()
    (folder / ".unfinished").write_text("x")
    assert "没有备份" in outside(checked, backups=folder)["备份"]
    backup = folder / "hongniang.tar.gz"
    backup.write_text("x")
    assert outside(checked, backups=folder) == {}
    os.utime(backup, times=(time.time(), time.time() - 37 * 3600))
    assert "37 小时" in outside(checked, backups=folder)["备份"]


PROXY = {"trusted_proxies": "127.0.0.1"}
NAMED = {"hosts": "kjj.example"}


@pytest.mark.parametrize(
    ("given", "subjects"),
    [
        ({}, []),
        ({"host": "::1"}, []),
        ({"hosts": "localhost,127.0.0.1"}, []),
        (NAMED | PROXY | {"https": True}, []),
        (NAMED | PROXY | {"https": True, "host": "0.0.0.0"}, []),
        ({"host": "0.0.0.0"}, ["主机名"]),
        ({"host": "0.0.0.0"} | PROXY | {"https": True}, ["主机名"]),
        (NAMED, ["反向代理"]),
        ({"https": True}, ["反向代理"]),
        (NAMED | PROXY, ["https"]),
        (NAMED | {"https": True, "trusted_proxies": "10.0.0.0/8,0.0.0.0/0"}, ["反向代理"]),
        (NAMED | {"https": True, "trusted_proxies": "::/0"}, ["反向代理"]),
    ],
)
def test_settings_that_do_not_fit_each_other_are_found(
    checked: Settings, given: dict[str, Any], subjects: list[str]
) -> None:
    assert list(outside(checked, **given)) == subjects


def test_a_port_at_which_somebody_listens_is_mentioned(checked: Settings) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
        [found] = [f for f in diagnosed(checked, port=port) if f.subject == "端口"]
    assert f"127.0.0.1:{port}" in found.message
    assert "已有程序" in found.message


@pytest.mark.parametrize("host", ["::1", "no-such-host.invalid"])
def test_an_address_of_another_kind_is_a_finding_rather_than_a_crash(
    checked: Settings, host: str
) -> None:
    [found] = [f for f in diagnosed(checked, host=host) if f.subject == "端口"]
    assert host in found.message
