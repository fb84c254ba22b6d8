"""How far cases came, and how long they stayed in each stage."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import ColumnElement, Select, SQLColumnExpression, and_, case, func, select
from sqlalchemy.sql.functions import count

from api.store.database import Database
from api.store.dialects.functions import epoch
from api.store.mapping import is_possible
from api.store.overview import Month, counted, month_of, named
from api.store.tables import AchievementRow, CaseEventRow, CaseRow, DemandRow
from matcher.values import STAGES

_ORDER: Final = list(STAGES)
_DAY: Final = 86_400.0


@dataclass(frozen=True, slots=True)
class CountedCase:
    """A case in a list."""

    id: str
    demand: str
    achievement: str
    stage: str
    stage_since: datetime
    created_at: datetime


@dataclass(frozen=True, slots=True)
class CasesWanted:
    """Cases opened in a time, the end excluded, that came at least to the stage ``reached``."""

    since: datetime | None = None
    until: datetime | None = None
    reached: str | None = None


class CaseCounts:
    """Cases of which either side was deleted are left out."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def reached(self, wanted: CasesWanted) -> dict[str, int]:
        """How many came at least to each stage."""
        far = _furthest()
        query = counted(_cases(wanted).with_only_columns(*named(far).selected_columns))
        with self._database.reading() as session:
            found: dict[int, int] = dict(session.execute(query).all())
        return {
            stage: sum(number for rank, number in found.items() if rank >= place)
            for place, stage in enumerate(_ORDER)
        }

    def stays(self, wanted: CasesWanted) -> dict[str, float]:
        """The median of days in each stage, over all stays that have ended."""
        stays = _stays(wanted).subquery()
        total = count().over(partition_by=stays.c.stage)
        rank = func.row_number().over(partition_by=stays.c.stage, order_by=stays.c.seconds)
        ranked = select(
            stays.c.stage, stays.c.seconds, rank.label("rank"), total.label("total")
        ).where(stays.c.seconds.is_not(None))
        placed = ranked.subquery()
        middle = (2 * placed.c.rank).between(placed.c.total, placed.c.total + 2)
        query = select(placed.c.stage, func.avg(placed.c.seconds)).where(middle)
        with self._database.reading() as session:
            found = session.execute(query.group_by(placed.c.stage))
            return {stage: float(seconds) / _DAY for stage, seconds in found}

    def by_month(self, wanted: CasesWanted, months: Sequence[Month]) -> dict[str, int]:
        """How many were opened in each month."""
        month = month_of(CaseRow.created_at, months)
        opened = _cases(wanted).where(CaseRow.created_at >= months[0][1])
        query = counted(opened.with_only_columns(*named(month).selected_columns))
        with self._database.reading() as session:
            return dict(session.execute(query).all())

    def page(
        self, wanted: CasesWanted, limit: int, after: str | None = None
    ) -> tuple[list[CountedCase], int]:
        """Cases behind the id ``after``, newest first, and how many there are in all."""
        query = _cases(wanted)
        behind = query.where(CaseRow.id < after) if after and is_possible(after) else query
        shown = behind.with_only_columns(
            CaseRow.id,
            DemandRow.title,
            AchievementRow.title,
            CaseRow.stage,
            CaseRow.stage_since,
            CaseRow.created_at,
        )
        with self._database.reading() as session:
            total = session.scalar(query.with_only_columns(count())) or 0
            rows = session.execute(shown.order_by(CaseRow.id.desc()).limit(limit))
            return [CountedCase(*row) for row in rows], total


def _cases(wanted: CasesWanted) -> Select[Any]:
    query = (
        select(CaseRow.id)
        .select_from(CaseRow)
        .join(DemandRow, and_(DemandRow.id == CaseRow.demand_id, DemandRow.deleted_at.is_(None)))
        .join(
            AchievementRow,
            and_(AchievementRow.id == CaseRow.achievement_id, AchievementRow.deleted_at.is_(None)),
        )
    )
    if wanted.since:
        query = query.where(CaseRow.created_at >= wanted.since)
    if wanted.until:
        query = query.where(CaseRow.created_at < wanted.until)
    if wanted.reached:
        query = query.where(_furthest() >= _ORDER.index(wanted.reached))
    return query


def _furthest() -> ColumnElement[int]:
    """The number of the last stage that a case ever came to; one that has no history is at 0."""
    moves = select(func.max(_rank(CaseEventRow.to_stage))).where(CaseEventRow.case_id == CaseRow.id)
    return func.coalesce(moves.scalar_subquery(), 0)


def _rank(stage: SQLColumnExpression[Any]) -> ColumnElement[int]:
    return case({name: place for place, name in enumerate(_ORDER)}, value=stage, else_=0)


def _stays(wanted: CasesWanted) -> Select[Any]:
    """The seconds of each stay; none of those that last."""
    moves = CaseEventRow
    left = func.lead(epoch(moves.at)).over(partition_by=moves.case_id, order_by=moves.number)
    seconds = (left - epoch(moves.at)).label("seconds")
    asked = moves.case_id.in_(_cases(wanted))
    return select(moves.to_stage.label("stage"), seconds).where(asked, moves.to_stage.is_not(None))
