"""Backups from one kind of database to the other, and back."""

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from api.bootstrap import open_workspace
from api.security.roles import SYSTEM
from api.services.accounts import add_account
from api.services.backup import backup, restore
from api.services.matching import MatchRequest, match
from api.services.workspace import Workspace
from api.settings import Settings
from matcher.errors import RestoreRefused, StoreUnavailable
from tests.databases import Server
from tests.unit.rows import achievement_row
from tests.unit.test_backup import PASSWORD, members_of, submitted, tables, write


@pytest.fixture
def server_settings(postgresql: Server, tmp_path: Path) -> Iterator[Settings]:
    """An empty data folder beside an empty database on the server."""
    url = postgresql.create("restored")
    yield Settings(data=tmp_path / "on-server", database_url=url)
    postgresql.drop("restored")


def restored(settings: Settings, archive: Path) -> Workspace:
    restore(settings, open_workspace, archive)
    return open_workspace(settings)


def test_a_backup_goes_from_sqlite_to_postgresql_and_back(
    workspace: Workspace, server_settings: Settings, tmp_path: Path
) -> None:
    add_account(workspace, SYSTEM, "jingjiren", "broker", PASSWORD, "渝州技术转移中心（示例）")
    submitted(workspace, 7)
    kept = tables(workspace)
    backup(workspace, tmp_path / "1.tar.gz")
    with closing(restored(server_settings, tmp_path / "1.tar.gz")) as there:
        assert submitted(there, 8)  # sequences go on behind what was restored
        numbers = [entry.number for entry in there.store.audit.all()]
        assert numbers == list(range(1, len(numbers) + 1))
        found = tables(there)
        backup(there, tmp_path / "2.tar.gz")
    for table in kept.keys() - {"meta"}:
        assert set(kept[table]) <= set(found[table])
    again = Settings(data=tmp_path / "again")
    with closing(restored(again, tmp_path / "2.tar.gz")) as back:
        others = tables(back)
        assert others.pop("audit")[:-1] == found.pop("audit")
        assert others == found
        result = match(back, MatchRequest(text="高氨氮废水"))
        assert result.pairings[0].achievement.title == achievement_row(1)["title"]


def test_a_database_in_use_is_refused(
    workspace: Workspace, server_settings: Settings, tmp_path: Path
) -> None:
    backup(workspace, tmp_path / "1.tar.gz")
    restored(server_settings, tmp_path / "1.tar.gz").close()
    elsewhere = server_settings.model_copy(update={"data": tmp_path / "elsewhere"})
    with pytest.raises(RestoreRefused, match="数据库不是空的"):
        restore(elsewhere, open_workspace, tmp_path / "1.tar.gz")
    assert not (tmp_path / "elsewhere").exists()


def test_what_the_database_refuses_is_rolled_back(
    workspace: Workspace, server_settings: Settings, tmp_path: Path
) -> None:
    archive = tmp_path / "1.tar.gz"
    backup(workspace, archive)
    good = archive.read_bytes()
    write(archive, members_of(archive) | {"tables/demands.jsonl": 2 * _demands(archive)})
    with pytest.raises(StoreUnavailable):
        restore(server_settings, open_workspace, archive)
    assert not server_settings.data.exists()
    archive.write_bytes(good)
    with closing(restored(server_settings, archive)) as there:
        assert there.achievements.count() == workspace.achievements.count()


def _demands(archive: Path) -> bytes:
    return members_of(archive)["tables/demands.jsonl"]
