"""The application over HTTP: one prepared data folder, copied wherever a test writes."""

import shutil
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from zlib import crc32

import pytest

from api.app import create_app
from api.bootstrap import open_workspace
from api.security.roles import SYSTEM, Role
from api.services.accounts import add_account
from api.services.demo import load_demo
from api.services.fitting import fit
from api.services.workspace import Workspace
from api.store.accounts import Account
from models.bundle import Bundle
from models.registry import Registry
from tests import passwords
from tests.databases import Folders, Prepare
from tests.web.people import BROKER, PASSWORD, People, add_people, key_of, program

with warnings.catch_warnings():
    # Starlette would like httpx2 better than httpx, and says so when this is imported.
    warnings.simplefilter("ignore")
    from fastapi.testclient import TestClient

pytest.register_assert_rewrite("tests.web.checks")


@pytest.fixture(scope="module", autouse=True)
def quick_passwords() -> Iterator[None]:
    """Hundreds sign in here: passwords are checked at once."""
    with passwords.quick():
        yield


def _client(workspace: Workspace, key: str) -> TestClient:
    return program(create_app(workspace), key)


@pytest.fixture(scope="session")
def prepared(shared_folders: Folders, prepare_once: Prepare) -> Path:
    """A data folder with the demo records and a model fitted on them; never opened again."""

    def make(folder: Path) -> None:
        workspace = open_workspace(shared_folders.settings(folder))
        load_demo(workspace)
        fit(workspace)
        with passwords.quick():
            add_people(workspace)
        (folder / "broker.key").write_text(key_of(workspace, BROKER), "ascii")
        workspace.close()

    return prepare_once("web", make)


@pytest.fixture(scope="session")
def peopled(shared_folders: Folders, prepare_once: Prepare) -> Path:
    """A data folder with everybody and without records; never opened again."""

    def make(folder: Path) -> None:
        workspace = open_workspace(shared_folders.settings(folder))
        with passwords.quick():
            add_people(workspace)
        workspace.close()

    return prepare_once("web-people", make)


@pytest.fixture(scope="session")
def broker_key(prepared: Path) -> str:
    """The key of a broker in every copy of the prepared folder."""
    return (prepared / "broker.key").read_text("ascii")


@pytest.fixture(scope="session")
def bundle(prepared: Path) -> Bundle:
    """The model of the prepared folder, loaded once: it is the slow part of opening a copy."""
    return Registry(prepared / "models").load()


@pytest.fixture(scope="session")
def workspace(
    prepared: Path, shared_folders: Folders, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Workspace]:
    """For tests that only read."""
    folder = shared_folders.copy(prepared, tmp_path_factory.mktemp("web-shared") / "data")
    opened = open_workspace(shared_folders.settings(folder))
    yield opened
    opened.close()


@pytest.fixture(scope="session")
def client(workspace: Workspace, broker_key: str) -> Iterator[TestClient]:
    """A broker's, for tests that only read."""
    with _client(workspace, broker_key) as client:
        yield client


@pytest.fixture(scope="module")
def module_copy(
    prepared: Path,
    bundle: Bundle,
    broker_key: str,
    module_folders: Folders,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[tuple[Workspace, TestClient]]:
    """A copy that the tests of one module may add to."""
    folder = module_folders.copy(prepared, tmp_path_factory.mktemp("web-module") / "data")
    opened = open_workspace(module_folders.settings(folder))
    opened.attach(bundle)
    with _client(opened, broker_key) as client:
        yield opened, client
    opened.close()


@pytest.fixture(scope="module")
def people(module_copy: tuple[Workspace, TestClient]) -> People:
    """Everybody, on the copy that the tests of one module may add to."""
    return People(module_copy[0])


@pytest.fixture(scope="module")
def empty_people(
    peopled: Path, module_folders: Folders, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[People]:
    """Everybody, on a service without any records."""
    folder = module_folders.copy(peopled, tmp_path_factory.mktemp("web-people") / "data")
    workspace = open_workspace(module_folders.settings(folder))
    yield People(workspace)
    workspace.close()


@pytest.fixture
def somebody(empty_people: People, request: pytest.FixtureRequest) -> Account:
    """A broker of the test's own."""
    name = f"ren.{crc32(request.node.nodeid.encode()):x}"
    return add_account(empty_people.workspace, SYSTEM, name, Role.broker, PASSWORD)


@pytest.fixture
def copy(
    prepared: Path, bundle: Bundle, broker_key: str, folders: Folders, tmp_path: Path
) -> Iterator[tuple[Workspace, TestClient]]:
    """A copy of one test's own, to write to or to break, its model loaded as in a server."""
    folder = folders.copy(prepared, tmp_path / "data")
    opened = open_workspace(folders.settings(folder))
    opened.attach(bundle)
    with _client(opened, broker_key) as client:
        yield opened, client
    opened.close()


@pytest.fixture
def empty(
    peopled: Path, folders: Folders, tmp_path: Path
) -> Iterator[tuple[Workspace, TestClient]]:
    """No records and no model."""
    opened = open_workspace(folders.settings(folders.copy(peopled, tmp_path / "empty")))
    with _client(opened, key_of(opened, BROKER)) as client:
        yield opened, client
    opened.close()


@pytest.fixture
def untrained(
    prepared: Path, broker_key: str, folders: Folders, tmp_path: Path
) -> Iterator[tuple[Workspace, TestClient]]:
    """All the records, but no fitted model: the one that ships is used."""
    folder = folders.copy(prepared, tmp_path / "data")
    shutil.rmtree(folder / "models")
    shutil.rmtree(folder / "index")
    opened = open_workspace(folders.settings(folder))
    with _client(opened, broker_key) as client:
        yield opened, client
    opened.close()


@pytest.fixture
def broken(
    prepared: Path, broker_key: str, folders: Folders, tmp_path: Path
) -> Iterator[tuple[Workspace, TestClient]]:
    """All the records, and a model that cannot be loaded."""
    folder = folders.copy(prepared, tmp_path / "data")
    for file in (folder / "models").glob("*/representation.joblib"):
        file.write_bytes(file.read_bytes()[:-1])
    opened = open_workspace(folders.settings(folder))
    with _client(opened, broker_key) as client:
        yield opened, client
    opened.close()


@pytest.fixture
def unchanged(workspace: Workspace) -> Iterator[None]:
    """After the test the shared store holds exactly what it held before."""
    before = _state(workspace)
    yield
    assert _state(workspace) == before


def _state(workspace: Workspace) -> tuple[Any, ...]:
    engine = workspace.matchmaker
    return (
        workspace.achievements.stamps(),
        workspace.demands.stamps(),
        len(engine.achievements),
        len(engine.demands),
    )
