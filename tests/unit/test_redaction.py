"""The public view of a demand carries nothing that leads to who sent it."""

import pytest

from api.security.disclosure import Own
from api.security.redaction import HIDDEN, public_demand, public_text
from matcher import Demand

DEMAND = Demand(
    id="d1",
    title="华兴化工含氟废水处理",
    problem="苏州华兴化工有限公司日产废水200吨，请联系周经理，电话0512 8888 6666。",
    indicators="出水氟离子≤8 mg/L；已有专利ZL202110123456.7。",
    goal="一年内建成，地点为苏州市人民路88号。",
    keywords=("含氟废水", "华兴", "13800001111", "华兴膜"),
    region="江苏-苏州",
    budget=120,
    organisation="苏州市华兴化工有限公司",
    contact="周经理",
    phone="0512-88886666",
)


def test_the_sender_is_hidden_in_fields_and_in_texts() -> None:
    public = public_demand(DEMAND)
    assert (public.organisation, public.contact, public.phone) == (None, None, None)
    assert public.title == "〔已隐去〕含氟废水处理"
    assert public.problem == "〔已隐去〕日产废水200吨，请联系〔已隐去〕，电话〔已隐去〕。"
    assert public.indicators == "出水氟离子≤8 mg/L；已有专利〔已隐去〕。"
    assert public.goal == "一年内建成，地点为〔已隐去〕。"


def test_keywords_of_which_nothing_remains_disappear() -> None:
    assert public_demand(DEMAND).keywords == ("含氟废水", "〔已隐去〕膜")


def test_everything_else_stays_as_it_is() -> None:
    public = public_demand(DEMAND)
    assert (public.id, public.region, public.budget) == (DEMAND.id, DEMAND.region, DEMAND.budget)
    assert public.confidentiality == DEMAND.confidentiality


def test_the_public_view_of_a_public_view_is_the_same() -> None:
    assert public_demand(public_demand(DEMAND)) == public_demand(DEMAND)


def test_demands_of_the_demo_keep_their_texts(demo_demands: list[Demand]) -> None:
    assert all(public_demand(demand).texts() == demand.texts() for demand in demo_demands)


def test_places_that_touch_are_hidden_as_one() -> None:
    assert public_text("苏州华兴化工有限公司13800001111。") == f"{HIDDEN}。"


def test_what_appears_only_beside_something_hidden_is_hidden_too() -> None:
    # A letter after a number makes it a measurement; here it began the number of a patent.
    assert public_text("拨13800001111ZL202110123456.7。") == f"拨{HIDDEN}{HIDDEN}。"


@pytest.mark.parametrize("text", ["", " ", HIDDEN, f"甲{HIDDEN}{HIDDEN}乙", "〔已隐去", "已隐去〕"])
def test_a_text_with_the_mark_in_it_is_no_trouble(text: str) -> None:
    assert public_text(text) == text
    assert public_text(text, Own("已隐去", "〔", HIDDEN)).count("〔") >= text.count(HIDDEN)
