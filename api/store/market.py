"""Counts of the map of supply and demand, grouped in the database."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, case, func, literal_column, select

from api.store.database import Database
from api.store.narrowing import Narrowing, Prospect, current, proven, province_of
from api.store.overview import Month, counted, known_field, month_of, named
from api.store.tables import AchievementRow, DemandRow, OutlookRow, StrongRow

Place = tuple[str, str]
"""A field and a province as they are grouped; an empty name stands for all others."""


@dataclass(frozen=True, slots=True)
class Group:
    """Whose achievements are proven, how many, and how many of these no demand asks for."""

    provider: str
    proven: int
    unasked: int


@dataclass(frozen=True, slots=True)
class Groups:
    """The first of them, how many there are, and the sums over all achievements."""

    first: Sequence[Group]
    total: int
    proven: int
    unasked: int


class MarketCounts:
    """Every count has the conditions of the list that it leads to: see ``narrowing``."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def prospects_by_place(
        self, narrowed: Narrowing, provinces: Sequence[str]
    ) -> dict[tuple[str, str, Prospect], int]:
        """Demands by field, province, and whether there is something strong for them."""
        place = province_of(DemandRow.region)
        shown = case((place.in_(provinces), place), else_="")
        found = self._counted(_of_demands(narrowed, known_field(DemandRow.field), shown))
        return {(field, name, Prospect(said)): n for (field, name, said), n in found.items()}

    def prospects_by_month(
        self, narrowed: Narrowing, months: Sequence[Month]
    ) -> dict[tuple[str, Prospect], int]:
        """Demands of these months by the month of their submission, likewise."""
        query = _of_demands(narrowed, month_of(DemandRow.created_at, months))
        of_months = (DemandRow.created_at >= months[0][1], DemandRow.created_at < months[-1][2])
        found = self._counted(query.where(*of_months))
        return {(month, Prospect(said)): n for (month, said), n in found.items()}

    def groups(self, most: int) -> Groups:
        """The providers with most proven achievements that no demand asks for.

        Of equal ones first those with more proven ones, then by name.
        """
        every = _proven(select(AchievementRow.id)).subquery()
        asked = _proven(_asked()).subquery()
        together = every.c.provider == asked.c.provider
        alone = every.c.number - func.coalesce(asked.c.number, 0)
        rows = select(every, alone.label("alone")).outerjoin(asked, together).subquery()
        named = case((rows.c.provider == "", 0), else_=1)
        shown = case((rows.c.alone > 0, named), else_=0)
        sums = [func.sum(one).over() for one in (shown, rows.c.number, rows.c.alone)]
        found = select(rows, *sums).order_by(
            shown.desc(), rows.c.alone.desc(), rows.c.number.desc(), rows.c.provider
        )
        with self._database.reading() as session:
            lines = session.execute(found.limit(most)).all()
        first = [Group(name, int(n), int(m)) for name, n, m, *_ in lines if name and m]
        return Groups(first, *map(int, lines[0][3:] if lines else (0, 0, 0)))

    def _counted(self, query: Select[Any]) -> dict[Any, int]:
        with self._database.reading() as session:
            return {tuple(row[:-1]): int(row[-1]) for row in session.execute(counted(query))}


def _of_demands(narrowed: Narrowing, *columns: ColumnElement[Any]) -> Select[Any]:
    """Demands by columns and by what the survey found for them."""
    said = case(
        (OutlookRow.demand_id.is_(None), Prospect.unknown.value),
        (OutlookRow.strong > 0, Prospect.strong.value),
        else_=Prospect.weak.value,
    )
    query = named(*columns, said).select_from(DemandRow)
    query = query.outerjoin(OutlookRow, OutlookRow.demand_id == DemandRow.id)
    return query.where(DemandRow.deleted_at.is_(None), *narrowed.conditions(DemandRow))


def _proven(offers: Select[Any]) -> Select[Any]:
    """How many of some achievements are proven, by provider; an empty name stands for none."""
    # Not a parameter: PostgreSQL would not see that it groups by what it selects.
    nobody: ColumnElement[str] = literal_column("''")
    provider = func.coalesce(AchievementRow.provider, nobody).label("provider")
    number = func.count(AchievementRow.id.distinct()).label("number")
    narrowed: Select[Any] = offers.where(AchievementRow.deleted_at.is_(None), proven())
    columns: list[ColumnElement[Any]] = [provider, number]
    return narrowed.group_by(provider).with_only_columns(*columns, maintain_column_froms=True)


def _asked() -> Select[Any]:
    """Achievements that are strong for a demand."""
    pairings = select(AchievementRow.id).join(
        StrongRow, StrongRow.achievement_id == AchievementRow.id
    )
    return pairings.join(DemandRow, DemandRow.id == StrongRow.demand_id).where(current())
