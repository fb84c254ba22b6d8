"""Verdicts on claims, and the list of indicators of a pairing."""

import re

import pytest

from matcher.text import bounds, properties
from matcher.text.comparison import compare
from matcher.text.indicators import Requirements, indicators, indicators_of_texts
from matcher.text.lazy import LazyPattern
from matcher.text.passages import passages
from matcher.text.properties import same
from matcher.text.quantities import quantities


@pytest.mark.parametrize(
    ("required", "claimed", "verdict"),
    [
        # bounds
        ("纯度≥95%", "纯度99%", "met"),
        ("纯度≥95%", "纯度≥95%", "met"),
        ("纯度>95%", "纯度95%", "unmet"),
        ("纯度>95%", "纯度>95%", "met"),
        ("纯度≥95%", "纯度90%", "unmet"),
        ("纯度≥95%", "纯度≥90%", "unknown"),
        ("纯度≥95%", "纯度93%~97%", "unknown"),
        ("COD≤50mg/L", "出水COD 0.04g/L", "met"),
        ("COD≤50mg/L", "进水COD 5000mg/L", "unknown"),
        ("COD≤50mg/L", "COD低于50mg/L", "met"),
        ("COD≤50mg/L", "COD 80mg/L", "unmet"),
        ("误差≤1%", "误差±0.5%", "met"),
        ("误差≤1%", "误差±2%", "unknown"),
        # tolerances
        ("误差±0.5%", "误差≤0.3%", "met"),
        ("误差±0.5%", "误差±0.6%", "unknown"),
        ("误差±0.5%", "误差±0.5%", "met"),
        # changes and levels never meet
        ("成本降低20%以上", "成本降低25%", "met"),
        ("成本降低20%", "成本降低15%", "unmet"),
        ("成本降低20%以上", "成本≤20%", "unknown"),
        ("效率提高10%", "效率降低10%", "unknown"),
        # plain values
        ("能耗50kWh/t", "能耗40kWh/t", "met"),
        ("能耗50kWh/t", "能耗60kWh/t", "unmet"),
        ("抗拉强度500MPa", "抗拉强度0.6GPa", "met"),
        ("外观尺码100mm", "外观尺码103mm", "met"),
        ("外观尺码100mm", "外观尺码120mm", "unknown"),
        # ranges
        ("耐温-40~120℃", "耐温-55~150℃", "met"),
        ("耐温-40~120℃", "工作温度-20~150℃", "unmet"),
        ("耐温-40~120℃", "耐温200℃", "unknown"),
        ("pH 6~9", "pH 7~8", "met"),
        ("pH 6~9", "pH 5~8", "unknown"),
        ("pH 6~9", "pH 10~11", "unmet"),
        ("总磷0.4~0.9mg/L", "总磷≤0.08mg/L", "unknown"),
        ("总磷0.4~0.9mg/L", "总磷2mg/L", "unmet"),
        # protection classes, other dimensions, other properties
        ("IP67", "IP68", "met"),
        ("防护等级IP67", "防护等级IP54", "unmet"),
        ("厚度≥5mm", "厚度5kg", "unknown"),
        ("剪切强度≥40MPa", "抗拉强度50MPa", "unknown"),
        ("≥40MPa", "≥40MPa", "unknown"),
    ],
)
def test_verdict(required: str, claimed: str, verdict: str) -> None:
    assert compare(quantities(required)[0], quantities(claimed)[0]) == verdict


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ("COD", "出水COD", True),
        ("堆积密度", "密度", False),
        ("放罐产酸", "产酸", True),
        ("耐高温", "工作温度", True),
        ("粘度", "表面粘度", True),
        ("强度", "剪切强度", False),
        ("COD", "进水COD", False),
        ("", "", False),
        ("率", "收率", False),
        ("ＣＯＤ", "cod", True),
    ],
)
def test_same_property(one: str, other: str, expected: bool) -> None:
    assert same(one, other) is expected
    assert same(other, one) is expected


def test_indicators_stand_in_the_order_in_which_they_matter() -> None:
    found = indicators_of_texts(
        {
            "problem": "现在漏检率不超过0.2%才行。",
            "indicators": "漏检率≤0.2%；节拍1.5秒；抗拉强度≥300MPa；耐温-40~120℃；寿命5年",
        },
        {"abstract": "漏检率0.1%，节拍2 s，抗拉强度≥250MPa，耐温90℃"},
    )
    assert [(i.required.property, i.verdict, i.claimed is None) for i in found] == [
        ("节拍", "unmet", False),
        ("漏检率", "met", False),
        ("抗拉强度", "unknown", False),
        ("耐温", "unknown", False),
        ("寿命", "unknown", True),
    ]
    assert {i.required_field for i in found} == {"indicators"}
    assert found[0].claimed_field == "abstract"


def test_requirements_without_a_property_or_in_other_fields_are_left_out() -> None:
    assert indicators_of_texts({"goal": "≥40%", "organisation": "产能5t/h"}, {}) == []


