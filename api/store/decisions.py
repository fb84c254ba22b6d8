"""What brokers decided on pairings; withdrawn decisions are kept, but no longer count."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, Literal

from sqlalchemy import Select, bindparam, func, select
from sqlalchemy.orm import InstrumentedAttribute

from api.store.database import Database
from api.store.mapping import is_possible, new_id
from api.store.tables import AccountRow, DecisionRow, DemandRow
from api.store.unit import Unit
from api.store.versions import held

Side = Literal["demand_id", "achievement_id"]
"""Which record of a pairing is asked about."""
Verdict = Literal["accepted", "rejected"]


@dataclass(frozen=True, slots=True)
class Decision:
    """What was decided on one pairing; see ``DecisionRow``. ``who`` is the name of an account."""

    id: str
    demand_id: str
    achievement_id: str
    verdict: str
    reason: str | None
    note: str
    grade: int
    asked: str
    position: int | None
    shown_grade: int | None
    model: str | None
    account_id: str | None
    at: datetime
    withdrawn_at: datetime | None
    who: str | None = None


def _grades(side: InstrumentedAttribute[str], other: InstrumentedAttribute[str]) -> Select[Any]:
    columns: tuple[InstrumentedAttribute[Any], ...] = (other, DecisionRow.grade)
    asked = side.in_(bindparam("ids", expanding=True)), DecisionRow.withdrawn_at.is_(None)
    return select(*columns).where(*asked)


_DEMAND, _ACHIEVEMENT = DecisionRow.demand_id, DecisionRow.achievement_id
_GRADES: Final[Mapping[Side, Select[Any]]] = {
    "demand_id": _grades(_DEMAND, _ACHIEVEMENT),
    "achievement_id": _grades(_ACHIEVEMENT, _DEMAND),
}
"""Made once, for every search from a record asks them."""


class Decisions:
    """All decisions. On one pairing at most one stands."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def new_id(self) -> str:
        """An id for a decision that is about to be added."""
        return new_id("v")

    def add(self, unit: Unit, decision: Decision) -> str | None:
        """Add a decision in place of the one that stands, and return the verdict of that.

        Of two at once the second waits, until the first one stands.
        """
        held(unit, DemandRow, decision.demand_id)
        standing = select(DecisionRow).where(
            DecisionRow.demand_id == decision.demand_id,
            DecisionRow.achievement_id == decision.achievement_id,
            DecisionRow.withdrawn_at.is_(None),
        )
        before = unit.session.scalar(standing.with_for_update())
        if before is not None:
            before.withdrawn_at = unit.moment
            unit.session.flush()
        names = (name for name in Decision.__slots__ if name != "who")
        unit.session.add(DecisionRow(**{name: getattr(decision, name) for name in names}))
        unit.session.flush()
        return before.verdict if before else None

    def withdraw(self, unit: Unit, id_: str) -> Decision | None:
        """Let a decision count no longer; None if there is none that does."""
        row = held(unit, DecisionRow, id_)
        if row is None or row.withdrawn_at:
            return None
        row.withdrawn_at = unit.moment
        return _decision(row)

    def get(self, id_: str) -> Decision | None:
        """A decision that stands."""
        found = self._read(_standing().where(DecisionRow.id == id_)) if is_possible(id_) else []
        return found[0] if found else None

    def of(self, side: Side, id_: str, limit: int = 1000) -> Sequence[Decision]:
        """Those that stand on the pairings of one record, newest first."""
        if not is_possible(id_):
            return []
        mine = getattr(DecisionRow, side) == id_
        return self._read(_standing().where(mine).order_by(DecisionRow.id.desc()).limit(limit))

    def of_pairing(self, demand_id: str, achievement_id: str) -> Decision | None:
        """The one that stands on this pairing."""
        if not (is_possible(demand_id) and is_possible(achievement_id)):
            return None
        mine = DecisionRow.demand_id == demand_id, DecisionRow.achievement_id == achievement_id
        return next(iter(self._read(_standing().where(*mine))), None)

    def grades(self, side: Side, id_: str) -> Mapping[str, int]:
        """What ranking learns of one record: grades by id of the other."""
        if not is_possible(id_):
            return {}
        found = self._database.columns_by_ids(_GRADES[side], [id_])
        return dict(zip(*found, strict=True)) if found else {}

    def grades_of_many(self, side: Side, ids: Sequence[str]) -> dict[str, dict[str, int]]:
        """The same of some records at once, at most a few hundred; those without any left out."""
        mine, found = getattr(DecisionRow, side), dict[str, dict[str, int]]()
        other = "achievement_id" if side == "demand_id" else "demand_id"
        query = select(mine, getattr(DecisionRow, other), DecisionRow.grade).where(
            mine.in_([id_ for id_ in ids if is_possible(id_)]), DecisionRow.withdrawn_at.is_(None)
        )
        with self._database.reading() as session:
            for one, another, grade in session.execute(query):
                found.setdefault(one, {})[another] = grade
        return found

    def latest(self) -> str:
        """Differs as soon as anything was decided or taken back."""
        query = select(func.max(DecisionRow.id), func.count(DecisionRow.withdrawn_at))
        with self._database.reading() as session:
            newest, withdrawn = session.execute(query).one()
        return f"{newest or ''}-{withdrawn}"

    def _read(self, query: Select[DecisionRow, str]) -> list[Decision]:
        with self._database.reading() as session:
            return [_decision(row, who) for row, who in session.execute(query)]


def _standing() -> Select[DecisionRow, str]:
    named = select(DecisionRow, AccountRow.name)
    owner = AccountRow.id == DecisionRow.account_id
    return named.outerjoin(AccountRow, owner).where(DecisionRow.withdrawn_at.is_(None))


def _decision(row: DecisionRow, who: str | None = None) -> Decision:
    values = {name: getattr(row, name) for name in Decision.__slots__ if name != "who"}
    return Decision(**values, who=who)
