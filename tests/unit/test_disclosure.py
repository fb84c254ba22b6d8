"""What gives an enterprise away is found with its place, and nothing technical is taken for it."""

import re
import sys
from collections.abc import Callable, Iterator
from itertools import pairwise
from typing import get_args

import pytest

from api.security import numbers, organisations, persons, places
from api.security.disclosure import Disclosure, Kind, Own, found
from api.security.own import short_names
from matcher import Achievement, Demand


def shown(text: str, own: Own | None = None) -> list[tuple[str, str]]:
    """The kinds found, each with what it covers in the text as typed."""
    return [(each.kind, text[slice(*each.span)]) for each in found(text, own)]


ALONE = {
    "phone": [
        *[
            "13800001111",
            "138-0000 1111",
            "138 0000 1111",
            "138.0000.1111",
            "１３８００００１１１１",
        ],
        *["+86 13800001111", "+86-138-0000-1111", "(+86)13800001111", "0512-8888 6666 转 801"],
        *["0512-88886666", "（010）8888 6666", "400-820-8820", "4008208820", "400 8208 820"],
        *["一三八零零零零一一一一", "幺三八〇〇〇〇幺幺幺幺"],
    ],
    "email": ["zhang.san@huaxing.com.cn", "ＺＳ＠ｈｘ．ｃｏｍ", "a+b@x-y.net"],
    "account": ["www.huaxing.com", "https://a.b/c?d=1", "huaxing.com.cn", "hx-chem.cn/about"],
    "patent": [
        *[
            "ZL202110123456.7",
            "ZL 2021 1 0123456.7",
            "ｚｌ２０２１１０１２３４５６．７",
            "ZL02123456.7",
        ],
        *[
            "CN113456789A",
            "CN113456789B/A",
            "CN 2021 1 0123456.7",
            "CN202110123456.X",
            "CN213456789U",
        ],
        *[
            "202110123456.7",
            "PCT/CN2021/123456",
            "WO2021/123456A1",
            "US10,123,456B2",
            "EP3123456B1",
        ],
        *["软著登字第0123456号", "2021SR0123456"],
    ],
    "organisation": [
        *["苏州华兴化工有限公司", "苏州華興化工有限公司", "华兴（苏州）化工有限公司"],
        *[
            "苏州华兴化工（集团）股份有限公司",
            "甬枢精密轴承有限责任公司",
            "宁波轴承厂",
            "华兴化工厂",
        ],
        *["江南大学", "清华大学", "中国科学院", "中国石油大学", "华南理工大学", "上海第二工业大学"],
        *["江南大学食品学院", "苏州市人民医院", "海尔集团", "郑州机械研究所"],
        *["Altera公司", "TCL科技集团股份有限公司", "首都师范大学"],
    ],
    "credit_code": [
        "91110000600037341L",
        "91110000 60003734 1L",
        "９１１１００００６０００３７３４１Ｌ",
    ],
    "identity": ["360426199101010071", "360426 19910101 0071"],
    "card": ["6222 0212 3456 7890 128", "6222021234567890128"],
    "address": ["江苏省苏州市星湖街328号", "人民路88号", "苏州科技园3号楼", "昆山市玉山镇"],
}
CASES = [(kind, text) for kind, texts in ALONE.items() for text in texts]


@pytest.mark.parametrize(("kind", "text"), CASES)
def test_it_is_found_whole_alone_and_within_a_sentence(kind: str, text: str) -> None:
    assert shown(text) == [(kind, text)]
    assert shown(f"目前的废水由{text}，效果不好。") == [(kind, text)]


BESIDE_A_WORD = [
    ("电话：8888 6666", "phone", "8888 6666"),
    ("专利号：2021101234567", "patent", "2021101234567"),
    ("申请号202110123456.X", "patent", "202110123456.X"),
    ("QQ：123456789", "account", "123456789"),
    ("微信号 huaxing_2020", "account", "huaxing_2020"),
    ("账号：3200 1234 5678 9012", "card", "3200 1234 5678 9012"),
    ("联系人：张三", "person", "张三"),
    ("联系人张三，电话另告", "person", "张三"),
    ("项目由欧阳修远负责，负责人：欧阳修远。", "person", "欧阳修远"),
    ("请联系李经理", "person", "李经理"),
    ("现场找张工。", "person", "张工"),
    ("与赵教授团队合作", "person", "赵教授"),
    ("由王建国博士主持", "person", "王建国博士"),
    ("王总，您好", "person", "王总"),
    ("地址：无锡市滨湖区蠡湖大道", "address", "无锡市滨湖区蠡湖大道"),
    ("我们委托苏州华兴化工有限公司检测", "organisation", "苏州华兴化工有限公司"),
    ("已和江南大学合作", "organisation", "江南大学"),
]


