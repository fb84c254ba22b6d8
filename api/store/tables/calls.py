"""揭榜挂帅: open calls that are being drafted."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from api.store.tables.base import Base, Moment


class CallRow(Base):
    """榜单: ``fields`` are texts by name, ``who`` and ``account_id`` whoever saved it last."""

    __tablename__ = "calls"

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    title: Mapped[str] = mapped_column(Text)
    demand_ids: Mapped[list[Any]] = mapped_column(JSON)
    fields: Mapped[dict[str, Any]] = mapped_column(JSON)
    state: Mapped[str] = mapped_column(String(20), index=True)
    account_id: Mapped[str | None] = mapped_column(String(32))
    who: Mapped[str] = mapped_column(String(100))
    version: Mapped[int]
    created_at: Mapped[datetime] = mapped_column(Moment)
    updated_at: Mapped[datetime] = mapped_column(Moment)
