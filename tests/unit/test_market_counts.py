"""Counts of the map: equal to the lists that they lead to, on both databases."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from api.services.periods import Span
from api.store import Narrowing, Prospect, Standing, Store
from api.store.market import Group
from api.store.narrowing import CURRENT, UNNAMED
from api.store.tables import DemandRow
from tests.unit.test_overview_counts import NOW, known, listed, plant

PROVEN = {"maturity": 7, "level": "国内领先", "ip_status": None}


def offers(store: Store, narrowed: Narrowing) -> list[str]:
    page = store.achievements.page(100, narrowed=narrowed)
    assert page.total == len(page.items) == store.achievements.count(narrowed)
    return sorted(one.id for one in page.items)


def strong(store: Store, demand: str, achievements: Sequence[str]) -> None:
    store.outlooks.store([known(demand, 3, len(achievements))], {demand: achievements})


def test_prospects_are_those_of_their_lists_and_each_demand_counts_once(store: Store) -> None:
    fields = ["新材料", "新材料", "航空航天", None, "不认识的领域", "新材料"]
    for place, field in enumerate(fields):
        plant(store, f"d{place}", field=field, region=["江苏-苏州", "山东", None][place % 3])
    plant(store, "d-returned", state="returned", field="新材料")
    plant(store, "d-deleted", deleted_at=NOW, field="新材料")
    store.outlooks.store([known("d0", 3, 1), known("d1", 2), known("d2"), known("d-returned", 2)])
    current = Narrowing(state=CURRENT)
    found = store.market.prospects_by_place(current, ["江苏"])
    assert sum(found.values()) == len(fields)
    for (field, place, prospect), number in found.items():
        where = replace(current, field=field or UNNAMED, outlook=prospect)
        where = replace(where, province=place) if place else replace(where, outside=("江苏",))
        assert len(listed(store, where)) == number


def test_prospects_by_month_count_the_months_of_the_span_alone(store: Store) -> None:
    span = Span("2027-01", "2027-02")
    months = span.months(NOW)
    for name, day in (("d1", "2026-12-31T15:59"), ("d2", "2026-12-31T16:00")):
        plant(store, name, datetime.fromisoformat(f"{day}:00+00:00"))
    plant(store, "d3", datetime(2027, 2, 28, 15, 59, tzinfo=UTC))
    plant(store, "d4", datetime(2027, 2, 28, 16, tzinfo=UTC))
    store.outlooks.store([known("d2", 4, 1)])
    assert store.market.prospects_by_month(Narrowing(), months) == {
        ("2027-01", Prospect.strong): 1,
        ("2027-02", Prospect.unknown): 1,
    }


@pytest.mark.parametrize(
    ("columns", "is_proven"),
    [
        (PROVEN, True),
        (PROVEN | {"maturity": 6}, False),
        (PROVEN | {"maturity": None}, False),
        (PROVEN | {"level": "国内先进"}, False),
        (PROVEN | {"level": None}, False),
        (PROVEN | {"level": None, "ip_status": "已授权"}, True),
        (PROVEN | {"level": "未评价", "ip_status": "申请中"}, False),
        (PROVEN | {"deleted_at": NOW}, False),
    ],
)
def test_proven_are_mature_achievements_that_were_rated_or_granted(
    store: Store, columns: dict[str, object], is_proven: bool
) -> None:
    plant(store, "a1", **columns)
    assert offers(store, Narrowing(standing=Standing.proven)) == (["a1"] if is_proven else [])
    assert store.market.groups(9).proven == is_proven


def test_groups_are_those_whose_proven_achievements_nobody_asks_for(store: Store) -> None:
    of = {"甲所": ["a1", "a2"], "乙校": ["a3", "a4"], "丙院": ["a5"], None: ["a6"]}
    for provider, ids in of.items():
        for id_ in ids:
            plant(store, id_, provider=provider, **PROVEN)
    plant(store, "a7", provider="甲所")
    for id_ in ("d1", "d2", "d-returned"):
        plant(store, id_)
    strong(store, "d1", ["a3", "a5", "a7"])
    strong(store, "d2", ["a3"])
    strong(store, "d-returned", ["a1"])
    with store.writing() as unit:
        unit.session.get(DemandRow, "d-returned").state = "returned"  # type: ignore[union-attr]
    found = store.market.groups(9)
    assert found.first == [Group("甲所", 2, 2), Group("乙校", 2, 1)]
    assert (found.total, found.proven, found.unasked) == (2, 6, 4)
    unasked = Narrowing(standing=Standing.unasked)
    assert offers(store, unasked) == ["a1", "a2", "a4", "a6"]
    for group in found.first:
        mine = replace(unasked, provider=group.provider)
        assert len(offers(store, mine)) == group.unasked
        assert len(offers(store, replace(mine, standing=Standing.proven))) == group.proven
    assert store.market.groups(1).first == found.first[:1]
    assert store.market.groups(1).total == 2


def test_an_empty_library_has_no_groups(store: Store) -> None:
    found = store.market.groups(9)
    assert (found.first, found.total, found.proven, found.unasked) == ([], 0, 0, 0)


def test_maturity_counts_from_the_trl_that_was_asked_for(store: Store) -> None:
    for trl in (None, 6, 7, 9):
        plant(store, f"a{trl}", maturity=trl, field="新材料", region="江苏")
    ripe = Narrowing(maturity=7)
    assert offers(store, ripe) == ["a7", "a9"]
    assert store.counts.achievements_by_place(ripe, ["江苏"]) == {("新材料", "江苏"): 2}


def test_strong_achievements_are_replaced_with_the_outlook_of_their_demand(store: Store) -> None:
    plant(store, "d1", stamp="s")
    plant(store, "a1", **PROVEN)
    strong(store, "d1", ["a1", "a1", "a-gone"])
    assert offers(store, Narrowing(standing=Standing.unasked)) == []
    store.outlooks.store([known("d1", 2)])
    assert offers(store, Narrowing(standing=Standing.unasked)) == ["a1"]


def test_demands_whose_strong_achievements_were_never_named_are_due(store: Store) -> None:
    plant(store, "d1", stamp="s")
    store.outlooks.store([known("d1", 4, 2)])
    assert store.outlooks.due("m", NOW, 9) == ["d1"]
    strong(store, "d1", ["a1"])
    assert store.outlooks.due("m", NOW, 9) == []


def test_deleting_a_demand_leaves_its_achievements_unasked(store: Store) -> None:
    plant(store, "d1")
    plant(store, "a1", **PROVEN)
    strong(store, "d1", ["a1"])
    with store.writing() as unit:
        store.demands.delete(unit, "d1")
    assert offers(store, Narrowing(standing=Standing.unasked)) == ["a1"]
