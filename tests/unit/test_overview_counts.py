"""Counts of the overview: equal to the lists that they lead to, on both databases."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any

import pytest

from api.services.periods import Period, first_month, month_named, months_of
from api.store import CasesWanted, Narrowing, Outlook, Prospect, Store
from api.store.narrowing import CURRENT, UNNAMED
from api.store.tables import AchievementRow, CaseEventRow, CaseRow, DemandRow
from matcher.values import STAGES
from tests.unit.stores import need, offer

NOW = datetime(2027, 3, 15, 4, tzinfo=UTC)
MONTHS = months_of(Period.year, NOW)


def plant(store: Store, id_: str, at: datetime = NOW, **columns: Any) -> None:
    """A demand (d…) or an achievement (a…), submitted then."""
    is_demand = id_.startswith("d")
    record = need(id_) if is_demand else offer(id_)
    (store.demands if is_demand else store.achievements).save([record])  # type: ignore[attr-defined]
    with store.writing() as unit:
        row = unit.session.get(DemandRow if is_demand else AchievementRow, id_)
        for name, value in {"created_at": at, **columns}.items():
            setattr(row, name, value)


def known(id_: str, grade: int | None = None, strong: int = 0, **other: Any) -> Outlook:
    values = {"stamp": "s", "model": "m", "at": NOW, "achievement_id": None, "expected": None}
    return Outlook(**values | {"demand_id": id_, "grade": grade, "strong": strong} | other)


def case(store: Store, id_: str, moves: list[tuple[str, float]], at: datetime = NOW) -> None:
    """A case of d and a with the same number that came to stages after so many days."""
    with store.writing() as unit:
        columns = {"stage": moves[-1][0], "stage_since": at, "created_at": at, "updated_at": at}
        sides = {"demand_id": f"d{id_[1:]}", "achievement_id": f"a{id_[1:]}"}
        unit.session.add(CaseRow(id=id_, **sides, **columns, next_step="", version=1))
        unit.session.flush()
        for stage, days in moves:
            moved = at + timedelta(days=days)
            line = CaseEventRow(case_id=id_, at=moved, who="林", kind="moved", text="")
            line.to_stage = stage
            unit.session.add(line)
            unit.session.flush()


def listed(store: Store, narrowed: Narrowing) -> list[str]:
    page = store.demands.page(100, narrowed=narrowed)
    assert page.total == len(page.items)
    return sorted(demand.id for demand in page.items)


def test_provinces_are_what_stands_before_the_dash(store: Store) -> None:
    regions = ["江苏-苏州", "江苏", "江苏-南京-江宁", "北京-北京", "-", "", None, "其他国家"]
    for place, region in enumerate(regions):
        plant(store, f"d{place}", region=region)
    found = store.counts.provinces(Narrowing(), Narrowing(), 9)
    assert found == ["江苏", *sorted(["其他国家", "北京"])]
    assert listed(store, Narrowing(province="江苏")) == ["d0", "d1", "d2"]
    assert listed(store, Narrowing(outside=("江苏", "北京"))) == ["d4", "d5", "d6", "d7"]


def test_places_count_what_their_lists_show_and_nothing_twice(store: Store) -> None:
    fields = ["新材料", "新材料", "航空航天", None, "不认识的领域"]
    for place, field in enumerate(fields):
        plant(store, f"d{place}", field=field, region=["江苏-苏州", "山东"][place % 2])
        plant(store, f"a{place}", field=field, region="山东-青岛")
    provinces = ["江苏"]
    wanted = store.counts.demands_by_place(Narrowing(), provinces)
    assert wanted == {
        ("新材料", "江苏"): 1,
        ("新材料", ""): 1,
        ("航空航天", "江苏"): 1,
        ("", ""): 1,
        ("", "江苏"): 1,
    }
    for (field, place), number in wanted.items():
        where = Narrowing(field=field or UNNAMED)
        where = replace(where, province=place) if place else replace(where, outside=("江苏",))
        assert len(listed(store, where)) == number
    assert sum(store.counts.achievements_by_place(Narrowing(), provinces).values()) == 5
    assert store.counts.achievements_by_place(Narrowing(), []) != {}


def test_returned_and_deleted_demands_are_not_counted(store: Store) -> None:
    for state in ("pending", "published", "returned"):
        plant(store, f"d-{state}", state=state, field="新材料")
    plant(store, "d-deleted", deleted_at=NOW, field="新材料")
    current = Narrowing(state=CURRENT)
    assert store.counts.demands_by_field(current) == {"新材料": 2}
    assert listed(store, current) == ["d-pending", "d-published"]
    assert listed(store, Narrowing(state="returned")) == ["d-returned"]


def test_months_begin_at_midnight_in_beijing(store: Store) -> None:
    last, first = datetime(2027, 2, 28, 15, 59, tzinfo=UTC), datetime(2027, 2, 28, 16, tzinfo=UTC)
    plant(store, "d1", last)
    plant(store, "d2", first)
    plant(store, "d3", datetime(2026, 3, 31, 15, tzinfo=UTC))
    found = store.counts.grades_by_month(Narrowing(), MONTHS)
    assert found == {("2027-02", 0): 1, ("2027-03", 0): 1}
    _, since, until = month_named("2027-02")
    assert listed(store, Narrowing(since=since, until=until)) == ["d1"]
    assert listed(store, Narrowing(since=month_named("2027-03")[1])) == ["d2"]


def test_grades_are_those_of_the_last_survey(store: Store) -> None:
    for place in range(6):
        plant(store, f"d{place}")
    store.outlooks.store(
        [known("d0", 4, 2), known("d1", 3, 1), known("d2", 2), known("d3", 1), known("d4")]
    )
    found = store.counts.grades_by_month(Narrowing(), MONTHS)
    assert {grade: number for (_, grade), number in found.items()} == {4: 1, 3: 1, 2: 1, 1: 2, 0: 1}
    expected = {
        Prospect.grade_4: ["d0"],
        Prospect.grade_1: ["d3", "d4"],
        Prospect.strong: ["d0", "d1"],
        Prospect.weak: ["d2", "d3", "d4"],
        Prospect.unknown: ["d5"],
    }
    for outlook, ids in expected.items():
        assert listed(store, Narrowing(outlook=outlook)) == ids


def test_an_outlook_replaces_the_one_before_and_none_is_kept_of_what_is_gone(store: Store) -> None:
    plant(store, "d1")
    store.outlooks.store([known("d1", 2), known("nobody", 4)])
    store.outlooks.store([known("d1", 4, 3)])
    assert store.outlooks.of("d1") == known("d1", 4, 3)
    assert store.outlooks.of("nobody") is None
    assert store.outlooks.of_many(["d1", "nobody"]).keys() == {"d1"}


def test_due_are_unknown_changed_and_old_ones_in_this_order(store: Store) -> None:
    for name in ("d-fresh", "d-old", "d-model", "d-stamp", "d-new", "d-returned", "d-deleted"):
        plant(store, name, stamp="s")
    with store.writing() as unit:
        unit.session.get(DemandRow, "d-returned").state = "returned"  # type: ignore[union-attr]
        unit.session.get(DemandRow, "d-deleted").deleted_at = NOW  # type: ignore[union-attr]
    old = NOW - timedelta(days=2)
    store.outlooks.store(
        [
            known("d-fresh"),
            known("d-old", at=old),
            known("d-model", model="before"),
            known("d-stamp", stamp="before", at=old),
        ]
    )
    due = store.outlooks.due("m", NOW - timedelta(days=1), 10)
    assert due == ["d-new", "d-stamp", "d-model", "d-old"]
    assert store.outlooks.due("m", NOW - timedelta(days=1), 2) == ["d-new", "d-stamp"]


@pytest.fixture
def cases(store: Store) -> Store:
    for number in range(1, 6):
        plant(store, f"d{number}")
        plant(store, f"a{number}")
    case(store, "c1", [("proposed", 0), ("contacted", 2), ("negotiating", 12), ("signed", 13)])
    case(store, "c2", [("proposed", 0), ("contacted", 4)])
    case(store, "c3", [("proposed", 0), ("contacted", 9), ("ended", 10)])
    case(store, "c4", [("proposed", 0)], at=datetime(2026, 12, 5, tzinfo=UTC))
    return store


def test_a_case_counts_for_every_stage_that_it_came_to(cases: Store) -> None:
    found = cases.case_counts.reached(CasesWanted())
    assert found == dict(zip(STAGES, [4, 3, 1, 1, 0], strict=True))
    for stage, number in found.items():
        lines, total = cases.case_counts.page(CasesWanted(reached=stage), 10)
        assert len(lines) == total == number


def test_going_back_takes_nothing_away(cases: Store) -> None:
    case(cases, "c5", [("proposed", 0), ("signed", 1), ("contacted", 2)])
    assert cases.case_counts.reached(CasesWanted())["signed"] == 2


def test_stays_are_medians_of_those_that_ended(cases: Store) -> None:
    found = cases.case_counts.stays(CasesWanted())
    assert {stage: pytest.approx(days, abs=1e-4) for stage, days in found.items()} == {
        "proposed": 4.0,  # of 2, 4 and 9
        "contacted": 5.5,  # of 10 and 1
        "negotiating": 1.0,
    }


def test_cases_are_counted_by_the_month_in_which_they_were_opened(cases: Store) -> None:
    assert cases.case_counts.by_month(CasesWanted(), MONTHS) == {"2026-12": 1, "2027-03": 3}
    _, since, until = month_named("2026-12")
    lines, total = cases.case_counts.page(CasesWanted(since, until), 10)
    assert ([line.id for line in lines], total) == (["c4"], 1)
    assert cases.case_counts.reached(CasesWanted(since, until))["contacted"] == 0


def test_cases_of_deleted_records_are_neither_counted_nor_listed(cases: Store) -> None:
    with cases.writing() as unit:
        cases.demands.delete(unit, "d1")
        cases.achievements.delete(unit, "a2")
    assert cases.case_counts.reached(CasesWanted())["proposed"] == 2
    lines, total = cases.case_counts.page(CasesWanted(), 10)
    assert ([line.id for line in lines], total) == (["c4", "c3"], 2)
    assert "signed" not in cases.case_counts.stays(CasesWanted())


def test_pages_of_cases_follow_each_other(cases: Store) -> None:
    first, total = cases.case_counts.page(CasesWanted(), 3)
    rest, _ = cases.case_counts.page(CasesWanted(), 3, first[-1].id)
    assert [line.id for line in (*first, *rest)] == ["c4", "c3", "c2", "c1"]
    assert total == 4


@pytest.mark.parametrize("text", ["\0", "%", "'; DROP TABLE demands; --", "江\ud800"[:1]])
def test_strange_texts_find_nothing_and_break_nothing(store: Store, text: str) -> None:
    plant(store, "d1", region="江苏")
    for where in (Narrowing(province=text), Narrowing(field=text), Narrowing(state=text)):
        assert listed(store, where) == []


def test_periods_count_the_present_month() -> None:
    assert [name for name, _, _ in months_of(Period.quarter, NOW)] == [
        "2027-01",
        "2027-02",
        "2027-03",
    ]
    assert len(months_of(Period.all, NOW)) == 24
    assert first_month(Period.year, NOW) == "2026-04"
    assert first_month(Period.all, NOW) == ""
    for (_, _, end), (_, start, _) in pairwise(MONTHS):
        assert end == start
