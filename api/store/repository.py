"""Records in and out of the database, the same way for every kind."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from typing import Any, Final, Generic, TypeVar

from sqlalchemy import ColumnElement, Select, bindparam, false, func, select

from api.store.database import Database
from api.store.dialects import Columns
from api.store.mapping import Mapped, is_possible, new_id
from api.store.narrowing import EVERYTHING, Narrowed, possible
from api.store.streaming import streamed
from api.store.tables import AchievementRow, DemandRow, RecordRow, ResourceRow
from api.store.totals import Totals
from api.store.unit import Unit, unit_of_work
from api.store.versions import held
from matcher.errors import EditConflict
from matcher.records import Achievement, Demand
from matcher.resources import Record, Resource
from matcher.values import PUBLISHED

R = TypeVar("R", bound=Record)
_MANY: Final = 500
"""Ids in one statement; SQLite allows more, other databases fewer."""


@dataclass(frozen=True)
class Stored(Generic[R]):
    """A record with what the store knows of it; ``version`` counts its edits from 1.

    ``state`` is one of ``values.REVIEW_STATES``; ``review_note`` is what the last review said to
    the enterprise. ``coach`` (0 … 20, or unknown) says how well a demand is described.
    """

    record: R
    version: int
    created_at: datetime
    updated_at: datetime
    owner_id: str | None = None
    state: str = PUBLISHED
    review_note: str = ""
    reviewed_at: datetime | None = None
    reviewer_id: str | None = None
    coach: int | None = None


@dataclass(frozen=True)
class Page(Generic[R]):
    """Some records, newest first, and the id after which the next page begins, if there is one."""

    items: list[R]
    next_after: str | None
    total: int


class Repository(Generic[R]):
    """One table of records. Implements ``matcher.library.RecordSource``.

    What was deleted is not here, except for ``restore``. What the engine reads, ``get_many``,
    ``stamps``, ``all`` and ``findable``, leaves out demands that were returned; they are for those
    who look at them one by one or in lists.
    """

    def __init__(self, database: Database, mapped: Mapped[R]) -> None:
        self._database = database
        self._mapped = mapped
        self._row = mapped.row
        self._totals = Totals(mapped.kind)
        wanted = self._row.id.in_(bindparam("ids", expanding=True))
        records = select(*mapped.columns_read[: len(mapped.names)])
        # Made once, for they are asked often.
        self._found = records.where(mapped.findable, wanted)
        self._one = self._present().where(wanted)
        self._listed = records.where(self._row.deleted_at.is_(None))

    @property
    def kind(self) -> str:
        """The name of the table, as the change log has it."""
        return self._mapped.kind

    @property
    def mapped(self) -> Mapped[R]:
        """How its records are rows."""
        return self._mapped

    def new_id(self) -> str:
        """See ``mapping.new_id``."""
        return new_id(self._mapped.prefix)

    def get_many(self, ids: Sequence[str]) -> Mapping[str, R]:
        """The records with these ids that may be found."""
        ours = [id_ for id_ in ids if is_possible(id_)]
        few = len(ours) <= _MANY
        found = self._database.columns_by_ids(self._found, ours) if few else self._many(ours)
        return dict(zip(found[0], self._mapped.records_of(found), strict=True)) if found else {}

    def get(self, id_: str) -> R | None:
        """The record with this id, if there is one."""
        found = self.stored(id_)
        return found.record if found else None

    def stored(self, id_: str) -> Stored[R] | None:
        """The same, with its version and owner."""
        if not is_possible(id_):
            return None
        rows = self._database.by_ids(self._one, [id_])
        return self._stored(rows[0]) if rows else None

    def stored_many(self, ids: Sequence[str]) -> list[Stored[R]]:
        """The records with these ids, in their order; those that are not there left out."""
        found: dict[str, Stored[R]] = {}
        with self._database.reading() as session:
            for part in _parts([id_ for id_ in ids if is_possible(id_)]):
                for row in session.execute(self._present().where(self._row.id.in_(part))):
                    one = self._stored(row)
                    found[one.record.id] = one
        return [found[id_] for id_ in ids if id_ in found]

    def by_external_id(self, external_ids: Iterable[str]) -> dict[str, R]:
        """The records that have one of these external ids, by external id."""
        found: dict[str, R] = {}
        with self._database.reading() as session:
            for part in _parts(list(external_ids)):
                matching = self._present().where(self._row.external_id.in_(part))
                for row in session.execute(matching.add_columns(self._row.external_id)):
                    found[str(row.external_id)] = self._mapped.record_of(row)
        return found

    def ids_by_external_id(self, external_ids: Iterable[str]) -> dict[str, str]:
        """Which records have or had these external ids; what was deleted keeps its own."""
        named = select(self._row.external_id, self._row.id)
        found: dict[str, str] = {}
        with self._database.reading() as session:
            for part in _parts(list(external_ids)):
                matching = named.where(self._row.external_id.in_(part))
                found |= {str(name): id_ for name, id_ in session.execute(matching)}
        return found

    def by_receipt(self, receipt_hash: str) -> Stored[R] | None:
        """The demand that was given this receipt."""
        with self._database.reading() as session:
            mine = self._present().where(DemandRow.receipt_hash == receipt_hash)
            row = session.execute(mine).first()
            return self._stored(row) if row else None

    def put(
        self,
        unit: Unit,
        record: R,
        expected: int | None = None,
        columns: Mapping[str, object] = MappingProxyType({}),
    ) -> None:
        """Insert or replace a record; ``columns`` are values that the record itself does not have.

        Raises EditConflict if its version is not the ``expected`` one.
        """
        row = held(unit, self._row, record.id)
        if expected is not None and (row is None or row.deleted_at or row.version != expected):
            raise EditConflict
        if row is None:
            self.add(unit, record, columns)
        else:
            self._set(unit, row, record, columns)

    def add(self, unit: Unit, record: R, columns: Mapping[str, object]) -> None:
        """Insert a record whose id is new."""
        row = self._row(id=record.id, created_at=unit.moment, version=0)
        unit.session.add(row)
        self._set(unit, row, record, columns)

    def _set(self, unit: Unit, row: RecordRow, record: R, columns: Mapping[str, object]) -> None:
        for name, value in {**self._mapped.columns(record), **columns}.items():
            setattr(row, name, value)
        row.version, row.updated_at, row.deleted_at = row.version + 1, unit.moment, None
        unit.touch(self.kind, record.id)

    def change(
        self, unit: Unit, record: R, expected: int | None, columns: Mapping[str, object]
    ) -> bool:
        """Replace a record that is there; whether it was. Raises EditConflict as ``put`` does."""
        row = held(unit, self._row, record.id)
        if row is None or row.deleted_at:
            return False
        self.put(unit, record, row.version if expected is None else expected, columns)
        return True

    def delete(self, unit: Unit, id_: str, expected: int | None = None) -> bool:
        """Hide a record from everybody, until it is restored; whether it was there.

        Raises EditConflict if its version is not the ``expected`` one.
        """
        row = held(unit, self._row, id_)
        if row is None or row.deleted_at:
            return False
        if expected is not None and row.version != expected:
            raise EditConflict
        row.deleted_at, row.version = unit.moment, row.version + 1
        unit.touch(self.kind, id_)
        return True

    def restore(self, unit: Unit, id_: str) -> bool:
        """Show a deleted record again; whether there was one."""
        row = held(unit, self._row, id_)
        if row is None or not row.deleted_at:
            return False
        row.deleted_at, row.version = None, row.version + 1
        unit.touch(self.kind, id_)
        return True

    def save(self, records: Iterable[R], external_ids: Mapping[str, str] | None = None) -> None:
        """Insert or replace records in a unit of their own; external ids are by record id."""
        known = external_ids or {}
        with unit_of_work(self._database) as unit:
            for record in records:
                extra = {"external_id": known[record.id]} if record.id in known else {}
                self.put(unit, record, columns=extra)

    def stamps(self) -> dict[str, str]:
        """The stamp of every record that may be found, by id."""
        present = select(self._row.id, self._row.stamp).where(self._mapped.findable)
        with self._database.reading() as session:
            return dict(session.execute(present).all())

    def all(self) -> Iterator[R]:
        """Every record that may be found, oldest first, without holding them all."""
        found = select(*self._mapped.columns_read).where(self._mapped.findable)
        with self._database.reading() as session:
            for row in streamed(session, found.order_by(self._row.id)):
                yield self._mapped.record_of(row)

    def count(self, narrowed: Narrowed = EVERYTHING) -> int:
        """How many records there are of those wanted."""
        wanted = self._present().where(*narrowed.conditions(self._row))
        with self._database.reading() as session:
            return session.scalar(_counted(wanted)) or 0

    def findable(self) -> int:
        """How many of them may be found."""
        with self._database.reading() as session:
            return session.scalar(_counted(self._present().where(self._mapped.findable))) or 0

    def page(
        self,
        limit: int,
        after: str | None = None,
        where: Mapping[str, str] | None = None,
        text: str = "",
        text_in: str = "title",
        narrowed: Narrowed = EVERYTHING,
    ) -> Page[R]:
        """Records behind the id ``after``, newest first.

        ``where`` asks for equal columns, ``text`` for a column ``text_in`` that contains it,
        ``narrowed`` for what numbers are counted by.
        """
        query = self._listed.where(*self._wanted(where or {}, text, text_in, narrowed))
        behind = query.where(self._row.id < after) if after else query
        if after and not is_possible(after):
            behind = query.where(false())
        with self._database.reading() as session:
            if text or narrowed != EVERYTHING:
                total = session.scalar(_counted(query)) or 0
            else:
                total = self._totals.of(session, tuple((where or {}).items()), _counted(query))
            rows = session.execute(behind.order_by(self._row.id.desc()).limit(limit + 1)).all()
        items = self._mapped.records_of(list(zip(*rows[:limit], strict=True))) if rows else []
        return Page(items, items[-1].id if len(rows) > limit else None, total)

    def counts(self, column: str, text: str, narrowed: Narrowed) -> dict[str, int]:
        """How many records ``page`` would show for each value of a column."""
        value = getattr(self._row, column)
        wanted = self._wanted({}, text, "title", narrowed)
        present = select(value, func.count()).where(self._row.deleted_at.is_(None), *wanted)
        with self._database.reading() as session:
            return dict(session.execute(present.group_by(value)).all())

    def distinct(self, column: str) -> list[str]:
        """The different values of a column, sorted."""
        values = getattr(self._row, column)
        present = select(values).where(values.is_not(None), self._row.deleted_at.is_(None))
        with self._database.reading() as session:
            return sorted(session.scalars(present.distinct()))

    def _wanted(
        self, where: Mapping[str, str], text: str, text_in: str, narrowed: Narrowed
    ) -> list[ColumnElement[bool]]:
        if not possible((text, *where.values(), *narrowed.texts)):
            return [false()]  # no text has it, and databases differ in what they say
        asked = [getattr(self._row, name) == value for name, value in where.items()]
        if text:
            asked.append(getattr(self._row, text_in).icontains(text, autoescape=True))
        return asked + narrowed.conditions(self._row)

    def _many(self, ids: Sequence[str]) -> Columns:
        """What the engine may find of more ids than one statement asks for."""
        asked = ({"ids": part} for part in _parts(ids))
        with self._database.reading() as session:
            rows = (row for part in asked for row in session.execute(self._found, part))
            return list(zip(*rows, strict=True))

    def _present(self) -> Select[Any]:
        return select(*self._mapped.columns_read).where(self._row.deleted_at.is_(None))

    def _stored(self, row: Sequence[Any]) -> Stored[R]:
        more = row[len(self._mapped.names) :]
        return Stored(self._mapped.record_of(row), *more)


def achievements(database: Database) -> Repository[Achievement]:
    """The table of achievements."""
    return Repository(database, Mapped("achievements", AchievementRow, Achievement, "a"))


def demands(database: Database) -> Repository[Demand]:
    """The table of demands."""
    return Repository(database, Mapped("demands", DemandRow, Demand, "d"))


def resources(database: Database) -> Repository[Resource]:
    """The table of resources."""
    return Repository(database, Mapped("resources", ResourceRow, Resource, "r"))


def _counted(query: Select[Any]) -> Select[int]:
    return query.with_only_columns(func.count(), maintain_column_froms=True)


def _parts(ids: Sequence[str]) -> Iterator[Sequence[str]]:
    for start in range(0, len(ids), _MANY):
        yield ids[start : start + _MANY]
