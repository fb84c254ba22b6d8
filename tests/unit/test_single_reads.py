"""Reads of one statement each: past SQLAlchemy on SQLite, without a transaction on both."""

import sqlite3
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from api.store import Database, demands
from api.store.accounts import Account, Accounts, Bearer, Key
from api.store.dialects import sqlite_reader
from api.store.mapping import Mapped
from api.store.repository import Repository
from api.store.tables import AchievementRow, DemandRow, ResourceRow
from api.store.unit import unit_of_work
from matcher.errors import StoreUnavailable
from matcher.records import Achievement, Demand
from matcher.resources import Resource

MOMENT = datetime(2026, 11, 23, 6, 30, 15, 123456, tzinfo=UTC)
OFFER = Achievement(
    id="a1",
    title="膜",
    keywords=("反渗透", '引"号'),
    ip_kinds=("专利",),
    maturity=7,
    price_min=12.5,
    price_max=30,
)


def test_values_are_those_that_a_session_reads(
    database: Database, offers: Repository[Achievement]
) -> None:
    offers.save([OFFER])
    [stored] = offers.stored_many(["a1"])
    assert offers.stored("a1") == stored
    assert offers.get_many(["a1"]) == {"a1": OFFER} == {one.id: one for one in offers.all()}
    demands(database).save([Demand(id="d1", budget=3, keywords=())])
    assert demands(database).stored("d1") == demands(database).stored_many(["d1"])[0]


def test_a_key_and_its_moments(database: Database) -> None:
    accounts = Accounts(database)
    account = Account("u1", "ann", "broker", "x", None, MOMENT, None, None)
    key = Key("k1", "u1", "程序", "hn_", ("match", "read"), MOMENT, None, None)
    with unit_of_work(database, lambda: MOMENT) as unit:
        accounts.put(unit, account)
        unit.session.flush()
        accounts.add_key(unit, key, "hash")
        accounts.open_session(unit, "token", "u1")
    assert accounts.keys("u1") == [key]
    assert accounts.bearer("hash") == Bearer("k1", ["match", "read"], None, "u1", "ann", "broker")
    with unit_of_work(database, lambda: MOMENT) as unit:
        accounts.change(unit, "u1", disabled_at=MOMENT)
    assert accounts.bearer("hash") is None
    with unit_of_work(database, lambda: MOMENT) as unit:
        accounts.change(unit, "u1", disabled_at=None)
    session = accounts.session("token")
    assert session is not None
    assert (session.account, session.created_at, session.seen_at) == (account, MOMENT, MOMENT)
    with unit_of_work(database, lambda: MOMENT) as unit:
        accounts.revoke_key(unit, "k1")
    assert accounts.keys("u1")[0].revoked_at == MOMENT
    assert accounts.bearer("hash") is accounts.bearer("other") is accounts.session("other") is None


def test_what_is_asked_for_twice_or_not_at_all(offers: Repository[Achievement]) -> None:
    offers.save([OFFER])
    assert offers.get_many([]) == {}
    assert offers.get_many(["a1", "a2", "a1"]) == {"a1": OFFER}


def test_each_read_sees_what_was_written_before_it(offers: Repository[Achievement]) -> None:
    for title in ("一", "二", "三"):
        offers.save([Achievement(id="a1", title=title)])
        assert offers.get_many(["a1"])["a1"].title == title
        assert offers.get("a1") == Achievement(id="a1", title=title)


def test_many_read_at_once(database: Database, offers: Repository[Achievement]) -> None:
    offers.save([OFFER])
    with ThreadPoolExecutor(12) as pool:
        found = list(pool.map(lambda _: offers.get_many(["a1"]), range(200)))
    assert found == [{"a1": OFFER}] * 200
    database.close()
    assert offers.get("a1") == OFFER  # as with SQLAlchemy's pool, a new connection is opened


def test_a_read_that_fails_says_so_and_the_next_begins_anew(
    database: Database, offers: Repository[Achievement]
) -> None:
    offers.save([OFFER])
    assert offers.get("a1") == OFFER
    with database.writing() as session:
        session.execute(text("ALTER TABLE achievements RENAME TO elsewhere"))
    for _ in range(2):
        with pytest.raises(StoreUnavailable):
            offers.get_many(["a1"])
    with database.writing() as session:
        session.execute(text("ALTER TABLE elsewhere RENAME TO achievements"))
    assert offers.get_many(["a1"]) == {"a1": OFFER}


def test_sqlite_keeps_a_few_connections_and_closes_the_others(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    database = Database(f"sqlite:///{tmp_path / 'hongniang.db'}")
    reader: Any = database._alone
    monkeypatch.setattr(sqlite_reader, "_IDLE", 1)
    opened = [reader._connection() for _ in range(2)]
    assert opened[0].execute("PRAGMA foreign_keys").fetchone() == (1,)  # set up as the others are
    for connection in opened:
        monkeypatch.setattr(reader, "_connection", lambda given=connection: given)
        assert reader._fetched("SELECT 1", []) == [(1,)]
    assert reader._idle == opened[:1]
    with pytest.raises(sqlite3.ProgrammingError, match="closed"):
        opened[1].execute("SELECT 1")
    database.close()
    assert reader._idle == []


@pytest.mark.parametrize(
    "mapped",
    [
        Mapped("achievements", AchievementRow, Achievement, "a"),
        Mapped("demands", DemandRow, Demand, "d"),
        Mapped("resources", ResourceRow, Resource, "r"),
    ],
    ids=lambda mapped: mapped.kind,
)
def test_records_made_by_column_are_as_their_class_makes_them(mapped: Mapped[Any]) -> None:
    rows = [
        [[f"{name}{i}"] if name in mapped._lists else f"{name}{i}" for name in mapped.names]
        for i in range(3)
    ]
    made = mapped.records_of(list(zip(*rows, strict=True)))
    assert made == list(map(mapped.record_of, rows))
    assert list(map(hash, made)) == list(map(hash, map(mapped.record_of, rows)))
    assert mapped.records_of([() for _ in mapped.names]) == []
