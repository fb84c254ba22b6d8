"""Forms that are not sent yet, by the hash of the receipt code under which they will be."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

from sqlalchemy import JSON, bindparam, delete, func, literal, select, text

from api.store.database import Database
from api.store.tables import DraftRow
from api.store.tables.base import Moment
from api.store.unit import Unit
from matcher.errors import DraftConflict

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_TICK: Final = timedelta(microseconds=1)
# Of two that add one draft at once, the second waits here until the first is kept.
_ADD: Final = text(
    "INSERT INTO drafts (receipt_hash, typed, demand_id, account_id, created_at, updated_at) "
    "VALUES (:receipt_hash, :typed, :demand_id, :account_id, :at, :at) ON CONFLICT DO NOTHING"
).bindparams(bindparam("typed", type_=JSON), bindparam("at", type_=Moment))


@dataclass(frozen=True, slots=True)
class Unsent:
    """A draft. ``typed`` is by field; ``demand_id`` is the demand that it changes, if one."""

    receipt_hash: str
    typed: Mapping[str, str]
    demand_id: str | None
    account_id: str | None
    updated_at: datetime

    @property
    def version(self) -> str:
        """Which save this is: what a page says that it has seen."""
        return str((self.updated_at - _EPOCH) // _TICK)


class Drafts:
    """The table of drafts. Writes belong to a unit of work, which holds the row until it ends."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def get(self, receipt_hash: str) -> Unsent | None:
        """The draft that will have this receipt."""
        with self._database.reading() as session:
            row = session.get(DraftRow, receipt_hash)
            return _unsent(row) if row else None

    def of(self, account_id: str, limit: int) -> list[Unsent]:
        """What an account has not sent yet, the latest first."""
        query = select(DraftRow).where(DraftRow.account_id == account_id)
        with self._database.reading() as session:
            rows = session.scalars(query.order_by(DraftRow.updated_at.desc()).limit(limit))
            return [_unsent(row) for row in rows]

    def count(self, account_id: str) -> int:
        """How many drafts an account has."""
        query = select(func.count()).where(DraftRow.account_id == account_id)
        with self._database.reading() as session:
            return session.scalar(query) or 0

    def count_of_nobody(self, most: int) -> int:
        """How many drafts belong to no account, counted no further than ``most``."""
        some = select(literal(1)).where(DraftRow.account_id.is_(None)).limit(most)
        with self._database.reading() as session:
            return session.scalar(select(func.count()).select_from(some.subquery())) or 0

    def add(
        self,
        unit: Unit,
        receipt_hash: str,
        typed: Mapping[str, str],
        account_id: str | None = None,
        demand_id: str | None = None,
    ) -> Unsent:
        """A new draft; or the one that is there already, as it is."""
        values = {"receipt_hash": receipt_hash, "typed": dict(typed), "at": unit.moment}
        unit.session.execute(_ADD, values | {"account_id": account_id, "demand_id": demand_id})
        return _unsent(unit.session.get_one(DraftRow, receipt_hash, with_for_update=True))

    def save(
        self,
        unit: Unit,
        receipt_hash: str,
        typed: Mapping[str, str],
        seen: str | None,
        account_id: str | None = None,
    ) -> Unsent | None:
        """Replace what was typed; None if there is no such draft.

        ``seen`` is the version that the page was filled with; None replaces any. A draft without
        an account becomes that of ``account_id``. Raises DraftConflict for other content.
        """
        row = unit.session.get(DraftRow, receipt_hash, with_for_update=True)
        if row is None:
            return None
        if seen not in (None, _unsent(row).version) and row.typed != typed:
            raise DraftConflict
        if row.typed != typed:
            row.typed, row.updated_at = dict(typed), max(unit.moment, row.updated_at + _TICK)
        row.account_id = row.account_id or account_id
        return _unsent(row)

    def take(self, unit: Unit, receipt_hash: str) -> Unsent | None:
        """Remove a draft and return it, once: whoever comes second waits, and gets None."""
        row = unit.session.get(DraftRow, receipt_hash, with_for_update=True)
        if row is None:
            return None
        taken = _unsent(row)
        unit.session.delete(row)
        unit.session.flush()
        return taken

    def drop(self, unit: Unit, before: datetime) -> None:
        """Remove those that nobody has changed since."""
        unit.session.execute(delete(DraftRow).where(DraftRow.updated_at < before))


def _unsent(row: DraftRow) -> Unsent:
    return Unsent(row.receipt_hash, row.typed, row.demand_id, row.account_id, row.updated_at)
