"""What the library had for each demand when it was last asked."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from types import MappingProxyType
from typing import Any, Final

from sqlalchemy import ColumnElement, Select, and_, delete, insert, or_, select
from sqlalchemy.orm import Session

from api.store.database import Database
from api.store.tables import DemandRow, OutlookRow, StrongRow
from matcher.values import PENDING, PUBLISHED

_MANY: Final = 500
_NONE: Final[Mapping[str, Collection[str]]] = MappingProxyType({})
_IF_FREE: Final = {"key_share": True, "skip_locked": True}


@dataclass(frozen=True, slots=True)
class Outlook:
    """See ``OutlookRow``; ``expected`` is the mean grade of the best pairing."""

    demand_id: str
    stamp: str
    model: str
    at: datetime
    achievement_id: str | None
    grade: int | None
    expected: float | None
    strong: int


class Outlooks:
    """Read by whoever counts, written by the survey alone."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def of(self, demand_id: str) -> Outlook | None:
        """What is known of a demand."""
        with self._database.reading() as session:
            row = session.get(OutlookRow, demand_id)
            return _outlook(row) if row else None

    def of_many(self, demand_ids: Sequence[str]) -> dict[str, Outlook]:
        """What is known of some demands, at most as many as a page shows, by their ids."""
        wanted = select(OutlookRow).where(OutlookRow.demand_id.in_(demand_ids[:_MANY]))
        with self._database.reading() as session:
            return {row.demand_id: _outlook(row) for row in session.scalars(wanted)}

    def due(self, model: str, before: datetime, limit: int) -> list[str]:
        """Demands, pending or published, of which nothing current is known; new ones first.

        Their text or the model has changed since, or it was looked at ``before`` then, or their
        strong achievements were counted but not named.
        """
        never = OutlookRow.demand_id.is_(None)
        named = select(StrongRow).where(StrongRow.demand_id == DemandRow.id).exists()
        changed = or_(
            OutlookRow.stamp != DemandRow.stamp,
            OutlookRow.model != model,
            and_(OutlookRow.strong > 0, ~named),
        )
        with self._database.reading() as session:
            found: list[str] = []
            for wanted in (never, changed, OutlookRow.at < before):
                found += session.scalars(_asked(wanted).limit(limit - len(found)))
                if len(found) >= limit:
                    break
            return list(dict.fromkeys(found))

    def store(
        self, outlooks: Iterable[Outlook], strong: Mapping[str, Collection[str]] = _NONE
    ) -> None:
        """Replace what was known. Demands that are gone meanwhile are passed over.

        So are those that somebody is changing: they are due again, and whoever waits while holding
        demands may be waited for by a review or an import of the same ones. ``strong`` names the
        strong achievements of demands, both by id.
        """
        with self._database.writing() as session:
            for outlook in outlooks:
                if session.get(DemandRow, outlook.demand_id, with_for_update=_IF_FREE) is None:
                    continue
                session.execute(delete(OutlookRow).where(OutlookRow.demand_id == outlook.demand_id))
                session.add(OutlookRow(**asdict(outlook)))
                session.flush()
                _name(session, outlook.demand_id, strong.get(outlook.demand_id, ()))


def _name(session: Session, demand_id: str, achievements: Collection[str]) -> None:
    """Replace the strong achievements of a demand."""
    session.execute(delete(StrongRow).where(StrongRow.demand_id == demand_id))
    rows = [{"demand_id": demand_id, "achievement_id": id_} for id_ in sorted(set(achievements))]
    if rows:
        session.execute(insert(StrongRow), rows)


def _asked(wanted: ColumnElement[bool]) -> Select[Any]:
    known = DemandRow.id == OutlookRow.demand_id
    current = and_(DemandRow.deleted_at.is_(None), DemandRow.state.in_((PENDING, PUBLISHED)))
    query = select(DemandRow.id).outerjoin(OutlookRow, known).where(current, wanted)
    return query.order_by(DemandRow.id.desc())


def _outlook(row: OutlookRow) -> Outlook:
    return Outlook(**{name: getattr(row, name) for name in Outlook.__slots__})
