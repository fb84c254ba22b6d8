"""What the coach says of a demand: right for the text, and nothing at the highest score."""

import re
from collections.abc import Iterator

import pytest

from matcher.coaching import Coaching, Criterion, coach, coach_score
from matcher.coaching.findings import LABELS
from matcher.coaching.lexicon import signs, usual_properties, vagueness
from matcher.coaching.reading import LONGEST, Text
from matcher.records import Demand
from matcher.text.normalise import normalised

GOOD = {
    "title": "轴承套圈外观全检，反光件老漏检",
    "problem": "我厂做深沟球轴承套圈，磨超以后滚道和端面锃亮，磕碰、麻点靠18个工人灯下看，"
    "去年退货4次。上过一套工业相机，反光一强就乱报，现场攒不出废品。",
    "indicators": "外径22~75 mm；漏检不超过0.2%，误判3%以内；节拍不超过1.5秒。",
    "goal": "做成能和现有超精机连线的成套设备，替下至少两条线的人工外观检，一年内验收。",
}


def one(name: str, given: frozenset[str] = frozenset(), **texts: str) -> Criterion:
    """One criterion of texts."""
    return next(c for c in coach(texts, given).criteria if c.name == name)


def advice(name: str, **texts: str) -> str:
    """What it suggests."""
    suggestion = one(name, **texts).suggestion
    assert suggestion is not None
    return suggestion.text


def everything(found: Coaching) -> Iterator[str]:
    for criterion in found.criteria:
        if criterion.suggestion:
            yield criterion.suggestion.text


def test_a_demand_that_says_everything_has_the_highest_score_and_no_suggestions() -> None:
    found = coach(GOOD, frozenset({"budget"}))
    assert [c.score for c in found.criteria] == [5, 5, 5, 5]
    assert found.score == 20
    assert list(everything(found)) == []


def test_nothing_at_all_has_the_lowest_score_and_a_suggestion_for_each_criterion() -> None:
    found = coach({})
    assert found.score == 0
    assert [c.name for c in found.criteria] == list(LABELS)
    assert len(list(everything(found))) == 4


@pytest.mark.parametrize("text", ["  \n　", "。", "，；！？…", "\u200f\u202e", "😀😀", "水", "a"])
def test_what_says_nothing_counts_for_nothing(text: str) -> None:
    found = coach(dict.fromkeys(GOOD, text))
    assert found.score == 0
    assert all("“”" not in sentence for sentence in everything(found))


def test_a_property_without_a_value_is_named_with_its_bound_and_unit() -> None:
    assert advice("indicators", indicators="堆积密度要高，收率不降低") == (
        "“堆积密度要高”不好衡量，请写明目标值，例如“堆积密度 ≥ … g/cm³”。"
    )
    assert advice("indicators", indicators="需要改善堆积密度") == (
        "请写明目标值，例如“堆积密度 ≥ … g/cm³”。"
    )


def test_a_property_that_has_its_value_is_not_asked_for_again() -> None:
    text = "提高堆积密度；堆积密度≥1.2 g/cm³"
    assert "堆积密度 ≥" not in advice("indicators", indicators=text)


@pytest.mark.parametrize(
    "text", ["不增加成本", "要一套成本核算软件", "不影响生产效率", "温度传感器一批", "其他性能不变"]
)
def test_what_is_no_requirement_of_a_property_is_not_taken_for_one(text: str) -> None:
    assert "目标值" not in advice("indicators", indicators=text)


def test_a_property_that_is_mentioned_in_passing_is_not_asked_for() -> None:
    assert "温度" not in advice("indicators", problem="现有系统只会看电压温度，报警迟钝")
    assert "换个宽度" not in advice("indicators", problem="换个宽度又不行")


def test_a_complaint_about_a_property_becomes_a_target() -> None:
    wanted = advice("indicators", problem="现在漏检率太高")
    assert wanted == "提到了“漏检率”，请写明目标值，例如“漏检率 ≤ … %”。"


def test_a_vague_word_is_quoted_and_costs_the_last_point() -> None:
    indicators = f"{GOOD['indicators']}误报别太多。"
    found = one("indicators", indicators=indicators)
    assert found.score == 4
    assert found.suggestion is not None
    assert found.suggestion.text.startswith("“误报别太多”不好衡量")
    assert found.suggestion.span is not None
    start, end = found.suggestion.span
    assert indicators[start:end] == "别太多"


