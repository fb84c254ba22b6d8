"""Counts for the overview, grouped in the database: answers have as many rows as a chart."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final

from sqlalchemy import (
    ColumnElement,
    Select,
    SQLColumnExpression,
    Subquery,
    case,
    func,
    literal,
    select,
)
from sqlalchemy.orm import Session

from api.store.database import Database
from api.store.narrowing import Narrowing, best_grade, province_of
from api.store.tables import AchievementRow, DemandRow, OutlookRow
from matcher.values import FIELDS

Month = tuple[str, datetime, datetime]
"""Its name, ``2026-03``, its first moment, and that of the next one."""
_ELSEWHERE: Final = ""
_UNKNOWN: Final = 0
_ONE: Final = literal(1)
_Row = type[AchievementRow] | type[DemandRow]


class Counts:
    """Every count has the conditions of the list that it leads to: see ``narrowing``."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def provinces(self, demands: Narrowing, achievements: Narrowing, most: int) -> list[str]:
        """The provinces with most demands, two thirds of all, and those with most achievements."""
        with self._database.reading() as session:
            found = _provinces(session, DemandRow, demands, most)
            there = _provinces(session, AchievementRow, achievements, most)
        first = 2 * most // 3
        return list(dict.fromkeys([*found[:first], *there, *found[first:]]))[:most]

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
        found = _by_region(DemandRow, narrowed)
        return self._counted(named(known_field(found.c.field), number=found.c.number))

    def grades_by_month(
        self, narrowed: Narrowing, months: Sequence[Month]
    ) -> dict[tuple[str, int], int]:
        """Demands by the month of their submission and by their best grade, 0 if not yet known."""
        month = month_of(DemandRow.created_at, months)
        grade = case((OutlookRow.demand_id.is_(None), _UNKNOWN), else_=best_grade())
        query = named(month, grade).select_from(DemandRow).where(DemandRow.deleted_at.is_(None))
        query = query.outerjoin(OutlookRow, OutlookRow.demand_id == DemandRow.id)
        asked = narrowed.conditions(DemandRow)
        return self._counted(query.where(DemandRow.created_at >= months[0][1], *asked))

    def _by_place(
        self, row: _Row, narrowed: Narrowing, provinces: Sequence[str]
    ) -> dict[tuple[str, str], int]:
        found = _by_region(row, narrowed)
        place = province_of(found.c.region)
        shown = case((place.in_(provinces), place), else_=_ELSEWHERE)
        return self._counted(named(known_field(found.c.field), shown, number=found.c.number))

    def _counted(self, query: Select[Any]) -> dict[Any, int]:
        """How many rows are equal, by their values, or by their only one."""
        with self._database.reading() as session:
            found = session.execute(counted(query)).all()
        return {row[0] if len(row) == 2 else tuple(row[:-1]): int(row[-1]) for row in found}


def month_of(moment: SQLColumnExpression[Any], months: Sequence[Month]) -> ColumnElement[str]:
    """The name of the month that a moment belongs to, of the last one if of none."""
    ordered = [(moment >= since, name) for name, since, _ in reversed(months)]
    return case(*ordered, else_=months[0][0])


def counted(query: Select[Any]) -> Select[Any]:
    """The different rows of a query, with the sum of their last column, the ``number``.

    Around a query of its own: PostgreSQL does not see that an expression with parameters is the one
    that it is grouped by.
    """
    *by, number = query.subquery().c
    return select(*by, func.sum(number).label("number")).group_by(*by)


def named(*columns: ColumnElement[Any], number: ColumnElement[int] = _ONE) -> Select[Any]:
    """Columns under names of their own, and for how many each row stands."""
    labels = [column.label(f"by_{place}") for place, column in enumerate(columns)]
    return select(*labels, number.label("number"))


def _provinces(session: Session, row: _Row, narrowed: Narrowing, most: int) -> list[str]:
    regions = _by_region(row, narrowed)
    place = province_of(regions.c.region)
    found = counted(named(place, number=regions.c.number))
    name, number = found.selected_columns
    ordered = session.execute(found.order_by(number.desc(), name).limit(most + 1))
    return [name for name, _ in ordered if name != _ELSEWHERE][:most]


def _by_region(row: _Row, narrowed: Narrowing) -> Subquery:
    """How many there are of each field and region, in the order of an index.

    Provinces are made of the few different regions, not of every record.
    """
    pair = (row.field, row.region)
    query = select(*pair, func.count().label("number")).where(row.deleted_at.is_(None))
    return query.where(*narrowed.conditions(row)).group_by(*pair).subquery()


def known_field(field: SQLColumnExpression[str | None]) -> ColumnElement[str]:
    """A field, empty if it is none of ours."""
    return case((field.in_(FIELDS), field), else_=_ELSEWHERE)
