"""Migrations on both databases: up, down and up again with rows in every table."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

import pytest
import sqlalchemy as sa
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, MetaData, NullPool, create_engine

from api.store import Database
from api.store.dialects import dialect_of
from api.store.migration import configuration
from api.store.tables import Base
from matcher.errors import StoreUnavailable

Values = dict[str, dict[str, list[Any]]]
"""Table → column → values, one a row."""
NOT_FILLED = {"deleted_at"}  # what is deleted does not outlive a version that could not hide it

NOT_PUBLIC_BELOW = {"demands.confidentiality"}
"""A version without reviews must not show what nobody has reviewed."""


@contextmanager
def on(url: str) -> Iterator[Connection]:
    engine = create_engine(url, poolclass=NullPool)
    with engine.begin() as connection:
        yield connection


@contextmanager
def migrating(url: str) -> Iterator[Connection]:
    """As the program does it."""
    dialect = dialect_of(url)
    engine = dialect.engine()
    try:
        with dialect.migrating(engine) as connection:
            yield connection
    finally:
        engine.dispose()


def go(url: str, revision: str) -> None:
    """Up or down, wherever the revision lies."""
    with migrating(url) as connection:
        config = configuration(connection)
        down = revision == "base" or revision in passed(connection)
        (command.downgrade if down else command.upgrade)(config, revision)


def passed(connection: Connection) -> set[str]:
    now = MigrationContext.configure(connection).get_current_revision()
    script = ScriptDirectory.from_config(configuration(connection))
    return {r.revision for r in script.iterate_revisions(now, "base")} if now else set()


def revisions(url: str) -> list[str]:
    """All of them, oldest first."""
    with on(url) as connection:
        script = ScriptDirectory.from_config(configuration(connection))
    return [revision.revision for revision in script.walk_revisions()][::-1]


def reflected(connection: Connection) -> MetaData:
    metadata = MetaData()
    metadata.reflect(connection)
    if "alembic_version" in metadata.tables:
        metadata.remove(metadata.tables["alembic_version"])
    return metadata


def fill(url: str) -> None:
    """Two rows for every table that has none."""
    with on(url) as connection:
        for table in reflected(connection).sorted_tables:
            if connection.execute(sa.select(sa.func.count()).select_from(table)).scalar() == 0:
                connection.execute(table.insert(), [row_of(table, n) for n in range(2)])


def row_of(table: sa.Table, n: int) -> dict[str, Any]:
    """References lead to the row of the same number in the other table."""
    return {
        column.name: plausible(next(iter(column.foreign_keys)).column, n)
        if column.foreign_keys
        else plausible(column, n)
        for column in table.columns
        if column.name not in NOT_FILLED
    }


def plausible(column: "sa.Column[Any]", n: int) -> Any:
    """A value of the column's kind, texts as long as they may be."""
    match column.type:
        case sa.JSON():
            return [f"“引号”{n}", {"值": None}]
        case sa.DateTime():
            return datetime(2026, 8, 1 + n, 12, 30, 59, 123456, UTC)
        case sa.Boolean():
            return n == 0
        case sa.Integer():
            return n + 1
        case sa.Float() | sa.Numeric():
            return n + 0.5
        case sa.LargeBinary():
            return bytes(range(256))
        case sa.String(length=length):
            return f"{n}膜'\"%\\😀 {column.name}".ljust(length or 5000, "字")[: length or 5000]
    raise AssertionError(f"no value for {column!r}")


def values(url: str) -> Values:
    with on(url) as connection:
        found: Values = {}
        for table in reflected(connection).sorted_tables:
            rows = connection.execute(sa.select(table).order_by(*table.primary_key)).mappings()
            columns = [dict(row) for row in rows]
            found[table.name] = {c.name: [row[c.name] for row in columns] for c in table.columns}
        return found


def shape(url: str) -> dict[str, Any]:
    """What the database itself says of its tables."""
    with on(url) as connection:
        asked = sa.inspect(connection)
        return {
            name: {
                "columns": {c["name"]: (str(c["type"]), c["nullable"]) for c in columns},
                "unique": sorted(u["column_names"] for u in asked.get_unique_constraints(name)),
                "references": sorted(
                    (f["constrained_columns"], f["referred_table"], json.dumps(f["options"]))
                    for f in asked.get_foreign_keys(name)
                ),
                "indexes": sorted(
                    (i["column_names"], bool(i["unique"]))
                    for i in asked.get_indexes(name)
                    if not i.get("duplicates_constraint")
                ),
            }
            for name in asked.get_table_names()
            if (columns := asked.get_columns(name))
        }


def lost(before: Values, after: Values) -> list[str]:
    """Columns on both sides whose values are others; what is cut to a shorter column may be."""
    return [
        f"{table}.{column}"
        for table in before.keys() & after.keys()
        for column in before[table].keys() & after[table].keys()
        if not same(before[table][column], after[table][column])
    ]


def same(before: list[Any], after: list[Any]) -> bool:
    def kept(old: Any, new: Any) -> bool:
        cut = isinstance(old, str) and isinstance(new, str) and new and old.startswith(new)
        return bool(old == new or cut)

    return len(before) == len(after) and all(map(kept, before, after))


