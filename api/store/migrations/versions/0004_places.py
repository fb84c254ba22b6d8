"""Achievements by field and region can be counted without reading their texts."""

from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("ix_achievements_place", "achievements", ["field", "region", "deleted_at"])


def downgrade() -> None:
    op.drop_index("ix_achievements_place", "achievements")
