"""Filters become masks over documents."""

from datetime import date

import numpy as np
import pytest

from matcher import Demand, Filters
from matcher.index.columns import Columns
from matcher.records import Facets
from matcher.resources import Resource


def passing(facets: list[Facets], filters: Filters) -> list[int]:
    mask = Columns.of(facets).mask(filters)
    assert mask.shape == (len(facets),)
    return [number for number, passes in enumerate(mask.tolist()) if passes]


REGIONS = ["江苏", "江苏-苏州", "江苏-苏州-昆山", "江", "江苏省外", "浙江-江苏路", None, ""]


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        ({"江苏"}, [0, 1, 2]),
        ({"江苏-苏州"}, [1, 2]),
        ({"江苏-苏"}, []),
        ({"江"}, [3]),
        ({"苏州"}, []),
        ({"江苏", "江"}, [0, 1, 2, 3]),
        ({"北京"}, []),
    ],
)
def test_a_region_matches_itself_and_what_lies_in_it_and_no_look_alike(
    wanted: set[str], found: list[int]
) -> None:
    facets = [Facets(region=region) for region in REGIONS]
    assert passing(facets, Filters(regions=frozenset(wanted))) == found


def test_one_field_of_several_is_enough_and_no_field_never_passes() -> None:
    facets = [Facets(field="新材料"), Facets(field=None), Facets(field="电子信息")]
    assert passing(facets, Filters(fields=frozenset({"新材料"}))) == [0]
    assert passing(facets, Filters(fields=frozenset({"新材料", "电子信息"}))) == [0, 2]


def test_a_provider_matches_by_its_whole_name_only() -> None:
    facets = [Facets(provider="沧澜大学"), Facets(provider="沧澜大学附属医院"), Facets()]
    assert passing(facets, Filters(providers=frozenset({"沧澜大学"}))) == [0]


def test_one_cooperation_mode_in_common_is_enough() -> None:
    facets = [
        Facets(cooperation_modes=("技术转让", "技术许可")),
        Facets(cooperation_modes=("技术许可",)),
        Facets(cooperation_modes=("作价入股",)),
        Facets(),
    ]
    assert passing(facets, Filters(cooperation_modes=frozenset({"技术许可"}))) == [0, 1]
    both = Filters(cooperation_modes=frozenset({"技术转让", "作价入股"}))
    assert passing(facets, both) == [0, 2]


def test_maturity_bounds_are_inclusive_and_an_unknown_maturity_passes_neither() -> None:
    facets = [Facets(maturity=m) for m in (1, 5, 9, None)]
    assert passing(facets, Filters(maturity_min=5)) == [1, 2]
    assert passing(facets, Filters(maturity_max=5)) == [0, 1]
    assert passing(facets, Filters(maturity_min=1, maturity_max=9)) == [0, 1, 2]
    assert passing(facets, Filters()) == [0, 1, 2, 3]


def test_conditions_of_different_kinds_must_all_hold() -> None:
    facets = [
        Facets("新材料", "江苏-苏州", "甲大学", ("技术许可",), 6),
        Facets("新材料", "江苏-苏州", "甲大学", ("技术许可",), 3),
        Facets("新材料", "浙江-杭州", "甲大学", ("技术许可",), 6),
    ]
    filters = Filters(
        fields=frozenset({"新材料"}),
        regions=frozenset({"江苏"}),
        providers=frozenset({"甲大学"}),
        cooperation_modes=frozenset({"技术许可"}),
        maturity_min=4,
    )
    assert passing(facets, filters) == [0]


def test_no_documents_have_an_empty_mask() -> None:
    assert passing([], Filters(fields=frozenset({"新材料"}))) == []


DAYS = [date(2027, 6, 29), date(2027, 6, 30), date(2027, 7, 1), None, date.min, date.max]


@pytest.mark.parametrize(
    ("filters", "found"),
    [
        (Filters(date_from="2027-06-30"), [1, 2, 3, 5]),
        (Filters(date_to="2027-06-30"), [0, 1, 4]),
        (Filters(date_from="2027-06-30", date_to="2027-06-30"), [1]),
        (Filters(date_from="2027-07-02", date_to="2028-12-31"), []),
        (Filters(date_from="0001-01-01"), [0, 1, 2, 3, 4, 5]),
        (Filters(date_to="0001-01-01"), [4]),
        (Filters(date_from="9999-12-31"), [3, 5]),
        (Filters(date_to="9999-12-31"), [0, 1, 2, 4, 5]),
    ],
)
def test_both_days_are_included_and_what_has_no_end_is_always_open_and_never_due(
    filters: Filters, found: list[int]
) -> None:
    assert passing([Facets(date=day) for day in DAYS], filters) == found


def test_days_come_back_as_they_were_joined_taken_and_in_any_order() -> None:
    facets = [Facets(date=day) for day in DAYS]
    joined = Columns.joined([Columns.of(facets[:2]), Columns.of([]), Columns.of(facets[2:])])
    assert list(joined.facets(np.arange(6))) == facets
    taken = joined.taken(np.array([5, -1, 0]))
    assert [one.date for one in taken.facets(np.arange(3))] == [date.max, None, DAYS[0]]
    assert taken.mask(Filters(date_from="2027-06-30")).tolist() == [True, True, False]


@pytest.mark.parametrize("none", [None, "", "尽快", "2027-02-30", "2027年"])
def test_a_demand_counts_until_its_deadline_if_that_is_a_day(none: str | None) -> None:
    assert Demand(id="d", deadline="2027-06-30").facets().date == date(2027, 6, 30)
    assert Demand(id="d", deadline=none).facets().date is None


def test_a_resource_counts_until_the_last_day_of_its_validity_whenever_it_begins() -> None:
    resource = Resource(
        id="r", kind="pilot", title="中试线", valid_from="2026-01-01", valid_until="2027-06-30"
    )
    assert resource.facets().date == date(2027, 6, 30)
    assert Resource(id="r", kind="pilot", title="中试线").facets().date is None
