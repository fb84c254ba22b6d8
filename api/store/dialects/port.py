"""What the store must know of a database before it can treat it like any other."""

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from typing import Any, ClassVar

from sqlalchemy import URL, Connection, Engine, Select


class Dialect(ABC):
    """One kind of database: how it is opened, how work on it begins, what its errors mean."""

    errors: ClassVar[tuple[type[Exception], ...]]
    """What the driver raises where SQLAlchemy does not wrap it: while a connection is made."""
    reading: ClassVar[Mapping[str, Any]] = {}
    """Execution options of a transaction whose reads belong together."""
    writing: ClassVar[Mapping[str, Any]] = {}
    """Execution options of a transaction that writes."""

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

    def fetched(
        self, connection: Connection, statement: Select[Any], ids: Sequence[str]
    ) -> Sequence[Sequence[Any]]:
        """The rows of a statement that asks for the list ``ids``; JSON in them may be text."""
        return connection.execute(statement, {"ids": ids}).all()

    def first(
        self, engine: Engine, statement: Select[Any], values: Mapping[str, object]
    ) -> Sequence[Any] | None:
        """The first row of a statement that is asked for alone, with these values."""
        with engine.connect() as connection:
            return connection.execute(statement, values).first()

    @abstractmethod
    def explained(self, error: Exception) -> str:
        """What an error of the driver means, and what to do, in one sentence.

        Texts of records, users and passwords never appear in it.
        """
