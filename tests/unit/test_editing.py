"""Versions, conflicts between two who edit, deletion that can be undone, and what is noted."""

from collections.abc import Callable

import pytest

from api.security.roles import SYSTEM, Actor, Role
from api.services import catalogue
from api.services.kinds import ACHIEVEMENTS, DEMANDS
from api.services.matching import MatchRequest, match
from api.services.submission import by_receipt, submit
from api.services.workspace import Workspace
from api.store import Repository, Store
from matcher.errors import EditConflict, NotFound
from matcher.records import Achievement
from tests.unit.rows import achievement_row
from tests.unit.stores import need_draft, offer, offer_draft

BROKER = Actor("u1", "shen", Role.broker, "192.0.2.7")
BLOWER = {"title": "磁悬浮鼓风机", "abstract": "磁悬浮轴承。", "keywords": ""}


@pytest.fixture
def offers(store: Store) -> Repository[Achievement]:
    with store.writing() as unit:
        record = offer("a1", region="江苏-苏州")
        store.achievements.put(unit, record, columns={"external_id": "A-1"})
    return store.achievements


def version(offers: Repository[Achievement]) -> int | None:
    stored = offers.stored("a1")
    return stored.version if stored else None


def put(store: Store, title: str, expected: int | None = None) -> None:
    with store.writing() as unit:
        store.achievements.put(unit, offer("a1", title=title), expected)


def delete(store: Store, expected: int | None = None) -> bool:
    with store.writing() as unit:
        return store.achievements.delete(unit, "a1", expected)


def restore(store: Store) -> bool:
    with store.writing() as unit:
        return store.achievements.restore(unit, "a1")


def test_every_edit_makes_the_next_version(store: Store, offers: Repository[Achievement]) -> None:
    seen = [version(offers)]
    for step in (lambda: put(store, "第二版"), lambda: delete(store), lambda: restore(store)):
        step()
        seen.append(version(offers))
    assert seen == [1, 2, None, 4]


def test_an_edit_of_the_version_that_was_read_is_kept(
    store: Store, offers: Repository[Achievement]
) -> None:
    put(store, "第二版", expected=1)
    put(store, "第三版", expected=2)
    assert offers.get_many(["a1"])["a1"].title == "第三版"


@pytest.mark.parametrize("expected", [0, 1, 3])
def test_an_edit_of_another_version_changes_nothing(
    store: Store, offers: Repository[Achievement], expected: int
) -> None:
    put(store, "第二版")
    before, changes = offers.stored("a1"), store.changes.latest()
    for attempt in (lambda: put(store, "来晚了", expected), lambda: delete(store, expected)):
        with pytest.raises(EditConflict, match="重新打开"):
            attempt()
    assert offers.stored("a1") == before
    assert store.changes.latest() == changes


def test_what_was_deleted_or_never_was_has_no_version_to_edit(
    store: Store, offers: Repository[Achievement]
) -> None:
    delete(store)
    with pytest.raises(EditConflict):
        put(store, "来晚了", expected=2)
    with store.writing() as unit, pytest.raises(EditConflict):
        store.achievements.put(unit, offer("a2"), expected=1)
    assert offers.count() == 0


def test_an_edit_without_a_version_does_not_bring_back_what_was_deleted(
    workspace: Workspace,
) -> None:
    one = workspace.achievements.by_external_id(["A-1"])["A-1"].id
    catalogue.remove(workspace, ACHIEVEMENTS, one)
    for gone in (one, "a-never"):
        with pytest.raises(NotFound):
            catalogue.replace(workspace, ACHIEVEMENTS, gone, offer_draft())
        assert workspace.achievements.get(gone) is None


def test_who_made_a_record_and_when_stays_when_it_is_edited(
    store: Store, offers: Repository[Achievement]
) -> None:
    before = offers.stored("a1")
    put(store, "第二版")
    after = offers.stored("a1")
    assert before is not None
    assert after is not None
    assert after.created_at == before.created_at == before.updated_at < after.updated_at


def reads(offers: Repository[Achievement]) -> dict[str, object]:
    """What can be learned of one record, by every way there is to ask."""
    return {
        "get": offers.get("a1"),
        "stored": offers.stored("a1"),
        "many": dict(offers.get_many(["a1"])),
        "external": offers.by_external_id(["A-1"]),
        "stamps": offers.stamps(),
        "all": list(offers.all()),
        "count": offers.count(),
        "page": (offers.page(9).items, offers.page(9).total),
        "search": offers.page(9, text="膜").items,
        "distinct": offers.distinct("region"),
    }


