"""Cases (对接单) and their histories in and out of the database."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any, Final

from sqlalchemy import bindparam, delete, select, text

from api.store.database import Database
from api.store.mapping import is_possible, new_id
from api.store.tables import CaseEventRow, CaseRow
from api.store.tables.base import Moment
from api.store.unit import Unit
from api.store.versions import held, revise

# Of two that open the case of one pairing at once, the second waits here, then finds that one.
_OPEN: Final = text(
    "INSERT INTO cases (id, demand_id, achievement_id, stage, stage_since, assignee_id, next_step, "
    "version, created_at, updated_at) VALUES (:id, :demand_id, :achievement_id, :stage, :at, "
    ":assignee_id, '', 1, :at, :at) ON CONFLICT (demand_id, achievement_id) DO NOTHING"
).bindparams(bindparam("at", type_=Moment))


@dataclass(frozen=True, slots=True)
class Case:
    """One pairing on its way to a contract; see ``CaseRow``. The amount is in 万元."""

    id: str
    demand_id: str
    achievement_id: str
    stage: str
    stage_since: datetime
    ended_because: str | None
    assignee_id: str | None
    next_step: str
    next_date: str | None
    contract_type: str | None
    amount: float | None
    signed_on: str | None
    released_at: datetime | None
    version: int
    created_at: datetime
    updated_at: datetime


@dataclass(frozen=True, slots=True)
class CaseEvent:
    """One line in the history of a case: who did what; stages only of moves.

    ``number`` and ``at`` are given when it is stored.
    """

    case_id: str
    account_id: str | None
    who: str
    kind: str
    text: str = ""
    from_stage: str | None = None
    to_stage: str | None = None
    number: int = 0
    at: datetime | None = None


class Cases:
    """One case at a time; lists of them are in ``case_lists``."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def get(self, id_: str) -> Case | None:
        """The case with this id, if there is one."""
        if not is_possible(id_):
            return None
        with self._database.reading() as session:
            row = session.get(CaseRow, id_)
            return case_of(row) if row else None

    def events(self, id_: str, limit: int, before: int | None = None) -> list[CaseEvent]:
        """Lines of its history with numbers below ``before``, newest first."""
        lines = select(CaseEventRow).where(CaseEventRow.case_id == id_)
        if before is not None:
            lines = lines.where(CaseEventRow.number < before)
        with self._database.reading() as session:
            found = session.scalars(lines.order_by(CaseEventRow.number.desc()).limit(limit))
            return [_event(row) for row in found]

    def open(
        self, unit: Unit, demand_id: str, achievement_id: str, stage: str, assignee_id: str | None
    ) -> tuple[Case, bool]:
        """The case of a pairing, and whether it was made just now. Nobody else can change it."""
        values = {"demand_id": demand_id, "achievement_id": achievement_id, "stage": stage}
        made = new_id("c")
        unit.session.execute(
            _OPEN, values | {"id": made, "assignee_id": assignee_id, "at": unit.moment}
        )
        case = self.of_pairing(unit, demand_id, achievement_id)
        if case is None:
            raise LookupError(made)
        return case, case.id == made

    def of_pairing(self, unit: Unit, demand_id: str, achievement_id: str) -> Case | None:
        """The case of a pairing, if there is one; until the unit ends nobody else can change it."""
        mine = select(CaseRow).filter_by(demand_id=demand_id, achievement_id=achievement_id)
        row = unit.session.scalar(mine.with_for_update().execution_options(populate_existing=True))
        return case_of(row) if row else None

    def id_of(self, demand_id: str, achievement_id: str) -> str | None:
        """The id of the case of a pairing, if there is one."""
        mine = select(CaseRow.id).where(
            CaseRow.demand_id == demand_id, CaseRow.achievement_id == achievement_id
        )
        with self._database.reading() as session:
            return session.scalar(mine)

    def held(self, unit: Unit, id_: str) -> Case | None:
        """The case with this id; until the unit ends nobody else can change it."""
        row = held(unit, CaseRow, id_)
        return case_of(row) if row else None

    def change(
        self, unit: Unit, id_: str, columns: Mapping[str, object], expected: int | None = None
    ) -> Case:
        """Set columns of a case, which becomes its next version.

        Raises EditConflict if it is gone, or its version is not the ``expected`` one.
        """
        return case_of(revise(unit, CaseRow, id_, columns, expected))

    def remove(self, unit: Unit, id_: str) -> None:
        """Forget a case with its history."""
        unit.session.execute(delete(CaseEventRow).where(CaseEventRow.case_id == id_))
        unit.session.execute(delete(CaseRow).where(CaseRow.id == id_))

    def note(self, unit: Unit, event: CaseEvent) -> None:
        """Add a line to the history of a case."""
        values: dict[str, Any] = {f.name: getattr(event, f.name) for f in fields(event)}
        del values["number"]
        unit.session.add(CaseEventRow(**values | {"at": unit.moment}))

    def newest_events(self, unit: Unit, id_: str, limit: int) -> list[CaseEvent]:
        """The last lines of its history, newest first, with those of this unit."""
        unit.session.flush()
        lines = select(CaseEventRow).where(CaseEventRow.case_id == id_)
        found = unit.session.scalars(lines.order_by(CaseEventRow.number.desc()).limit(limit))
        return [_event(row) for row in found]


def case_of(row: CaseRow) -> Case:
    """What a row says."""
    return Case(**{name: getattr(row, name) for name in Case.__slots__})


def _event(row: CaseEventRow) -> CaseEvent:
    return CaseEvent(**{name: getattr(row, name) for name in CaseEvent.__slots__})
