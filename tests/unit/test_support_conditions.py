"""Hard conditions of resources, each exactly at its bounds; and the path of a pairing."""

from datetime import date
from typing import Any

import pytest

from matcher.pairing.conditions import Need, fits, is_excluded, shortfall
from matcher.pairing.path import STEPS, standing
from matcher.resources import Resource
from matcher.values import CHAIN, PATH
from tests.unit.helped import TODAY, achievement, demand

NEED = Need(TODAY, 5, 200.0, ("江苏-苏州", "湖北-武汉"), ("新材料",))


def states(changed: dict[str, Any], need: Need = NEED, kind: str = "finance") -> list[str]:
    conditions = fits(Resource(id="r", kind=kind, title="贷款", **changed), need)
    assert all(condition.text for condition in conditions)
    assert all(("需确认" in c.text) == (c.state == "unknown") for c in conditions)
    return [condition.state for condition in conditions]


@pytest.mark.parametrize(
    ("changed", "state"),
    [
        ({"maturity_min": 5, "maturity_max": 5}, "met"),
        ({"maturity_min": 6}, "unmet"),
        ({"maturity_max": 4}, "unmet"),
        ({"maturity_max": 9}, "met"),
        ({"amount_max": 200.0}, "met"),
        ({"amount_max": 199.99}, "unmet"),
        ({"amount_min": 200.0}, "met"),
        ({"amount_min": 200.01, "amount_max": 500.0}, "unmet"),
        ({"amount_min": 50.0, "amount_max": 500.0}, "met"),
        ({"region": "江苏"}, "met"),
        ({"region": "江苏-苏州"}, "met"),
        ({"region": "湖北"}, "met"),
        ({"region": "江苏-南京"}, "unmet"),
        ({"region": "江"}, "unmet"),
        ({"region": "广东"}, "unmet"),
        ({"fields": ("电子信息", "新材料")}, "met"),
        ({"fields": ("电子信息",)}, "unmet"),
        ({"valid_until": "2026-11-22"}, "met"),
        ({"valid_until": "2026-11-21"}, "unmet"),
        ({"valid_from": "2026-11-22"}, "met"),
        ({"valid_from": "2026-11-23"}, "unmet"),
        ({"valid_from": "2026-11-23", "valid_until": "2027-11-22"}, "unmet"),
        ({"valid_from": "2020-01-01", "valid_until": "2026-11-21"}, "unmet"),
    ],
)
def test_a_condition_binds_exactly_at_its_bound(changed: dict[str, Any], state: str) -> None:
    assert states(changed) == [state]


@pytest.mark.parametrize("region", [None, "", "全国", "不限"])
def test_what_is_not_bounded_is_no_condition(region: str | None) -> None:
    assert states({"region": region}) == []


@pytest.mark.parametrize(
    "changed",
    [{"maturity_min": 5}, {"amount_max": 10.0}, {"region": "江苏"}, {"fields": ("新材料",)}],
)
def test_what_nobody_wrote_has_to_be_confirmed_and_excludes_nothing(
    changed: dict[str, Any],
) -> None:
    assert states(changed, Need(TODAY)) == ["unknown"]
    assert not is_excluded(
        fits(Resource(id="r", kind="finance", title="x", **changed), Need(TODAY))
    )


def test_a_city_is_to_be_confirmed_where_only_its_province_is_known() -> None:
    assert states({"region": "江苏-苏州"}, Need(TODAY, regions=("江苏",))) == ["unknown"]


def test_only_finance_has_to_cover_what_is_short() -> None:
    assert states({"amount_max": 10.0}, kind="policy") == ["met"]
    assert states({"amount_max": 10.0}) == ["unmet"]


def test_all_conditions_have_to_hold() -> None:
    good = Resource(id="r", kind="finance", title="x", region="江苏", amount_max=300.0)
    late = Resource(id="r", kind="finance", title="x", region="江苏", valid_until="2026-11-21")
    assert not is_excluded(fits(good, NEED))
    assert is_excluded(fits(late, NEED))
    assert [c.text for c in fits(good, NEED)] == [
        "额度不超过 300 万元，覆盖所需 200 万元",
        "限江苏，一方在江苏-苏州",
    ]


@pytest.mark.parametrize(
    ("budget", "price", "short"),
    [
        (50.0, 120.0, 70.0),
        (120.0, 120.0, None),
        (None, 120.0, 120.0),
        (50.0, None, None),
        (None, None, None),
    ],
)
def test_what_is_short_is_the_price_beyond_the_budget(
    budget: float | None, price: float | None, short: float | None
) -> None:
    pair = demand(budget=budget), achievement(price_min=price)
    assert shortfall(*pair) == short
    assert Need.of(*pair, date(2026, 1, 1)).amount == short


@pytest.mark.parametrize("maturity", [None, *range(1, 10)])
def test_every_maturity_has_its_step(maturity: int | None) -> None:
    found = standing(demand(maturity_min=None), achievement(maturity=maturity))
    steps = [None, 0, 0, 0, 1, 1, 1, 2, 2, 3]
    assert found.at == steps[maturity or 0]
    assert found.takes
    assert found.missing == 0
    assert set(found.links) <= set(CHAIN)
    assert bool(found.links) == (maturity is not None)


def test_the_path_says_how_far_the_demand_wants_it() -> None:
    assert standing(demand(maturity_min=8), achievement(maturity=2)).missing == 2
    assert standing(demand(maturity_min=4), achievement(maturity=9)).missing == 0
    assert standing(demand(maturity_min=8), achievement(maturity=None)).missing == 0
    assert tuple(step.name for step in STEPS) == PATH
    assert "自评" in standing(demand(), achievement(maturity=None)).takes
