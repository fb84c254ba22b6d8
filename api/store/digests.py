"""What subscriptions have told, in and out of the database."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select

from api.store.database import Database
from api.store.mapping import new_id
from api.store.tables import DigestRow, FindingRow, SubscriptionRow
from api.store.unit import Unit


@dataclass(frozen=True, slots=True)
class Digest:
    """What was new at one time. ``mail``: none, waiting, sent or failed, and ``error`` why."""

    id: str
    subscription_id: str
    at: datetime
    mail: str
    attempts: int = 0
    next_try_at: datetime | None = None
    sent_at: datetime | None = None
    error: str = ""


@dataclass(frozen=True, slots=True)
class Found:
    """A record that was found: its grade, its place in the list, and the reason in a sentence."""

    record_id: str
    grade: int
    rank: int
    summary: str


class Digests:
    """All digests, and the records that they told of."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def told(self, unit: Unit, id_: str) -> set[str]:
        """The ids of all records that a subscription told of, or that were there before."""
        known = select(FindingRow.record_id).where(FindingRow.subscription_id == id_)
        return set(unit.session.scalars(known))

    def add(self, unit: Unit, id_: str, found: Sequence[Found], digest: Digest | None) -> None:
        """Note that a subscription told of records, in a digest or as what was there before."""
        if digest is not None:
            unit.session.add(DigestRow(**_values(digest)))
            unit.session.flush()
        key = {"subscription_id": id_, "digest_id": digest.id if digest else None}
        unit.session.add_all(FindingRow(**key, **_values(one)) for one in found)

    def new_id(self) -> str:
        """An id for a digest; later ones are greater."""
        return new_id("g")

    def of(self, id_: str, limit: int, before: str | None = None) -> list[Digest]:
        """Digests of a subscription with ids below ``before``, newest first."""
        mine = select(DigestRow).where(DigestRow.subscription_id == id_)
        if before is not None:
            mine = mine.where(DigestRow.id < before)
        with self._database.reading() as session:
            rows = session.scalars(mine.order_by(DigestRow.id.desc()).limit(limit))
            return [digest_of(row) for row in rows]

    def findings(self, digests: Iterable[Digest]) -> dict[str, list[Found]]:
        """What digests told of, in order, by id of the digest."""
        found: dict[str, list[Found]] = {digest.id: [] for digest in digests}
        wanted = select(FindingRow).where(FindingRow.digest_id.in_(list(found)))
        with self._database.reading() as session:
            for row in session.scalars(wanted.order_by(FindingRow.rank)):
                one = Found(*(getattr(row, name) for name in Found.__slots__))
                found[str(row.digest_id)].append(one)
        return found

    def unseen(self, account_id: str) -> dict[str, int]:
        """How many records an account's subscriptions told of since they were looked at."""
        counted = (
            select(FindingRow.subscription_id, func.count())
            .join(DigestRow, DigestRow.id == FindingRow.digest_id)
            .join(SubscriptionRow, SubscriptionRow.id == FindingRow.subscription_id)
            .where(SubscriptionRow.account_id == account_id, DigestRow.at > SubscriptionRow.seen_at)
            .group_by(FindingRow.subscription_id)
        )
        with self._database.reading() as session:
            return dict(session.execute(counted).all())


def digest_of(row: DigestRow) -> Digest:
    """The digest in a row."""
    return Digest(**{name: getattr(row, name) for name in Digest.__slots__})


def _values(value: Digest | Found) -> dict[str, Any]:
    return {name: getattr(value, name) for name in type(value).__slots__}