def test_what_a_migration_loses_would_be_noticed() -> None:
    before: Values = {"t": {"a": ["xy", None], "b": [1, 2]}}
    assert lost(before, {"t": {"a": ["xy", None]}, "new": {"z": []}}) == []
    assert lost(before, {"t": {"a": ["x", None]}}) == []
    for wrong in (["", None], ["xy", "xy"], ["xy"], [], [None, None]):
        assert lost(before, {"t": {"a": wrong}}) == ["t.a"]


def test_every_migration_goes_down_and_up_again_with_rows_in_every_table(
    empty_database_url: str,
) -> None:
    url, path = empty_database_url, ["base", *revisions(empty_database_url)]
    go(url, path[-1])
    for lower, upper in zip(path[-2::-1], path[:0:-1], strict=True):
        fill(url)
        full, above = values(url), shape(url)
        assert all(len(next(iter(columns.values()))) == 2 for columns in full.values())
        go(url, lower)
        below = values(url)
        assert set(lost(full, below)) <= NOT_PUBLIC_BELOW
        go(url, upper)
        assert lost(below, values(url)) == []
        assert shape(url) == above
        go(url, lower)


def test_every_migration_goes_up_with_rows_in_every_table(empty_database_url: str) -> None:
    for revision in revisions(empty_database_url):
        before = values(empty_database_url)
        go(empty_database_url, revision)
        assert lost(before, values(empty_database_url)) == []
        fill(empty_database_url)


def test_jobs_of_earlier_versions_have_lost_no_process(empty_database_url: str) -> None:
    go(empty_database_url, "0008")
    fill(empty_database_url)
    go(empty_database_url, "0009")
    assert values(empty_database_url)["jobs"]["losses"] == [0, 0]


def test_a_migration_that_fails_leaves_the_database_as_it_was(
    empty_database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def upgraded_then_broken(config: Any, revision: str) -> None:
        upgrade(config, revision)
        raise OSError("the machine is tired")

    upgrade = command.upgrade
    monkeypatch.setattr("api.store.migration.command.upgrade", upgraded_then_broken)
    with pytest.raises(StoreUnavailable):
        Database(empty_database_url)
    assert shape(empty_database_url) == {}


def test_migrations_make_exactly_the_tables_that_the_code_expects(database_url: str) -> None:
    def differences(connection: Connection) -> list[Any]:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        return list(compare_metadata(context, Base.metadata))

    Database(database_url).close()
    with on(database_url) as connection:
        assert differences(connection) == []
        connection.exec_driver_sql("ALTER TABLE demands DROP COLUMN goal")
        assert differences(connection) != []  # the comparison does see


def test_a_database_of_a_newer_program_is_refused_untouched(database_url: str) -> None:
    Database(database_url).close()
    with on(database_url) as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")
    with pytest.raises(StoreUnavailable, match="升级"):
        Database(database_url)
    with on(database_url) as connection:
        found = connection.exec_driver_sql("SELECT version_num FROM alembic_version").scalars()
        assert list(found) == ["9999"]


def test_a_database_that_is_up_to_date_opens_while_somebody_writes(database_url: str) -> None:
    first = Database(database_url)
    with first.writing() as session:
        session.execute(sa.text("UPDATE demands SET title = title"))
        Database(database_url).close()
    first.close()


def test_a_migration_that_breaks_references_is_refused(tmp_path: Any) -> None:
    url = f"sqlite:///{tmp_path / 'hongniang.db'}"  # PostgreSQL itself refuses
    with on(url) as connection:
        connection.exec_driver_sql("CREATE TABLE a (id INTEGER PRIMARY KEY)")
        connection.exec_driver_sql("CREATE TABLE b (a INTEGER REFERENCES a (id))")
    with pytest.raises(StoreUnavailable, match="b 的引用"), migrating(url) as connection:
        connection.exec_driver_sql("INSERT INTO b VALUES (7)")
    assert values(url)["b"] == {"a": []}


def test_a_table_can_be_rebuilt_without_emptying_those_that_refer_to_it(tmp_path: Any) -> None:
    url = f"sqlite:///{tmp_path / 'hongniang.db'}"  # PostgreSQL changes tables where they are
    with on(url) as connection:
        connection.exec_driver_sql("CREATE TABLE a (id INTEGER PRIMARY KEY)")
        reference = "REFERENCES a (id) ON DELETE CASCADE"
        connection.exec_driver_sql(f"CREATE TABLE b (a INTEGER {reference})")
        connection.exec_driver_sql("INSERT INTO a VALUES (7)")
        connection.exec_driver_sql("INSERT INTO b VALUES (7)")
    with migrating(url) as connection:
        connection.exec_driver_sql("CREATE TABLE a2 AS SELECT id FROM a")
        connection.exec_driver_sql("DROP TABLE a")
        connection.exec_driver_sql("CREATE TABLE a (id INTEGER PRIMARY KEY)")
        connection.exec_driver_sql("INSERT INTO a SELECT id FROM a2")
    assert values(url)["b"] == {"a": [7]}
