"""The audit log: lines are added and read, never changed; the database itself sees to that."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, TypedDict, Unpack

from sqlalchemy import ColumnElement, select

from api.store.database import Database
from api.store.streaming import streamed
from api.store.tables import AuditRow
from api.store.unit import Unit


@dataclass(frozen=True, slots=True)
class AuditEntry:
    """Who (``account_id`` is None for visitors and the system) did what to whom, from where.

    ``details`` are numbers, ids and choices: never texts, names or codes of the record itself.
    """

    account_id: str | None
    who: str
    role: str
    address: str
    action: str
    subject: str | None = None
    details: Mapping[str, Any] = field(default_factory=dict)
    number: int = 0
    at: datetime | None = None


class Wanted(TypedDict, total=False):
    """Which lines: those in which all that is given is so; ``until`` itself is left out."""

    subject: str | None
    who: str | None
    action: str | None
    role: str | None
    since: datetime | None
    until: datetime | None


class AuditLog:
    """All lines, oldest first by number."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(self, unit: Unit, entry: AuditEntry) -> None:
        """Write a line, kept together with what it tells of."""
        unit.session.add(
            AuditRow(
                at=unit.moment,
                account_id=entry.account_id,
                who=entry.who,
                role=entry.role,
                address=entry.address,
                action=entry.action,
                subject=entry.subject,
                details=dict(entry.details),
            )
        )

    def page(
        self, limit: int, before: int | None = None, **wanted: Unpack[Wanted]
    ) -> list[AuditEntry]:
        """Lines with numbers below ``before``, newest first."""
        query = select(AuditRow).order_by(AuditRow.number.desc()).limit(limit)
        if before is not None:
            query = query.where(AuditRow.number < before)
        query = query.where(*_conditions(wanted))
        with self._database.reading() as session:
            return [_entry(row) for row in session.scalars(query)]

    def all(self, **wanted: Unpack[Wanted]) -> Iterator[AuditEntry]:
        """Every line that is wanted, oldest first, without holding them all."""
        query = select(AuditRow).where(*_conditions(wanted)).order_by(AuditRow.number)
        with self._database.reading() as session:
            for (row,) in streamed(session, query):
                yield _entry(row)


def _conditions(wanted: Wanted) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = [
        getattr(AuditRow, name) == str(value).replace("\0", "\ufffd")
        for name in ("subject", "who", "action", "role")
        if (value := wanted.get(name)) is not None
    ]
    if (since := wanted.get("since")) is not None:
        found.append(AuditRow.at >= since)
    if (until := wanted.get("until")) is not None:
        found.append(AuditRow.at < until)
    return found


def _entry(row: AuditRow) -> AuditEntry:
    return AuditEntry(
        row.account_id,
        row.who,
        row.role,
        row.address,
        row.action,
        row.subject,
        row.details,
        row.number,
        row.at,
    )
