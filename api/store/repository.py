"""Records in and out of the database, the same way for both kinds."""

import secrets
import threading
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import UTC, datetime
from typing import Any, Final, Generic, TypeVar

from sqlalchemy import ColumnElement, delete, false, func, select
from sqlalchemy.orm import Session

from api.store.database import Database
from api.store.tables import AchievementRow, DemandRow, RecordRow
from matcher.library import stamp
from matcher.records import Achievement, Demand

R = TypeVar("R", bound=Achievement | Demand)
_MANY: Final = 500
"""Ids in one statement; SQLite allows more, other databases fewer."""


class _Clock:
    """Numbers that always grow: milliseconds since 1970 with 16 bits to count within one."""

    def __init__(self) -> None:
        self._last = 0
        self._lock = threading.Lock()

    def tick(self) -> int:
        with self._lock:
            self._last = max(self._last + 1, time.time_ns() // 1_000_000 << 16)
            return self._last


_clock = _Clock()


@dataclass(frozen=True)
class Page(Generic[R]):
    """Some records, newest first, and the id after which the next page begins, if there is one."""

    items: list[R]
    next_after: str | None
    total: int


class Repository(Generic[R]):
    """One table of records. Implements ``matcher.library.RecordSource``."""

    def __init__(
        self,
        database: Database,
        row: type[RecordRow],
        record: type[R],
        prefix: str,
    ) -> None:
        self._database = database
        self._row = row
        self._record = record
        self._prefix = prefix
        self._names = [field.name for field in fields(record)]

    def new_id(self) -> str:
        """An opaque id. Later ones sort behind earlier ones; 48 of its bits cannot be guessed."""
        return f"{self._prefix}{_clock.tick():016x}{secrets.token_hex(6)}"

    def get_many(self, ids: Sequence[str]) -> Mapping[str, R]:
        found: dict[str, R] = {}
        ours = [id_ for id_ in ids if id_.isascii()]  # the others cannot even be asked for
        with self._database.reading() as session:
            for part in _parts(ours):
                for row in session.scalars(select(self._row).where(self._row.id.in_(part))):
                    found[row.id] = self._record_of(row)
        return found

    def get(self, id_: str) -> R | None:
        """The record with this id, if there is one."""
        return self.get_many([id_]).get(id_)

    def by_external_id(self, external_ids: Iterable[str]) -> dict[str, R]:
        """The records that have one of these external ids, by external id."""
        found: dict[str, R] = {}
        with self._database.reading() as session:
            for part in _parts(list(external_ids)):
                matching = select(self._row).where(self._row.external_id.in_(part))
                for row in session.scalars(matching):
                    found[str(row.external_id)] = self._record_of(row)
        return found

    def external_id(self, id_: str) -> str | None:
        """The external id of a record."""
        with self._database.reading() as session:
            return session.scalar(select(self._row.external_id).where(self._row.id == id_))

    def by_receipt(self, receipt_hash: str) -> tuple[R, datetime] | None:
        """The demand that was given this receipt, with the time of its submission."""
        with self._database.reading() as session:
            row = session.scalar(select(DemandRow).where(DemandRow.receipt_hash == receipt_hash))
            return (self._record_of(row), row.created_at) if row else None

    def save(
        self,
        records: Iterable[R],
        external_ids: Mapping[str, str] | None = None,
        receipt_hashes: Mapping[str, str] | None = None,
    ) -> None:
        """Insert or replace records in one transaction; the mappings are by record id."""
        with self._database.writing() as session:
            for record in records:
                row = self._put(session, record)
                if external_ids and record.id in external_ids:
                    row.external_id = external_ids[record.id]
                if receipt_hashes and isinstance(row, DemandRow):
                    row.receipt_hash = receipt_hashes.get(record.id)

    def remove(self, id_: str) -> bool:
        """Delete a record; whether there was one."""
        with self._database.writing() as session:
            gone = delete(self._row).where(self._row.id == id_).returning(self._row.id)
            return session.scalar(gone) is not None

    def stamps(self) -> dict[str, str]:
        """The stamp of every record, by id."""
        with self._database.reading() as session:
            return dict(session.execute(select(self._row.id, self._row.stamp)).all())

    def all(self) -> Iterator[R]:
        """Every record, oldest first, without holding them all."""
        with self._database.reading() as session:
            rows = session.scalars(
                select(self._row).order_by(self._row.id).execution_options(yield_per=1000)
            )
            for row in rows:
                yield self._record_of(row)

    def count(self) -> int:
        """How many records there are."""
        with self._database.reading() as session:
            return session.scalar(select(func.count()).select_from(self._row)) or 0

    def page(
        self,
        limit: int,
        after: str | None = None,
        where: Mapping[str, str] | None = None,
        text: str = "",
    ) -> Page[R]:
        """Records behind the id ``after``, newest first.

        ``where`` asks for equal columns, ``text`` for titles that contain it.
        """
        conditions: list[ColumnElement[bool]] = [
            getattr(self._row, name) == value for name, value in (where or {}).items()
        ]
        if text:
            conditions.append(self._row.title.contains(text, autoescape=True))
        if "\0" in text:  # SQLite reads a pattern only up to there
            conditions.append(false())
        query = select(self._row).where(*conditions)
        if after:
            query = query.where(self._row.id < after)
        with self._database.reading() as session:
            total = session.scalar(select(func.count()).select_from(self._row).where(*conditions))
            rows = session.scalars(query.order_by(self._row.id.desc()).limit(limit + 1)).all()
        items = [self._record_of(row) for row in rows[:limit]]
        return Page(items, items[-1].id if len(rows) > limit else None, total or 0)

    def distinct(self, column: str) -> list[str]:
        """The different values of a column, sorted."""
        values = getattr(self._row, column)
        with self._database.reading() as session:
            found = session.scalars(select(values).where(values.is_not(None)).distinct())
            return sorted(found)

    def _put(self, session: Session, record: R) -> RecordRow:
        row = session.get(self._row, record.id)
        now = datetime.now(UTC)
        if row is None:
            row = self._row(id=record.id, created_at=now)
            session.add(row)
        for name in self._names:
            value = getattr(record, name)
            setattr(row, name, list(value) if isinstance(value, tuple) else value)
        row.stamp, row.updated_at = stamp(record), now
        return row

    def _record_of(self, row: RecordRow) -> R:
        values: dict[str, Any] = {name: getattr(row, name) for name in self._names}
        for name, value in values.items():
            if isinstance(value, list):
                values[name] = tuple(value)
        return self._record(**values)


def achievements(database: Database) -> Repository[Achievement]:
    """The table of achievements."""
    return Repository(database, AchievementRow, Achievement, "a")


def demands(database: Database) -> Repository[Demand]:
    """The table of demands."""
    return Repository(database, DemandRow, Demand, "d")


def _parts(ids: Sequence[str]) -> Iterator[Sequence[str]]:
    for start in range(0, len(ids), _MANY):
        yield ids[start : start + _MANY]
