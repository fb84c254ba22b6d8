"""Matchmaking days and their meetings."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "days",
        sa.Column("id", sa.String(32), primary_key=True),
        sa.Column("name", sa.String(100), nullable=False),
        sa.Column("date", sa.String(10), nullable=False, index=True),
        sa.Column("place", sa.Text, nullable=False),
        sa.Column("state", sa.String(20), nullable=False, index=True),
        sa.Column("plan", sa.JSON, nullable=False),
        *(sa.Column(name, sa.Double) for name in ("total", "bound", "gap")),
        *(sa.Column(name, sa.JSON, nullable=False) for name in ("unplaced", "missing")),
        sa.Column("job_id", sa.String(32)),
        sa.Column("arranged_at", MOMENT),
        sa.Column("published_at", MOMENT),
        sa.Column("owner_id", sa.String(32), sa.ForeignKey("accounts.id"), index=True),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("updated_at", MOMENT, nullable=False),
    )
    op.create_table(
        "meetings",
        _part_of("day_id", "days.id", "CASCADE"),
        _part_of("demand_id", "demands.id", index=True),
        _part_of("achievement_id", "achievements.id", index=True),
        *(sa.Column(n, sa.Text, nullable=False) for n in ("demand_party", "achievement_party")),
        sa.Column("slot", sa.Integer, nullable=False),
        sa.Column("room", sa.Integer, nullable=False),
        sa.Column("grade", sa.Double, nullable=False),
        sa.Column("fixed", sa.Boolean, nullable=False),
        sa.UniqueConstraint("day_id", "slot", "room", name="uq_meetings_place"),
    )


def downgrade() -> None:
    op.drop_table("meetings")
    op.drop_table("days")


def _part_of(
    name: str, target: str, on_delete: str | None = None, index: bool = False
) -> "sa.Column[str]":
    reference = sa.ForeignKey(target, ondelete=on_delete)
    return sa.Column(name, sa.String(32), reference, primary_key=True, index=index)
