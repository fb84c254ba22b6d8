"""Addresses as links change them, and which of those that were sent are our own."""

from urllib.parse import parse_qsl, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.pages.addresses import Address, local
from api.pages.hrefs import address

HERE = Address("/demands/d1", (("field", "新材料"), ("pin", "a"), ("pin", "b"), ("k", "20")))
_TEXTS = st.text(max_size=30)


def test_an_address_is_written_as_browsers_read_it() -> None:
    read = urlsplit(str(HERE))
    assert read.path == "/demands/d1"
    assert tuple(parse_qsl(read.query)) == HERE.items
    assert str(Address("/demands")) == "/demands"


def test_chinese_stays_as_it_is_and_what_is_empty_is_left_out() -> None:
    asked = address("/demands", field="新材料", q="a&b=c d", state="")
    assert asked == "/demands?field=新材料&q=a%26b%3Dc%20d"
    assert address("/demands", q="") == "/demands"


def test_one_value_takes_the_place_of_another_and_nothing_removes_it() -> None:
    assert HERE.having("field", "电子信息").all("field") == ("电子信息",)
    assert HERE.having("field", "").all("field") == ()
    assert HERE.having("field", "").all("pin") == ("a", "b")


def test_values_are_added_once_and_removed_alone() -> None:
    assert HERE.adding("pin", "c").all("pin") == ("a", "b", "c")
    assert HERE.adding("pin", "a").adding("pin", "a").all("pin") == ("b", "a")
    assert HERE.removing("pin", "a").all("pin") == ("b",)
    assert HERE.removing("pin", "z") == HERE


@given(st.dictionaries(st.sampled_from(["field", "region", "q"]), _TEXTS.filter(bool)))
def test_what_is_written_is_read_again(values: dict[str, str]) -> None:
    query = urlsplit(str(Address("/x", tuple(values.items())))).query
    assert dict(parse_qsl(query, keep_blank_values=True, errors="surrogatepass")) == values


@pytest.mark.parametrize("page", ["/", "/demands/d1?k=20&field=%E6%96%B0", "/a#b"])
def test_pages_of_this_server_are_kept(page: str) -> None:
    assert local(page) == page


@pytest.mark.parametrize(
    "elsewhere",
    [
        "",
        "x",
        "//x.example",
        "/\\x.example",
        "https://x.example",
        "/a b",
        "/a\nb",
        "/" + "a" * 2000,
    ],
)
def test_everything_else_leads_to_the_start(elsewhere: str) -> None:
    assert local(elsewhere) == "/"


@given(_TEXTS)
def test_nobody_is_ever_sent_to_another_server(wanted: str) -> None:
    kept = local(wanted)
    assert kept.startswith("/")
    assert not urlsplit(kept).netloc
    assert not kept.startswith(("//", "/\\"))
