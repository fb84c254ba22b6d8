"""What happened: the change log that indexes follow, the audit log, and answers already given."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from api.store.tables.base import Base, Moment, Serial


class ChangeRow(Base):
    """One write to one record. Numbers grow in the order in which the writes became visible."""

    __tablename__ = "changes"
    __table_args__ = {"sqlite_autoincrement": True}  # noqa: RUF012 - as declared by SQLAlchemy

    number: Mapped[int] = mapped_column(Serial, primary_key=True)
    kind: Mapped[str] = mapped_column(String(20))
    record_id: Mapped[str] = mapped_column(String(32))
    at: Mapped[datetime] = mapped_column(Moment)


class AuditRow(Base):
    """Who did what, when, from where. Triggers refuse to change or delete a line."""

    __tablename__ = "audit"
    __table_args__ = {"sqlite_autoincrement": True}  # noqa: RUF012 - as declared by SQLAlchemy

    number: Mapped[int] = mapped_column(Serial, primary_key=True)
    at: Mapped[datetime] = mapped_column(Moment, index=True)
    account_id: Mapped[str | None] = mapped_column(String(32), index=True)
    who: Mapped[str] = mapped_column(String(100))
    role: Mapped[str] = mapped_column(String(20))
    address: Mapped[str] = mapped_column(String(64))
    action: Mapped[str] = mapped_column(String(40), index=True)
    subject: Mapped[str | None] = mapped_column(String(64), index=True)
    details: Mapped[dict[str, Any]] = mapped_column(JSON)


class IdempotencyRow(Base):
    """A POST that was carried out: the hash of its key, of what it said, and what it made."""

    __tablename__ = "idempotency"

    key_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    content_hash: Mapped[str] = mapped_column(String(64))
    subject: Mapped[str] = mapped_column(String(64))
    at: Mapped[datetime] = mapped_column(Moment, index=True)


class MetaRow(Base):
    """Facts about this database; ``database`` is an id that a restored copy does not share."""

    __tablename__ = "meta"

    name: Mapped[str] = mapped_column(String(40), primary_key=True)
    value: Mapped[str] = mapped_column(Text)
