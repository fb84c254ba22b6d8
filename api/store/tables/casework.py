"""What brokers make of pairings: decisions and cases; and what the library has for demands."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from api.store.tables.base import Base, Moment, Serial

_STANDING = text("withdrawn_at IS NULL")


class DecisionRow(Base):
    """采纳 or 不合适, said of one pairing. What was withdrawn no longer counts.

    ``grade`` is what ranking learns from it. ``position`` (from 1), ``shown_grade`` and ``model``
    say how the pairing was shown to whoever decided, ``asked`` from which side.
    """

    __tablename__ = "decisions"
    __table_args__ = (
        Index(
            "ix_decisions_standing",
            "demand_id",
            "achievement_id",
            unique=True,
            sqlite_where=_STANDING,
            postgresql_where=_STANDING,
        ),
    )

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    demand_id: Mapped[str] = mapped_column(ForeignKey("demands.id"), index=True)
    achievement_id: Mapped[str] = mapped_column(ForeignKey("achievements.id"), index=True)
    verdict: Mapped[str] = mapped_column(String(20))
    reason: Mapped[str | None] = mapped_column(String(20))
    note: Mapped[str] = mapped_column(Text)
    grade: Mapped[int]
    asked: Mapped[str] = mapped_column(String(20))
    position: Mapped[int | None]
    shown_grade: Mapped[int | None]
    model: Mapped[str | None] = mapped_column(String(64))
    account_id: Mapped[str | None] = mapped_column(ForeignKey("accounts.id"), index=True)
    at: Mapped[datetime] = mapped_column(Moment, index=True)
    withdrawn_at: Mapped[datetime | None] = mapped_column(Moment)


class CaseRow(Base):
    """对接单: one pairing on its way to a contract. ``released_at``: the enterprise may see it."""

    __tablename__ = "cases"
    __table_args__ = (UniqueConstraint("demand_id", "achievement_id", name="uq_cases_pairing"),)

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    demand_id: Mapped[str] = mapped_column(ForeignKey("demands.id"))
    achievement_id: Mapped[str] = mapped_column(ForeignKey("achievements.id"), index=True)
    stage: Mapped[str] = mapped_column(String(20), index=True)
    stage_since: Mapped[datetime] = mapped_column(Moment)
    ended_because: Mapped[str | None] = mapped_column(String(20))
    assignee_id: Mapped[str | None] = mapped_column(ForeignKey("accounts.id"), index=True)
    next_step: Mapped[str] = mapped_column(Text)
    next_date: Mapped[str | None] = mapped_column(String(10), index=True)
    contract_type: Mapped[str | None] = mapped_column(String(20))
    amount: Mapped[float | None]
    signed_on: Mapped[str | None] = mapped_column(String(10))
    released_at: Mapped[datetime | None] = mapped_column(Moment)
    version: Mapped[int]
    created_at: Mapped[datetime] = mapped_column(Moment)
    updated_at: Mapped[datetime] = mapped_column(Moment)


class CaseEventRow(Base):
    """One line in the history of a case; ``from_stage`` and ``to_stage`` only of moves."""

    __tablename__ = "case_events"
    __table_args__ = {"sqlite_autoincrement": True}  # noqa: RUF012 - as declared by SQLAlchemy

    number: Mapped[int] = mapped_column(Serial, primary_key=True)
    case_id: Mapped[str] = mapped_column(ForeignKey("cases.id", ondelete="CASCADE"), index=True)
    at: Mapped[datetime] = mapped_column(Moment)
    account_id: Mapped[str | None] = mapped_column(String(32))
    who: Mapped[str] = mapped_column(String(100))
    kind: Mapped[str] = mapped_column(String(20))
    from_stage: Mapped[str | None] = mapped_column(String(20))
    to_stage: Mapped[str | None] = mapped_column(String(20))
    text: Mapped[str] = mapped_column(Text)


class OutlookRow(Base):
    """The best that the library had for a demand when it was last asked, by ``model``.

    ``stamp`` is that of the demand then; ``strong`` counts the distinct achievements of grade 3 or
    better among the first hundred.
    """

    __tablename__ = "outlooks"

    demand_id: Mapped[str] = mapped_column(
        ForeignKey("demands.id", ondelete="CASCADE"), primary_key=True
    )
    stamp: Mapped[str] = mapped_column(String(16))
    model: Mapped[str] = mapped_column(String(64))
    at: Mapped[datetime] = mapped_column(Moment, index=True)
    achievement_id: Mapped[str | None] = mapped_column(String(32))
    grade: Mapped[int | None] = mapped_column(index=True)
    expected: Mapped[float | None]
    strong: Mapped[int]


class StrongRow(Base):
    """An achievement of grade 3 or better for a demand, as the survey found it, twins included."""

    __tablename__ = "strong_pairings"

    demand_id: Mapped[str] = mapped_column(
        ForeignKey("demands.id", ondelete="CASCADE"), primary_key=True
    )
    achievement_id: Mapped[str] = mapped_column(String(32), primary_key=True, index=True)
