"""Forms that are not sent yet."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from api.store.tables.base import Base, Moment


class DraftRow(Base):
    """What was typed so far, by a hash of the receipt code under which it will be sent.

    ``demand_id`` is that of the demand that it will change, if it is not to be a new one.
    """

    __tablename__ = "drafts"

    receipt_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    typed: Mapped[dict[str, Any]] = mapped_column(JSON)
    demand_id: Mapped[str | None] = mapped_column(ForeignKey("demands.id", ondelete="CASCADE"))
    account_id: Mapped[str | None] = mapped_column(
        ForeignKey("accounts.id", ondelete="CASCADE"), index=True
    )
    created_at: Mapped[datetime] = mapped_column(Moment)
    updated_at: Mapped[datetime] = mapped_column(Moment, index=True)
