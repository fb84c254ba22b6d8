"""Open calls in both databases, and which demands nothing serves."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from api.store import Call, Database, Narrowing, Outlook, Store
from matcher.errors import EditConflict
from matcher.values import PUBLISHED
from tests.unit.stores import need

FIELDS = {"problem": "“引号”与\n换行", "funding": "180 万元"}


@pytest.fixture
def store(database_url: str) -> Iterator[Store]:
    store = Store(Database(database_url))
    yield store
    store.close()


def added(store: Store, id_: str) -> Call:
    with store.writing() as unit:
        return store.calls.add(unit, id_, "榜单", ["d2", "d1"], FIELDS, "draft", None, "林")


def test_a_call_is_kept_as_it_was_written(store: Store) -> None:
    call = added(store, "l1")
    assert store.calls.get("l1") == call
    assert (call.demand_ids, call.fields, call.version) == (("d2", "d1"), FIELDS, 1)
    assert store.calls.get("l2") is None
    assert store.calls.get("\x00") is None


def test_only_the_version_that_was_seen_can_be_changed_or_removed(store: Store) -> None:
    added(store, "l1")
    with store.writing() as unit:
        assert store.calls.change(unit, "l1", {"title": "新的"}, 1).version == 2
    for stale in (1, 3):
        with pytest.raises(EditConflict), store.writing() as unit:
            store.calls.change(unit, "l1", {"title": "旧的"}, stale)
        with pytest.raises(EditConflict), store.writing() as unit:
            store.calls.remove(unit, "l1", stale)
    with store.writing() as unit:
        store.calls.remove(unit, "l1", 2)
    assert store.calls.page(5) == ([], 0)
    with pytest.raises(EditConflict), store.writing() as unit:
        store.calls.remove(unit, "l1", 2)


def test_calls_come_newest_first_after_the_last_one_seen(store: Store) -> None:
    for number in range(3):
        added(store, f"l{number}")
    found, total = store.calls.page(2)
    assert ([call.id for call in found], total) == (["l2", "l1"], 3)
    assert [call.id for call in store.calls.page(2, "l1")[0]] == ["l0"]
    assert store.calls.page(2, "\x00") == ([], 0)


def test_demands_count_as_unserved_by_the_best_grade_that_is_known(store: Store) -> None:
    demands = [need(f"d{n}", title=f"需求{n}号的名称") for n in range(5)]
    store.demands.save(demands)
    at = datetime(2026, 11, 22, tzinfo=UTC)
    best = Outlook("d0", "s", "m", at, "a1", 3, 3.1, 1)
    grades = {"d0": 3, "d1": 2, "d2": None, "d3": 4}
    store.outlooks.store(replace(best, demand_id=id_, grade=g) for id_, g in grades.items())
    every = Narrowing(state=PUBLISHED)
    for below, ids in ((3, ["d2", "d1"]), (4, ["d2", "d1", "d0"]), (2, ["d2"])):
        found, total = store.calls.unserved(every, below, 10)
        assert ([id_ for id_, _ in found], total) == (ids, len(ids))
    assert store.calls.unserved(every, 3, 1)[1] == 2
    assert dict(store.calls.unserved(every, 4, 9)[0])["d1"] == store.demands.stamps()["d1"]
    assert store.calls.unserved(replace(every, field="航空航天"), 3, 9) == ([], 0)
    assert store.calls.unknown(every) == 1
