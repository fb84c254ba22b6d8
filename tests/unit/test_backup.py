"""Backups: one state of everything, and an empty machine filled from it, or left as it was."""

import gzip
import hashlib
import io
import json
import stat
import tarfile
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from api.bootstrap import open_workspace
from api.security.roles import SYSTEM, Actor, Role
from api.services import catalogue, keys
from api.services.accounts import add_account
from api.services.backup import backup, restore
from api.services.drafts import AchievementDraft, DemandDraft
from api.services.kinds import ACHIEVEMENTS
from api.services.matching import MatchRequest, match
from api.services.signing_in import sign_in, who
from api.services.submission import by_receipt, submit
from api.services.workspace import Workspace
from api.settings import Settings
from api.store.dumping import snapshot
from matcher.errors import RestoreRefused, StoreUnavailable
from tests.unit.conftest import Opener
from tests.unit.rows import achievement_row, demand_row, draft_values

Members = dict[str, bytes]
PASSWORD = "一句容易记住的长话 2026"


def submitted(workspace: Workspace, number: int) -> str:
    """A receipt code."""
    draft = DemandDraft.model_validate(draft_values(demand_row(number)))
    return submit(workspace, draft)[1]


def tables(workspace: Workspace) -> dict[str, list[str]]:
    with snapshot(workspace.store.database) as taken:
        return {table: list(taken.lines(table)) for table in taken.tables}


def restored(opened: Opener, archive: Path, folder: Path) -> Workspace:
    restore(Settings(data=folder), open_workspace, archive)
    return opened(folder)


@pytest.fixture
def archive(workspace: Workspace, tmp_path: Path) -> Path:
    file = tmp_path / "backup.tar.gz"
    backup(workspace, file)
    return file


# what comes back


def test_everything_that_was_kept_comes_back_on_an_empty_machine(
    workspace: Workspace, opened: Opener, tmp_path: Path
) -> None:
    account = add_account(workspace, SYSTEM, "jingjiren", "broker", PASSWORD)
    actor = Actor(account.id, account.name, Role.broker)
    _, secret = keys.add_key(workspace, actor, "测试", ["read"])
    code = submitted(workspace, 7)
    offer = AchievementDraft.model_validate(draft_values(achievement_row(9)))
    deleted = catalogue.add(workspace, ACHIEVEMENTS, offer)
    catalogue.remove(workspace, ACHIEVEMENTS, deleted.id)
    kept = tables(workspace)

    backup(workspace, tmp_path / "b.tar.gz")
    other = restored(opened, tmp_path / "b.tar.gz", tmp_path / "other")

    found = tables(other)
    assert [found.pop("audit")[:-1], found] == [kept.pop("audit"), kept]
    assert keys.whose(other, secret, "").account_id == account.id
    assert by_receipt(other, code).record.title == demand_row(7)["title"]
    assert catalogue.restore(other, ACHIEVEMENTS, deleted.id) == deleted
    assert other.registry.current() == workspace.registry.current()
    result = match(other, MatchRequest(text="高氨氮废水"))
    assert result.pairings[0].achievement.title == achievement_row(1)["title"]


def test_a_restored_database_is_another_one_and_its_logs_go_on(
    workspace: Workspace, opened: Opener, archive: Path, tmp_path: Path
) -> None:
    other = restored(opened, archive, tmp_path / "other")
    assert other.store.changes.database_id() != workspace.store.changes.database_id()
    before = other.store.changes.latest()
    assert before == workspace.store.changes.latest()
    submitted(other, 8)
    assert other.store.changes.latest() == before + 1
    numbers = [entry.number for entry in other.store.audit.all()]
    assert numbers == list(range(1, len(numbers) + 1))


def test_secrets_sessions_and_indexes_stay_where_they_are(
    workspace: Workspace, opened: Opener, tmp_path: Path
) -> None:
    add_account(workspace, SYSTEM, "jingjiren", "broker", PASSWORD)
    token, _ = sign_in(workspace, "jingjiren", PASSWORD, "")
    backup(workspace, tmp_path / "b.tar.gz")
    content = b"".join(members_of(tmp_path / "b.tar.gz").values())
    assert (workspace.folder / "secret.key").read_bytes().strip() not in content
    assert not any("index" in name for name in members_of(tmp_path / "b.tar.gz"))
    assert who(restored(opened, tmp_path / "b.tar.gz", tmp_path / "other"), token, "") is None


def test_a_backup_and_a_restore_are_lines_of_the_audit_log(
    workspace: Workspace, opened: Opener, archive: Path, tmp_path: Path
) -> None:
    assert workspace.store.audit.page(1)[0].action == "backup"
    other = restored(opened, archive, tmp_path / "other")
    assert other.store.audit.page(1)[0].action == "restore-backup"


