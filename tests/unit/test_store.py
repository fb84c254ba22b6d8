"""The database: its log, its migrations, its pages, and what it says when it cannot be used."""

import itertools
from collections.abc import Iterator
from contextlib import ExitStack
from typing import Any

import pytest
from pydantic import BaseModel
from sqlalchemy import text

from api.services.drafts import AchievementDraft, DemandDraft
from api.store import Database, Repository, achievements, demands
from api.store import mapping as mapping_module
from api.store.tables import AchievementRow, DemandRow, RecordRow
from api.store.unit import unit_of_work
from matcher.library import stamp
from matcher.records import Achievement, Demand
from tests.unit.rows import achievement_row, demand_row, draft_values


@pytest.fixture
def needs(database: Database) -> Repository[Demand]:
    return demands(database)


def offer(id_: str, **changes: Any) -> Achievement:
    draft = AchievementDraft.model_validate(draft_values(achievement_row()) | changes)
    return draft.record(id_)


def need(id_: str, **changes: Any) -> Demand:
    return DemandDraft.model_validate(draft_values(demand_row()) | changes).record(id_)


def test_the_connection_used_last_is_used_next(database: Database) -> None:
    """Each connection in use fills a cache of its own, so few should be."""
    with ExitStack() as many:
        for _ in range(3):
            many.enter_context(database.reading()).execute(text("SELECT 1"))
    used = set()
    for _ in range(4):
        with database.reading() as session:
            used.add(id(session.connection().connection.driver_connection))
    assert len(used) == 1


def test_readers_are_not_held_up_by_a_writer(
    database: Database, offers: Repository[Achievement]
) -> None:
    offers.save([offer("a1")])
    with database.writing() as session:
        session.execute(text("UPDATE achievements SET title = 'x'"))
        assert offers.count() == 1
        assert offers.get("a1") == offer("a1")


def test_a_block_that_fails_changes_nothing(
    database: Database, offers: Repository[Achievement]
) -> None:
    def failing() -> Iterator[Achievement]:
        yield offer("a1")
        raise KeyError("broken source")

    with pytest.raises(KeyError, match="broken source"):
        offers.save(failing())
    assert offers.count() == 0


def test_opening_again_keeps_the_data(database_url: str) -> None:
    for turn in range(2):
        database = Database(database_url)
        assert achievements(database).count() == turn
        achievements(database).save([offer("a1")])
        database.close()


def test_records_come_back_as_they_were_saved(
    offers: Repository[Achievement], needs: Repository[Demand]
) -> None:
    full = offer("a1", maturity=6, ip_kinds="发明专利", price_min=1.5, region="江苏-苏州")
    offers.save([full])
    needs.save([need("d1", budget=12, deadline="2027-06-30", confidentiality="brokers")])
    assert offers.get("a1") == full
    assert needs.get("d1") == need(
        "d1", budget=12, deadline="2027-06-30", confidentiality="brokers"
    )
    assert offers.get("d1") is None
    assert needs.get("a1") is None


def test_saving_again_replaces_and_keeps_what_the_importer_called_it(
    offers: Repository[Achievement],
) -> None:
    offers.save([offer("a1")], {"a1": "A-1"})
    offers.save([offer("a1", title="新名称")])
    assert offers.count() == 1
    assert offers.by_external_id(["A-1", "A-2"]) == {"A-1": offer("a1", title="新名称")}


def test_stamps_follow_the_content(offers: Repository[Achievement]) -> None:
    offers.save([offer("a1"), offer("a2")])
    assert offers.stamps() == {"a1": stamp(offer("a1")), "a2": stamp(offer("a2"))}
    before = offers.stamps()
    offers.save([offer("a1", title="新名称")])
    assert {id_ for id_, value in offers.stamps().items() if value != before[id_]} == {"a1"}


def test_more_ids_than_fit_into_one_statement_are_all_found(
    offers: Repository[Achievement],
) -> None:
    ids = [f"a{n:04}" for n in range(1201)]
    offers.save([offer(id_) for id_ in ids], {id_: f"X{id_}" for id_ in ids})
    assert set(offers.get_many(ids)) == set(ids)
    assert len(offers.by_external_id(f"X{id_}" for id_ in ids)) == 1201
    assert [record.id for record in offers.all()] == ids


def test_pages_lead_through_all_records_newest_first(offers: Repository[Achievement]) -> None:
    ids = [offers.new_id() for _ in range(7)]
    offers.save([offer(id_) for id_ in ids])
    seen: list[str] = []
    after, lengths = None, []
    while True:
        page = offers.page(3, after)
        seen += [record.id for record in page.items]
        lengths.append(len(page.items))
        assert page.total == 7
        after = page.next_after
        if after is None:
            break
    assert lengths == [3, 3, 1]
    assert seen == sorted(ids, reverse=True)


def test_a_page_that_ends_with_the_last_record_has_no_next(
    offers: Repository[Achievement],
) -> None:
    offers.save([offer(f"a{n}") for n in range(4)])
    page = offers.page(2, "a2")
    assert [record.id for record in page.items] == ["a1", "a0"]
    assert page.next_after is None
    assert offers.page(4).next_after is None
    assert offers.page(3).next_after == "a1"


