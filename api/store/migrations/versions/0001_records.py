"""Achievements and demands."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def _common() -> list[sa.Column[Any]]:
    return [
        sa.Column("id", sa.String(32), primary_key=True),
        sa.Column("external_id", sa.String(100), unique=True),
        sa.Column("stamp", sa.String(16), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
    ]


def upgrade() -> None:
    op.create_table(
        "achievements",
        *_common(),
        sa.Column("title", sa.Text, nullable=False),
        sa.Column("abstract", sa.Text, nullable=False),
        sa.Column("keywords", sa.JSON, nullable=False),
        sa.Column("provider", sa.Text, index=True),
        sa.Column("field", sa.String(50), index=True),
        sa.Column("industry", sa.String(50)),
        sa.Column("form", sa.String(50)),
        sa.Column("maturity", sa.Integer),
        sa.Column("level", sa.String(50)),
        sa.Column("application_state", sa.String(50)),
        sa.Column("ip_kinds", sa.JSON, nullable=False),
        sa.Column("ip_status", sa.String(50)),
        sa.Column("cooperation_modes", sa.JSON, nullable=False),
        sa.Column("price_min", sa.Double),
        sa.Column("price_max", sa.Double),
        sa.Column("region", sa.String(100), index=True),
        sa.Column("contact", sa.Text),
    )
    op.create_table(
        "demands",
        *_common(),
        sa.Column("title", sa.Text, nullable=False),
        sa.Column("problem", sa.Text, nullable=False),
        sa.Column("indicators", sa.Text, nullable=False),
        sa.Column("goal", sa.Text, nullable=False),
        sa.Column("keywords", sa.JSON, nullable=False),
        sa.Column("field", sa.String(50), index=True),
        sa.Column("industry", sa.String(50)),
        sa.Column("region", sa.String(100), index=True),
        sa.Column("solution_mode", sa.String(50)),
        sa.Column("maturity_min", sa.Integer),
        sa.Column("budget", sa.Double),
        sa.Column("deadline", sa.String(10)),
        sa.Column("organisation", sa.Text),
        sa.Column("contact", sa.Text),
        sa.Column("phone", sa.String(50)),
        sa.Column("confidentiality", sa.String(20), nullable=False),
        sa.Column("receipt_hash", sa.String(64), unique=True),
    )


def downgrade() -> None:
    op.drop_table("demands")
    op.drop_table("achievements")
