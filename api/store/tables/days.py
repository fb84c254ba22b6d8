"""Matchmaking days (对接会) and the meetings of each."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from api.store.tables.base import Base, Moment


class DayRow(Base):
    """One day: its plan as it was typed, and what the last arrangement proved.

    ``total``, ``bound`` and ``gap`` are of the objective that was optimised; ``unplaced`` says who
    has no meeting and why, ``missing`` which chosen records could not take part. ``job_id`` is that
    of an arrangement in the background, while there is one.
    """

    __tablename__ = "days"

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    name: Mapped[str] = mapped_column(String(100))
    date: Mapped[str] = mapped_column(String(10), index=True)
    place: Mapped[str] = mapped_column(Text)
    state: Mapped[str] = mapped_column(String(20), index=True)
    plan: Mapped[dict[str, Any]] = mapped_column(JSON)
    total: Mapped[float | None]
    bound: Mapped[float | None]
    gap: Mapped[float | None]
    unplaced: Mapped[list[dict[str, str]]] = mapped_column(JSON)
    missing: Mapped[list[str]] = mapped_column(JSON)
    job_id: Mapped[str | None] = mapped_column(String(32))
    arranged_at: Mapped[datetime | None] = mapped_column(Moment)
    published_at: Mapped[datetime | None] = mapped_column(Moment)
    owner_id: Mapped[str | None] = mapped_column(ForeignKey("accounts.id"), index=True)
    version: Mapped[int]
    created_at: Mapped[datetime] = mapped_column(Moment)
    updated_at: Mapped[datetime] = mapped_column(Moment)


class MeetingRow(Base):
    """One meeting of two parties. ``slot`` and ``room`` count from 0; parties as they were named.

    ``grade`` is the expected one, 1–4; a ``fixed`` meeting stays when the day is arranged again.
    """

    __tablename__ = "meetings"
    __table_args__ = (UniqueConstraint("day_id", "slot", "room", name="uq_meetings_place"),)

    day_id: Mapped[str] = mapped_column(ForeignKey("days.id", ondelete="CASCADE"), primary_key=True)
    demand_id: Mapped[str] = mapped_column(ForeignKey("demands.id"), primary_key=True, index=True)
    achievement_id: Mapped[str] = mapped_column(
        ForeignKey("achievements.id"), primary_key=True, index=True
    )
    demand_party: Mapped[str] = mapped_column(Text)
    achievement_party: Mapped[str] = mapped_column(Text)
    slot: Mapped[int]
    room: Mapped[int]
    grade: Mapped[float]
    fixed: Mapped[bool]
