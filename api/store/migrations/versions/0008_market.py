"""Which achievements are strong for which demands; supply counted without reading texts."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

_PLACE = ("ix_achievements_place", "achievements")
_BEFORE = ["field", "region", "deleted_at"]
_PROVEN = ["provider", "deleted_at", "maturity", "level", "ip_status", "id"]


def upgrade() -> None:
    op.create_table(
        "strong_pairings",
        sa.Column(
            "demand_id",
            sa.String(32),
            sa.ForeignKey("demands.id", ondelete="CASCADE"),
            primary_key=True,
        ),
        sa.Column("achievement_id", sa.String(32), primary_key=True, index=True),
    )
    op.drop_index(*_PLACE)
    op.create_index(*_PLACE, [*_BEFORE, "maturity", "created_at"])
    op.create_index("ix_achievements_proven", "achievements", _PROVEN)


def downgrade() -> None:
    op.drop_index("ix_achievements_proven", "achievements")
    op.drop_index(*_PLACE)
    op.create_index(*_PLACE, _BEFORE)
    op.drop_table("strong_pairings")
