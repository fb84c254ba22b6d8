"""Small data folders for the use cases."""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from api.bootstrap import open_workspace
from api.security.roles import SYSTEM, Actor, Role
from api.services.accounts import add_account
from api.services.fitting import fit
from api.services.importing import import_file
from api.services.kinds import ACHIEVEMENTS, DEMANDS
from api.services.workspace import Workspace
from api.settings import Settings
from api.store import Database, Repository, Store, achievements
from matcher.records import Achievement
from tests import passwords
from tests.unit.rows import achievement_row, demand_row, write_jsonl
from tests.unit.stores import Clock, need, offer

Opener = Callable[[Path], Workspace]


@pytest.fixture
def opened() -> Iterator[Opener]:
    """Opens data folders, and closes them when the test ends."""
    kept: list[Workspace] = []

    def opener(folder: Path) -> Workspace:
        kept.append(open_workspace(Settings(data=folder)))
        return kept[-1]

    yield opener
    for workspace in kept:
        workspace.close()


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    """Empty, of the kind that is tested."""
    opened = Database(database_url)
    yield opened
    opened.close()


@pytest.fixture
def offers(database: Database) -> Repository[Achievement]:
    """Those in the empty database."""
    return achievements(database)


@pytest.fixture
def empty(opened: Opener, tmp_path: Path) -> Workspace:
    """No records, no model."""
    return opened(tmp_path / "empty")


@pytest.fixture(scope="session")
def fitted_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two achievements and one demand, fitted. Not to be written to: copy it."""
    folder = tmp_path_factory.mktemp("fitted")
    battery = achievement_row(
        2, title="锂电池正极材料回收", abstract="黑粉浸出提锂。", keywords="提锂", field="新材料"
    )
    workspace = open_workspace(Settings(data=folder / "data"))
    offers = write_jsonl(folder / "achievements.jsonl", [achievement_row(1), battery])
    import_file(workspace, ACHIEVEMENTS, offers)
    import_file(workspace, DEMANDS, write_jsonl(folder / "demands.jsonl", [demand_row(1)]))
    with pytest.MonkeyPatch.context() as patch:  # without 80,000 terms of background it opens fast
        patch.setattr("matcher.representation.document_shares", dict)
        fit(workspace)
    workspace.close()
    return folder / "data"


@pytest.fixture
def folder(fitted_folder: Path, tmp_path: Path) -> Path:
    """A copy of the fitted folder."""
    return Path(shutil.copytree(fitted_folder, tmp_path / "data"))


@pytest.fixture
def workspace(opened: Opener, folder: Path) -> Workspace:
    """The copy, opened."""
    return opened(folder)


@pytest.fixture
def store(database_url: str) -> Iterator[Store]:
    """Tables without rows."""
    kept = Store(Database(database_url))
    yield kept
    kept.close()


@pytest.fixture
def quick_passwords() -> Iterator[None]:
    """Passwords that are checked at once."""
    with passwords.quick():
        yield


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    """A clock that stands still until the test moves it."""
    shown = Clock()
    shown.install(monkeypatch)
    return shown


@pytest.fixture
def space(database_url: str, tmp_path: Path, quick_passwords: None) -> Iterator[Workspace]:
    """The demand d1, the achievements a1 and a2, the broker lin.jing; on both databases."""
    address = database_url.replace("+psycopg", "") if "psycopg" in database_url else ""
    opened = open_workspace(Settings(data=tmp_path, database_url=address))
    opened.demands.save([need("d1")])
    opened.achievements.save([offer("a1"), offer("a2", title="另一项")])
    add_account(opened, SYSTEM, "lin.jing", Role.broker, "一句很容易记住的话呀")
    yield opened
    opened.close()


@pytest.fixture
def broker(space: Workspace) -> Actor:
    """The broker of ``space``."""
    account = space.store.accounts.named("lin.jing")
    assert account is not None
    return Actor(account.id, account.name, Role.broker)
