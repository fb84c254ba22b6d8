"""Open calls in and out of the database, and the demands that nothing in the library serves."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, func, select

from api.store.database import Database
from api.store.mapping import is_possible
from api.store.narrowing import Narrowing, Prospect, best_grade
from api.store.tables import CallRow, DemandRow, OutlookRow
from api.store.unit import Unit
from api.store.versions import expected_row, held, revise


@dataclass(frozen=True, slots=True)
class Call:
    """One open call (榜单); see ``CallRow``."""

    id: str
    title: str
    demand_ids: tuple[str, ...]
    fields: Mapping[str, str]
    state: str
    who: str
    version: int
    created_at: datetime
    updated_at: datetime


class Calls:
    """The table of calls. Writes belong to a unit of work."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def get(self, id_: str) -> Call | None:
        """The call with this id, if there is one."""
        if not is_possible(id_):
            return None
        with self._database.reading() as session:
            row = session.get(CallRow, id_)
            return _call(row) if row else None

    def page(self, limit: int, after: str | None = None) -> tuple[list[Call], int]:
        """Calls with ids below ``after``, newest first, and how many there are in all."""
        wanted = select(CallRow).order_by(CallRow.id.desc()).limit(limit)
        if after is not None:
            if not is_possible(after):
                return [], 0
            wanted = wanted.where(CallRow.id < after)
        with self._database.reading() as session:
            total = session.scalar(select(func.count()).select_from(CallRow)) or 0
            return [_call(row) for row in session.scalars(wanted)], total

    def add(
        self,
        unit: Unit,
        id_: str,
        title: str,
        demand_ids: Sequence[str],
        fields: Mapping[str, str],
        state: str,
        account_id: str | None,
        who: str,
    ) -> Call:
        """A new call under a new id, its version 1."""
        row = CallRow(
            id=id_, title=title, demand_ids=list(demand_ids), fields=dict(fields),
            state=state, account_id=account_id, who=who, version=1,
            created_at=unit.moment, updated_at=unit.moment,
        )  # fmt: skip
        unit.session.add(row)
        unit.session.flush()
        return _call(row)

    def held(self, unit: Unit, id_: str) -> Call | None:
        """The call with this id; until the unit ends nobody else can change it."""
        row = held(unit, CallRow, id_)
        return _call(row) if row else None

    def change(self, unit: Unit, id_: str, columns: Mapping[str, Any], expected: int) -> Call:
        """Set columns, which makes the next version. Raises EditConflict for another version."""
        return _call(revise(unit, CallRow, id_, columns, expected))

    def remove(self, unit: Unit, id_: str, expected: int) -> None:
        """Forget a call. Raises EditConflict for another version."""
        unit.session.delete(expected_row(unit, CallRow, id_, expected))

    def unserved(
        self, narrowed: Narrowing, below: int, limit: int
    ) -> tuple[list[tuple[str, str]], int]:
        """Demands whose best grade is lower than ``below``, newest first: ids and stamps.

        And how many there are, of which at most ``limit`` are given.
        """
        asked = _of_demands(narrowed, best_grade() < below)
        query = asked.with_only_columns(DemandRow.id, DemandRow.stamp)
        with self._database.reading() as session:
            found = session.execute(query.order_by(DemandRow.id.desc()).limit(limit))
            pairs = [(str(id_), str(stamp)) for id_, stamp in found]
            return pairs, session.scalar(asked.with_only_columns(func.count())) or 0

    def unknown(self, narrowed: Narrowing) -> int:
        """How many demands nobody has looked for achievements for yet."""
        asked = replace(narrowed, outlook=Prospect.unknown).conditions(DemandRow)
        query = select(func.count()).select_from(DemandRow)
        with self._database.reading() as session:
            return session.scalar(query.where(DemandRow.deleted_at.is_(None), *asked)) or 0


def _of_demands(narrowed: Narrowing, *more: ColumnElement[bool]) -> Select[Any]:
    known = OutlookRow.demand_id == DemandRow.id
    query = select(DemandRow).select_from(DemandRow).join(OutlookRow, known)
    return query.where(DemandRow.deleted_at.is_(None), *narrowed.conditions(DemandRow), *more)


def _call(row: CallRow) -> Call:
    values = {name: getattr(row, name) for name in Call.__slots__}
    return Call(**values | {"demand_ids": tuple(row.demand_ids), "fields": dict(row.fields)})
