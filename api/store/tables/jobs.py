"""Work that takes long: jobs, and the checked rows of an import that waits to be applied."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from api.store.tables.base import Base, Moment


class JobRow(Base):
    """One job. A running one without a recent ``beat_at`` lost its process and is taken over.

    ``losses`` counts how often that has happened.
    """

    __tablename__ = "jobs"

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    kind: Mapped[str] = mapped_column(String(20))
    state: Mapped[str] = mapped_column(String(20), index=True)
    account_id: Mapped[str | None] = mapped_column(String(32), index=True)
    parameters: Mapped[dict[str, Any]] = mapped_column(JSON)
    step: Mapped[str] = mapped_column(String(40))
    done: Mapped[int]
    total: Mapped[int | None]
    message: Mapped[str] = mapped_column(Text)
    report: Mapped[dict[str, Any]] = mapped_column(JSON)
    worker: Mapped[str | None] = mapped_column(String(64))
    created_at: Mapped[datetime] = mapped_column(Moment)
    beat_at: Mapped[datetime | None] = mapped_column(Moment)
    finished_at: Mapped[datetime | None] = mapped_column(Moment)
    losses: Mapped[int] = mapped_column(default=0, server_default="0")


class StagedRow(Base):
    """One row of an imported file, checked, as the columns of its record.

    ``record_id`` is that of the record it replaces or will be, ``number`` its line in the file.
    """

    __tablename__ = "staged"
    __table_args__ = (Index("ix_staged_content", "job_id", "fingerprint"),)

    job_id: Mapped[str] = mapped_column(ForeignKey("jobs.id", ondelete="CASCADE"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    record_id: Mapped[str] = mapped_column(String(32))
    external_id: Mapped[str] = mapped_column(String(100))
    stamp: Mapped[str] = mapped_column(String(16))
    fingerprint: Mapped[str] = mapped_column(String(32))
    values: Mapped[dict[str, Any]] = mapped_column(JSON)