def test_a_backup_is_one_state_while_others_write(workspace: Workspace, tmp_path: Path) -> None:
    assert workspace.ready
    ended = threading.Event()

    def write() -> None:
        number = 100
        while not ended.is_set():
            submitted(workspace, number := number + 1)

    writer = threading.Thread(target=write)
    writer.start()
    counts = set()
    try:
        for turn in range(5):
            backup(workspace, tmp_path / f"{turn}.tar.gz")
            members = members_of(tmp_path / f"{turn}.tar.gz")
            made = members["tables/audit.jsonl"].count(b'"submit"')
            # One unit of work writes all three.
            assert members["tables/demands.jsonl"].count(b"\n") == 1 + made
            assert members["tables/changes.jsonl"].count(b"\n") == 3 + made
            counts.add(made)
    finally:
        ended.set()
        writer.join()
    assert len(counts) > 1


def test_only_its_owner_can_read_a_backup_and_nothing_is_left_beside(archive: Path) -> None:
    assert stat.S_IMODE(archive.stat().st_mode) == 0o600
    assert [path.name for path in archive.parent.glob("*backup*")] == [archive.name]
    assert not list(archive.parent.glob(".*"))


def test_a_backup_that_fails_leaves_the_one_before(
    workspace: Workspace, archive: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(path: Path) -> None:
        raise OSError(28, "No space left on device")

    before = archive.read_bytes()
    monkeypatch.setattr("api.services.archive.flush", full)
    with pytest.raises(StoreUnavailable, match="剩余空间"):
        backup(workspace, archive)
    assert archive.read_bytes() == before
    assert not list(archive.parent.glob(".*"))


def test_a_backup_of_an_older_schema_comes_back_at_the_newest(
    opened: Opener, archive: Path, tmp_path: Path
) -> None:
    members = members_of(archive)
    since = {"fingerprint", "version", "deleted_at", "public_title", "owner_id"}
    since |= {"state", "review_note", "reviewed_at", "reviewer_id", "coach"}
    for name in list(members):
        if name in {"tables/achievements.jsonl", "tables/demands.jsonl"}:
            rows = [json.loads(line) for line in members[name].splitlines()]
            old = [{n: v for n, v in row.items() if n not in since} for row in rows]
            members[name] = "".join(json.dumps(row) + "\n" for row in old).encode()
        elif name.startswith("tables/"):
            del members[name]
    write(archive, members, revision="0001")
    other = restored(opened, archive, tmp_path / "other")
    assert other.achievements.count() == 2
    ids = other.achievements.stamps()
    assert [s.version for s in map(other.achievements.stored, ids) if s] == [1, 1]
    submitted(other, 5)


# what is refused


def members_of(archive: Path) -> Members:
    with tarfile.open(archive) as tar:
        return {
            entry.name: tar.extractfile(entry).read()  # type: ignore[union-attr]
            for entry in tar
            if entry.name != "manifest.json"
        }


def manifest_of(archive: Path) -> dict[str, Any]:
    with tarfile.open(archive) as tar:
        manifest: dict[str, Any] = json.load(tar.extractfile("manifest.json"))  # type: ignore[arg-type]
        return manifest


def described(name: str, content: bytes) -> dict[str, Any]:
    member: dict[str, Any] = {"sha256": hashlib.sha256(content).hexdigest(), "size": len(content)}
    return member | ({"rows": content.count(b"\n")} if name.startswith("tables/") else {})


def write(archive: Path, contents: Members, /, **changes: Any) -> None:
    """An archive whose manifest fits, but for the ``changes``."""
    about = {name: described(name, content) for name, content in contents.items()}
    manifest = manifest_of(archive) | {"members": about} | changes
    write_raw(archive, {"manifest.json": json.dumps(manifest).encode(), **contents})


def write_raw(archive: Path, members: Members, *more: tarfile.TarInfo) -> None:
    with tarfile.open(archive, "w:gz") as tar:
        for name, content in members.items():
            entry = tarfile.TarInfo(name)
            entry.size = len(content)
            tar.addfile(entry, io.BytesIO(content))
        for entry in more:
            tar.addfile(entry)


def truncated(archive: Path) -> None:
    archive.write_bytes(archive.read_bytes()[:-2000])


def without_its_end(archive: Path) -> None:
    archive.write_bytes(archive.read_bytes()[:-4])


def flipped(archive: Path) -> None:
    raw = bytearray(archive.read_bytes())
    raw[len(raw) // 2] ^= 0x10
    archive.write_bytes(raw)


def _raw(archive: Path) -> Members:
    manifest = json.dumps(manifest_of(archive)).encode()
    return {"manifest.json": manifest, **members_of(archive)}


def changed_within(archive: Path) -> None:
    members = _raw(archive)
    name = "tables/achievements.jsonl"
    members[name] = members[name].replace(b"A-1", b"A-7")
    write_raw(archive, members)


def with_one_more(archive: Path) -> None:
    write_raw(archive, _raw(archive) | {"tables/accounts2.jsonl": b""})


def with_one_less(archive: Path) -> None:
    members = _raw(archive)
    del members["models/current.json"]
    write_raw(archive, members)


def with_one_twice(archive: Path) -> None:
    again = tarfile.TarInfo("models/current.json")
    write_raw(archive, _raw(archive), again)


def with_a_link(archive: Path) -> None:
    members = _raw(archive)
    del members["models/current.json"]
    link = tarfile.TarInfo("models/current.json")
    link.type, link.linkname = tarfile.SYMTYPE, "/etc/passwd"
    write_raw(archive, members, link)


def outside(name: str) -> Callable[[Path], None]:
    def change(archive: Path) -> None:
        write(archive, members_of(archive) | {name: b"x"})

    return change


def with_other_columns(archive: Path) -> None:
    members = members_of(archive)
    members["tables/meta.jsonl"] = b'{"name": "x", "value": "y", "more": 1}\n'
    write(archive, members)


def with_no_rows_at_all(archive: Path) -> None:
    write(archive, members_of(archive) | {"tables/meta.jsonl": b"[]\n"})


def with_an_unknown_table(archive: Path) -> None:
    write(archive, members_of(archive) | {"tables/strange.jsonl": b"{}\n"})


def with_a_wrong_count(archive: Path) -> None:
    members = members_of(archive)
    about = {name: described(name, content) for name, content in members.items()}
    about["tables/achievements.jsonl"]["rows"] += 1
    write(archive, members, members=about)


@pytest.mark.parametrize(
    "damage",
    [
        truncated,
        without_its_end,
        flipped,
        changed_within,
        with_one_more,
        with_one_less,
        with_one_twice,
        with_a_link,
        outside("models/../../x"),
        outside("/etc/x"),
        outside("../x"),
        outside("models/.hidden"),
        outside("hongniang.db"),
        with_other_columns,
        with_no_rows_at_all,
        with_an_unknown_table,
        with_a_wrong_count,
        lambda archive: write(archive, members_of(archive), format=2),
        lambda archive: write(archive, members_of(archive), revision="9999"),
        lambda archive: write(archive, members_of(archive), revision="base"),
        lambda archive: write(archive, members_of(archive), members=None),
        lambda archive: archive.write_bytes(b""),
        lambda archive: archive.write_bytes(b"PK\3\4 no gzip"),
        lambda archive: archive.write_bytes(gzip.compress(b"no tar")),
        lambda archive: write_raw(archive, {"other.txt": b"x"}),
    ],
)
def test_an_archive_that_is_not_whole_is_refused_and_leaves_nothing(
    archive: Path, tmp_path: Path, damage: Callable[[Path], None]
) -> None:
    damage(archive)
    folder = tmp_path / "other"
    with pytest.raises(RestoreRefused) as refused:
        restore(Settings(data=folder), open_workspace, archive)
    assert str(refused.value).endswith("。")
    assert not folder.exists()


def test_what_the_database_refuses_leaves_nothing_either(archive: Path, tmp_path: Path) -> None:
    members = members_of(archive)
    members["tables/demands.jsonl"] *= 2  # the same ids
    write(archive, members)
    (tmp_path / "other").mkdir()
    with pytest.raises(StoreUnavailable):
        restore(Settings(data=tmp_path / "other"), open_workspace, archive)
    assert list((tmp_path / "other").iterdir()) == []


def test_a_file_that_is_not_there_is_said_to_be(tmp_path: Path) -> None:
    with pytest.raises(StoreUnavailable):
        restore(Settings(data=tmp_path / "other"), open_workspace, tmp_path / "none")
    assert not (tmp_path / "other").exists()


def test_a_folder_in_use_is_refused_and_left_as_it_is(
    archive: Path, workspace: Workspace, folder: Path
) -> None:
    before = tables(workspace)
    with pytest.raises(RestoreRefused, match="不是空的"):
        restore(Settings(data=folder), open_workspace, archive)
    assert tables(workspace) == before


def test_a_secret_that_was_put_there_before_stays(
    archive: Path, workspace: Workspace, opened: Opener, tmp_path: Path
) -> None:
    other = tmp_path / "other"
    other.mkdir()
    (other / "secret.key").write_bytes((workspace.folder / "secret.key").read_bytes())
    signed = workspace.signing.cookie("t")
    assert restored(opened, archive, other).signing.token(signed) == "t"