def test_what_a_problem_tells_of_the_present_is_no_requirement() -> None:
    demand = {
        "problem": "总镍还在0.4~0.9 mg/L之间，回收率须达到60%。",
        "indicators": "总镍≤0.1 mg/L，三年后容量还有80%以上",
    }
    found = indicators_of_texts(demand, {"abstract": "出水总镍0.05 mg/L，容量85%。"})
    asked = [(one.required.property, one.required.text, one.verdict) for one in found]
    assert asked == [
        ("总镍", "≤0.1 mg/L", "met"),
        ("容量", "80%以上", "met"),
        ("回收率", "60%", "unknown"),
    ]


def test_the_very_property_is_preferred_to_one_that_ends_like_it() -> None:
    (found,) = indicators_of_texts(
        {"goal": "产酸≥85 g/L"}, {"abstract": "摇瓶产酸95 g/L，产酸80 g/L"}
    )
    assert (found.verdict, found.claimed and found.claimed.property) == ("unmet", "产酸")


def test_ten_thousand_on_each_side_are_compared_in_bounded_work(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    calls = 0

    def counted(*sides: object) -> str:
        nonlocal calls
        calls += 1
        return "unknown"

    monkeypatch.setattr("matcher.text.indicators.compare", counted)
    many = quantities("；".join(f"纯度≥{i / 100}%" for i in range(10_000)))
    assert len(many) == 10_000
    assert len(indicators({"indicators": many}, {"abstract": many})) == 1_000
    assert calls <= 32_000


@pytest.mark.parametrize(
    ("required", "text", "may_be"),
    [
        ("去除率≥95%", "氨氮去除率99%", True),
        ("氨氮去除率≥95%", "去 除 率99%", True),
        ("去除率≥95%", "回收率99%", False),
        ("水通量≥5%", "通量6%", True),
        ("抗拉强度≥5MPa", "剪切强度6MPa", False),  # 强度 alone is too general
        ("强度≥5MPa", "强度6MPa", True),
        ("化学需氧量≤50mg/L", "出水ＣＯＤ 40mg/L", True),  # a synonym
        ("防护等级IP67", "IP68", True),  # says it by its unit
        ("防护等级IP67", "防护等级68", False),
        ("pH 6~9", "出水ＰＨ值 7", True),
        ("pH 6~9", "耐腐蚀，能耗7kWh", False),
        ("导热率≥5%", "導熱率6%", True),  # traditional: it is read to be sure
        ("无要求", "纯度99%", False),
    ],
)
def test_a_text_is_read_where_it_may_name_what_is_required(
    required: str, text: str, may_be: bool
) -> None:
    requirements = Requirements.of({"goal": quantities(required)})
    assert bool(list(passages([text], requirements.traces))) is may_be


def test_only_the_parts_are_read_that_name_what_is_required() -> None:
    texts = ["产率90%，去 除率（常温，常压）95%。去除率高，粒径5μm", "", "去除率"]
    assert list(passages(texts, {"去除率"})) == [(0, "去 除率（常温，常压）95%。")]
    assert list(passages(["导热率5%，產率6%"], {"产率"})) == [(0, "导热率5%，產率6%")]
    assert list(passages(texts, [])) == list(passages([], {"产率"})) == []


def test_whatever_follows_a_number_begins_with_what_spares_the_search() -> None:
    every = [chr(code) for code in range(0x10000) if not 0xD800 <= code < 0xE000]
    words = [
        f"{char}{end}" for char in every for end in ("", "上", "下", "内", "外", "右", "后", "顶")
    ]
    more = (
        "或者以上",
        "及以上",
        "者以下",
        "以内",
        "之间",
        "开外",
        "或更高",
        "起，",
        "封顶",
        "左右",
        "前后",
    )
    found = {word[0] for word in [*words, *more] if bounds._AFTER.match(word)}
    assert {char for char in found if not char.isspace()} <= bounds._AFTER_BEGINS
    assert found


def test_no_tail_of_a_name_ends_in_a_character_that_spares_the_search() -> None:
    every = (chr(code) for code in range(0x10000) if not 0xD800 <= code < 0xE000)
    found = {char for char in every if properties._TAIL.search(f"率{char}")}
    assert {char for char in found if not char.isspace()} <= properties._TAIL_ENDS


@pytest.mark.parametrize("pattern", [properties._TAIL, bounds._BEFORE, bounds._CHANGE])
def test_what_a_pattern_may_begin_with_leaves_nothing_out(pattern: LazyPattern) -> None:
    source = pattern._source[pattern._source.index("])") + 2 :]
    whole = re.compile(source, pattern._flags)
    words = re.findall("[\u4e00-\u9fff]+", source)
    for word in {*words, *source}:
        for text in (word, f"率{word}", f"率{word}{words[0]}", f"率{words[-1]}{word}"):
            found, expected = pattern.search(text), whole.search(text)
            assert (found and found.regs) == (expected and expected.regs), text
