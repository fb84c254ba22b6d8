"""Accounts, sessions and keys in and out of the database."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final, NamedTuple

from sqlalchemy import BindParameter, bindparam, delete, select, text, update

from api.store.database import Database
from api.store.mapping import is_possible
from api.store.tables import AccountRow, KeyRow, SessionRow, ThrottleRow
from api.store.tables.base import Moment
from api.store.unit import Unit

_SEEN_EVERY: Final = timedelta(minutes=1)
"""How exactly the last use of a session or key is known: noting each would make reads write."""

_FAIL: Final = text(
    "INSERT INTO throttle (key, failures, last_at) VALUES (:key, 1, :at) "
    "ON CONFLICT (key) DO UPDATE SET failures = throttle.failures + 1, last_at = excluded.last_at "
    "RETURNING failures"
).bindparams(bindparam("at", type_=Moment))


@dataclass(frozen=True, slots=True)
class Account:
    """Somebody who may sign in, unless disabled."""

    id: str
    name: str
    role: str
    password_hash: str
    organisation: str | None
    created_at: datetime
    disabled_at: datetime | None
    email: str | None = None


@dataclass(frozen=True, slots=True)
class Session:
    """Somebody who signed in."""

    account: Account
    created_at: datetime
    seen_at: datetime


@dataclass(frozen=True, slots=True)
class Key:
    """A program's key, without the key itself."""

    id: str
    account_id: str
    name: str
    shown: str
    scopes: tuple[str, ...]
    created_at: datetime
    used_at: datetime | None
    revoked_at: datetime | None


class Bearer(NamedTuple):
    """Whose key it is that holds, and what it is for: no more than every request asks."""

    key_id: str
    scopes: Sequence[str]
    used_at: datetime | None
    account_id: str
    name: str
    role: str


# Asked for every request: made once, of plain columns, which take a quarter of the mapper's time.
_ACCOUNT: Final = tuple(AccountRow.__table__.columns[name] for name in Account.__slots__)
_HASHES: Final[BindParameter[Any]] = bindparam("ids", expanding=True)
_BEARER: Final[tuple[Any, ...]] = (
    *(KeyRow.id, KeyRow.scopes, KeyRow.used_at),
    *(AccountRow.id, AccountRow.name, AccountRow.role),
)
_BY_KEY: Final = (
    select(*_BEARER)
    .join_from(KeyRow, AccountRow, AccountRow.id == KeyRow.account_id)
    .where(KeyRow.key_hash.in_(_HASHES))
    .where(KeyRow.revoked_at.is_(None), AccountRow.disabled_at.is_(None))
)
_BY_TOKEN: Final = (
    select(SessionRow.created_at, SessionRow.seen_at, *_ACCOUNT)
    .join_from(SessionRow, AccountRow, AccountRow.id == SessionRow.account_id)
    .where(SessionRow.token_hash.in_(_HASHES))
)


