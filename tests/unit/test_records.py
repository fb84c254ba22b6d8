"""Records: what is matched, what is filtered, and the stamp that tells versions apart."""

import re
from dataclasses import FrozenInstanceError, fields, replace

import pytest

from matcher import Achievement, Demand
from matcher.library import stamp
from matcher.records import Facets
from matcher.values import MATURITY_BANDS, maturity_band

OFFER = Achievement(
    id="a1",
    title="膜法脱氮",
    abstract="中空纤维膜曝气。",
    keywords=("脱氮", "膜"),
    provider="沧澜大学",
    field="资源与环境",
    cooperation_modes=("技术许可", "技术转让"),
    maturity=6,
    region="江苏-苏州",
)
NEED = Demand(
    id="d1",
    title="氨氮超标",
    problem="出水氨氮超标。",
    indicators="≤5 mg/L",
    goal="稳定达标",
    keywords=("氨氮",),
    field="资源与环境",
    region="浙江-宁波",
    maturity_min=6,
)


def test_the_texts_of_an_achievement_in_reading_order() -> None:
    assert list(OFFER.texts().items()) == [
        ("title", "膜法脱氮"),
        ("keywords", "脱氮；膜"),
        ("abstract", "中空纤维膜曝气。"),
    ]


def test_the_texts_of_a_demand_in_reading_order() -> None:
    assert list(NEED.texts()) == ["title", "keywords", "problem", "indicators", "goal"]


def test_contacts_money_and_names_are_no_matched_text() -> None:
    secret = replace(NEED, organisation="某公司", contact="某人", phone="000", deadline="2027")
    assert secret.texts() == NEED.texts()


def test_facets_are_the_values_that_filters_look_at() -> None:
    assert OFFER.facets() == Facets(
        "资源与环境", "江苏-苏州", "沧澜大学", ("技术许可", "技术转让"), 6
    )
    assert NEED.facets() == Facets(field="资源与环境", region="浙江-宁波", maturity=6)


def test_free_text_is_a_passing_demand() -> None:
    passing = Demand.from_text("氨氮超标")
    assert passing == Demand(id="", problem="氨氮超标")


def test_records_are_frozen() -> None:
    with pytest.raises(FrozenInstanceError):
        OFFER.title = "别的"  # type: ignore[misc]


def test_a_stamp_is_sixteen_hexadecimal_digits_and_the_same_for_equal_records() -> None:
    assert re.fullmatch(r"[0-9a-f]{16}", stamp(OFFER))
    assert stamp(OFFER) == stamp(replace(OFFER))


@pytest.mark.parametrize("record", [OFFER, NEED], ids=["achievement", "demand"])
def test_a_stamp_changes_with_every_single_value(record: Achievement | Demand) -> None:
    seen = {stamp(record)}
    for field in fields(record):
        old = getattr(record, field.name)
        new = (*old, "新") if isinstance(old, tuple) else 3 if isinstance(old, int) else f"{old}新"
        seen.add(stamp(replace(record, **{field.name: new})))
    assert len(seen) == 1 + len(fields(record))


def test_a_stamp_bears_lone_surrogates() -> None:
    assert stamp(replace(OFFER, title="光\ud800")) != stamp(replace(OFFER, title="光"))


def test_equal_records_have_equal_stamps_though_a_price_came_as_a_whole_number() -> None:
    # The demo files say 80, a database column of floats gives back 80.0.
    whole, decimal = replace(OFFER, price_min=80), replace(OFFER, price_min=80.0)
    assert whole == decimal
    assert stamp(whole) == stamp(decimal)


def test_every_maturity_has_one_band() -> None:
    names = [name for name, _, _ in MATURITY_BANDS]
    assert [maturity_band(m) for m in range(1, 10)] == [n for n in names for _ in range(3)]
    assert maturity_band(None) == maturity_band(0) == maturity_band(10) == "未注明"
