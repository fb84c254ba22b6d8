"""Units of work, and the change log and audit log that are written in them."""

import threading
from typing import Any

import pytest
from sqlalchemy import text

from api.security.roles import SYSTEM, Actor, Role
from api.services.auditing import Action, note
from api.store import Store
from matcher.errors import StoreUnavailable
from tests.unit.stores import need, offer

BROKER = Actor("u1", "shen", Role.broker, "192.0.2.7")


def changed(store: Store, after: int = 0) -> list[tuple[str, str]]:
    return [(change.kind, change.record_id) for change in store.changes.after(after, 1000)]


def put(store: Store, *ids: str, **columns: object) -> None:
    with store.writing() as unit:
        for id_ in ids:
            store.achievements.put(unit, offer(id_), columns=columns)


def test_a_unit_that_fails_keeps_nothing_of_what_it_did(store: Store) -> None:
    def failing() -> None:
        with store.writing() as unit:
            store.achievements.put(unit, offer("a1"))
            store.demands.put(unit, need("d1"))
            note(store, unit, SYSTEM, Action.add, "a1")
            unit.session.flush()
            raise KeyError("half way")

    with pytest.raises(KeyError, match="half way"):
        failing()
    assert (store.achievements.count(), store.demands.count()) == (0, 0)
    assert changed(store) == []
    assert store.audit.page(10) == []


def test_a_unit_that_the_database_refuses_at_its_end_keeps_nothing_either(store: Store) -> None:
    put(store, "a1", external_id="A-1")
    before = store.changes.latest()
    with pytest.raises(StoreUnavailable):
        put(store, "a2", "a3", external_id="A-1")
    assert list(store.achievements.stamps()) == ["a1"]
    assert store.changes.latest() == before


def test_every_write_is_in_the_change_log_in_its_order(store: Store) -> None:
    put(store, "a2", "a1")
    with store.writing() as unit:
        store.demands.put(unit, need("d1"))
        store.achievements.delete(unit, "a2")
    with store.writing() as unit:
        store.achievements.restore(unit, "a2")
    assert changed(store) == [
        ("achievements", "a2"),
        ("achievements", "a1"),
        ("demands", "d1"),
        ("achievements", "a2"),
        ("achievements", "a2"),
    ]


def test_a_record_that_a_unit_touches_twice_is_one_change(store: Store) -> None:
    with store.writing() as unit:
        store.achievements.put(unit, offer("a1"))
        store.achievements.put(unit, offer("a1", title="新名称"))
    assert changed(store) == [("achievements", "a1")]


def test_what_changes_nothing_is_no_change(store: Store) -> None:
    put(store, "a1")
    before = store.changes.latest()
    with store.writing() as unit:
        assert not store.achievements.delete(unit, "a2")
        assert not store.achievements.restore(unit, "a1")
    assert store.changes.latest() == before > 0


def test_the_log_is_read_in_parts_from_where_one_was(store: Store) -> None:
    assert store.changes.latest() == 0
    put(store, *(f"a{n}" for n in range(5)))
    first = store.changes.after(0, 3)
    rest = store.changes.after(first[-1].number, 3)
    assert [change.record_id for change in (*first, *rest)] == ["a0", "a1", "a2", "a3", "a4"]
    assert store.changes.after(rest[-1].number, 3) == []
    assert rest[-1].number == store.changes.latest()


def test_numbers_are_never_given_twice(store: Store) -> None:
    put(store, "a1")
    used = store.changes.latest()
    with store.database.writing() as session:
        session.execute(text("DELETE FROM changes"))
    put(store, "a1")
    assert store.changes.latest() > used


