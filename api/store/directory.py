"""Accounts and keys as administrators look through them: searched, paged, with when last seen."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import Session as Transaction

from api.store.accounts import Account, Key, account_of, key_of
from api.store.database import Database
from api.store.mapping import is_possible
from api.store.tables import AccountRow, AuditRow, KeyRow, SessionRow


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which accounts: part of name or organisation, a role, enabled or not; None is any."""

    text: str = ""
    role: str | None = None
    enabled: bool | None = None


@dataclass(frozen=True, slots=True)
class Listed:
    """An account, and when it or a key of it was last in use; None for never."""

    account: Account
    seen_at: datetime | None


@dataclass(frozen=True, slots=True)
class OwnedKey:
    """A key, and the name of whose it is."""

    key: Key
    owner: str


class Directory:
    """Reads only; what changes accounts is ``Accounts``."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def page(self, limit: int, after: str, wanted: Wanted) -> Sequence[Listed]:
        """Accounts with names behind ``after``, by name."""
        query = select(AccountRow).where(AccountRow.name > _clean(after), *_conditions(wanted))
        with self._database.reading() as session:
            rows = session.scalars(query.order_by(AccountRow.name).limit(limit)).all()
            seen = _seen(session, [row.id for row in rows])
            return [Listed(account_of(row), seen.get(row.id)) for row in rows]

    def count(self, wanted: Wanted) -> int:
        """How many there are in all."""
        query = select(func.count()).select_from(AccountRow).where(*_conditions(wanted))
        with self._database.reading() as session:
            return session.scalar(query) or 0

    def seen(self, account_id: str) -> datetime | None:
        """When an account was last in use."""
        with self._database.reading() as session:
            return _seen(session, [account_id]).get(account_id)

    def names(self, ids: Collection[str]) -> dict[str, str]:
        """Names of accounts by id; without those that are no accounts."""
        query = select(AccountRow.id, AccountRow.name).where(AccountRow.id.in_(ids))
        with self._database.reading() as session:
            return dict(session.execute(query).all()) if ids else {}

    def keys(self, limit: int, before: str | None, valid: bool) -> Sequence[OwnedKey]:
        """Everybody's keys with ids below ``before``, newest first; ``valid``: not revoked ones."""
        query = select(KeyRow, AccountRow.name).join(AccountRow, AccountRow.id == KeyRow.account_id)
        if before is not None:
            query = query.where(KeyRow.id < before)
        if valid:
            query = query.where(KeyRow.revoked_at.is_(None))
        with self._database.reading() as session:
            found = session.execute(query.order_by(KeyRow.id.desc()).limit(limit))
            return [OwnedKey(key_of(row), owner) for row, owner in found]

    def key(self, id_: str) -> Key | None:
        """The key with this id, whoever has it."""
        with self._database.reading() as session:
            row = session.get(KeyRow, id_) if is_possible(id_) else None
            return key_of(row) if row else None


def _conditions(wanted: Wanted) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if text := _clean(wanted.text.strip()):
        columns = (AccountRow.name, AccountRow.organisation)
        found.append(or_(*(column.icontains(text, autoescape=True) for column in columns)))
    if wanted.role is not None:
        found.append(AccountRow.role == _clean(wanted.role))
    if wanted.enabled is not None:
        disabled = AccountRow.disabled_at
        found.append(disabled.is_(None) if wanted.enabled else disabled.is_not(None))
    return found


def _seen(session: Transaction, ids: Sequence[str]) -> dict[str, datetime]:
    """The latest of what is known: an open session, a key in use, a line of the audit log."""
    newest: dict[str, datetime] = {}
    for column, owner in (
        (SessionRow.seen_at, SessionRow.account_id),
        (KeyRow.used_at, KeyRow.account_id),
    ):
        by_owner = select(owner, func.max(column)).where(owner.in_(ids), column.is_not(None))
        for id_, latest in session.execute(by_owner.group_by(owner)):
            if latest is not None:
                newest[id_] = max(latest, newest.get(id_, latest))
    for id_ in ids:
        mine = select(AuditRow.at).where(AuditRow.account_id == id_)
        at = session.scalar(mine.order_by(AuditRow.number.desc()).limit(1))
        if at is not None:
            newest[id_] = max(at, newest.get(id_, at))
    return newest


def _clean(text: str) -> str:
    """What no database can be asked for becomes what is in none."""
    return text.replace("\0", "\ufffd")
