"""A unit of work: writes that belong together, with their lines in the change log."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any, Final

from sqlalchemy import Select, insert, literal, text
from sqlalchemy.orm import Session

from api.store.database import Database
from api.store.tables import ChangeRow
from api.store.tables.base import Moment

_ORDER_OF_CHANGES: Final = 4_207_001
"""The advisory lock of PostgreSQL under which changes are numbered; any fixed number will do."""
Clock = Callable[[], datetime]
"""Tells what time it is, in UTC."""


def now() -> datetime:
    """What the clock of this machine shows."""
    return datetime.now(UTC)


class Unit:
    """A transaction, at one ``moment``. What it touched goes to the change log as its last act."""

    def __init__(self, session: Session, moment: datetime) -> None:
        self.session = session
        self.moment = moment
        self._touched: dict[tuple[str, str], None] = {}
        self._touched_at_once: list[Select[Any]] = []

    def touch(self, kind: str, id_: str) -> None:
        """Say that this record was written or removed."""
        self._touched[kind, id_] = None

    def touch_all(self, records: "Select[Any]") -> None:
        """The same for all that a query gives: kinds and ids."""
        self._touched_at_once.append(records)

    def finish(self) -> None:
        """Number the changes. Numbers must not overtake each other.

        A reader that has seen number 7 never looks for 6 again, so nobody may commit 6 later: from
        numbering to commit only one transaction is at work. SQLite has one writer anyway.
        """
        if not self._touched and not self._touched_at_once:
            return
        self.session.flush()
        connection = self.session.connection()  # past the mapper, which has no use for the rows
        if connection.dialect.name == "postgresql":
            connection.execute(text(f"SELECT pg_advisory_xact_lock({_ORDER_OF_CHANGES})"))
        rows = [{"kind": k, "record_id": i, "at": self.moment} for k, i in self._touched]
        if rows:
            connection.execute(insert(ChangeRow), rows)
        for records in self._touched_at_once:
            dated = records.add_columns(literal(self.moment, Moment))
            columns = ["kind", "record_id", "at"]
            connection.execute(insert(ChangeRow).from_select(columns, dated))


@contextmanager
def unit_of_work(database: Database, clock: Clock = now) -> Iterator[Unit]:
    """A unit that is kept when the block ends well, and otherwise never was.

    Raises StoreUnavailable if the database cannot be written.
    """
    with database.writing() as session:
        unit = Unit(session, clock())
        yield unit
        unit.finish()
