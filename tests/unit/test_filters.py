"""Filters are checked before anything is searched."""

import pytest

from matcher import Achievement, Demand, Filters
from matcher.checks import check
from matcher.errors import InvalidQuery
from matcher.values import COOPERATION_MODES, FIELDS, RESOURCE_KINDS


def test_no_condition_is_false_and_any_condition_is_true() -> None:
    assert not Filters()
    assert Filters(fields=frozenset({"新材料"}))
    assert Filters(regions=frozenset({"江苏"}))
    assert Filters(providers=frozenset({"某大学"}))
    assert Filters(cooperation_modes=frozenset({"技术许可"}))
    assert Filters(maturity_min=1)
    assert Filters(maturity_max=9)
    assert Filters(kinds=frozenset({"pilot"}))
    assert Filters(date_from="2027-06-30")
    assert Filters(date_to="2027-06-30")


def test_every_known_value_passes_the_check() -> None:
    Filters(
        fields=frozenset(FIELDS),
        regions=frozenset({"随便什么地方"}),  # regions and providers are open lists
        providers=frozenset({"随便哪所大学"}),
        cooperation_modes=frozenset(COOPERATION_MODES),
        maturity_min=1,
        maturity_max=9,
        kinds=frozenset(RESOURCE_KINDS),
        date_from="0001-01-01",
        date_to="9999-12-31",
    ).check()
    Filters(date_from="2028-02-29", date_to="2028-02-29").check()


@pytest.mark.parametrize(
    ("filters", "named"),
    [
        (Filters(fields=frozenset({"新材料", "炼金术"})), ["fields"]),
        (Filters(cooperation_modes=frozenset({"白送"})), ["cooperation_modes"]),
        (Filters(kinds=frozenset({"中试平台"})), ["kinds"]),
        (Filters(maturity_min=0), ["maturity_min"]),
        (Filters(maturity_min=10), ["maturity_min"]),
        (Filters(maturity_max=-1), ["maturity_max"]),
        (Filters(maturity_min=7, maturity_max=3), ["maturity_min"]),
        (Filters(date_from="2027-02-29"), ["date_from"]),
        (Filters(date_from=""), ["date_from"]),
        (Filters(date_to="下个月"), ["date_to"]),
        (Filters(date_from="2027/06/30", date_to="0"), ["date_from", "date_to"]),
        (Filters(date_from="2027-07-01", date_to="2027-06-30"), ["date_from"]),
        (
            Filters(maturity_min=7, maturity_max=3, date_from="2028-01-01", date_to="2027-01-01"),
            ["maturity_min", "date_from"],
        ),
        (
            Filters(fields=frozenset({"甲", "乙"}), maturity_max=0),
            ["fields"] * 2 + ["maturity_max"],
        ),
    ],
)
def test_a_value_that_no_record_can_have_is_refused_by_field(
    filters: Filters, named: list[str]
) -> None:
    with pytest.raises(InvalidQuery) as refused:
        filters.check()
    assert [problem.field for problem in refused.value.problems] == named
    assert str(refused.value) == refused.value.problems[0].message


def test_the_message_names_the_choices_and_not_the_whole_of_a_long_value() -> None:
    with pytest.raises(InvalidQuery) as refused:
        Filters(fields=frozenset({"炼" * 5000})).check()
    assert "新材料" in str(refused.value)
    assert len(str(refused.value)) < 200


@pytest.mark.parametrize(
    "filters",
    [
        Filters(date_to="明" * 5000),
        Filters(date_from="2027-06-31"),
        Filters(date_from="2027-07-01", date_to="2027-06-30"),
    ],
)
def test_a_wrong_day_is_told_in_one_calm_sentence(filters: Filters) -> None:
    with pytest.raises(InvalidQuery) as refused:
        filters.check()
    assert str(refused.value).startswith("截止日期")
    assert str(refused.value).count("。") == 1
    assert len(str(refused.value)) < 100


@pytest.mark.parametrize("name", ["date_from", "date_to"])
def test_achievements_have_no_day_to_be_narrowed_by(name: str) -> None:
    day = Filters(**{name: "2027-06-30"})
    check(Achievement(id="a", title="膜"), 1, day, {})  # looks for demands
    with pytest.raises(InvalidQuery, match="查找成果时不能按截止日期筛选") as refused:
        check(Demand(id="d", title="膜"), 1, day, {})
    assert [problem.field for problem in refused.value.problems] == [name]
