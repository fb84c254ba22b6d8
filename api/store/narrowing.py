"""What lists of records are narrowed by, and what is counted by the same conditions.

A number of the overview and the list behind it agree because both ask this module.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final, Protocol

from sqlalchemy import ColumnElement, ScalarSelect, SQLColumnExpression, func, or_, select
from sqlalchemy.orm import InstrumentedAttribute

from api.store.dialects.functions import province
from api.store.tables import AchievementRow, DemandRow, OutlookRow, RecordRow
from matcher.values import FIELDS, PENDING, PUBLISHED

UNNAMED: Final = "未填写"
"""The field of records that name none, or one that is not known."""
CURRENT: Final = "current"
"""The state of demands that are published or may be: all that were not returned."""


class Prospect(StrEnum):
    """What the library has for a demand: its best grade, whether a strong one, or not yet known."""

    strong = "strong"
    weak = "weak"
    grade_4 = "4"
    grade_3 = "3"
    grade_2 = "2"
    grade_1 = "1"
    unknown = "unknown"


class Narrowed(Protocol):
    """Conditions on the records of one list."""

    @property
    def texts(self) -> tuple[str, ...]:
        """What was typed or taken from an address."""

    def conditions(self, row: type[RecordRow], /) -> list[ColumnElement[bool]]:
        """As SQL on the rows of these records."""


@dataclass(frozen=True, slots=True)
class Narrowing:
    """Which records are wanted; nothing means all.

    ``outside`` are provinces that are not wanted, ``since`` and ``until`` when a record was
    submitted (the end excluded). ``state`` and ``outlook`` are of demands alone.
    """

    field: str | None = None
    province: str | None = None
    outside: tuple[str, ...] = ()
    since: datetime | None = None
    until: datetime | None = None
    state: str | None = None
    outlook: Prospect | None = None

    @property
    def texts(self) -> tuple[str, ...]:
        """What was typed or taken from an address."""
        said = (self.field, self.province, self.state, *self.outside)
        return tuple(text for text in said if text)

    def conditions(self, row: type[RecordRow]) -> list[ColumnElement[bool]]:
        """As SQL on the rows of achievements or demands."""
        asked: list[ColumnElement[bool]] = []
        if self.since:
            asked.append(row.created_at >= self.since)
        if self.until:
            asked.append(row.created_at < self.until)
        if issubclass(row, AchievementRow | DemandRow):
            asked += self._of_place(row.field, province_of(row.region))
        if issubclass(row, DemandRow):
            asked += self._of_demands()
        return asked

    def _of_place(
        self, field: InstrumentedAttribute[str | None], place: ColumnElement[str]
    ) -> list[ColumnElement[bool]]:
        asked: list[ColumnElement[bool]] = []
        if self.field == UNNAMED:
            asked.append(or_(field.is_(None), field.not_in(FIELDS)))
        elif self.field:
            asked.append(field == self.field)
        if self.province:
            asked.append(place == self.province)
        if self.outside:
            asked.append(place.not_in(self.outside))
        return asked

    def _of_demands(self) -> list[ColumnElement[bool]]:
        asked: list[ColumnElement[bool]] = []
        if self.state == CURRENT:
            asked.append(DemandRow.state.in_((PENDING, PUBLISHED)))
        elif self.state:
            asked.append(DemandRow.state == self.state)
        if self.outlook:
            asked.append(_outlook(self.outlook))
        return asked


EVERYTHING: Final = Narrowing()


def province_of(region: SQLColumnExpression[str | None]) -> ColumnElement[str]:
    """The province of a region, empty if there is none."""
    return province(func.coalesce(region, ""))


def possible(texts: Sequence[str]) -> bool:
    """Whether texts can be asked for at all: databases differ in what they say to others."""
    return not any("\0" in text for text in texts)


def _outlook(wanted: Prospect) -> ColumnElement[bool]:
    if wanted is Prospect.unknown:
        return ~select(OutlookRow).where(OutlookRow.demand_id == DemandRow.id).exists()
    if wanted is Prospect.weak:
        return _of_outlook(OutlookRow.strong) == 0
    if wanted is Prospect.strong:
        return _of_outlook(OutlookRow.strong) > 0
    return _of_outlook(best_grade()) == int(wanted)


def best_grade() -> ColumnElement[int]:
    """The grade of the best pairing; a demand for which nothing was found has the lowest."""
    return func.coalesce(OutlookRow.grade, 1)


def _of_outlook(column: SQLColumnExpression[int]) -> ScalarSelect[int]:
    return select(column).where(OutlookRow.demand_id == DemandRow.id).scalar_subquery()
