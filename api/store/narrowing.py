"""What lists of records are narrowed by, and what is counted by the same conditions.

A number of the overview and the list behind it agree because both ask this module.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final, Protocol

from sqlalchemy import ColumnElement, ScalarSelect, SQLColumnExpression, and_, func, or_, select
from sqlalchemy.orm import InstrumentedAttribute

from api.store.dialects.functions import province
from api.store.tables import AchievementRow, DemandRow, OutlookRow, RecordRow, StrongRow
from matcher.values import FIELDS, GRANTED, MATURE, PENDING, PROVEN_LEVELS, PUBLISHED

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


class Standing(StrEnum):
    """Achievements that could be used today, and those of them that no demand asks for.

    Proven are those of a TRL of at least ``MATURE`` whose level was found to be high or whose
    rights are granted; asked for are those that are strong for a demand that was not returned.
    """

    proven = "proven"
    unasked = "unasked"


@dataclass(frozen=True, slots=True)
class Narrowing:
    """Which records are wanted; nothing means all.

    ``outside`` are provinces that are not wanted, ``since`` and ``until`` when a record was
    submitted (the end excluded). ``state``, ``outlook`` and the deadline (``date_from``,
    ``date_to``, as ``matcher.filters.Filters`` has them) are of demands alone, ``provider``,
    ``maturity`` (the lowest TRL) and ``standing`` of achievements alone.
    """

    field: str | None = None
    province: str | None = None
    outside: tuple[str, ...] = ()
    since: datetime | None = None
    until: datetime | None = None
    state: str | None = None
    outlook: Prospect | None = None
    provider: str | None = None
    maturity: int | None = None
    standing: Standing | None = None
    date_from: str | None = None
    date_to: str | None = None

    @property
    def texts(self) -> tuple[str, ...]:
        """What was typed or taken from an address."""
        said = (self.field, self.province, self.state, self.provider, *self.outside)
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
        if issubclass(row, AchievementRow):
            asked += self._of_achievements()
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
        if self.date_from:
            ends = DemandRow.deadline
            asked.append(or_(ends.is_(None), ends >= self.date_from))
        if self.date_to:
            asked.append(DemandRow.deadline <= self.date_to)
        return asked

    def _of_achievements(self) -> list[ColumnElement[bool]]:
        asked: list[ColumnElement[bool]] = []
        if self.provider:
            asked.append(AchievementRow.provider == self.provider)
        if self.maturity:
            asked.append(AchievementRow.maturity >= self.maturity)
        if self.standing:
            asked.append(proven())
        if self.standing is Standing.unasked:
            asked.append(unasked())
        return asked


EVERYTHING: Final = Narrowing()


def province_of(region: SQLColumnExpression[str | None]) -> ColumnElement[str]:
    """The province of a region, empty if there is none."""
    return province(func.coalesce(region, ""))


def possible(texts: Sequence[str]) -> bool:
    """Whether texts can be asked for at all: databases differ in what they say to others."""
    return not any("\0" in text for text in texts)


def current() -> ColumnElement[bool]:
    """Demands that were neither deleted nor returned."""
    return and_(DemandRow.deleted_at.is_(None), DemandRow.state.in_((PENDING, PUBLISHED)))


def proven() -> ColumnElement[bool]:
    """See ``Standing``."""
    level = AchievementRow.level.in_(PROVEN_LEVELS)
    granted = AchievementRow.ip_status == GRANTED
    return and_(AchievementRow.maturity >= MATURE, or_(level, granted))


def unasked() -> ColumnElement[bool]:
    """See ``Standing``."""
    asking = select(StrongRow.demand_id).join(DemandRow, DemandRow.id == StrongRow.demand_id)
    return ~asking.where(StrongRow.achievement_id == AchievementRow.id, current()).exists()


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
