"""Searches that are kept, in and out of the database."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Select, delete, select, update

from api.store.database import Database
from api.store.mapping import is_possible
from api.store.tables import AccountRow, SubscriptionRow
from api.store.unit import Unit

_STAFF: Final = ("broker", "administrator")


@dataclass(frozen=True, slots=True)
class Subscription:
    """A text or a record to look again for. ``filters`` is a form's, by name."""

    id: str
    account_id: str
    name: str
    direction: str
    text: str | None
    record_id: str | None
    filters: Mapping[str, str]
    min_grade: int
    frequency: str
    by_email: bool
    feed: str
    created_at: datetime
    next_at: datetime
    last_at: datetime | None
    paused_at: datetime | None
    seen_at: datetime


class Subscriptions:
    """All subscriptions."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(self, unit: Unit, subscription: Subscription) -> None:
        """Keep a new one."""
        values = {name: getattr(subscription, name) for name in Subscription.__slots__}
        unit.session.add(SubscriptionRow(**values))
        unit.session.flush()  # findings refer to it

    def change(self, unit: Unit, id_: str, **values: object) -> None:
        """Set these columns of a subscription."""
        mine = update(SubscriptionRow).where(SubscriptionRow.id == id_)
        unit.session.execute(mine.values(**values))

    def remove(self, unit: Unit, id_: str) -> None:
        """Forget a subscription with all that it told."""
        unit.session.execute(delete(SubscriptionRow).where(SubscriptionRow.id == id_))

    def get(self, id_: str) -> Subscription | None:
        """The subscription with this id."""
        with self._database.reading() as session:
            row = session.get(SubscriptionRow, id_) if is_possible(id_) else None
            return _subscription(row) if row else None

    def of_feed(self, feed: str) -> Subscription | None:
        """The subscription whose feed has this secret, if its account may still come in."""
        if not is_possible(feed):
            return None
        wanted = _of_staff().where(SubscriptionRow.feed == feed)
        with self._database.reading() as session:
            row = session.scalar(wanted)
            return _subscription(row) if row else None

    def of(self, account_id: str) -> list[Subscription]:
        """Those of an account, newest first."""
        mine = select(SubscriptionRow).where(SubscriptionRow.account_id == account_id)
        with self._database.reading() as session:
            rows = session.scalars(mine.order_by(SubscriptionRow.id.desc()))
            return [_subscription(row) for row in rows]

    def due(self, now: datetime, limit: int) -> list[Subscription]:
        """Those whose time has come, the longest overdue first."""
        wanted = _of_staff().where(SubscriptionRow.next_at <= now)
        wanted = wanted.where(SubscriptionRow.paused_at.is_(None))
        with self._database.reading() as session:
            rows = session.scalars(wanted.order_by(SubscriptionRow.next_at).limit(limit))
            return [_subscription(row) for row in rows]

    def claim(self, subscription: Subscription, until: datetime) -> bool:
        """Take a due one until then; of several that try, one gets it."""
        mine = update(SubscriptionRow).where(
            SubscriptionRow.id == subscription.id,
            SubscriptionRow.next_at == subscription.next_at,
            SubscriptionRow.paused_at.is_(None),
        )
        with self._database.writing() as session:
            taken = session.scalars(mine.values(next_at=until).returning(SubscriptionRow.id))
            return taken.first() is not None

    def hold(self, unit: Unit, id_: str, until: datetime | None = None) -> Subscription | None:
        """The subscription, untouched by others until the unit ends.

        None if it is gone, or no longer claimed ``until`` then.
        """
        wanted = select(SubscriptionRow).where(SubscriptionRow.id == id_)
        if until is not None:
            wanted = wanted.where(SubscriptionRow.next_at == until)
        row = unit.session.scalar(wanted.with_for_update())
        return _subscription(row) if row else None


def _of_staff() -> Select[Any]:
    return (
        select(SubscriptionRow)
        .join(AccountRow, AccountRow.id == SubscriptionRow.account_id)
        .where(AccountRow.disabled_at.is_(None), AccountRow.role.in_(_STAFF))
    )


def _subscription(row: SubscriptionRow) -> Subscription:
    return Subscription(**{name: getattr(row, name) for name in Subscription.__slots__})
