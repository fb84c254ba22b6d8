"""What surrounds the pairings of a record, as plain data."""

from dataclasses import replace
from datetime import timedelta

import pytest

from api.pages.addresses import Address
from api.pages.comparing import comparison
from api.pages.contexts.deciding import Days
from api.pages.desk import desk, ordered, size
from api.services.kinds import DEMANDS
from api.services.matching import match_record
from api.services.times import today
from api.services.workspace import Workspace
from matcher.records import Demand, FacetCounts, MatchResult

pytestmark = pytest.mark.any_database


def asked(space: Workspace) -> tuple[Demand, MatchResult]:
    demand = DEMANDS.table(space).page(1).items[0]
    return demand, match_record(space, demand, k=10, facets=True)


def here(demand: Demand, *items: tuple[str, str]) -> Address:
    return Address(f"/demands/{demand.id}", items)


def test_sizes_are_those_that_are_offered() -> None:
    assert [size(k) for k in (None, "", "10", "20", "21", "-1", "二十")] == [
        10,
        10,
        10,
        20,
        *[10] * 3,
    ]


def test_facets_say_how_many_and_where_they_lead(workspace: Workspace) -> None:
    demand, result = asked(workspace)
    shown = desk(workspace, demand, result, here(demand), "")
    assert [facet.label for facet in shown.facets] == [
        "技术领域",
        "地区",
        "成熟度",
        "合作方式",
        "完成单位",
    ]
    assert shown.counted == result.facets.counted
    for facet in shown.facets:
        counts = [choice.count or 0 for choice in facet.choices]
        assert counts == sorted(counts, reverse=True)
        assert not any(choice.chosen for choice in facet.choices)
    assert shown.chosen == []


def test_a_chosen_value_is_offered_even_if_nothing_has_it(workspace: Workspace) -> None:
    demand, result = asked(workspace)
    shown = desk(workspace, demand, result, here(demand, ("region", "火星"), ("k", "20")), "")
    [chosen] = shown.chosen
    assert (chosen.label, chosen.count) == ("火星", 0)
    assert chosen.href == f"/demands/{demand.id}?k=20"


def test_demands_are_not_narrowed_by_what_they_do_not_have(workspace: Workspace) -> None:
    offer = workspace.achievements.page(1).items[0]
    result = match_record(workspace, offer, facets=True)
    shown = desk(workspace, offer, result, Address(f"/achievements/{offer.id}"), "")
    assert {facet.label for facet in shown.facets} <= {"技术领域", "地区", "成熟度"}
    assert [choice.label for choice in shown.sorts][1:] == ["预算高的在前", "期限近的在前"]
    assert shown.deciding.asked == "achievement"


def days_shown(space: Workspace, **asked: str) -> Days:
    offer = space.achievements.page(1).items[0]
    result = match_record(space, offer, facets=True)
    address = Address(f"/achievements/{offer.id}", tuple(asked.items()))
    shown = desk(space, offer, result, address, "")
    assert shown.days is not None
    assert len(shown.chosen) == bool(shown.days.said)
    return shown.days


def test_demands_can_be_narrowed_by_the_days_on_which_they_end(workspace: Workspace) -> None:
    days = days_shown(workspace, sort="budget", date_from="2027-01-01", date_to="2027-06-30")
    assert (days.first, days.last) == ("2027-01-01", "2027-06-30")
    assert days.said == "截止日期 2027-01-01 至 2027-06-30"
    assert days.kept == [("sort", "budget")]
    assert days.wider == f"{days.path}?sort=budget"
    assert not any(term.chosen for term in days.terms)


def test_a_term_begins_today_and_chosen_again_it_leads_to_all(workspace: Workspace) -> None:
    open_, soon, _ = days_shown(workspace).terms
    first = today()
    assert open_.href.endswith(f"?date_from={first}")
    assert soon.href.endswith(f"?date_from={first}&date_to={first + timedelta(days=30)}")
    days = days_shown(workspace, date_from=first.isoformat())
    assert [term.chosen for term in days.terms] == [True, False, False]
    assert days.terms[0].href == days.path
    assert days.said == f"截止日期不早于 {first}"


def test_achievements_have_no_days(workspace: Workspace) -> None:
    demand, result = asked(workspace)
    assert desk(workspace, demand, result, here(demand), "").days is None


def test_without_counts_there_are_no_facets(workspace: Workspace) -> None:
    demand, result = asked(workspace)
    empty = replace(result, pairings=(), facets=FacetCounts())
    shown = desk(workspace, demand, empty, here(demand), "")
    assert (shown.facets, shown.sizes) == ([], [])


def test_orders_are_total_and_keep_every_pairing(workspace: Workspace) -> None:
    _, result = asked(workspace)
    for sort in ("", "maturity", "price", "strange"):
        shown = ordered(result, sort)
        assert sorted(p.rank for p in shown) == sorted(p.rank for p in result.pairings)
    levels = [p.achievement.maturity or 0 for p in ordered(result, "maturity")]
    assert levels == sorted(levels, reverse=True)


def test_at_most_four_are_pinned_or_compared(workspace: Workspace) -> None:
    demand, result = asked(workspace)
    ids = [pairing.achievement.id for pairing in result.pairings]
    pins = here(demand, *(("pin", id_) for id_ in ids))
    assert len(desk(workspace, demand, result, pins, "").pins) == 4
    assert len(comparison(workspace, demand, ids).cards) == 4


def test_the_best_needs_no_excuse_and_others_have_one(workspace: Workspace) -> None:
    demand, result = asked(workspace)
    best, last = result.pairings[0].achievement.id, result.pairings[-1].achievement.id
    shown = desk(workspace, demand, result, here(demand, ("pin", best), ("pin", last)), "")
    assert [bool(pin.why) for pin in shown.pins] == [False, True]
    assert last not in shown.pins[1].unpin


def test_rows_of_a_comparison_are_as_wide_as_what_is_compared(workspace: Workspace) -> None:
    demand, result = asked(workspace)
    shown = comparison(workspace, demand, [p.achievement.id for p in result.pairings[:3]])
    assert all(len(row.cells) == 3 for row in (*shown.rows, *shown.indicators))
    assert shown.rows[-1].cells[0] == "最靠前"
    assert shown.problem == ""
