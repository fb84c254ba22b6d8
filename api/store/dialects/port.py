"""What the store must know of a database before it can treat it like any other."""

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from typing import Any, ClassVar

from sqlalchemy import URL, Connection, Engine, Select

Rows = Sequence[Sequence[Any]]
Columns = Sequence[Sequence[Any]]
"""One for each that is selected; none if there are no rows."""


class Reader:
    """Statements that stand alone: each sees one state of the database, in no transaction."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def rows(self, statement: Select[Any], ids: Sequence[str]) -> Rows:
        """The rows of a statement that asks for the list ``ids``."""
        with self._engine.connect() as connection:
            return connection.execute(statement, {"ids": ids}).all()

    def columns(self, statement: Select[Any], ids: Sequence[str]) -> Columns:
        """The same, turned over."""
        return list(zip(*self.rows(statement, ids), strict=True))

    def close(self) -> None:
        """Close the connections that are not the engine's; others are opened when needed."""


class Dialect(ABC):
    """One kind of database: how it is opened, how work on it begins, what its errors mean."""

    errors: ClassVar[tuple[type[Exception], ...]]
    """What the driver raises where SQLAlchemy does not wrap it: while a connection is made."""
    reading: ClassVar[Mapping[str, Any]] = {}
    """Execution options of a transaction whose reads belong together."""
    writing: ClassVar[Mapping[str, Any]] = {}
    """Execution options of a transaction that writes."""
    alone: ClassVar[Mapping[str, Any]] = {}
    """Execution options of a statement that stands alone."""

    def __init__(self, url: URL) -> None:
        self.url = url

    @property
    @abstractmethod
    def place(self) -> str:
        """The database in plain words for the administrator, without user and password."""

    @abstractmethod
    def engine(self) -> Engine:
        """A pool of connections; none is opened yet."""

    @abstractmethod
    def verify(self, connection: Connection) -> None:
        """Raise StoreUnavailable if the database lacks what the store relies on."""

    @abstractmethod
    def migrating(self, engine: Engine) -> AbstractContextManager[Connection]:
        """A transaction to change tables in, one process at a time; the others wait."""

    def reader(self, engine: Engine) -> Reader:
        """What asks an engine for statements that stand alone."""
        return Reader(engine.execution_options(**self.alone))

    @abstractmethod
    def explained(self, error: Exception) -> str:
        """What an error of the driver means, and what to do, in one sentence.

        Texts of records, users and passwords never appear in it.
        """
