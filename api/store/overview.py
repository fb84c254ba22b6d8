"""Counts for the overview, grouped in the database: answers have as many rows as a chart."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final

from sqlalchemy import ColumnElement, Select, SQLColumnExpression, case, func, select
from sqlalchemy.orm import Session

from api.store.database import Database
from api.store.narrowing import Narrowing, best_grade, province_of
from api.store.tables import AchievementRow, DemandRow, OutlookRow
from matcher.values import FIELDS

Month = tuple[str, datetime, datetime]
"""Its name, its first moment, and that of the next one."""
_ELSEWHERE: Final = ""
_UNKNOWN: Final = 0
_Row = type[AchievementRow] | type[DemandRow]


class Counts:
    """Every count has the conditions of the list that it leads to: see ``narrowing``."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def provinces(self, demands: Narrowing, achievements: Narrowing, most: int) -> list[str]:
        """The provinces with most demands, then those with most achievements."""
        with self._database.reading() as session:
            found = _provinces(session, DemandRow, demands, most)
            found += _provinces(session, AchievementRow, achievements, most)
        return list(dict.fromkeys(found))[:most]

    def demands_by_place(
        self, narrowed: Narrowing, provinces: Sequence[str]
    ) -> dict[tuple[str, str], int]:
        """Demands by field and province; an empty name stands for all others."""
        return self._by_place(DemandRow, narrowed, provinces)

    def achievements_by_place(
        self, narrowed: Narrowing, provinces: Sequence[str]
    ) -> dict[tuple[str, str], int]:
        """Achievements, likewise."""
        return self._by_place(AchievementRow, narrowed, provinces)

    def demands_by_field(self, narrowed: Narrowing) -> dict[str, int]:
        """Demands by field; an empty name stands for all others."""
        field = _field(DemandRow)
        query = _count(DemandRow, narrowed, field).group_by(field)
        with self._database.reading() as session:
            return dict(session.execute(query).tuples().all())

    def grades_by_month(
        self, narrowed: Narrowing, months: Sequence[Month]
    ) -> dict[tuple[str, int], int]:
        """Demands by the month of their submission and by their best grade, 0 if not yet known."""
        month = month_of(DemandRow.created_at, months)
        grade = case((OutlookRow.demand_id.is_(None), _UNKNOWN), else_=best_grade())
        query = _count(DemandRow, narrowed, month, grade)
        query = query.outerjoin(OutlookRow, OutlookRow.demand_id == DemandRow.id)
        query = query.where(DemandRow.created_at >= months[0][1]).group_by(month, grade)
        with self._database.reading() as session:
            return {(name, value): number for name, value, number in session.execute(query)}

    def _by_place(
        self, row: _Row, narrowed: Narrowing, provinces: Sequence[str]
    ) -> dict[tuple[str, str], int]:
        place = province_of(row.region)
        named = case((place.in_(provinces), place), else_=_ELSEWHERE) if provinces else place
        query = _count(row, narrowed, _field(row), named).group_by(_field(row), named)
        with self._database.reading() as session:
            return {(field, name): number for field, name, number in session.execute(query)}


def month_of(moment: SQLColumnExpression[Any], months: Sequence[Month]) -> ColumnElement[str]:
    """The name of the month that a moment belongs to, of the last one if of none."""
    ordered = [(moment >= since, name) for name, since, _ in reversed(months)]
    return case(*ordered, else_=months[0][0])


def _provinces(session: Session, row: _Row, narrowed: Narrowing, most: int) -> list[str]:
    place = province_of(row.region)
    query = _count(row, narrowed, place).where(place != _ELSEWHERE).group_by(place)
    ordered = query.order_by(func.count().desc(), place).limit(most)
    return [name for name, _ in session.execute(ordered)]


def _field(row: _Row) -> ColumnElement[str]:
    return case((row.field.in_(FIELDS), row.field), else_=_ELSEWHERE)


def _count(row: _Row, narrowed: Narrowing, *columns: ColumnElement[Any]) -> Select[Any]:
    present = (row.deleted_at.is_(None), *narrowed.conditions(row))
    return select(*columns, func.count()).select_from(row).where(*present)
