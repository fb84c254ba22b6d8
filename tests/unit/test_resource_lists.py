"""Resources by kind, field, region and day: what is listed is counted, on both databases."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from api.store import ALL_RESOURCES, ResourceNarrowing, Store, Validity
from tests.unit.stores import resource

DAY = date(2026, 11, 22)
WINDOWS: dict[str, dict[str, Any]] = {
    "always": {},
    "ended yesterday": {"valid_until": "2026-11-21"},
    "ends today": {"valid_until": "2026-11-22"},
    "begins today": {"valid_from": "2026-11-22"},
    "begins tomorrow": {"valid_from": "2026-11-23"},
    "this day alone": {"valid_from": "2026-11-22", "valid_until": "2026-11-22"},
    "last year": {"valid_from": "2025-01-01", "valid_until": "2025-12-31"},
}
PLACES = [
    None,
    "江苏",
    "江苏-苏州",
    "江苏-苏州-吴江",
    "江苏-南京",
    "江",
    "苏州",
    "江苏省",
    "山东-青岛",
]
LISTED: list[Sequence[str]] = [(), ("新材料",), ("资源与环境", "新材料"), ("航空航天",)]


def plant(store: Store, each: Sequence[dict[str, Any]]) -> None:
    made = [resource(f"r{place}", title=f"第 {place} 项", **row) for place, row in enumerate(each)]
    store.resources.save(made)


def listed(store: Store, wanted: ResourceNarrowing, text: str = "") -> list[int]:
    """The places of those that a list shows; its total and its counts by kind agree with it."""
    page = store.resources.page(100, text=text, narrowed=wanted)
    assert page.total == len(page.items)
    counts = store.resources.counts("kind", text, wanted)
    assert sum(counts.values()) == page.total
    assert set(counts) == {one.kind for one in page.items}
    return sorted(int(one.id[1:]) for one in page.items)


def test_a_resource_without_fields_is_for_all_of_them(store: Store) -> None:
    plant(store, [{"fields": list(fields)} for fields in LISTED])
    assert listed(store, ResourceNarrowing(field="新材料")) == [0, 1, 2]
    assert listed(store, ResourceNarrowing(field="航空航天")) == [0, 3]
    assert listed(store, ResourceNarrowing(field="电子信息")) == [0]
    assert listed(store, ResourceNarrowing(field='新材料", "')) == [0]
    assert listed(store, ALL_RESOURCES) == [0, 1, 2, 3]


def test_a_region_has_what_is_for_it_its_parts_its_whole_and_everywhere(store: Store) -> None:
    plant(store, [{"region": place} for place in PLACES])
    for asked, found in (
        ("江苏", [0, 1, 2, 3, 4]),
        ("江苏-苏州", [0, 1, 2, 3]),
        ("江苏-南京", [0, 1, 4]),
        ("江", [0, 5]),
        ("山东", [0, 8]),
        ("西藏", [0]),
        ("江_", [0]),
        ("%", [0]),
    ):
        assert listed(store, ResourceNarrowing(region=asked)) == found, asked


def test_the_first_and_the_last_day_count(store: Store) -> None:
    plant(store, list(WINDOWS.values()))
    names = list(WINDOWS)
    valid = ["always", "ends today", "begins today", "this day alone"]
    for validity, found in (
        (Validity.valid, valid),
        (Validity.kept, [*valid[:3], "begins tomorrow", valid[3]]),
        (Validity.over, ["ended yesterday", "last year"]),
    ):
        shown = listed(store, ResourceNarrowing(day=DAY, validity=validity))
        assert [names[place] for place in shown] == found


def test_every_condition_must_hold_and_words_of_the_title_too(store: Store) -> None:
    finance = {"kind": "finance", "fields": ["新材料"], "region": "江苏"}
    plant(store, [finance, finance | {"region": "山东"}, finance | {"kind": "expert"}, finance])
    wanted = ResourceNarrowing("finance", "新材料", "江苏-苏州", DAY)
    assert listed(store, wanted) == [0, 3]
    assert listed(store, wanted, "第 3") == [3]
    assert store.resources.counts("kind", "", ResourceNarrowing()) == {"finance": 3, "expert": 1}


def test_what_was_deleted_is_neither_listed_nor_counted(store: Store) -> None:
    plant(store, [{}, {}])
    with store.writing() as unit:
        store.resources.delete(unit, "r0")
    assert listed(store, ALL_RESOURCES) == [1]


def test_what_no_text_can_hold_finds_nothing_on_either_database(store: Store) -> None:
    plant(store, [{}])
    for name in ("kind", "field", "region"):
        assert listed(store, ResourceNarrowing(**{name: "新\0材料"})) == []