def test_what_was_deleted_is_in_no_answer_until_it_is_restored(
    store: Store, offers: Repository[Achievement]
) -> None:
    nothing = reads(store.demands)  # a table without rows
    before = reads(offers)
    assert all(before[way] != nothing[way] for way in before)
    assert delete(store)
    assert reads(offers) == nothing
    assert offers.ids_by_external_id(["A-1"]) == {"A-1": "a1"}
    assert restore(store)
    after = reads(offers)
    assert {way: after[way] for way in after if way != "stored"} == {
        way: before[way] for way in before if way != "stored"
    }


def test_deleting_and_restoring_tell_whether_there_was_anything_to_do(
    store: Store, offers: Repository[Achievement]
) -> None:
    assert not restore(store)
    assert delete(store)
    assert not delete(store)
    assert restore(store)
    assert not restore(store)
    with store.writing() as unit:
        for id_ in ("nobody", "", "编号", "a\0"):
            assert not offers.delete(unit, id_)
            assert not offers.restore(unit, id_)


# the use cases


def actions(workspace: Workspace, subject: str) -> list[tuple[str, str]]:
    lines = workspace.store.audit.page(100, subject=subject)
    return [(line.action, line.who) for line in reversed(lines)]


def test_a_record_that_is_restored_is_found_again(workspace: Workspace) -> None:
    record = catalogue.add(workspace, ACHIEVEMENTS, offer_draft(**BLOWER))
    catalogue.remove(workspace, ACHIEVEMENTS, record.id)
    assert match(workspace, MatchRequest(text="磁悬浮")).pairings == ()
    assert catalogue.restore(workspace, ACHIEVEMENTS, record.id) == record
    [pairing] = match(workspace, MatchRequest(text="磁悬浮")).pairings
    assert pairing.achievement == record


def test_only_what_was_deleted_can_be_restored(workspace: Workspace) -> None:
    [record] = workspace.achievements.page(9, text=achievement_row(1)["title"]).items
    for id_ in (record.id, "nobody", ""):
        with pytest.raises(NotFound, match="已删除成果"):
            catalogue.restore(workspace, ACHIEVEMENTS, id_)


def test_a_receipt_holds_again_when_its_demand_is_restored(workspace: Workspace) -> None:
    demand, code = submit(workspace, need_draft())
    catalogue.remove(workspace, DEMANDS, demand.id)
    catalogue.restore(workspace, DEMANDS, demand.id)
    assert by_receipt(workspace, code).record == demand


def test_every_write_is_noted_with_who_did_it(workspace: Workspace) -> None:
    record = catalogue.add(workspace, ACHIEVEMENTS, offer_draft(), BROKER)
    catalogue.replace(workspace, ACHIEVEMENTS, record.id, offer_draft(title="改"), BROKER, 1)
    catalogue.remove(workspace, ACHIEVEMENTS, record.id, SYSTEM, 2)
    catalogue.restore(workspace, ACHIEVEMENTS, record.id, BROKER)
    assert actions(workspace, record.id) == [
        ("add", "shen"),
        ("change", "shen"),
        ("remove", "命令行"),
        ("restore", "shen"),
    ]


@pytest.mark.parametrize(
    "attempt",
    [
        lambda space, id_: catalogue.replace(
            space, ACHIEVEMENTS, id_, offer_draft(title="来晚了"), BROKER, 1
        ),
        lambda space, id_: catalogue.remove(space, ACHIEVEMENTS, id_, BROKER, 1),
    ],
    ids=["replace", "remove"],
)
def test_who_comes_second_is_refused_and_nothing_is_noted(
    workspace: Workspace, attempt: Callable[[Workspace, str], object]
) -> None:
    record = catalogue.add(workspace, ACHIEVEMENTS, offer_draft())
    catalogue.replace(workspace, ACHIEVEMENTS, record.id, offer_draft(title="先到"), BROKER, 1)
    before = actions(workspace, record.id)
    with pytest.raises(EditConflict):
        attempt(workspace, record.id)
    assert catalogue.get(workspace, ACHIEVEMENTS, record.id).title == "先到"
    assert actions(workspace, record.id) == before
