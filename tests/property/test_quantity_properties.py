"""Quantities of any text: places are true, bounds are in order, nothing is raised."""

from dataclasses import replace
from itertools import pairwise
from math import isfinite

from hypothesis import given, settings
from hypothesis import strategies as st

from matcher.text import numerals
from matcher.text.comparison import compare
from matcher.text.indicators import Requirements, indicators_of_texts
from matcher.text.lexicon.measures import generic_properties, synonyms
from matcher.text.normalise import normalised
from matcher.text.passages import passages
from matcher.text.quantities import Quantity, quantities

_WORDS = (
    "≥ ≤ < > ± ~ - — 至 到 不低于 不超过 约 以上 以下 以内 左右 提高 降低 从 由 每 的 为 ， 。 ；",
    "( ) / · × 10^ 10 ⁻³ ⁵ e5 1 2.5 1,000 0 99 120 -40 .5 三 百 万 两千 半 八成 百分之 零下 亿 余",
    "几 第 % ℃ °C 度 mg/L W/(m·K) t/h MPa mPa·s 元 元/吨 目 次 个 年 天 μm ㎡ ㎏ ½ ① pH IP HRC",
    "COD 纯度 耐温 误差 成本 厚度 ５０ ％ ｍｍ é \u0301 \u200b",
)
_PIECES = st.sampled_from([word for line in _WORDS for word in line.split(" ")])
_MEASURED = st.lists(_PIECES, max_size=30).map("".join)
_TEXTS = st.one_of(
    _MEASURED, st.text(max_size=60), st.text("0123456789.,e^-~×一二十百千万亿%℃", max_size=60)
)

_NAMES = st.sampled_from(
    [*synonyms(), *generic_properties(), "抗拉强度", "含水 率", "導熱係數", "進水ＣＯＤ", "防护"]
)
_NAMED = st.lists(st.tuples(_NAMES, _PIECES, st.sampled_from(["5%", "5mg/L", "≥5MPa"]), _PIECES))
_CLAUSES = _NAMED.map(lambda parts: "".join(map("".join, parts)))

_BETWEEN = [
    "。",
    "、",
    "，",
    "；",
    "（",
    "）",
    "，）",
    "室外",
    "转动",
    "度",
    "5度",
    "20～30度",
    "提高到",
    "５，２５０",
    "…",
    "｡",
    "､",
    "\n",
]
_PASSAGES = st.lists(_PIECES | st.sampled_from(_BETWEEN), max_size=40).map("".join)


@given(_TEXTS)
def test_places_lie_in_the_text_in_order_and_apart(text: str) -> None:
    found = quantities(text)
    assert all(0 <= q.span[0] < q.span[1] <= len(text) for q in found)
    assert all(text[slice(*q.span)] == q.text for q in found)
    assert all(one.span[1] <= other.span[0] for one, other in pairwise(found))


@given(_TEXTS)
def test_bounds_are_finite_in_order_and_at_least_one(text: str) -> None:
    for quantity in quantities(text):
        bounds = [bound for bound in (quantity.low, quantity.high) if bound is not None]
        assert bounds
        assert all(isfinite(bound) for bound in bounds)
        assert bounds == sorted(bounds)
        assert quantity.dimension


@given(_TEXTS)
def test_numbers_are_found_as_if_they_were_tried_at_every_character(text: str) -> None:
    found = [match.span() for match in numerals._matches(text)]
    assert found == [match.span() for match in numerals._NUMBER.finditer(text)]


@given(_TEXTS)
def test_a_text_says_the_same_twice(text: str) -> None:
    assert quantities(text) == quantities(text)


@given(_MEASURED, _MEASURED)
def test_verdicts_need_the_same_dimension_and_kind(one: str, other: str) -> None:
    for required in quantities(one):
        for claimed in quantities(other):
            verdict = compare(required, claimed)
            assert verdict in ("met", "unmet", "unknown")
            if (required.dimension, required.kind) != (claimed.dimension, claimed.kind):
                assert verdict == "unknown"


@given(st.floats(0.01, 1e6), st.floats(0.01, 1e6), st.floats(0.01, 1e6))
def test_what_meets_a_bound_meets_every_looser_one(
    bound: float, looser: float, value: float
) -> None:
    strict, loose = _at_least(max(bound, looser)), _at_least(min(bound, looser))
    claim = _at_least(value)
    if compare(strict, claim) == "met":
        assert compare(loose, claim) == "met"


@given(st.floats(0.01, 1e6))
def test_a_bound_meets_itself(bound: float) -> None:
    assert compare(_at_least(bound), _at_least(bound)) == "met"


@given(_MEASURED, _MEASURED)
def test_indicators_name_a_requirement_once_and_stand_in_order(one: str, other: str) -> None:
    found = indicators_of_texts({"goal": one, "problem": one}, {"abstract": other})
    ranks = [("unmet", "met", "unknown").index(indicator.verdict) for indicator in found]
    assert ranks == sorted(ranks)
    assert all(indicator.required.property for indicator in found)
    assert all(indicator.required_field == "goal" for indicator in found)


def test_long_texts_of_one_kind_are_read_in_full() -> None:
    for piece in (
        "5 ",
        "5%",
        "≥",
        "-",
        "1.",
        "1,000",
        "一",
        "万",
        "5×",
        "5~",
        "（",
        "每",
        "的5%",
        "5mm/",
        "e",
        "10^",
    ):
        quantities(piece * (30_000 // len(piece)))
    assert len(quantities("纯度5%；" * 10_000)) == 10_000


def _at_least(low: float) -> Quantity:
    return Quantity("纯度", low, None, False, False, "value", "[proportion]", "%", (0, 1), "5")


@settings(max_examples=500)
@given(_CLAUSES, _CLAUSES)
def test_what_need_not_be_read_answers_nothing(one: str, other: str) -> None:
    required = Requirements.of({"goal": quantities(one)})
    parts = [part for _, part in passages([other], required.traces)]
    read = [quantity for part in parts for quantity in quantities(part)]
    few, all_ = (required.beside({"a": found}) for found in (read, quantities(other)))
    assert [_unplaced(i.claimed) for i in few] == [_unplaced(i.claimed) for i in all_]


@settings(max_examples=400)
@given(st.lists(_PASSAGES, max_size=3))
def test_passages_tell_the_same_as_the_texts(texts: list[str]) -> None:
    characters = set("".join(normalised("".join(texts)).split()))
    found: list[list[Quantity | None]] = [[] for _ in texts]
    for number, part in passages(texts, characters):
        assert part
        assert part in texts[number]
        found[number] += map(_unplaced, quantities(part))
    assert found == [list(map(_unplaced, quantities(text))) for text in texts]


def _unplaced(quantity: Quantity | None) -> Quantity | None:
    return quantity and replace(quantity, span=(0, 0))