def test_who_follows_the_log_while_many_write_misses_nothing(store: Store) -> None:
    ids = [[f"a{writer}{n:02}" for n in range(12)] for writer in range(4)]

    def write(mine: list[str]) -> None:
        for id_ in mine:
            put(store, id_)

    writers = [threading.Thread(target=write, args=(mine,)) for mine in ids]
    for writer in writers:
        writer.start()
    seen: list[str] = []
    position, over = 0, False
    while not over:
        over = not any(writer.is_alive() for writer in writers)  # and then once more
        for change in store.changes.after(position, 1000):
            assert change.number > position
            position = change.number
            seen.append(change.record_id)
    assert sorted(seen) == sorted(id_ for mine in ids for id_ in mine)
    for mine in ids:
        assert [id_ for id_ in seen if id_ in mine] == mine


def test_the_id_of_a_database_stays_and_is_its_own(store: Store) -> None:
    known = store.changes.database_id()
    assert len(known) == 32
    assert store.changes.database_id() == known
    with store.database.writing() as session:
        session.execute(text("DELETE FROM meta"))
    assert store.changes.database_id() != known


def test_a_line_of_the_audit_log_says_who_did_what_when_and_from_where(store: Store) -> None:
    with store.writing() as unit:
        store.achievements.put(unit, offer("a1"))
        note(store, unit, BROKER, Action.add, "a1", rows=3)
        moment = unit.moment
    [line] = store.audit.page(10)
    assert (line.account_id, line.who, line.role, line.address) == (
        "u1",
        "shen",
        "broker",
        "192.0.2.7",
    )
    assert (line.action, line.subject, line.details) == ("add", "a1", {"rows": 3})
    assert line.at == moment == store.changes.after(0, 1)[0].at


def noted(store: Store, *subjects: str, actor: Actor = SYSTEM) -> None:
    with store.writing() as unit:
        for subject in subjects:
            note(store, unit, actor, Action.change, subject)
            unit.session.flush()


def test_the_audit_log_is_paged_newest_first_and_read_whole_oldest_first(store: Store) -> None:
    noted(store, "a1", "a2", "a1")
    noted(store, "a3", actor=BROKER)
    first = store.audit.page(3)
    assert [line.subject for line in first] == ["a3", "a1", "a2"]
    assert [line.subject for line in store.audit.page(3, first[-1].number)] == ["a1"]
    assert [line.subject for line in store.audit.all()] == ["a1", "a2", "a1", "a3"]
    assert len(store.audit.page(9, subject="a1")) == 2
    assert [line.subject for line in store.audit.page(9, who="shen")] == ["a3"]


COLUMNS = "number, at, account_id, who, role, address, action, subject, details"
FORGED = "SELECT number, at, account_id, 'nobody', role, address, action, subject, details"


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE audit SET who = 'nobody'",
        "DELETE FROM audit",
        "TRUNCATE audit",
        f"INSERT INTO audit ({COLUMNS}) {FORGED} FROM audit WHERE true "
        "ON CONFLICT (number) DO UPDATE SET who = 'nobody'",
        f"INSERT OR REPLACE INTO audit ({COLUMNS}) {FORGED} FROM audit",
        f"REPLACE INTO audit ({COLUMNS}) {FORGED} FROM audit",
    ],
    ids=["update", "delete", "truncate", "upsert", "insert or replace", "replace"],
)
def test_nobody_can_rewrite_the_audit_log_with_any_statement(store: Store, statement: str) -> None:
    noted(store, "a1", "a2")
    before = list(store.audit.all())

    def execute(sql: str) -> Any:
        with store.database.writing() as session:
            session.execute(text(sql))

    with store.database.reading() as session:
        is_sqlite = session.get_bind().dialect.name == "sqlite"
    if ("TRUNCATE" if is_sqlite else "REPLACE") in statement:
        pytest.skip("a statement of the other database")
    with pytest.raises(StoreUnavailable, match=r"append-only|P0001"):  # what its trigger raises
        execute(statement)
    assert list(store.audit.all()) == before
    noted(store, "a3")  # and lines can still be added
    assert [line.subject for line in store.audit.page(1)] == ["a3"]
