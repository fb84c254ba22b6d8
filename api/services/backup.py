"""Everything that cannot be made again, in one file; and back again, onto an empty machine.

Not in it: who is signed in, the secret that signs cookies, indexes (they are made again), and work
that has not ended. A model in a backup runs code when it is loaded: restore only what is yours.
"""

import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Final

from api.security.roles import SYSTEM, Actor
from api.services.archive import FORMAT, Manifest, Member, described, pack, unpack
from api.services.auditing import Action, note
from api.services.progress import Track, silent
from api.services.workspace import Workspace
from api.settings import Settings
from api.store.dumping import Snapshot, snapshot
from api.store.loading import is_empty, loading
from matcher.errors import RestoreRefused, StoreUnavailable

_MODELS: Final = "models"
_UNPACKED: Final = ".restore"
_MAY_BE_THERE: Final = frozenset({"secret.key", "lost+found"})
"""In a folder that counts as empty: a secret that was kept elsewhere, and what file systems add."""


def backup(
    workspace: Workspace, file: Path, actor: Actor = SYSTEM, track: Track = silent
) -> Manifest:
    """Write an archive of one state of the database and of the models, while others go on.

    Raises StoreUnavailable if the database cannot be read or the file not be written; then what
    was at ``file`` before is still there.
    """
    file = file.absolute()
    try:
        with tempfile.TemporaryDirectory(prefix=".backup-", dir=file.parent) as beside:
            manifest, sources = _collected(workspace, Path(beside), track)
            pack(manifest, sources, file)
    except OSError as error:
        raise StoreUnavailable(
            f"无法写入备份 {file}（{error.strerror}），请检查目录、权限和剩余空间。"
        ) from error
    with workspace.store.writing() as unit:
        note(workspace.store, unit, actor, Action.backup, rows=sum(manifest.rows.values()))
    return manifest


def restore(
    settings: Settings,
    opened: Callable[[Settings], Workspace],
    file: Path,
    track: Track = silent,
) -> Manifest:
    """Put an archive into an empty data folder and database of either kind.

    Raises RestoreRefused if they are not empty, or the archive is not whole, and StoreUnavailable;
    then the folder is as it was before, and so is the database.
    """
    folder = settings.data.absolute()
    with _made(folder):
        manifest = unpack(file, folder / _UNPACKED)
        with closing(opened(settings)) as workspace:
            _fill(workspace, manifest, track)
        shutil.rmtree(folder / _UNPACKED)
    return manifest


def _collected(
    workspace: Workspace, beside: Path, track: Track
) -> tuple[Manifest, dict[str, Path]]:
    """The manifest, and where the contents of its members are."""
    members: dict[str, Member] = {}
    sources: dict[str, Path] = {}
    with snapshot(workspace.store.database) as taken:
        for table in track(taken.tables, "备份", len(taken.tables)):
            name, path = f"tables/{table}.jsonl", beside / f"{table}.jsonl"
            members[name] = described(path, _written(taken, table, path))
            sources[name] = path
    for name, path in _models(workspace.folder / _MODELS, beside):
        members[name], sources[name] = described(path), path
    manifest = Manifest(
        format=FORMAT,
        product=version("hongniang"),
        revision=taken.revision,
        created=datetime.now(UTC).isoformat(timespec="seconds"),
        members=members,
    )
    return manifest, sources


def _written(taken: Snapshot, table: str, path: Path) -> int:
    rows = 0
    with path.open("w", encoding="ascii") as file:
        for line in taken.lines(table):
            file.write(line)
            rows += 1
    return rows


def _models(folder: Path, beside: Path) -> Iterator[tuple[str, Path]]:
    """The list of bundles first: those that it names are complete, and never change."""
    current = folder / "current.json"
    if current.exists():
        yield f"{_MODELS}/current.json", Path(shutil.copy(current, beside))
    for path in sorted(folder.glob("[!.]*/[!.]*")):
        yield f"{_MODELS}/{path.relative_to(folder).as_posix()}", path


@contextmanager
def _made(folder: Path) -> Iterator[None]:
    """A folder that was empty before; and is again, if what is done with it fails."""
    is_new = not folder.exists()
    folder.mkdir(parents=True, exist_ok=True)
    before = {path.name for path in folder.iterdir()}
    if before - _MAY_BE_THERE:
        raise RestoreRefused(
            f"数据目录 {folder} 不是空的；恢复不会覆盖已有数据，请用 HONGNIANG_DATA 另指定空目录。"
        )
    try:
        yield
    except BaseException:
        _remove(path for path in folder.iterdir() if path.name not in before)
        if is_new:
            folder.rmdir()
        raise


def _remove(paths: Iterator[Path]) -> None:
    for path in paths:
        if path.is_dir():
            shutil.rmtree(path)
        else:
            path.unlink()


def _fill(workspace: Workspace, manifest: Manifest, track: Track) -> None:
    database, unpacked = workspace.store.database, workspace.folder / _UNPACKED
    if not is_empty(database):
        raise RestoreRefused("数据库不是空的；恢复不会覆盖已有数据，请另建一个空的数据库。")
    with loading(database, manifest.revision) as loader:
        for table, rows in manifest.rows.items():
            with (unpacked / "tables" / f"{table}.jsonl").open(encoding="ascii") as lines:
                if loader.put(table, track(lines, table, rows)) != rows:
                    raise RestoreRefused("备份的清单与数据不符，请换一个备份。")
        # Before the database keeps it: whoever sees the records shall see the models too.
        if (unpacked / _MODELS).exists():
            shutil.rmtree(workspace.folder / _MODELS, ignore_errors=True)
            (unpacked / _MODELS).rename(workspace.folder / _MODELS)
    with workspace.store.writing() as unit:
        note(workspace.store, unit, SYSTEM, Action.restore_backup, made=manifest.created)