def test_what_is_added_while_paging_does_not_shift_the_next_page(
    offers: Repository[Achievement],
) -> None:
    offers.save([offer(f"a{n}") for n in range(4)])
    first = offers.page(2)
    offers.save([offer("a9")])
    assert [r.id for r in offers.page(2, first.next_after).items] == ["a1", "a0"]


def test_a_cursor_that_was_deleted_meanwhile_still_leads_on(
    database: Database, offers: Repository[Achievement]
) -> None:
    offers.save([offer(f"a{n}") for n in range(4)])
    first = offers.page(2)
    with unit_of_work(database) as unit:
        offers.delete(unit, "a2")
    assert [r.id for r in offers.page(2, first.next_after).items] == ["a1", "a0"]


def test_pages_can_be_narrowed_by_column_and_by_title(offers: Repository[Achievement]) -> None:
    offers.save(
        [
            offer("a1", title="膜100%回用", field="新材料"),
            offer("a2", title="膜100级", field="新材料"),
            offer("a3", title="膜100%脱盐"),
        ]
    )
    page = offers.page(10, where={"field": "新材料"})
    assert ([r.id for r in page.items], page.total) == (["a2", "a1"], 2)
    page = offers.page(10, text="100%")  # a wildcard to SQL, a letter to people
    assert ([r.id for r in page.items], page.total) == (["a3", "a1"], 2)
    page = offers.page(1, where={"field": "新材料"}, text="膜")
    assert ([r.id for r in page.items], page.next_after, page.total) == (["a2"], "a2", 2)
    assert offers.page(10, text="_").total == 0


def test_the_different_values_of_a_column_are_listed_sorted(
    offers: Repository[Achievement],
) -> None:
    regions = {"a1": "江苏-苏州", "a2": None, "a3": "安徽-合肥", "a4": "江苏-苏州"}
    offers.save([offer(id_, region=region) for id_, region in regions.items()])
    assert offers.distinct("region") == sorted({"江苏-苏州", "安徽-合肥"})


def test_ids_are_different_and_grow_with_time(
    offers: Repository[Achievement], needs: Repository[Demand]
) -> None:
    ids = [offers.new_id() for _ in range(500)]
    assert len({id_[-12:] for id_ in ids}) == 500
    assert {len(id_) for id_ in ids} == {29}
    assert needs.new_id().startswith("d")
    assert offers.new_id()[:13] >= ids[0][:13]


@pytest.mark.parametrize("step", [0, -(10**9)], ids=["stands still", "is set back"])
def test_ids_grow_even_when_the_clock_does_not(
    offers: Repository[Achievement], monkeypatch: pytest.MonkeyPatch, step: int
) -> None:
    moments = itertools.count(1_800_000_000_000_000_000, step)
    monkeypatch.setattr(mapping_module.time, "time_ns", lambda: next(moments))
    bare = [offers.new_id()[:-12] for _ in range(70_000)]
    assert all(earlier < later for earlier, later in itertools.pairwise(bare))


@pytest.mark.parametrize(
    ("draft", "row"),
    [(AchievementDraft, AchievementRow), (DemandDraft, DemandRow)],
)
def test_columns_hold_whatever_a_draft_may_say(
    draft: type[BaseModel], row: type[RecordRow]
) -> None:
    columns = row.__table__.columns
    for name, schema in draft.model_json_schema()["properties"].items():
        texts = [kind for kind in (schema, *schema.get("anyOf", ())) if "maxLength" in kind]
        room = getattr(columns[name].type, "length", None)
        assert all(room is None or kind["maxLength"] <= room for kind in texts), name


def test_texts_come_back_letter_by_letter(offers: Repository[Achievement]) -> None:
    odd = "膜'；DROP TABLE--%_\\ {{7*7}} 😀 \u0301 Ω İ"
    offers.save([offer("a1", title=odd, keywords=(odd[:40],), region=odd)], {"a1": odd})
    assert offers.get("a1") == offer("a1", title=odd, keywords=(odd[:40],), region=odd)
    assert offers.by_external_id([odd]).keys() == {odd}
    assert offers.page(5, where={"region": odd}, text=odd).total == 1


def test_reads_of_one_session_see_one_state(
    database: Database, offers: Repository[Achievement]
) -> None:
    with database.reading() as session:
        before = session.scalar(text("SELECT count(*) FROM achievements"))
        offers.save([offer("a1")])
        assert session.scalar(text("SELECT count(*) FROM achievements")) == before == 0
    assert offers.count() == 1


def test_a_long_reading_is_not_disturbed_by_writers(
    database: Database, offers: Repository[Achievement]
) -> None:
    ids = [f"a{n:04}" for n in range(1100)]  # more than are fetched at once
    offers.save([offer(id_) for id_ in ids])
    reading = offers.all()
    seen = [next(reading).id]
    offers.save([offer("a9999")])
    with unit_of_work(database) as unit:
        offers.delete(unit, "a1050")
    assert [*seen, *(record.id for record in reading)] == ids