@pytest.mark.parametrize(("text", "kind", "place"), BESIDE_A_WORD)
def test_a_word_beside_it_says_what_it_is(text: str, kind: str, place: str) -> None:
    assert (kind, place) in shown(text)


NOBODY = [
    *["生产厂", "有限公司", "化工厂的废水", "各高校", "本公司", "我公司", "某公司", "研究院所"],
    *["三甲医院", "某化工有限公司", "山东某化工有限公司", "炼铜厂", "锰酸锂加工厂", "污水处理厂"],
    *[
        "一家从事阀门的有限公司",
        "国内大学",
        "与两家化工有限公司合作",
        "六家实验室",
        "国家重点实验室",
    ],
    *["大理石加工厂", "故本公司", "大学生", "厂房", "工业设计公司", "该集团公司", "LED公司"],
    *[
        "负责人应具有经验",
        "总经理负责",
        "施工",
        "加工",
        "高工",
        "汇总",
        "项目经理",
        "于总量",
        "钟工",
    ],
    *[
        "高级工程师",
        "安全主任",
        "向老师请教",
        "管路2号",
        "3号路",
        "线路1号泵",
        "城镇居民",
        "乡镇企业",
    ],
    *["Q235B", "GB/T 19001-2016", "6061-T6", "CAS 7439-93-2", "3.5×10^6 Pa·s", "PA66+GF30"],
    *["ISO 9001", "EN 10025-2:2004", "HRB400E", "GB/T 2423.17-2008", "DN100-PN16", "IP67"],
    *["400 800 1200 r/min", "150 1200 1500 mm", "1380000 1111 mm", "10086次", "2021-05-12"],
    *["20210512123456", "0.51288886666", "100000000000", "13.8000 0111 1", "asp.net", "node.js"],
    *["1@1.9V", "微信小程序", "QQ图", "源地址为该AP的地址", "CN2021", "WO3", "UO2 2021", "US 316L"],
    *["91110000600037341A", "360426199101010072", "6222 0212 3456 7890 123"],
]


@pytest.mark.parametrize("text", NOBODY)
def test_what_names_nobody_is_left_alone(text: str) -> None:
    assert shown(text) == []
    assert shown(f"目前，{text}，效果不好。") == []


def test_the_demo_gives_nobody_away(
    demo_demands: list[Demand], demo_achievements: list[Achievement]
) -> None:
    records = [*demo_demands, *demo_achievements]
    texts = {text for record in records for text in record.texts().values()}
    assert {text: shown(text) for text in texts if found(text)} == {}


OWN = Own("苏州市华兴化工有限公司（示例）", "周经理（示例）", "0512-88886666 转 801")


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        *[("organisation", name) for name in ("华兴", "华兴化工", "華興", "华 兴", "华·兴")],
        *[("person", name) for name in ("周经理", "周 经理", "周經理")],
        *[("phone", name) for name in ("8888-6666", "８８８８６６６６", "8-8-8-8 6666")],
    ],
)
def test_what_the_form_carries_is_found_where_no_pattern_would(kind: str, text: str) -> None:
    sentence = f"据{text}所说"
    assert shown(sentence) == []
    assert shown(sentence, OWN) == [(kind, text)]


def test_every_occurrence_is_found() -> None:
    assert shown("华兴的膜，华兴的泵", OWN) == [("organisation", "华兴")] * 2


def test_a_number_of_the_form_is_found_without_the_code_of_the_country() -> None:
    assert shown("拨1 3 8 0 0 0 0 1 1 1 1", Own(phone="+86 138 0000 1111")) == [
        ("phone", "1 3 8 0 0 0 0 1 1 1 1")
    ]


def test_a_name_is_found_although_a_mark_changes_its_last_letter() -> None:
    assert shown("由abc\u0301做", Own("abc")) == [("organisation", "abc")]


