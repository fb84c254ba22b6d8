"""Matchmaking days (对接会) and their meetings in and out of the database."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, delete, func, select, update

from api.store.database import Database
from api.store.mapping import is_possible
from api.store.tables import AchievementRow, DayRow, DemandRow, MeetingRow
from api.store.unit import Unit
from api.store.versions import held, revise
from matcher.values import PUBLISHED


@dataclass(frozen=True, slots=True)
class MatchDay:
    """One day; see ``DayRow``. ``plan`` is as JSON holds it."""

    id: str
    name: str
    date: str
    place: str
    state: str
    plan: Mapping[str, Any]
    total: float | None
    bound: float | None
    gap: float | None
    unplaced: Sequence[Mapping[str, str]]
    missing: Sequence[str]
    job_id: str | None
    arranged_at: datetime | None
    published_at: datetime | None
    owner_id: str | None
    version: int
    created_at: datetime
    updated_at: datetime


@dataclass(frozen=True, slots=True)
class Booked:
    """One meeting; see ``MeetingRow``."""

    demand_id: str
    achievement_id: str
    demand_party: str
    achievement_party: str
    slot: int
    room: int
    grade: float
    fixed: bool


@dataclass(frozen=True, slots=True)
class MeetingLine(Booked):
    """A meeting with the titles of its records; ``stands`` unless one of them was withdrawn."""

    demand_title: str
    achievement_title: str
    stands: bool


@dataclass(frozen=True, slots=True)
class DayLine:
    """A day in a list, with the number of its meetings."""

    day: MatchDay
    meetings: int


class Days:
    """All days; a day has at most as many meetings as it has slots times rooms."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(self, unit: Unit, day: MatchDay) -> None:
        """Keep a new one."""
        unit.session.add(DayRow(**{name: getattr(day, name) for name in MatchDay.__slots__}))
        unit.session.flush()  # meetings refer to it

    def get(self, id_: str) -> MatchDay | None:
        """The day with this id."""
        with self._database.reading() as session:
            row = session.get(DayRow, id_) if is_possible(id_) else None
            return _day(row) if row else None

    def page(self, limit: int, after: str | None = None) -> list[DayLine]:
        """Days behind the id ``after``, newest first."""
        if after is not None and not is_possible(after):
            return []
        own = select(func.count()).where(MeetingRow.day_id == DayRow.id).scalar_subquery()
        query = select(DayRow, own).order_by(DayRow.id.desc()).limit(limit)
        if after is not None:
            query = query.where(DayRow.id < after)
        with self._database.reading() as session:
            return [DayLine(_day(row), count) for row, count in session.execute(query)]

    def held(self, unit: Unit, id_: str) -> MatchDay | None:
        """The day with this id; until the unit ends nobody else can change it."""
        row = held(unit, DayRow, id_)
        return _day(row) if row else None

    def change(
        self, unit: Unit, id_: str, columns: Mapping[str, object], expected: int | None = None
    ) -> MatchDay:
        """Set columns of a day, which becomes its next version.

        Raises EditConflict if it is gone, or its version is not the ``expected`` one.
        """
        return _day(revise(unit, DayRow, id_, columns, expected))

    def remove(self, unit: Unit, id_: str) -> None:
        """Forget a day with its meetings."""
        unit.session.execute(delete(DayRow).where(DayRow.id == id_))

    def book(self, unit: Unit, id_: str, meetings: Iterable[Booked]) -> None:
        """These meetings instead of those that the day had."""
        unit.session.execute(delete(MeetingRow).where(MeetingRow.day_id == id_))
        unit.session.add_all(MeetingRow(day_id=id_, **asdict(one)) for one in meetings)
        unit.session.flush()

    def rebook(self, unit: Unit, id_: str, meeting: Booked) -> None:
        """Another slot or room for the meeting of this pairing; or it is fixed, or no more."""
        mine = update(MeetingRow).where(
            MeetingRow.day_id == id_,
            MeetingRow.demand_id == meeting.demand_id,
            MeetingRow.achievement_id == meeting.achievement_id,
        )
        values = {"slot": meeting.slot, "room": meeting.room, "fixed": meeting.fixed}
        unit.session.execute(mine.values(**values))

    def booked(self, unit: Unit, id_: str) -> list[MeetingLine]:
        """Its meetings as this unit sees them."""
        return [_line(row) for row in unit.session.execute(_lines(id_))]

    def meetings(self, id_: str) -> list[MeetingLine]:
        """Its meetings by slot and room."""
        with self._database.reading() as session:
            return [_line(row) for row in session.execute(_lines(id_))]

    def titles(self, ids: Iterable[str]) -> dict[str, str]:
        """The titles of demands and achievements by id, of those too that were deleted."""
        wanted, found = [id_ for id_ in ids if is_possible(id_)], dict[str, str]()
        with self._database.reading() as session:
            for table in (DemandRow, AchievementRow):
                rows = session.execute(select(table.id, table.title).where(table.id.in_(wanted)))
                found |= dict(rows.all())
        return found


_COLUMNS = [getattr(MeetingRow, name) for name in Booked.__slots__]


def _lines(id_: str) -> Select[Any]:
    stands = (
        DemandRow.deleted_at.is_(None)
        & (DemandRow.state == PUBLISHED)
        & AchievementRow.deleted_at.is_(None)
    )
    return (
        select(*_COLUMNS, DemandRow.title, AchievementRow.title, stands)
        .join(DemandRow, DemandRow.id == MeetingRow.demand_id)
        .join(AchievementRow, AchievementRow.id == MeetingRow.achievement_id)
        .where(MeetingRow.day_id == id_)
        .order_by(MeetingRow.slot, MeetingRow.room)
    )


def _line(row: Sequence[Any]) -> MeetingLine:
    return MeetingLine(*row)


def _day(row: DayRow) -> MatchDay:
    return MatchDay(**{name: getattr(row, name) for name in MatchDay.__slots__})
