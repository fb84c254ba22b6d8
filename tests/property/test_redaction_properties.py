"""Whatever surrounds it, what leads to the sender does not survive in the public view."""

from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from api.security.disclosure import Own, found
from api.security.redaction import HIDDEN, public_demand, public_text
from matcher import Demand
from tests.property.texts import messy, sentences

FIELDS = ("title", "problem", "indicators", "goal")
FIRMS = {
    "苏州市华兴化工有限公司": "华兴",
    "锡芯功率半导体有限公司（示例）": "锡芯",
    "华兴（苏州）化工集团有限公司": "华兴化工",
    "江苏省昆山瑞泽精密股份有限公司": "瑞泽",
    "ABC-泓铸阀门厂": "ABC-泓铸",
}
CONTACTS = ["周经理", "欧阳修远", "张三", "令狐部长（示例）"]
PHONES = ["13800001111", "0512-88886666", "000-00000001", "+86 138 0000 1111"]
PATENTS = ["ZL202110123456.7", "CN113456789A", "PCT/CN2021/123456", "2021SR0123456"]
any_text = messy | st.text(max_size=30)

demands = st.builds(
    Demand,
    id=st.just("d"),
    title=sentences,
    problem=any_text,
    indicators=any_text,
    goal=sentences,
    keywords=st.lists(any_text, max_size=4).map(tuple),
    organisation=st.sampled_from(sorted(FIRMS)),
    contact=st.sampled_from(CONTACTS),
    phone=st.sampled_from(PHONES),
)


@st.composite
def spaced(draw: st.DrawFn, digits: str) -> str:
    """The digits of a number, parted as anybody might."""
    return "".join(digit + draw(st.sampled_from(["", "", " ", "-", "  "])) for digit in digits)


@st.composite
def secrets(draw: st.DrawFn, demand: Demand) -> str:
    """What leads to the sender of a demand, in one of its spellings."""
    assert demand.organisation
    assert demand.contact
    assert demand.phone
    digits = "".join(filter(str.isdigit, demand.phone))
    return draw(
        st.sampled_from([demand.organisation, FIRMS[demand.organisation], demand.contact])
        | spaced(digits).map(str.strip)
        | st.sampled_from([demand.phone])
    )


@st.composite
def with_secret(draw: st.DrawFn) -> tuple[Demand, str]:
    """A demand and a secret of its sender that stands somewhere in one of its texts."""
    demand = draw(demands)
    secret = draw(secrets(demand))
    name = draw(st.sampled_from([*FIELDS, "keywords"]))
    if name == "keywords":
        return replace(demand, keywords=(*demand.keywords, secret)), secret
    text = getattr(demand, name)
    at = draw(st.integers(0, len(text)))
    return replace(demand, **{name: text[:at] + secret + text[at:]}), secret


def visible(demand: Demand) -> str:
    return "\n".join([*(getattr(demand, name) for name in FIELDS), *demand.keywords])


@settings(max_examples=300)
@given(with_secret())
def test_nothing_of_the_sender_survives_in_any_field(case: tuple[Demand, str]) -> None:
    demand, secret = case
    public = public_demand(demand)
    assert (public.organisation, public.contact, public.phone) == (None, None, None)
    assert secret not in visible(public)


@settings(max_examples=300)
@given(sentences, sentences, st.sampled_from(PATENTS))
def test_patent_numbers_do_not_survive_among_words(before: str, after: str, patent: str) -> None:
    # Letters and digits that touch a number make it another one.
    before, after = f"{before}专利", f"号{after}"
    assert patent not in public_text(before + patent + after)


@settings(max_examples=300)
@given(any_text, st.sampled_from(PATENTS))
def test_patent_numbers_do_not_survive_between_spaces(text: str, patent: str) -> None:
    assert patent not in public_text(f"{text} ，{patent}， {text}")


@settings(max_examples=300)
@given(demands)
def test_hiding_again_hides_nothing_more(demand: Demand) -> None:
    public = public_demand(demand)
    assert public_demand(public) == public
    own = Own.of(demand)
    once = public_text(demand.problem, own)
    assert public_text(once, own) == once


@settings(max_examples=300)
@given(any_text)
def test_a_text_in_which_nothing_is_found_comes_back_as_it_was(text: str) -> None:
    assert (public_text(text) == text) == (not any(map(found, text.split(HIDDEN))))


@settings(max_examples=300)
@given(any_text, any_text, any_text, any_text)
def test_any_form_beside_any_text_is_answered(text: str, firm: str, who: str, phone: str) -> None:
    for each in found(text, Own(firm, who, phone)):
        start, end = each.span
        assert 0 <= start < end <= len(text)
    public_text(text, Own(firm, who, phone))


@settings(max_examples=300)
@given(st.lists(st.sampled_from(["华兴", "13800001111", "周经理", "废水", " ", "、"]), max_size=5))
def test_wholly_hidden_keywords_disappear(parts: list[str]) -> None:
    demand = Demand(id="d", keywords=("".join(parts),), organisation="苏州华兴化工有限公司")
    rest = public_demand(replace(demand, contact="周经理", phone="13800001111")).keywords
    hidden = {"华兴", "13800001111", "周经理"}
    assert bool(rest) == ("废水" in parts or hidden.isdisjoint(parts))
