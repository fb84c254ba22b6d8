"""Staged rows to records, by a few statements that the database carries out on its own."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import (
    JSON,
    ColumnElement,
    Float,
    Insert,
    Integer,
    Select,
    Update,
    and_,
    exists,
    func,
    insert,
    literal,
    null,
    or_,
    select,
    text,
    update,
)
from sqlalchemy.orm import aliased

from api.store.dialects.sqlite import CACHE_KB
from api.store.mapping import Mapped
from api.store.tables import RecordRow, StagedRow
from api.store.tables.base import Moment
from api.store.unit import Unit
from matcher.library import stamp

_AT_ONCE: Final = 2000
"""Lines of the file in one statement: small enough for the time that a statement may take."""
_REPORTED: Final = 200
"""Duplicates that are named."""
_ONE_AT_A_TIME: Final = 4_207_002
"""The advisory lock of PostgreSQL under which imports are applied."""
_ROOM_KB: Final = 200_000
_NOT_OF_ROWS: Final = frozenset(
    {"id", "external_id", "stamp", "fingerprint", "version", "created_at", "updated_at"}
    | {"deleted_at", "receipt_hash", "owner_id"}
    | {"state", "review_note", "reviewed_at", "reviewer_id"}
)
"""Columns that do not come out of the values of a staged row."""


@dataclass(frozen=True, slots=True)
class Duplicate:
    """A row that was not stored, and the record that says the same."""

    row: int
    external_id: str
    same_as: str


@dataclass(frozen=True, slots=True)
class Applied:
    """How many records are new, changed and as before; how many rows say what is there already."""

    added: int
    changed: int
    unchanged: int
    duplicates: int
    named: tuple[Duplicate, ...]
    """The first of the duplicates."""


class Applying:
    """The staged rows of one job on their way into one table, all within one unit."""

    def __init__(self, unit: Unit, mapped: Mapped[Any], job_id: str, keep_duplicates: bool) -> None:
        self._unit, self._mapped, self._job_id = unit, mapped, job_id
        self._session = unit.session
        self._row: type[RecordRow] = mapped.row
        self._keep_duplicates = keep_duplicates
        columns = self._row.__table__.columns
        self._values = {c.name: _value(c) for c in columns if c.name not in _NOT_OF_ROWS}
        self._total = self._added = self._changed = 0

    def rows(self) -> Iterator[int]:
        """Carry it out, and yield the line of each row that has been seen to."""
        self._wait()
        self._settle()
        self._hold()
        lines = self._session.scalars(self._mine().order_by(StagedRow.number)).all()
        self._total = len(lines)
        parts = [lines[start : start + _AT_ONCE] for start in range(0, len(lines), _AT_ONCE)]
        for part in parts:  # first of all, so that content is compared with what is there then
            self._update(part[0], part[-1])
        for part in parts:
            self._insert(part[0], part[-1])
            yield from part
        self._unit.touch_all(self._written())

    def outcome(self) -> Applied:
        """What came of it."""
        refused = self._mine().where(~exists().where(self._row.id == StagedRow.record_id))
        count = self._count(refused)
        unchanged = self._total - self._added - self._changed - count
        named = tuple(self._named(refused)) if count else ()
        if self._session.get_bind().dialect.name == "sqlite":
            # The connection goes back to the pool.
            self._session.execute(text(f"PRAGMA cache_size = -{CACHE_KB}"))
        return Applied(self._added, self._changed, unchanged, count, named)

    def _wait(self) -> None:
        """Until no other import is applied: two could store one external id twice.

        SQLite has one writer anyway. It gets room for the pages that it will change again and
        again, or it would write them to disk each time.
        """
        if self._session.get_bind().dialect.name == "postgresql":
            self._session.execute(text("SET LOCAL lock_timeout = 0"))
            self._session.execute(text(f"SELECT pg_advisory_xact_lock({_ONE_AT_A_TIME})"))
        else:
            self._session.execute(text(f"PRAGMA cache_size = -{_ROOM_KB}"))

    def _settle(self) -> None:
        """Give rows the ids of records that have come since the rows were staged."""
        late = self._mine(StagedRow, self._row.id).join(
            self._row, self._row.external_id == StagedRow.external_id
        )
        late = late.where(self._row.id != StagedRow.record_id)
        for staged, id_ in self._session.execute(late).all():
            record = self._mapped.record_from({**staged.values, "id": id_})
            staged.record_id, staged.stamp = id_, stamp(record)
        self._session.flush()

    def _hold(self) -> None:
        """All rows that will be replaced, in the order in which everybody holds rows.

        Updates of many take them as they come; one that waits for a review of some of them while
        that waits for it would be ended by PostgreSQL, with the whole import.
        """
        if self._session.get_bind().dialect.name != "postgresql":
            return
        replaced = self._mine(self._row.id).join(self._row, self._row.id == StagedRow.record_id)
        replaced = replaced.where(or_(self._row.deleted_at.is_not(None), self._is_other()))
        ids = self._session.scalars(replaced.order_by(self._row.id)).all()
        mine = select(self._row.id).order_by(self._row.id).with_for_update(key_share=True)
        for start in range(0, len(ids), _AT_ONCE):
            part = ids[start : start + _AT_ONCE]
            self._session.execute(mine.where(self._row.id.in_(part)))

    def _update(self, first: int, last: int) -> None:
        """Replace what is another now; what was deleted is there again, and counts as new."""
        mine = and_(
            self._is_mine(),
            StagedRow.number.between(first, last),
            self._row.id == StagedRow.record_id,
        )
        same = {"stamp": StagedRow.stamp, "fingerprint": StagedRow.fingerprint}
        values = {**self._values, **same, "version": self._row.version + 1}
        values |= {"updated_at": literal(self._unit.moment, Moment), "deleted_at": null()}
        statement = update(self._row).values(**values)
        deleted = self._row.deleted_at.is_not(None)
        self._added += self._written_by(statement.where(mine, deleted))
        self._changed += self._written_by(statement.where(mine, self._is_other()))

    def _insert(self, first: int, last: int) -> None:
        """Store what is not there yet, neither by id nor by content."""
        moment = literal(self._unit.moment, Moment)
        values = {
            "id": StagedRow.record_id,
            "external_id": StagedRow.external_id,
            "stamp": StagedRow.stamp,
            "fingerprint": StagedRow.fingerprint,
            "version": literal(1),
            "created_at": moment,
            "updated_at": moment,
            **self._values,
        }
        rows = select(*values.values()).where(
            self._is_mine(),
            StagedRow.number.between(first, last),
            ~exists().where(self._row.id == StagedRow.record_id),
        )
        if not self._keep_duplicates:
            rows = rows.where(~self._is_there(), ~self._came_before())
        new = insert(self._row).from_select(list(values), rows.order_by(StagedRow.number))
        self._added += self._written_by(new)

    def _written_by(self, statement: Insert | Update) -> int:
        """How many rows a statement has written."""
        counted = statement.execution_options(preserve_rowcount=True, synchronize_session=False)
        result: Any = self._session.execute(counted)
        return int(result.rowcount)

    def _is_other(self) -> ColumnElement[bool]:
        return self._row.stamp != StagedRow.stamp

    def _is_there(self) -> ColumnElement[bool]:
        twin = aliased(self._row)
        same = twin.fingerprint == StagedRow.fingerprint
        return exists().where(same, twin.deleted_at.is_(None))

    def _came_before(self) -> ColumnElement[bool]:
        earlier = aliased(StagedRow)
        return exists().where(
            earlier.job_id == self._job_id,
            earlier.fingerprint == StagedRow.fingerprint,
            earlier.number + 0 < StagedRow.number,  # or SQLite goes through all earlier lines
        )

    def _written(self) -> Select[Any]:
        """Kinds and ids of what this unit wrote, in the order of the file.

        Each row is looked up by its id. PostgreSQL knows nothing yet of what the unit wrote: in a
        join it expects one record of this moment, and may go through all staged rows for each.
        """
        kind = literal(self._mapped.kind).label("kind")
        record = self._row.id == StagedRow.record_id
        at = select(self._row.updated_at).where(record).correlate(StagedRow).scalar_subquery()
        written = self._mine(kind, StagedRow.record_id).where(at == self._unit.moment)
        return written.order_by(StagedRow.number)

    def _named(self, refused: Select[Any]) -> Iterator[Duplicate]:
        there = select(func.min(self._row.id)).where(
            self._row.fingerprint == StagedRow.fingerprint, self._row.deleted_at.is_(None)
        )
        shown = refused.with_only_columns(
            StagedRow.number, StagedRow.external_id, there.scalar_subquery()
        )
        rows = self._session.execute(shown.order_by(StagedRow.number).limit(_REPORTED))
        for number, external_id, same_as in rows:
            yield Duplicate(number, external_id, same_as)

    def _mine(self, *columns: Any) -> Select[Any]:  # noqa: ANN401 - what select takes
        wanted = columns or (StagedRow.number,)
        return select(*wanted).select_from(StagedRow).where(self._is_mine())

    def _is_mine(self) -> ColumnElement[bool]:
        return StagedRow.job_id == self._job_id

    def _count(self, rows: Select[Any]) -> int:
        return self._session.scalar(select(func.count()).select_from(rows.subquery())) or 0


def _value(column: Any) -> Any:  # noqa: ANN401 - a column of any type
    """The value for a column, out of the JSON of a staged row."""
    value: Any = StagedRow.values[column.name]
    if isinstance(column.type, JSON):
        return value
    if isinstance(column.type, Integer):
        return value.as_integer()
    return value.as_float() if isinstance(column.type, Float) else value.as_string()
