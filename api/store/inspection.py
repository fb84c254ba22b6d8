"""What only the database itself can tell of its condition."""

import secrets
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import Executable, delete, func, insert, select, update
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from api.store.database import Database
from api.store.jobs import UNFINISHED
from api.store.tables import AccountRow, AuditRow, ChangeRow, JobRow, MetaRow, SessionRow

_MOMENTS: Final = (
    ChangeRow.at,
    AuditRow.at,
    AccountRow.created_at,
    SessionRow.seen_at,
    JobRow.created_at,
    JobRow.beat_at,
)
"""Written by the clocks of those who used the database."""


@dataclass(frozen=True, slots=True)
class Unfinished:
    """Jobs that have not ended: how many, and the last sign of life that any of them gave."""

    count: int
    heard: datetime | None


class Inspection:
    """Asks one database. Nothing that it writes stays."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def write(self) -> None:
        """Write a row for good, and remove it again. Raises StoreUnavailable if that fails."""
        name = f"doctor-{secrets.token_hex(8)}"
        with self._database.writing() as session:
            session.execute(insert(MetaRow).values(name=name, value=""))
        with self._database.writing() as session:
            session.execute(delete(MetaRow).where(MetaRow.name == name))

    def is_audit_protected(self) -> bool:
        """Whether the database itself refuses to change and to delete lines of the audit log."""
        with self._database.writing() as session:
            line = AuditRow(who="", role="", address="", action="", details={})
            line.at = datetime.fromtimestamp(0).astimezone()
            session.add(line)
            session.flush()
            mine = AuditRow.number == line.number
            tried = (update(AuditRow).where(mine).values(who="-"), delete(AuditRow).where(mine))
            refused = [_is_refused(session, statement) for statement in tried]
            session.rollback()
        return all(refused)

    def newest(self) -> datetime | None:
        """The latest moment that anybody has written."""
        with self._database.reading() as session:
            moments = [session.scalar(select(func.max(column))) for column in _MOMENTS]
        return max((moment for moment in moments if moment), default=None)

    def unfinished(self) -> Unfinished:
        """The jobs that wait or are under way."""
        heard = func.max(func.coalesce(JobRow.beat_at, JobRow.created_at))
        asked = select(func.count(), heard).where(JobRow.state.in_(UNFINISHED))
        with self._database.reading() as session:
            count, last = session.execute(asked).one()
        return Unfinished(count, last)


def _is_refused(session: Session, statement: Executable) -> bool:
    try:
        with session.begin_nested():
            session.execute(statement)
    except DBAPIError:
        return True
    return False
