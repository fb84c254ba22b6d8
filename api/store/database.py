"""The database: sessions to read and to write in, whichever kind it is."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from alembic.util.exc import CommandError
from sqlalchemy import Select
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as NoConnectionFree
from sqlalchemy.orm import Session

from api.store.dialects import Rows, dialect_of
from api.store.migration import migrate
from matcher.errors import StoreUnavailable


class Database:
    """Opens sessions on SQLite or PostgreSQL; ``dialects`` holds what differs."""

    def __init__(self, url: str) -> None:
        """Connect, verify what the store relies on, and migrate to the newest schema.

        ``url`` is SQLAlchemy's address. Raises StoreUnavailable, with a sentence for the
        administrator that shows neither user nor password.
        """
        self._dialect = dialect_of(url)
        self._known: tuple[type[Exception], ...] = (
            DBAPIError,
            NoConnectionFree,
            *self._dialect.errors,
        )
        self._engine = self._dialect.engine()
        self._reader = self._engine.execution_options(**self._dialect.reading)
        self._writer = self._engine.execution_options(**self._dialect.writing)
        self._alone = self._dialect.reader(self._engine)
        try:
            self._open()
        except BaseException:
            self.close()
            raise

    @property
    def place(self) -> str:
        """Which database this is, in plain words, without user and password."""
        return self._dialect.place

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """A session whose reads belong together: they see one state of the database.

        Raises StoreUnavailable if the database cannot be read.
        """
        with self._translated(), Session(self._reader, expire_on_commit=False) as session:
            yield session

    def by_ids(self, statement: Select[Any], ids: Sequence[str]) -> Rows:
        """The rows of one statement that asks for ``ids``; alone, it needs no transaction.

        A session would take five times as long. Raises StoreUnavailable as ``reading``.
        """
        try:
            return self._alone.rows(statement, ids)
        except self._known as error:
            raise StoreUnavailable(self._dialect.explained(error)) from error

    @contextmanager
    def writing(self) -> Iterator[Session]:
        """A session that commits when the block ends well, and otherwise changes nothing.

        Raises StoreUnavailable if the database cannot be written.
        """
        with (
            self._translated(),
            Session(self._writer, expire_on_commit=False) as session,
            session.begin(),
        ):
            yield session

    def close(self) -> None:
        """Close all connections."""
        self._alone.close()
        self._engine.dispose()

    def _open(self) -> None:
        try:
            with self._translated():
                with self._engine.connect() as connection:
                    self._dialect.verify(connection)
                migrate(self._dialect, self._engine)
        except CommandError as error:
            raise StoreUnavailable("数据库由更新版本的程序建立，请升级程序后再试。") from error
        except OSError as error:
            raise StoreUnavailable(self._dialect.explained(error)) from error

    @contextmanager
    def _translated(self) -> Iterator[None]:
        try:
            yield
        except self._known as error:
            raise StoreUnavailable(self._dialect.explained(error)) from error
