"""Searches that somebody keeps, what they found, and the digests that tell of it."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from api.store.tables.base import Base, Moment


class SubscriptionRow(Base):
    """A text or a record (``record_id``) to look again for, and how often to tell.

    ``direction`` says what is looked for, ``filters`` is a form's, by name. ``feed`` is in the
    address of its Atom feed, and is made anew to close the old one. ``next_at`` is when it is due.
    ``last_at`` is empty until it is known what was there before; digests since ``seen_at`` are new.
    """

    __tablename__ = "subscriptions"

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    account_id: Mapped[str] = mapped_column(
        ForeignKey("accounts.id", ondelete="CASCADE"), index=True
    )
    name: Mapped[str] = mapped_column(String(100))
    direction: Mapped[str] = mapped_column(String(20))
    text: Mapped[str | None] = mapped_column(Text)
    record_id: Mapped[str | None] = mapped_column(String(32), index=True)
    filters: Mapped[dict[str, Any]] = mapped_column(JSON)
    min_grade: Mapped[int]
    frequency: Mapped[str] = mapped_column(String(20))
    by_email: Mapped[bool]
    feed: Mapped[str] = mapped_column(String(64), unique=True)
    created_at: Mapped[datetime] = mapped_column(Moment)
    next_at: Mapped[datetime] = mapped_column(Moment, index=True)
    last_at: Mapped[datetime | None] = mapped_column(Moment)
    paused_at: Mapped[datetime | None] = mapped_column(Moment)
    seen_at: Mapped[datetime] = mapped_column(Moment)


class DigestRow(Base):
    """What was new when a subscription was due. ``mail``: none, waiting, sent or failed."""

    __tablename__ = "digests"

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    subscription_id: Mapped[str] = mapped_column(
        ForeignKey("subscriptions.id", ondelete="CASCADE"), index=True
    )
    at: Mapped[datetime] = mapped_column(Moment)
    mail: Mapped[str] = mapped_column(String(20), index=True)
    attempts: Mapped[int]
    next_try_at: Mapped[datetime | None] = mapped_column(Moment)
    sent_at: Mapped[datetime | None] = mapped_column(Moment)
    error: Mapped[str] = mapped_column(Text)


class FindingRow(Base):
    """One record that a subscription found, told once; without a digest it was there before."""

    __tablename__ = "findings"

    subscription_id: Mapped[str] = mapped_column(
        ForeignKey("subscriptions.id", ondelete="CASCADE"), primary_key=True
    )
    record_id: Mapped[str] = mapped_column(String(32), primary_key=True)
    digest_id: Mapped[str | None] = mapped_column(
        ForeignKey("digests.id", ondelete="CASCADE"), index=True
    )
    grade: Mapped[int]
    rank: Mapped[int]
    summary: Mapped[str] = mapped_column(Text)
