"""Achievements, demands, resources. A record's fields are columns of its names; lists are JSON."""

from datetime import datetime

from sqlalchemy import JSON, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from api.store.tables.base import Base, Moment


def _listed(table: str, column: str, *more: str) -> Index:
    """For lists of what has one value in a column, newest first, and for their totals.

    Both are found without reading rows that are not shown. It holds all rows: one of those that
    are not deleted SQLite would take for everything, and read rows by it in no order.
    """
    return Index(f"ix_{table}_{column}", column, "deleted_at", "id", *more)


class RecordRow(Base):
    """What every record has besides its own fields.

    ``id`` is ours, opaque and stable, and grows with time. ``external_id`` is the importer's.
    ``stamp`` changes with the content and tells indexes what they have missed; ``fingerprint`` is
    of the texts and of whose they are, and finds the same record under another id. ``version``
    counts the edits.
    A record with ``deleted_at`` is shown to nobody, but can be restored.
    """

    __abstract__ = True

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    external_id: Mapped[str | None] = mapped_column(String(100), unique=True)
    stamp: Mapped[str] = mapped_column(String(16))
    fingerprint: Mapped[str | None] = mapped_column(String(32), index=True)
    version: Mapped[int] = mapped_column(default=1, server_default="1")
    created_at: Mapped[datetime] = mapped_column(Moment)
    updated_at: Mapped[datetime] = mapped_column(Moment)
    deleted_at: Mapped[datetime | None] = mapped_column(Moment)
    title: Mapped[str] = mapped_column(Text)


class AchievementRow(RecordRow):
    """成果; see ``matcher.records.Achievement``."""

    __tablename__ = "achievements"
    __table_args__ = (
        _listed("achievements", "field"),
        _listed("achievements", "provider"),
        Index("ix_achievements_place", "field", "region", "deleted_at", "maturity", "created_at"),
        Index(
            "ix_achievements_proven",
            "provider",
            "deleted_at",
            "maturity",
            "level",
            "ip_status",
            "id",
        ),
    )

    abstract: Mapped[str] = mapped_column(Text)
    keywords: Mapped[list[str]] = mapped_column(JSON)
    provider: Mapped[str | None] = mapped_column(Text)
    field: Mapped[str | None] = mapped_column(String(50))
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
    region: Mapped[str | None] = mapped_column(String(200), index=True)
    contact: Mapped[str | None] = mapped_column(Text)


class DemandRow(RecordRow):
    """需求; see ``matcher.records.Demand``.

    ``public_title`` is the title as the public sees it, which it may search. ``receipt_hash`` is of
    the code given on submission; ``owner_id`` is the account of the enterprise that submitted it,
    if it was signed in. ``state`` is one of ``values.REVIEW_STATES``, ``review_note`` says why, and
    ``coach`` (0 … 20) how well the demand is described, if it came by itself and not in a file.
    """

    __tablename__ = "demands"
    __table_args__ = (
        _listed("demands", "field"),
        _listed("demands", "state", "confidentiality", "reviewed_at"),
    )

    problem: Mapped[str] = mapped_column(Text)
    indicators: Mapped[str] = mapped_column(Text)
    goal: Mapped[str] = mapped_column(Text)
    keywords: Mapped[list[str]] = mapped_column(JSON)
    field: Mapped[str | None] = mapped_column(String(50))
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
    public_title: Mapped[str | None] = mapped_column(Text)
    receipt_hash: Mapped[str | None] = mapped_column(String(64), unique=True)
    owner_id: Mapped[str | None] = mapped_column(
        ForeignKey("accounts.id", name="fk_demands_owner"), index=True
    )
    state: Mapped[str] = mapped_column(String(20), server_default="published")
    review_note: Mapped[str] = mapped_column(Text, server_default="")
    reviewed_at: Mapped[datetime | None] = mapped_column(Moment)
    reviewer_id: Mapped[str | None] = mapped_column(
        ForeignKey("accounts.id", name="fk_demands_reviewer")
    )
    coach: Mapped[int | None]


class ResourceRow(RecordRow):
    """资源; see ``matcher.resources.Resource``."""

    __tablename__ = "resources"
    __table_args__ = (_listed("resources", "kind"),)

    kind: Mapped[str] = mapped_column(String(20))
    summary: Mapped[str] = mapped_column(Text)
    conditions: Mapped[str] = mapped_column(Text)
    keywords: Mapped[list[str]] = mapped_column(JSON)
    provider: Mapped[str | None] = mapped_column(Text)
    category: Mapped[str | None] = mapped_column(String(50))
    services: Mapped[list[str]] = mapped_column(JSON)
    equipment: Mapped[list[str]] = mapped_column(JSON)
    scale: Mapped[str | None] = mapped_column(Text)
    fields: Mapped[list[str]] = mapped_column(JSON)
    industry: Mapped[str | None] = mapped_column(String(50))
    region: Mapped[str | None] = mapped_column(String(200), index=True)
    maturity_min: Mapped[int | None]
    maturity_max: Mapped[int | None]
    amount_min: Mapped[float | None]
    amount_max: Mapped[float | None]
    term: Mapped[int | None]
    valid_from: Mapped[str | None] = mapped_column(String(10))
    valid_until: Mapped[str | None] = mapped_column(String(10), index=True)
    source: Mapped[str | None] = mapped_column(Text)
    contact: Mapped[str | None] = mapped_column(Text)
