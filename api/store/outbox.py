"""Digests that are to be mailed: which are due, and what became of them."""

from datetime import datetime

from sqlalchemy import select, update

from api.store.database import Database
from api.store.digests import Digest, digest_of
from api.store.tables import DigestRow


class Outbox:
    """The digests that wait, as a queue that any number of processes take from."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def claim(self, now: datetime, until: datetime) -> Digest | None:
        """Take the digest that is longest due; until then nobody else gets it.

        Its ``attempts`` count this one already.
        """
        wanted = select(DigestRow.id, DigestRow.attempts).where(
            DigestRow.mail == "waiting", DigestRow.next_try_at <= now
        )
        with self._database.reading() as session:  # a look that locks nobody out
            row = session.execute(wanted.order_by(DigestRow.next_try_at).limit(1)).first()
        if row is None:
            return None
        mine = update(DigestRow).where(
            DigestRow.id == row.id, DigestRow.mail == "waiting", DigestRow.attempts == row.attempts
        )
        taken = mine.values(attempts=row.attempts + 1, next_try_at=until).returning(DigestRow)
        with self._database.writing() as session:
            claimed = session.scalar(taken)
            return digest_of(claimed) if claimed else None

    def settle(
        self,
        digest: Digest,
        mail: str,
        sent_at: datetime | None = None,
        next_try_at: datetime | None = None,
        error: str = "",
    ) -> None:
        """Note what became of an attempt; unless it was sent, another made since counts more."""
        mine = update(DigestRow).where(DigestRow.id == digest.id, DigestRow.mail == "waiting")
        if mail != "sent":
            mine = mine.where(DigestRow.attempts == digest.attempts)
        values = {"mail": mail, "sent_at": sent_at, "next_try_at": next_try_at, "error": error}
        with self._database.writing() as session:
            session.execute(mine.values(**values))
