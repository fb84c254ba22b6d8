"""Where demands stand with the brokers who review them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, Literal

from sqlalchemy import ColumnElement, Select, false, func, or_, select

from api.store.database import Database
from api.store.repository import Repository, Stored
from api.store.tables import DemandRow, OutlookRow
from api.store.unit import Unit
from api.store.versions import held
from matcher.errors import EditConflict
from matcher.records import Demand
from matcher.values import PENDING

Order = Literal["waiting", "coach"]
_ORDERS: Final[Mapping[Order, tuple[ColumnElement[Any], ...]]] = {
    "waiting": (DemandRow.updated_at.asc(), DemandRow.id.asc()),
    "coach": (DemandRow.coach.is_(None), DemandRow.coach.desc(), DemandRow.id.asc()),
}
_TWINS: Final = 5


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which demands: their state, and what title or organisation contain."""

    state: str = PENDING
    text: str = ""
    order: Order = "waiting"


class Reviews:
    """Demands by state. Those that nobody had to review are published, but were not reviewed."""

    def __init__(self, database: Database, demands: Repository[Demand]) -> None:
        self._database, self._demands = database, demands

    def page(self, wanted: Wanted, limit: int, offset: int) -> tuple[list[Stored[Demand]], int]:
        """Some of the demands that are wanted, and how many there are.

        What is pending comes in the order that is wanted, the rest latest review first.
        """
        with self._database.reading() as session:
            ids = _some(select(DemandRow.id), wanted)
            total = session.scalar(_some(select(func.count(DemandRow.id)), wanted)) or 0
            ordered = ids.order_by(*_order(wanted)).limit(limit).offset(offset)
            found = session.scalars(ordered).all()
        return self._demands.stored_many(found), total

    def queue(self, order: Order, limit: int) -> Sequence[str]:
        """The ids of what is pending, in this order."""
        wanted = Wanted(order=order)
        ids = _some(select(DemandRow.id), wanted).order_by(*_order(wanted)).limit(limit)
        with self._database.reading() as session:
            return session.scalars(ids).all()

    def counts(self, text: str = "") -> dict[str, int]:
        """How many demands ``page`` would find in each state."""
        with self._database.reading() as session:
            rows = select(DemandRow.state, func.count()).where(*_conditions(text))
            return dict(session.execute(rows.group_by(DemandRow.state)).all())

    def of_owner(self, account_id: str, limit: int) -> list[Stored[Demand]]:
        """What an account has submitted, in every state, newest first."""
        own = select(DemandRow.id).where(
            DemandRow.owner_id == account_id, DemandRow.deleted_at.is_(None)
        )
        with self._database.reading() as session:
            ids = session.scalars(own.order_by(DemandRow.id.desc()).limit(limit)).all()
        return self._demands.stored_many(ids)

    def twins(self, id_: str) -> list[Stored[Demand]]:
        """Other demands that say the same as this one, oldest first; a few of them."""
        same = select(DemandRow.fingerprint).where(DemandRow.id == id_).scalar_subquery()
        others = select(DemandRow.id).where(
            DemandRow.fingerprint == same, DemandRow.id != id_, DemandRow.deleted_at.is_(None)
        )
        with self._database.reading() as session:
            ids = session.scalars(others.order_by(DemandRow.id).limit(_TWINS)).all()
        return self._demands.stored_many(ids)

    def grades(self, ids: Sequence[str]) -> dict[str, int]:
        """The best grade that the library has for demands, where that is known of their text."""
        known = (
            select(OutlookRow.demand_id, OutlookRow.grade)
            .join(DemandRow, DemandRow.id == OutlookRow.demand_id)
            .where(OutlookRow.demand_id.in_(ids), OutlookRow.stamp == DemandRow.stamp)
        )
        with self._database.reading() as session:
            return {id_: grade for id_, grade in session.execute(known) if grade}

    def decide(
        self, unit: Unit, id_: str, state: str, note: str, reviewer_id: str | None, expected: int
    ) -> bool:
        """Bring a demand into a state; whether it is there.

        Raises EditConflict if its version is not the ``expected`` one.
        """
        row = held(unit, DemandRow, id_)
        if row is None or row.deleted_at:
            return False
        if row.version != expected:
            raise EditConflict
        row.state, row.review_note, row.reviewer_id = state, note, reviewer_id
        row.reviewed_at, row.version = unit.moment, row.version + 1
        unit.touch(self._demands.kind, id_)
        return True


def _some(query: Select[Any], wanted: Wanted) -> Select[Any]:
    return query.where(DemandRow.state == wanted.state, *_conditions(wanted.text))


def _conditions(text: str) -> list[ColumnElement[bool]]:
    """Present, in need of a review or reviewed, and with this text."""
    reviewed = or_(DemandRow.state == PENDING, DemandRow.reviewed_at.is_not(None))
    conditions = [DemandRow.deleted_at.is_(None), reviewed]
    if "\0" in text:
        return [false()]  # no text has it, and databases differ in what they say
    if text:
        columns = (DemandRow.title, DemandRow.organisation)
        conditions.append(or_(*(column.icontains(text, autoescape=True) for column in columns)))
    return conditions


def _order(wanted: Wanted) -> tuple[ColumnElement[Any], ...]:
    if wanted.state == PENDING:
        return _ORDERS[wanted.order]
    return DemandRow.reviewed_at.desc(), DemandRow.id.desc()
