"""Totals of lists: counted once, and never another than what the same moment would count."""

import pytest
from sqlalchemy import Select, func, literal, select

from api.services.drafts import AchievementDraft, DemandDraft
from api.store import Database, Store
from api.store.tables import AchievementRow
from api.store.totals import _MOST, Totals
from matcher.records import Achievement, Demand
from tests.unit.rows import achievement_row, demand_row, draft_values

COUNTED = select(func.count()).select_from(AchievementRow)
WRONG: Select[int] = select(literal(99))


def offer(id_: str) -> Achievement:
    return AchievementDraft.model_validate(draft_values(achievement_row())).record(id_)


def need(id_: str) -> Demand:
    return DemandDraft.model_validate(draft_values(demand_row())).record(id_)


def test_what_was_counted_stands_until_a_record_of_the_kind_is_written(store: Store) -> None:
    totals = Totals("achievements")

    def total(counted: Select[int]) -> int:
        with store.database.reading() as session:
            return totals.of(session, "all", counted)

    assert total(COUNTED) == 0
    assert total(WRONG) == 0  # not asked
    store.achievements.save([offer("a1")])
    assert total(COUNTED) == 1
    store.demands.save([need("d1")])
    assert total(WRONG) == 1
    store.achievements.save([offer("a1")])  # perhaps in another list now
    assert total(WRONG) == 99


def test_each_list_has_its_own(store: Store) -> None:
    totals = Totals("achievements")
    with store.database.reading() as session:
        assert totals.of(session, "all", COUNTED) == 0
        assert totals.of(session, "some", WRONG) == 99


def test_who_sees_an_earlier_state_counts_it(store: Store) -> None:
    totals = Totals("achievements")
    with store.database.reading() as earlier:
        assert earlier.scalar(COUNTED) == 0  # from here on it sees this state
        store.achievements.save([offer("a1")])
        with store.database.reading() as later:
            assert totals.of(later, "all", COUNTED) == 1
        assert totals.of(earlier, "all", COUNTED) == 0
    with store.database.reading() as later:
        assert totals.of(later, "all", COUNTED) == 1


def test_only_so_many_are_kept(store: Store) -> None:
    totals = Totals("achievements")
    with store.database.reading() as session:
        for number in range(_MOST + 1):
            totals.of(session, number, COUNTED)
        assert totals.of(session, _MOST, WRONG) == 0
        assert totals.of(session, 0, WRONG) == 99


@pytest.mark.parametrize("change", ["add", "delete", "restore", "move"])
def test_pages_tell_of_what_another_process_wrote(
    store: Store, database_url: str, change: str
) -> None:
    store.achievements.save([offer("a1"), offer("a2")])
    with store.writing() as unit:
        store.achievements.delete(unit, "a2")
    other = Store(Database(database_url))
    where = {"field": offer("a1").field or ""}
    assert [other.achievements.page(5, where=asked).total for asked in ({}, where)] == [1, 1]
    with store.writing() as unit:
        if change == "add":
            store.achievements.put(unit, offer("a3"))
        elif change == "delete":
            store.achievements.delete(unit, "a1")
        elif change == "restore":
            store.achievements.restore(unit, "a2")
        else:
            store.achievements.put(unit, offer("a1"), columns={"field": "其他"})
    for asked in ({}, where):
        page = other.achievements.page(5, where=asked)
        assert page.total == len(page.items)
    other.close()
