"""Lists of records are counted, and read newest first, without the rows that are not shown."""

from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

_LISTS = {
    "ix_achievements_field": ("achievements", "field"),
    "ix_achievements_provider": ("achievements", "provider"),
    "ix_demands_field": ("demands", "field"),
    "ix_demands_state": ("demands", "state", "confidentiality", "reviewed_at"),
    "ix_resources_kind": ("resources", "kind"),
}
"""By index: its table, its column so far, and what comes last from now on."""


def upgrade() -> None:
    op.drop_index("ix_demands_confidentiality", "demands")
    for name, (table, column, *more) in _LISTS.items():
        op.drop_index(name, table)
        op.create_index(name, table, [column, "deleted_at", "id", *more])


def downgrade() -> None:
    for name, (table, column, *_) in _LISTS.items():
        op.drop_index(name, table)
        op.create_index(name, table, [column])
    op.create_index("ix_demands_confidentiality", "demands", ["confidentiality"])
