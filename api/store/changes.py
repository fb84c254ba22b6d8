"""The change log, as those read it who follow it."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import bindparam, func, select, text

from api.store.database import Database
from api.store.tables import ChangeRow, MetaRow
from api.store.tables.base import IDENTITY

_IDENTIFY: Final = text(
    "INSERT INTO meta (name, value) VALUES (:name, :value) ON CONFLICT DO NOTHING"
)
_COLUMNS: Final = ChangeRow.__table__.columns
_BEHIND: Final = (
    select(_COLUMNS.number, _COLUMNS.kind, _COLUMNS.record_id, _COLUMNS.at)
    .where(_COLUMNS.number > bindparam("number"))
    .order_by(_COLUMNS.number)
    .limit(bindparam("limit"))
)


@dataclass(frozen=True, slots=True)
class Change:
    """One write: its number, the table, the record, and when it was made."""

    number: int
    kind: str
    record_id: str
    at: datetime


class ChangeLog:
    """Every write to a record, numbered in the order in which they became visible."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def after(self, number: int, limit: int) -> Sequence[Change]:
        """The changes that come behind ``number``, oldest first."""
        with self._database.reading() as session:
            rows = session.execute(_BEHIND, {"number": number, "limit": limit}).all()
        return [Change(*row) for row in rows]

    def latest(self) -> int:
        """The number of the newest change; 0 if there never was one."""
        with self._database.reading() as session:
            return session.scalar(select(func.max(ChangeRow.number))) or 0

    def database_id(self) -> str:
        """The id of this database, made when it is first asked for.

        A number of the log means nothing to somebody who read it in another database.
        """
        with self._database.reading() as session:
            known = session.get(MetaRow, IDENTITY)
        return known.value if known else self._identify()

    def _identify(self) -> str:
        with self._database.writing() as session:
            session.execute(_IDENTIFY, {"name": IDENTITY, "value": secrets.token_hex(16)})
            return session.get_one(MetaRow, IDENTITY).value  # perhaps that of a faster process
