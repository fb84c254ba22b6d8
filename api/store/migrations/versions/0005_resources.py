"""Resources: what a pairing may lack and somebody can give."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)
_TEXTS = ("provider", "scale", "source", "contact")
_LISTS = ("keywords", "services", "equipment", "fields")


def upgrade() -> None:
    op.create_table(
        "resources",
        sa.Column("id", sa.String(32), primary_key=True),
        sa.Column("external_id", sa.String(100), unique=True),
        sa.Column("stamp", sa.String(16), nullable=False),
        sa.Column("fingerprint", sa.String(32), index=True),
        sa.Column("version", sa.Integer, nullable=False, server_default="1"),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("updated_at", MOMENT, nullable=False),
        sa.Column("deleted_at", MOMENT),
        sa.Column("kind", sa.String(20), nullable=False, index=True),
        *(sa.Column(name, sa.Text, nullable=False) for name in ("title", "summary", "conditions")),
        *(sa.Column(name, sa.JSON, nullable=False) for name in _LISTS),
        *(sa.Column(name, sa.Text) for name in _TEXTS),
        sa.Column("category", sa.String(50)),
        sa.Column("industry", sa.String(50)),
        sa.Column("region", sa.String(200), index=True),
        sa.Column("maturity_min", sa.Integer),
        sa.Column("maturity_max", sa.Integer),
        sa.Column("amount_min", sa.Double),
        sa.Column("amount_max", sa.Double),
        sa.Column("term", sa.Integer),
        sa.Column("valid_from", sa.String(10)),
        sa.Column("valid_until", sa.String(10), index=True),
    )


def downgrade() -> None:
    op.execute("DELETE FROM changes WHERE kind = 'resources'")
    op.drop_table("resources")
