"""Records in order of their ids, and what else every pairing asks the store."""

from dataclasses import replace

from api.store import Store
from api.store.walking import behind, count_behind, external_ids, not_public
from matcher.records import Demand
from matcher.values import BROKERS, PENDING, PUBLISHED
from tests.unit.stores import decided, need, offer


def stored(store: Store) -> None:
    """d1 is for everybody; d2 is confidential, d3 pending; d4 was deleted, d5 returned."""
    confidential = replace(need("d2"), confidentiality=BROKERS)
    store.demands.save([need("d1"), confidential], {"d1": "D-1"})
    with store.writing() as unit:
        for id_, state in (("d3", PENDING), ("d4", PUBLISHED), ("d5", "returned")):
            store.demands.put(unit, need(id_), columns={"state": state})
    with store.writing() as unit:
        store.demands.delete(unit, "d4")


def ids(found: list[Demand]) -> list[str]:
    return [demand.id for demand in found]


def test_records_come_in_order_and_behind_an_id(store: Store) -> None:
    stored(store)
    database, mapped = store.database, store.demands.mapped
    assert ids(behind(database, mapped, "", 9)) == ["d1", "d2", "d3"]
    assert ids(behind(database, mapped, "d1", 1)) == ["d2"]
    assert ids(behind(database, mapped, "d3", 9)) == []
    assert [count_behind(database, mapped, after, False) for after in ("", "d2")] == [3, 1]


def test_the_public_ones_are_for_everybody(store: Store) -> None:
    stored(store)
    database, mapped = store.database, store.demands.mapped
    assert ids(behind(database, mapped, "", 9, is_public=True)) == ["d1"]
    assert count_behind(database, mapped, "", True) == 1
    assert {"d2", "d3"} <= not_public(database)
    assert "d1" not in not_public(database)


def test_external_ids_are_those_of_importers(store: Store) -> None:
    stored(store)
    found = external_ids(store.database, store.demands.mapped, ["d1", "d2", "gone"])
    assert found == {"d1": "D-1"}


def test_grades_of_many_are_those_of_each(store: Store) -> None:
    store.demands.save([need("d1"), need("d2"), need("d3")])
    store.achievements.save([offer("a1"), offer("a2")])
    pairs = [("d1", "a1", 4), ("d1", "a2", 1), ("d2", "a1", 2), ("d3", "a2", 3)]
    with store.writing() as unit:
        for number, (demand, achievement, grade) in enumerate(pairs):
            store.decisions.add(unit, decided(f"v{number}", demand, achievement, grade))
        store.decisions.withdraw(unit, "v3")
    asked = ["d1", "d2", "d3", "\0"]
    found = store.decisions.grades_of_many("demand_id", asked)
    assert found == {"d1": {"a1": 4, "a2": 1}, "d2": {"a1": 2}}
    assert all(found.get(id_, {}) == store.decisions.grades("demand_id", id_) for id_ in asked)
    assert store.decisions.grades_of_many("achievement_id", ["a2"]) == {"a2": {"d1": 1}}
