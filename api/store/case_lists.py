"""Cases in lists: with both parties, whoever works on them, and the grade they were shown with."""

from collections.abc import Iterator
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any, Final, TypeVarTuple, cast

from sqlalchemy import ColumnElement, Select, and_, func, or_, select
from sqlalchemy.orm import InstrumentedAttribute

from api.store.database import Database
from api.store.mapping import is_possible
from api.store.streaming import streamed
from api.store.tables import (
    AccountRow,
    AchievementRow,
    CaseEventRow,
    CaseRow,
    DecisionRow,
    DemandRow,
)

Ts = TypeVarTuple("Ts")


@dataclass(frozen=True, slots=True)
class CaseQuery:
    """Which cases: all that is given must hold.

    ``assignee`` is the name of an account, empty for nobody. ``overdue_on`` is a day: the next step
    was due before it. ``region`` is that of the enterprise; 江苏 includes 江苏-苏州.
    Opened not before ``since``, and before ``until``. ``released``: what the enterprise may see,
    of achievements that are still there.
    """

    stage: str | None = None
    assignee: str | None = None
    demand_id: str | None = None
    field: str | None = None
    region: str | None = None
    contract_type: str | None = None
    overdue_on: str | None = None
    since: datetime | None = None
    until: datetime | None = None
    released: bool = False


@dataclass(frozen=True, slots=True)
class CaseLine:
    """A case as lists show it. ``grade`` is the one that was shown when it was accepted.

    ``remark`` is the newest note. Region, field and industry are those of the demand.
    """

    id: str
    demand_id: str
    achievement_id: str
    stage: str
    stage_since: datetime
    ended_because: str | None
    next_step: str
    next_date: str | None
    contract_type: str | None
    amount: float | None
    signed_on: str | None
    released_at: datetime | None
    version: int
    created_at: datetime
    updated_at: datetime
    demand_title: str
    organisation: str | None
    region: str | None
    field: str | None
    industry: str | None
    submitted_at: datetime
    achievement_title: str
    provider: str | None
    provider_region: str | None
    maturity: int | None
    grade: int | None
    assignee: str | None
    remark: str | None


_REMARK: Final = (
    select(CaseEventRow.text)
    .where(CaseEventRow.case_id == CaseRow.id, CaseEventRow.kind == "noted")
    .order_by(CaseEventRow.number.desc())
    .limit(1)
    .scalar_subquery()
)
_ELSEWHERE: Final[dict[str, Any]] = {
    "demand_title": DemandRow.title,
    "organisation": DemandRow.organisation,
    "region": DemandRow.region,
    "field": DemandRow.field,
    "industry": DemandRow.industry,
    "submitted_at": DemandRow.created_at,
    "achievement_title": AchievementRow.title,
    "provider": AchievementRow.provider,
    "provider_region": AchievementRow.region,
    "maturity": AchievementRow.maturity,
    "grade": DecisionRow.shown_grade,
    "assignee": AccountRow.name,
    "remark": _REMARK,
}
_COLUMNS: Final = [
    _ELSEWHERE[f.name] if f.name in _ELSEWHERE else getattr(CaseRow, f.name)
    for f in fields(CaseLine)
]
ORDERS: Final[dict[str, InstrumentedAttribute[Any]]] = {
    "opened": cast("InstrumentedAttribute[Any]", CaseRow.id),
    "since": CaseRow.stage_since,
    "due": CaseRow.next_date,
    "amount": CaseRow.amount,
    "demand": DemandRow.title,
    "updated": CaseRow.updated_at,
}
"""What lists of cases can be sorted by."""


class CaseLists:
    """Reads many cases at once."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def page(
        self,
        wanted: CaseQuery,
        limit: int,
        skip: int = 0,
        order: str = "opened",
        falling: bool = True,
    ) -> list[CaseLine]:
        """So many cases behind the first ``skip``; by one of ``ORDERS``, what has none last."""
        by = ORDERS[order].desc() if falling else ORDERS[order].asc()
        query = _lines(wanted).order_by(by.nulls_last(), CaseRow.id.desc())
        with self._database.reading() as session:
            return [CaseLine(*row) for row in session.execute(query.limit(limit).offset(skip))]

    def after(self, wanted: CaseQuery, limit: int, after: str | None) -> list[CaseLine]:
        """Cases behind the id ``after``, newest first."""
        query = _lines(wanted)
        if after is not None:
            if not is_possible(after):
                return []
            query = query.where(CaseRow.id < after)
        with self._database.reading() as session:
            found = session.execute(query.order_by(CaseRow.id.desc()).limit(limit))
            return [CaseLine(*row) for row in found]

    def line(self, id_: str) -> CaseLine | None:
        """One case, if there is one."""
        if not is_possible(id_):
            return None
        with self._database.reading() as session:
            row = session.execute(_lines(CaseQuery()).where(CaseRow.id == id_)).first()
            return CaseLine(*row) if row else None

    def counts(self, wanted: CaseQuery) -> dict[str, int]:
        """How many there are in each stage; stages without any are left out."""
        query = _joined(select(CaseRow.stage, func.count()), wanted).group_by(CaseRow.stage)
        with self._database.reading() as session:
            return dict(session.execute(query).all())

    def all(self, wanted: CaseQuery) -> Iterator[CaseLine]:
        """Every case, oldest first, without holding them all."""
        with self._database.reading() as session:
            for row in streamed(session, _lines(wanted).order_by(CaseRow.id)):
                yield CaseLine(*row)


def _lines(wanted: CaseQuery) -> Select[Any]:
    standing = and_(
        DecisionRow.demand_id == CaseRow.demand_id,
        DecisionRow.achievement_id == CaseRow.achievement_id,
        DecisionRow.withdrawn_at.is_(None),
    )
    return _joined(select(*_COLUMNS), wanted).join(DecisionRow, standing, isouter=True)


def _joined(query: Select[*Ts], wanted: CaseQuery) -> Select[*Ts]:
    return (
        query.select_from(CaseRow)
        .join(DemandRow, DemandRow.id == CaseRow.demand_id)
        .join(AchievementRow, AchievementRow.id == CaseRow.achievement_id)
        .join(AccountRow, AccountRow.id == CaseRow.assignee_id, isouter=True)
        .where(*_conditions(wanted))
    )


def _conditions(wanted: CaseQuery) -> Iterator[ColumnElement[bool]]:
    equal = {
        CaseRow.stage: wanted.stage,
        CaseRow.demand_id: wanted.demand_id,
        CaseRow.contract_type: wanted.contract_type,
        DemandRow.field: wanted.field,
        AccountRow.name: wanted.assignee or None,
    }
    for column, value in equal.items():
        if value is not None:
            yield column == value.replace("\0", "\ufffd")
    if wanted.assignee == "":
        yield CaseRow.assignee_id.is_(None)
    if wanted.region is not None:
        region = wanted.region.replace("\0", "\ufffd")
        inside = DemandRow.region.startswith(f"{region}-", autoescape=True)
        yield or_(DemandRow.region == region, inside)
    if wanted.overdue_on is not None:
        yield CaseRow.next_date < wanted.overdue_on
    if wanted.since is not None:
        yield CaseRow.created_at >= wanted.since
    if wanted.until is not None:
        yield CaseRow.created_at < wanted.until
    if wanted.released:
        yield CaseRow.released_at.is_not(None)
        yield AchievementRow.deleted_at.is_(None)
