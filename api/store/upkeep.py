"""Rows that lack columns which came later."""

from collections.abc import Mapping
from typing import Any, Generic, TypeVar

from sqlalchemy import ColumnElement, and_, false, or_, select, update

from api.store.database import Database
from api.store.mapping import Mapped, fingerprint
from api.store.tables import DemandRow
from matcher.library import stamp
from matcher.resources import Record
from matcher.values import PENDING

R = TypeVar("R", bound=Record)


class Upkeep(Generic[R]):
    """One table of records, deleted ones included."""

    def __init__(self, database: Database, mapped: Mapped[R]) -> None:
        self._database, self._mapped, self._row = database, mapped, mapped.row

    def lacking(self, after: str, limit: int) -> list[R]:
        """Records behind the id ``after`` whose rows lack something, oldest first."""
        return self._some(self._lacks(), after, limit)

    def unjudged(self, after: str, limit: int) -> list[R]:
        """Likewise demands that wait for a review and lack what it shows."""
        return self._some(self._waits_unjudged(), after, limit)

    def fill(self, derived: Mapping[R, Mapping[str, Any]]) -> None:
        """Write fingerprints and the derived columns, where the record is still the same."""
        with self._database.writing() as session:
            for record, columns in derived.items():
                row = update(self._row).where(self._row.id == record.id)
                row = row.where(self._row.stamp == stamp(record))
                session.execute(row.values(fingerprint=fingerprint(record), **columns))

    def _some(self, condition: ColumnElement[bool], after: str, limit: int) -> list[R]:
        rows = select(self._row).where(condition, self._row.id > after)
        with self._database.reading() as session:
            found = session.scalars(rows.order_by(self._row.id).limit(limit))
            return [self._mapped.record_from(vars(row)) for row in found]

    def _lacks(self) -> ColumnElement[bool]:
        lacks = self._row.fingerprint.is_(None)
        if self._row is not DemandRow:
            return lacks
        return or_(lacks, DemandRow.public_title.is_(None))

    def _waits_unjudged(self) -> ColumnElement[bool]:
        if self._row is not DemandRow:
            return false()
        return and_(DemandRow.state == PENDING, DemandRow.coach.is_(None))