class Accounts:
    """Everything that is known of who may come in."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def put(self, unit: Unit, account: Account) -> None:
        """Insert or replace an account."""
        row = unit.session.get(AccountRow, account.id) or AccountRow(id=account.id)
        for name in Account.__slots__:
            setattr(row, name, getattr(account, name))
        unit.session.add(row)

    def change(self, unit: Unit, id_: str, **values: object) -> None:
        """Set these columns of an account; what others set meanwhile stays."""
        mine = update(AccountRow).where(AccountRow.id == id_)
        unit.session.execute(mine.values(**values))

    def named(self, name: str) -> Account | None:
        """The account with this name, which is in lower case."""
        if "\0" in name:
            return None
        with self._database.reading() as session:
            row = session.scalar(select(AccountRow).where(AccountRow.name == name))
            return account_of(row) if row else None

    def get(self, id_: str) -> Account | None:
        """The account with this id."""
        if not is_possible(id_):
            return None
        with self._database.reading() as session:
            row = session.get(AccountRow, id_)
            return account_of(row) if row else None

    def all(self) -> list[Account]:
        """All accounts by name."""
        with self._database.reading() as session:
            return sorted(
                map(account_of, session.scalars(select(AccountRow))), key=lambda a: a.name
            )

    def open_session(self, unit: Unit, token_hash: str, account_id: str) -> None:
        """Note that somebody signed in."""
        row = SessionRow(token_hash=token_hash, account_id=account_id)
        row.created_at = row.seen_at = unit.moment
        unit.session.add(row)

    def session(self, token_hash: str) -> Session | None:
        """The session of this token."""
        rows = self._database.by_ids(_BY_TOKEN, [token_hash])
        return Session(Account(*rows[0][2:]), *rows[0][:2]) if rows else None

    def see_session(self, token_hash: str, seen_at: datetime) -> None:
        """Note that a session is in use; ``seen_at`` is what was known."""
        if _is_stale(seen_at):
            with self._database.writing() as session:
                mine = update(SessionRow).where(SessionRow.token_hash == token_hash)
                session.execute(mine.values(seen_at=datetime.now(UTC)))

    def close_session(self, unit: Unit, token_hash: str) -> None:
        """Note that somebody signed out."""
        unit.session.execute(delete(SessionRow).where(SessionRow.token_hash == token_hash))

    def close_sessions(self, unit: Unit, account_id: str) -> None:
        """Sign an account out everywhere."""
        unit.session.execute(delete(SessionRow).where(SessionRow.account_id == account_id))

    def drop_sessions(self, unit: Unit, unseen_since: datetime) -> None:
        """Forget sessions that have expired."""
        unit.session.execute(delete(SessionRow).where(SessionRow.seen_at < unseen_since))

    def add_key(self, unit: Unit, key: Key, key_hash: str) -> None:
        """Note a new key."""
        values = {name: getattr(key, name) for name in Key.__slots__} | {"scopes": list(key.scopes)}
        unit.session.add(KeyRow(**values, key_hash=key_hash))

    def keys(self, account_id: str) -> Sequence[Key]:
        """The keys of an account, newest first."""
        mine = select(KeyRow).where(KeyRow.account_id == account_id).order_by(KeyRow.id.desc())
        with self._database.reading() as session:
            return [key_of(row) for row in session.scalars(mine)]

    def bearer(self, key_hash: str) -> Bearer | None:
        """Whose key it is; nobody's if it was revoked, or the account was disabled."""
        rows = self._database.by_ids(_BY_KEY, [key_hash])
        return Bearer(*rows[0]) if rows else None

    def see_key(self, bearer: Bearer) -> None:
        """Note that a key is in use."""
        if bearer.used_at is None or _is_stale(bearer.used_at):
            with self._database.writing() as session:
                mine = update(KeyRow).where(KeyRow.id == bearer.key_id)
                session.execute(mine.values(used_at=datetime.now(UTC)))

    def revoke_key(self, unit: Unit, id_: str) -> None:
        """Make a key useless; when it was revoked first stays."""
        mine = update(KeyRow).where(KeyRow.id == id_, KeyRow.revoked_at.is_(None))
        unit.session.execute(mine.values(revoked_at=unit.moment))

    def failures(self, key: str) -> tuple[int, datetime] | None:
        """How often in a row somebody failed to sign in, and when last."""
        with self._database.reading() as session:
            row = session.get(ThrottleRow, key)
            return (row.failures, row.last_at) if row else None

    def held_failures(self, unit: Unit, key: str) -> tuple[int, datetime] | None:
        """The same, and nobody else notes one before the unit has ended."""
        row = unit.session.get(ThrottleRow, key, with_for_update=True)
        return (row.failures, row.last_at) if row else None

    def fail(self, unit: Unit, key: str) -> int:
        """Note a failure; how many there are now, those included that others noted meanwhile."""
        return int(unit.session.execute(_FAIL, {"key": key, "at": unit.moment}).scalar_one())

    def forget_failures(self, unit: Unit, before: datetime) -> None:
        """Failures that were the last ones before this moment no longer count, and go."""
        unit.session.execute(delete(ThrottleRow).where(ThrottleRow.last_at < before))

    def forgive(self, unit: Unit, key: str) -> None:
        """Forget the failures of somebody who has signed in."""
        unit.session.execute(delete(ThrottleRow).where(ThrottleRow.key == key))


def account_of(row: AccountRow) -> Account:
    """The account in a row."""
    return Account(*(getattr(row, name) for name in Account.__slots__))


def key_of(row: KeyRow) -> Key:
    """The key in a row."""
    values = {name: getattr(row, name) for name in Key.__slots__}
    return Key(**values | {"scopes": tuple(row.scopes)})


def _is_stale(moment: datetime) -> bool:
    return not timedelta(0) <= datetime.now(UTC) - moment < _SEEN_EVERY