@pytest.mark.parametrize(
    ("organisation", "short"),
    [
        ("苏州市华兴化工有限公司", {"华兴", "华兴化工"}),
        ("江苏省苏州工业园区华兴化工股份有限公司", {"华兴", "华兴化工"}),
        ("华兴（苏州）化工集团有限公司", {"华兴", "华兴化工"}),
        ("锡芯功率半导体有限公司（示例）", {"锡芯", "锡芯功率半导体"}),
        ("华为技术有限公司", {"华为"}),
    ],
)
def test_the_short_name_has_neither_place_nor_legal_form(
    organisation: str, short: set[str]
) -> None:
    assert short <= short_names(organisation)


@pytest.mark.parametrize(
    ("organisation", "ordinary"),
    [("苏州精密轴承厂", "精密轴承"), ("长江水质监测有限公司", "长江"), ("化工有限公司", "化工")],
)
def test_ordinary_words_are_no_short_name(organisation: str, ordinary: str) -> None:
    assert ordinary not in short_names(organisation)


def test_nothing_on_the_form_adds_nothing() -> None:
    assert found("采用膜曝气处理废水", Own("", " ", "110")) == []
    assert found("采用膜曝气处理废水110次", Own(None, "王", "110")) == []


def test_places_are_in_reading_order_and_apart() -> None:
    text = "苏州华兴化工有限公司王总13800001111，zs@hx.com，苏州市人民路1号"
    spans = [each.span for each in found(text, Own("华兴化工有限公司王总"))]
    assert spans == sorted(spans)
    assert all(one[1] <= other[0] for one, other in pairwise(spans))


def test_every_kind_has_one_calm_sentence_of_advice() -> None:
    sentences = {each.kind: each.advice for _, text in CASES for each in found(text)}
    sentences |= {each.kind: each.advice for each in found("联系人：张三")}
    assert set(sentences) == set(get_args(Kind))
    assert all(re.fullmatch(r"[^!！?？a-z。]+。", sentence) for sentence in sentences.values())


def test_a_disclosure_cannot_be_changed() -> None:
    [disclosure] = found("13800001111")
    assert disclosure == Disclosure("phone", (0, 11), disclosure.advice)
    with pytest.raises(AttributeError):
        disclosure.kind = "email"  # type: ignore[misc]


NASTY = [
    *[
        "厂",
        "公司",
        "大学",
        "a大学",
        "有限公司",
        "苏州",
        "市镇",
        "路1号",
        "张工",
        "王王",
        "联系人:",
    ],
    *["1", "1 ", "13", "138-", "6222 ", "0512-", "号", "专利号1", "zl2", "一三", "电话1", "卡号1"],
    *[
        "a",
        "a.",
        "a@",
        "x@y.",
        "https://",
        ".com",
        "微信a",
        "(",
        "(苏)",
        "-",
        " ",
        "e\u0301",
        "華興",
    ],
]


def calls(action: Callable[[], object]) -> int:
    """How many functions, of Python or of C, an action calls: a clock that counts no seconds."""
    count = 0

    def seen(*event: object) -> None:
        nonlocal count
        count += 1

    sys.setprofile(seen)
    try:
        action()
    finally:
        sys.setprofile(None)
    return count


@pytest.mark.parametrize("part", NASTY)
def test_twice_the_text_is_at_most_twice_the_work(part: str) -> None:
    short, long = (part * 2000)[:2000], (part * 4000)[:4000]
    found(long, OWN)  # what is read once has been read
    assert calls(lambda: found(long, OWN)) <= 2.1 * calls(lambda: found(short, OWN)) + 200


def patterns() -> Iterator[re.Pattern[str]]:
    for module in (numbers, organisations, persons, places):
        yield from (each for each in vars(module).values() if isinstance(each, re.Pattern))
    yield from (pattern for _, pattern, _ in numbers._PATTERNS)


def unbounded(parsed: object, inside: bool = False) -> bool:
    """Whether a repeat without bound stands in another repeat, where matching can explode."""
    if isinstance(parsed, tuple) and len(parsed) == 3 and isinstance(parsed[0], int):
        _, most, body = parsed
        endless = int(most) >= 1000
        return (endless and inside) or unbounded(body, inside or int(most) > 1)
    if isinstance(parsed, str | bytes | int | None):
        return False
    return any(unbounded(part, inside) for part in parsed)  # type: ignore[attr-defined]


def test_no_pattern_repeats_without_bound_within_a_repeat() -> None:
    parse = re._parser.parse  # type: ignore[attr-defined]
    assert unbounded(parse("(a+)+"))
    assert not unbounded(parse("(a{1,3}b)+"))
    everything = list(patterns())
    assert len(everything) > 25
    assert [each.pattern for each in everything if unbounded(parse(each.pattern, each.flags))] == []
