"""Reviews of demands, drafts, decisions, cases, outlooks, subscriptions; e-mail of accounts."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

SERIAL = sa.BigInteger().with_variant(sa.Integer, "sqlite")
MOMENT = sa.DateTime(timezone=True)
STANDING = sa.text("withdrawn_at IS NULL")


def upgrade() -> None:
    with op.batch_alter_table("accounts") as batch:
        batch.add_column(sa.Column("email", sa.String(254)))
    with op.batch_alter_table("demands") as batch:
        batch.add_column(_text("state", 20, server_default="published"))
        batch.add_column(_text("review_note", server_default=""))
        batch.add_column(_moment("reviewed_at", nullable=True))
        batch.add_column(sa.Column("reviewer_id", sa.String(32)))
        batch.add_column(sa.Column("coach", sa.Integer))
        batch.create_foreign_key("fk_demands_reviewer", "accounts", ["reviewer_id"], ["id"])
        batch.create_index("ix_demands_state", ["state"])
    _drafts()
    _decisions()
    _cases()
    _outlooks()
    _subscriptions()


def downgrade() -> None:
    for table in ("findings", "digests", "subscriptions", "outlooks"):
        op.drop_table(table)
    for table in ("case_events", "cases", "decisions", "drafts"):
        op.drop_table(table)
    # What was not published must not be shown by a version that knows no reviews.
    op.execute("UPDATE demands SET confidentiality = 'brokers' WHERE state <> 'published'")
    with op.batch_alter_table("demands") as batch:
        batch.drop_index("ix_demands_state")
        batch.drop_constraint("fk_demands_reviewer", type_="foreignkey")
        for column in ("coach", "reviewer_id", "reviewed_at", "review_note", "state"):
            batch.drop_column(column)
    with op.batch_alter_table("accounts") as batch:
        batch.drop_column("email")


def _text(name: str, length: int | None = None, **more: Any) -> sa.Column[Any]:  # noqa: ANN401
    kind = sa.String(length) if length else sa.Text()
    return sa.Column(name, kind, nullable=more.pop("nullable", False), **more)


def _moment(name: str, nullable: bool = False, index: bool = False) -> sa.Column[Any]:
    return sa.Column(name, MOMENT, nullable=nullable, index=index)


def _id(name: str = "id") -> sa.Column[Any]:
    return sa.Column(name, sa.String(32), primary_key=True)


def _to(
    name: str,
    target: str,
    ondelete: str | None = None,
    **more: Any,  # noqa: ANN401
) -> sa.Column[Any]:
    return sa.Column(
        name, sa.String(32), sa.ForeignKey(target, ondelete=ondelete), **{"nullable": False} | more
    )


def _drafts() -> None:
    op.create_table(
        "drafts",
        sa.Column("receipt_hash", sa.String(64), primary_key=True),
        sa.Column("typed", sa.JSON, nullable=False),
        _to("demand_id", "demands.id", "CASCADE", nullable=True),
        _to("account_id", "accounts.id", "CASCADE", nullable=True, index=True),
        _moment("created_at"),
        _moment("updated_at", index=True),
    )


def _decisions() -> None:
    op.create_table(
        "decisions",
        _id(),
        _to("demand_id", "demands.id", index=True),
        _to("achievement_id", "achievements.id", index=True),
        _text("verdict", 20),
        _text("reason", 20, nullable=True),
        _text("note"),
        sa.Column("grade", sa.Integer, nullable=False),
        _text("asked", 20),
        sa.Column("position", sa.Integer),
        sa.Column("shown_grade", sa.Integer),
        _text("model", 64, nullable=True),
        _to("account_id", "accounts.id", nullable=True, index=True),
        _moment("at", index=True),
        _moment("withdrawn_at", nullable=True),
    )
    op.create_index(
        "ix_decisions_standing",
        "decisions",
        ["demand_id", "achievement_id"],
        unique=True,
        sqlite_where=STANDING,
        postgresql_where=STANDING,
    )


def _cases() -> None:
    op.create_table(
        "cases",
        _id(),
        _to("demand_id", "demands.id"),
        _to("achievement_id", "achievements.id", index=True),
        _text("stage", 20, index=True),
        _moment("stage_since"),
        _text("ended_because", 20, nullable=True),
        _to("assignee_id", "accounts.id", nullable=True, index=True),
        _text("next_step"),
        _text("next_date", 10, nullable=True, index=True),
        _text("contract_type", 20, nullable=True),
        sa.Column("amount", sa.Double),
        _text("signed_on", 10, nullable=True),
        _moment("released_at", nullable=True),
        sa.Column("version", sa.Integer, nullable=False),
        _moment("created_at"),
        _moment("updated_at"),
        sa.UniqueConstraint("demand_id", "achievement_id", name="uq_cases_pairing"),
    )
    op.create_table(
        "case_events",
        sa.Column("number", SERIAL, primary_key=True),
        _to("case_id", "cases.id", "CASCADE", index=True),
        _moment("at"),
        sa.Column("account_id", sa.String(32)),
        _text("who", 100),
        _text("kind", 20),
        _text("from_stage", 20, nullable=True),
        _text("to_stage", 20, nullable=True),
        _text("text"),
        sqlite_autoincrement=True,
    )


def _outlooks() -> None:
    op.create_table(
        "outlooks",
        _to("demand_id", "demands.id", "CASCADE", primary_key=True),
        _text("stamp", 16),
        _text("model", 64),
        _moment("at", index=True),
        sa.Column("achievement_id", sa.String(32)),
        sa.Column("grade", sa.Integer, index=True),
        sa.Column("expected", sa.Double),
        sa.Column("strong", sa.Integer, nullable=False),
    )


def _subscriptions() -> None:
    op.create_table(
        "subscriptions",
        _id(),
        _to("account_id", "accounts.id", "CASCADE", index=True),
        _text("name", 100),
        _text("direction", 20),
        _text("text", nullable=True),
        sa.Column("record_id", sa.String(32), index=True),
        sa.Column("filters", sa.JSON, nullable=False),
        sa.Column("min_grade", sa.Integer, nullable=False),
        _text("frequency", 20),
        sa.Column("by_email", sa.Boolean, nullable=False),
        _text("feed", 64, unique=True),
        _moment("created_at"),
        _moment("next_at", index=True),
        _moment("last_at", nullable=True),
        _moment("paused_at", nullable=True),
        _moment("seen_at"),
    )
    op.create_table(
        "digests",
        _id(),
        _to("subscription_id", "subscriptions.id", "CASCADE", index=True),
        _moment("at"),
        _text("mail", 20, index=True),
        sa.Column("attempts", sa.Integer, nullable=False),
        _moment("next_try_at", nullable=True),
        _moment("sent_at", nullable=True),
        _text("error"),
    )
    op.create_table(
        "findings",
        _to("subscription_id", "subscriptions.id", "CASCADE", primary_key=True),
        sa.Column("record_id", sa.String(32), primary_key=True),
        _to("digest_id", "digests.id", "CASCADE", nullable=True, index=True),
        sa.Column("grade", sa.Integer, nullable=False),
        sa.Column("rank", sa.Integer, nullable=False),
        _text("summary"),
    )
