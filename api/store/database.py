"""The database: sessions to read and to write in, whichever kind it is."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from alembic.util.exc import CommandError
from sqlalchemy import Connection, Select
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as NoConnectionFree
from sqlalchemy.orm import Session

from api.store.dialects import dialect_of
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
        self._engine = self._dialect.engine()
        self._reader = self._engine.execution_options(**self._dialect.reading)
        self._writer = self._engine.execution_options(**self._dialect.writing)
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

    @contextmanager
    def connected(self) -> Iterator[Connection]:
        """The same without a session, which would take half of the time of a short read."""
        with self._translated(), self._reader.connect() as connection:
            yield connection

    def first(self, statement: Select[Any], **values: object) -> Sequence[Any] | None:
        """The first row of a statement that needs no other beside it, if there is one."""
        with self._translated():
            return self._dialect.first(self._reader, statement, values)

    def by_ids(
        self, statement: Select[Any], ids: Sequence[str], at_once: int
    ) -> Iterator[Sequence[Sequence[Any]]]:
        """The rows of a statement that asks for ``ids``, by so many of these; JSON may be text."""
        with self.connected() as connection:
            for start in range(0, len(ids), at_once):
                part = ids[start : start + at_once]
                yield self._dialect.fetched(connection, statement, part)

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
        known: tuple[type[Exception], ...] = (DBAPIError, NoConnectionFree, *self._dialect.errors)
        try:
            yield
        except known as error:
            raise StoreUnavailable(self._dialect.explained(error)) from error
