"""Accounts, the change log, the audit log, jobs; versions and soft deletion of records."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

SERIAL = sa.BigInteger().with_variant(sa.Integer, "sqlite")
MOMENT = sa.DateTime(timezone=True)


def _moment(name: str, nullable: bool = False, index: bool = False) -> sa.Column[Any]:
    return sa.Column(name, MOMENT, nullable=nullable, index=index)


def upgrade() -> None:
    _accounts()
    _history()
    _jobs()
    for table in ("achievements", "demands"):
        with op.batch_alter_table(table) as batch:
            batch.add_column(sa.Column("fingerprint", sa.String(32)))
            batch.add_column(sa.Column("version", sa.Integer, nullable=False, server_default="1"))
            batch.add_column(_moment("deleted_at", nullable=True))
            batch.create_index(f"ix_{table}_fingerprint", ["fingerprint"])
    with op.batch_alter_table("achievements") as batch:
        batch.alter_column("region", type_=sa.String(200), existing_type=sa.String(100))
    with op.batch_alter_table("demands") as batch:
        batch.add_column(sa.Column("public_title", sa.Text))
        batch.add_column(sa.Column("owner_id", sa.String(32)))
        batch.create_foreign_key("fk_demands_owner", "accounts", ["owner_id"], ["id"])
        batch.create_index("ix_demands_owner_id", ["owner_id"])
        batch.create_index("ix_demands_confidentiality", ["confidentiality"])


def downgrade() -> None:
    with op.batch_alter_table("demands") as batch:
        batch.drop_index("ix_demands_confidentiality")
        batch.drop_index("ix_demands_owner_id")
        batch.drop_constraint("fk_demands_owner", type_="foreignkey")
        batch.drop_column("owner_id")
        batch.drop_column("public_title")
    op.execute("UPDATE achievements SET region = substr(region, 1, 100) WHERE length(region) > 100")
    with op.batch_alter_table("achievements") as batch:
        batch.alter_column("region", type_=sa.String(100), existing_type=sa.String(200))
    for table in ("achievements", "demands"):
        op.execute(sa.text(f"DELETE FROM {table} WHERE deleted_at IS NOT NULL"))  # noqa: S608
        with op.batch_alter_table(table) as batch:
            batch.drop_index(f"ix_{table}_fingerprint")
            batch.drop_column("deleted_at")
            batch.drop_column("version")
            batch.drop_column("fingerprint")
    _allow_changes("audit")
    for table in ("staged", "jobs", "meta", "idempotency", "audit", "changes"):
        op.drop_table(table)
    for table in ("throttle", "api_keys", "sessions", "accounts"):
        op.drop_table(table)


def _accounts() -> None:
    op.create_table(
        "accounts",
        sa.Column("id", sa.String(32), primary_key=True),
        sa.Column("name", sa.String(64), nullable=False, unique=True),
        sa.Column("role", sa.String(20), nullable=False),
        sa.Column("password_hash", sa.Text, nullable=False),
        sa.Column("organisation", sa.Text),
        _moment("created_at"),
        _moment("disabled_at", nullable=True),
    )
    owner = sa.ForeignKey("accounts.id", ondelete="CASCADE")
    op.create_table(
        "sessions",
        sa.Column("token_hash", sa.String(64), primary_key=True),
        sa.Column("account_id", sa.String(32), owner, nullable=False, index=True),
        _moment("created_at"),
        _moment("seen_at"),
    )
    owner = sa.ForeignKey("accounts.id", ondelete="CASCADE")
    op.create_table(
        "api_keys",
        sa.Column("id", sa.String(32), primary_key=True),
        sa.Column("account_id", sa.String(32), owner, nullable=False, index=True),
        sa.Column("name", sa.String(100), nullable=False),
        sa.Column("shown", sa.String(16), nullable=False),
        sa.Column("key_hash", sa.String(64), nullable=False, unique=True),
        sa.Column("scopes", sa.JSON, nullable=False),
        _moment("created_at"),
        _moment("used_at", nullable=True),
        _moment("revoked_at", nullable=True),
    )
    op.create_table(
        "throttle",
        sa.Column("key", sa.String(64), primary_key=True),
        sa.Column("failures", sa.Integer, nullable=False),
        _moment("last_at", index=True),
    )


def _history() -> None:
    op.create_table(
        "changes",
        sa.Column("number", SERIAL, primary_key=True),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("record_id", sa.String(32), nullable=False),
        _moment("at"),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "audit",
        sa.Column("number", SERIAL, primary_key=True),
        _moment("at", index=True),
        sa.Column("account_id", sa.String(32), index=True),
        sa.Column("who", sa.String(100), nullable=False),
        sa.Column("role", sa.String(20), nullable=False),
        sa.Column("address", sa.String(64), nullable=False),
        sa.Column("action", sa.String(40), nullable=False, index=True),
        sa.Column("subject", sa.String(64), index=True),
        sa.Column("details", sa.JSON, nullable=False),
        sqlite_autoincrement=True,
    )
    _refuse_changes("audit")
    op.create_table(
        "idempotency",
        sa.Column("key_hash", sa.String(64), primary_key=True),
        sa.Column("content_hash", sa.String(64), nullable=False),
        sa.Column("subject", sa.String(64), nullable=False),
        _moment("at", index=True),
    )
    op.create_table(
        "meta",
        sa.Column("name", sa.String(40), primary_key=True),
        sa.Column("value", sa.Text, nullable=False),
    )


def _jobs() -> None:
    op.create_table(
        "jobs",
        sa.Column("id", sa.String(32), primary_key=True),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("state", sa.String(20), nullable=False, index=True),
        sa.Column("account_id", sa.String(32), index=True),
        sa.Column("parameters", sa.JSON, nullable=False),
        sa.Column("step", sa.String(40), nullable=False),
        sa.Column("done", sa.Integer, nullable=False),
        sa.Column("total", sa.Integer),
        sa.Column("message", sa.Text, nullable=False),
        sa.Column("report", sa.JSON, nullable=False),
        sa.Column("worker", sa.String(64)),
        _moment("created_at"),
        _moment("beat_at", nullable=True),
        _moment("finished_at", nullable=True),
    )
    job = sa.ForeignKey("jobs.id", ondelete="CASCADE")
    op.create_table(
        "staged",
        sa.Column("job_id", sa.String(32), job, primary_key=True),
        sa.Column("number", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("record_id", sa.String(32), nullable=False),
        sa.Column("external_id", sa.String(100), nullable=False),
        sa.Column("stamp", sa.String(16), nullable=False),
        sa.Column("fingerprint", sa.String(32), nullable=False),
        sa.Column("values", sa.JSON, nullable=False),
    )
    op.create_index("ix_staged_content", "staged", ["job_id", "fingerprint"])


def _refuse_changes(table: str) -> None:
    """Lines of this table can be added and read, and nothing else, whoever asks."""
    if op.get_bind().dialect.name == "sqlite":
        for event in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER {table}_no_{event.lower()} BEFORE {event} ON {table} "
                f"BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END"
            )
        op.execute(  # INSERT OR REPLACE deletes without asking the trigger above
            f"CREATE TRIGGER {table}_no_replace BEFORE INSERT ON {table} "  # noqa: S608
            f"WHEN NEW.number IN (SELECT number FROM {table}) "
            f"BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END"
        )
        return
    op.execute(
        f"CREATE FUNCTION {table}_append_only() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN RAISE EXCEPTION 'the audit log is append-only'; END $$"
    )
    op.execute(
        f"CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON {table} "
        f"FOR EACH STATEMENT EXECUTE FUNCTION {table}_append_only()"
    )


def _allow_changes(table: str) -> None:
    """Triggers go with their table; the function of PostgreSQL does not."""
    if op.get_bind().dialect.name != "sqlite":
        op.execute(f"DROP TRIGGER {table}_append_only ON {table}")
        op.execute(f"DROP FUNCTION {table}_append_only()")