def test_a_vague_word_beside_a_number_is_not_vague() -> None:
    found = one("indicators", indicators="产量大幅提高30%以上；纯度≥99%；收率≥90%；水分≤1%")
    assert found.score == 5
    assert found.suggestion is None


def test_every_further_indicator_is_worth_a_point() -> None:
    parts = ["纯度≥99%", "收率≥90%", "水分≤1%", "能耗降低20%以上"]
    scores = [one("indicators", indicators="；".join(parts[:n])).score for n in range(5)]
    assert scores == [0, 2, 3, 4, 5]


def test_the_next_indicator_is_asked_for_in_the_manner_of_those_there() -> None:
    assert advice("indicators", indicators="导热系数≥180 W/(m·K)") == (
        "请像“导热系数≥180 W/(m·K)”这样，再写一两项验收时要测的指标。"
    )


def test_a_complaint_without_a_number_is_quoted_and_asked_for_its_size() -> None:
    found = one("problem", problem="我厂做铝型材，挤压时表面经常开裂")
    assert found.suggestion is not None
    assert found.suggestion.text.startswith("“挤压时表面经常开裂”有多严重？")


def test_a_long_clause_is_quoted_in_part() -> None:
    problem = "我们" + "做" * 60 + "开裂" + "了" * 60
    sentence = advice("problem", title="铝型材", problem=problem)
    quoted = sentence[sentence.index("“") + 1 : sentence.index("”")]
    assert quoted.startswith("…")
    assert quoted.endswith("…")
    assert "开裂" in quoted
    assert len(quoted) <= 24


def test_the_filled_in_budget_and_date_count_though_no_text_names_them() -> None:
    undated = GOOD | {"goal": "替下人工外观检"}
    without = one("context", **undated).score
    assert one("context", frozenset({"budget"}), **undated).score == without + 1
    assert one("goal", frozenset({"deadline"}), goal="形成样机").score == 3


def test_the_score_of_a_stored_demand_is_that_of_its_form() -> None:
    demand = Demand(id="d", **GOOD, keywords=("轴承",), budget=50.0)
    assert coach_score(demand) == coach(demand.texts(), frozenset({"budget"})).score == 20


def test_traditional_characters_and_full_width_figures_count_alike() -> None:
    plain = one("indicators", indicators="漏檢率不超過０．２％；導熱係數≥１８０ W/(m·K)")
    assert (
        plain.score == one("indicators", indicators="漏检率不超过0.2%；导热系数≥180 W/(m·K)").score
    )
    problem = "目前靠人工檢查，經常漏檢，去年退貨４次"
    assert one("problem", problem=problem).score >= 4


def test_english_is_read_as_far_as_it_has_quantities() -> None:
    found = coach({"title": "bearing inspection", "indicators": "FPY ≥ 95%; COD ≤ 50 mg/L"})
    assert found.criteria[1].score >= 3


def test_what_lies_beyond_the_limit_of_a_field_is_not_looked_at() -> None:
    long = "水" * LONGEST
    assert coach({"indicators": f"{long}纯度≥99%"}).quantities == ()
    assert coach({"problem": f"目前开裂4次。{long}" * 9}).score > 0


def test_evidence_and_quantities_stand_where_they_say() -> None:
    found = coach(GOOD, frozenset({"budget"}))
    for criterion in found.criteria:
        for place in criterion.evidence:
            if place.field in GOOD:
                assert GOOD[place.field][slice(*place.span)] == place.text
    assert {q.text for field, q in found.quantities if field == "indicators"} >= {"不超过0.2%"}


def test_the_rules_are_well_formed() -> None:
    patterns = [*(s.words for s in signs().values()), *(v.words for v in vagueness())]
    assert not any(re.search(r"[])\w][+*]", pattern.pattern) for pattern in patterns)
    assert {"present", "fault", "tried", "limits", "deadline", "amount"} <= signs().keys()
    assert all(not sign.words.match("") for sign in signs().values())
    assert all(not kind.words.match("") for kind in vagueness())
    assert all(p.bound in {"≥", "≤", "~"} for p in usual_properties().values())
    # They are looked for in normalised text, so they have to be written as that is.
    assert all(normalised(name) == name for name in usual_properties())


def test_a_text_that_grows_when_it_is_normalised_is_cut_so_that_it_costs_no_more() -> None:
    text = Text.of("problem", "ﷺ" * 5_000)
    assert len(text.normal.text) <= LONGEST + 18
    assert text.original == "ﷺ" * len(text.original)
    assert Text.of("problem", "设备" * 5_000).original == "设备" * 2_500
