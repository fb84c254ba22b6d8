"""The tables. A record's fields are columns of the same names; lists are JSON."""

from datetime import datetime

from sqlalchemy import JSON, DateTime, String, Text
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column


class Base(DeclarativeBase):
    """Holds the metadata of all tables."""


class RecordRow(Base):
    """What every record has besides its own fields.

    ``id`` is ours, opaque and stable, and grows with time. ``external_id`` is the importer's.
    ``stamp`` changes with the content and tells indexes what they have missed.
    """

    __abstract__ = True

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    external_id: Mapped[str | None] = mapped_column(String(100), unique=True)
    stamp: Mapped[str] = mapped_column(String(16))
    created_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    updated_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    title: Mapped[str] = mapped_column(Text)


class AchievementRow(RecordRow):
    """成果; see ``matcher.records.Achievement``."""

    __tablename__ = "achievements"

    abstract: Mapped[str] = mapped_column(Text)
    keywords: Mapped[list[str]] = mapped_column(JSON)
    provider: Mapped[str | None] = mapped_column(Text, index=True)
    field: Mapped[str | None] = mapped_column(String(50), index=True)
    industry: Mapped[str | None] = mapped_column(String(50))
    form: Mapped[str | None] = mapped_column(String(50))
    maturity: Mapped[int | None]
    level: Mapped[str | None] = mapped_column(String(50))
    application_state: Mapped[str | None] = mapped_column(String(50))
    ip_kinds: Mapped[list[str]] = mapped_column(JSON)
    ip_status: Mapped[str | None] = mapped_column(String(50))
    cooperation_modes: Mapped[list[str]] = mapped_column(JSON)
    price_min: Mapped[float | None]
    price_max: Mapped[float | None]
    region: Mapped[str | None] = mapped_column(String(100), index=True)
    contact: Mapped[str | None] = mapped_column(Text)


class DemandRow(RecordRow):
    """需求; see ``matcher.records.Demand``. ``receipt_hash`` is of the code given on submission."""

    __tablename__ = "demands"

    problem: Mapped[str] = mapped_column(Text)
    indicators: Mapped[str] = mapped_column(Text)
    goal: Mapped[str] = mapped_column(Text)
    keywords: Mapped[list[str]] = mapped_column(JSON)
    field: Mapped[str | None] = mapped_column(String(50), index=True)
    industry: Mapped[str | None] = mapped_column(String(50))
    region: Mapped[str | None] = mapped_column(String(100), index=True)
    solution_mode: Mapped[str | None] = mapped_column(String(50))
    maturity_min: Mapped[int | None]
    budget: Mapped[float | None]
    deadline: Mapped[str | None] = mapped_column(String(10))
    organisation: Mapped[str | None] = mapped_column(Text)
    contact: Mapped[str | None] = mapped_column(Text)
    phone: Mapped[str | None] = mapped_column(String(50))
    confidentiality: Mapped[str] = mapped_column(String(20))
    receipt_hash: Mapped[str | None] = mapped_column(String(64), unique=True)
