"""What pages show, before it is laid out: reasons, prices, facts, passages."""

from dataclasses import replace
from typing import Any

import pytest

from api.pages.presenting import answers, card, facts, href, line, passages
from api.pages.rendering import marked
from api.services.matching import MatchRequest, match
from api.services.workspace import Workspace
from matcher.pairing.wording import FEATURE_NAMES
from matcher.records import (
    Achievement,
    Claim,
    Contribution,
    Demand,
    Grading,
    MatchResult,
    Pairing,
    Phrase,
    Reason,
    Sentence,
)

pytestmark = pytest.mark.any_database

OFFER = Achievement(
    id="a1",
    title="除氟 <b>吸附剂</b>",
    abstract="第一句。除氟吸附剂 & 再生。",
    keywords=("除氟", "吸附"),
    provider="虚构大学",
    field="资源与环境",
    maturity=6,
    cooperation_modes=("技术许可", "技术服务"),
    ip_kinds=("发明专利",),
    ip_status="已授权",
    region="江苏-南京",
    contact="隐名",
)
NEED = Demand(
    id="d1",
    title="除氟",
    problem="含氟 <废水>",
    keywords=("除氟",),
    field="资源与环境",
    budget=120.0,
    maturity_min=5,
    deadline="2027-06-30",
    solution_mode="合作研发",
    organisation="隐名公司",
    contact="隐名",
    phone="000",
)


def reason(**changes: Any) -> Reason:
    given = {
        "summary": "弱相关；双方都提到“除氟”。",
        "against": (),
        "claims": (),
        "terms": (),
        "phrases": (Phrase("除氟", 0.3, ("除氟",)), Phrase("吸", 0.1, ("吸",))),
        "fields": {"abstract": 0.3, "title": 0.1},
        "sentence": None,
        "demand_highlights": {},
        "achievement_highlights": {},
    }
    return Reason(**(given | changes))


def pairing(**changes: Any) -> Pairing:
    return Pairing(1, 0.4, NEED, OFFER, reason(**changes))


def fact(record: Achievement | Demand, label: str) -> str | None:
    return {found.label: found.value for found in facts(record)}.get(label)


# The reason


def test_the_reasons_of_real_pairings_agree_with_their_shares(workspace: Workspace) -> None:
    starts = [MatchRequest(text="印染废水 COD 深度处理"), MatchRequest(text="光"), MatchRequest()]
    starts[2] = MatchRequest(id=min(workspace.achievements.stamps()), k=30)
    seen = 0
    for start in starts:
        for found in match(workspace, start).pairings:
            sentence = card(found, offers=True).because
            assert sentence == found.reason.summary
            named = [p for p in found.reason.phrases if f"“{p.text}”" in sentence]
            if not named:
                assert "零散的单字" in sentence
                assert "合占" not in sentence
                continue
            claimed = int(sentence.partition("合占相似度的 ")[2].partition("%")[0])
            part = 100 * sum(phrase.share for phrase in named) / found.score
            assert part - 1 < claimed <= part + 1e-4
            assert 1 <= len(named) <= 3
            seen += 1
            both = [found.achievement.texts(), found.demand.texts()]
            for phrase in named:
                if phrase.text.isalpha() and phrase.text.isascii() is False:
                    assert all(phrase.text in "".join(texts.values()) for texts in both)
    assert seen > 20


def test_the_field_that_is_named_has_the_largest_share(workspace: Workspace) -> None:
    for found in match(workspace, MatchRequest(text="锂电池 隔膜 涂布 缺陷检测")).pairings:
        shares = found.reason.fields
        assert next(iter(shares)) == max(shares, key=lambda name: shares[name])


# Prices and other facts


@pytest.mark.parametrize(
    ("low", "high", "shown"),
    [
        (None, None, "面议"),
        (80.0, 200.0, "80–200 万元"),
        (80.0, 80.0, "80 万元"),
        (0.0, 0.0, "0 万元"),
        (0.5, 1.25, "0.5–1.25 万元"),
    ],
)
def test_prices(low: float | None, high: float | None, shown: str) -> None:
    assert fact(replace(OFFER, price_min=low, price_max=high), "价格") == shown


def test_half_a_price_range_is_no_fixed_price() -> None:
    low = fact(replace(OFFER, price_min=80.0), "价格")
    high = fact(replace(OFFER, price_max=80.0), "价格")
    assert len({low, high, "80 万元"}) == 3


@pytest.mark.parametrize("amount", [1_000_000.0, 1_234_567.0, 100_000_000.0, 123_456.5])
def test_large_amounts_are_written_out(amount: float) -> None:
    digits = f"{amount:.1f}".removesuffix(".0")
    priced = fact(replace(OFFER, price_min=amount, price_max=amount), "价格")
    budget = fact(replace(NEED, budget=amount), "预算")
    for shown in (priced, budget):
        assert (shown or "").replace(",", "").replace(" ", "") == f"{digits}万元"


def test_the_facts_of_an_achievement() -> None:
    assert fact(OFFER, "完成单位") == "虚构大学"
    assert fact(OFFER, "成熟度") == "样品样机（TRL 6）"
    assert fact(OFFER, "合作方式") == "技术许可、技术服务"
    assert fact(OFFER, "知识产权") == "发明专利、已授权"
    assert fact(replace(OFFER, maturity=None), "成熟度") == "未注明"
    bare = Achievement(id="a", title="t")
    assert {found.label for found in facts(bare)} == {"成熟度", "价格"}


def test_the_facts_of_a_demand() -> None:
    assert fact(NEED, "预算") == "120 万元"
    assert fact(replace(NEED, budget=0.0), "预算") == "0 万元"
    assert fact(NEED, "最低成熟度") == "TRL 5"
    assert fact(NEED, "期望完成") == "2027-06-30"
    assert facts(Demand(id="d")) == []


@pytest.mark.parametrize("record", [OFFER, NEED])
def test_facts_lines_and_passages_show_nobody_behind_a_record(
    record: Achievement | Demand,
) -> None:
    shown = f"{facts(record)}{line(record)}{passages(record)}"
    assert "隐名" not in shown


def test_a_line_leads_to_its_record() -> None:
    assert line(OFFER).href == href(OFFER) == "/achievements/a1"
    assert line(NEED).href == href(NEED) == "/demands/d1"
    assert list(line(OFFER).facts) == ["资源与环境", "虚构大学", "江苏-南京", "样品样机"]
    assert list(line(NEED).facts) == ["资源与环境", "合作研发"]


# Passages and highlights


def test_everything_around_and_inside_a_highlight_is_escaped() -> None:
    assert marked("a<b>&\"'", [(1, 4)]) == "a<mark>&lt;b&gt;</mark>&amp;&#34;&#39;"
    assert marked("<i>") == "&lt;i&gt;"
    assert marked("") == ""
    assert marked("光电", [(0, 1), (1, 2)]) == "<mark>光</mark><mark>电</mark>"


def test_passages_are_the_texts_except_title_and_empty_ones() -> None:
    shown = {passage.label: str(passage.text) for passage in passages(NEED)}
    assert shown == {"关键词": "除氟", "主要问题": "含氟 &lt;废水&gt;"}


def test_highlights_stand_where_the_shared_words_are() -> None:
    [keywords, abstract] = passages(OFFER, {"abstract": [(4, 9)], "keywords": [(0, 2)]})
    assert str(keywords.text) == "<mark>除氟</mark>；吸附"
    assert str(abstract.text) == "第一句。<mark>除氟吸附剂</mark> &amp; 再生。"


def test_a_passing_query_is_called_a_text() -> None:
    [passage] = passages(Demand.from_text("含氟废水"))
    assert passage.label == "文字"


def test_a_sentence_is_marked_at_its_own_place() -> None:
    sentence = Sentence("abstract", (4, 15), "除氟吸附剂 & 再生。")
    shown = card(
        pairing(sentence=sentence, achievement_highlights={"abstract": [(0, 6), (12, 15)]}),
        offers=True,
    ).sentence
    assert shown is not None
    assert str(shown.text) == "<mark>除氟</mark>吸附剂 &amp; <mark>再生。</mark>"


# Cards


def test_a_card_shows_the_side_that_was_found() -> None:
    offer, need = card(pairing(), offers=True), card(pairing(), offers=False)
    assert (offer.href, need.href) == ("/achievements/a1", "/demands/d1")
    assert str(offer.title) == "除氟 &lt;b&gt;吸附剂&lt;/b&gt;"
    assert offer.found == need.asked
    assert {found.label for found in offer.facts} >= {"完成单位", "成熟度", "价格"}
    assert {found.label for found in need.facts} >= {"预算", "最低成熟度"}


GRADING = Grading(
    grade=3,
    expected=2.7,
    probabilities=(0.125, 0.25, 0.375, 0.25),
    raw=0.8,
    intercept=-0.2,
    contributions=(Contribution("score", 0.4, 1.25), Contribution("same_field", None, -0.25)),
)


def graded(grading: Grading | None = GRADING, **changes: Any) -> Pairing:
    return pairing(**changes)._replace(grading=grading)


def test_a_grade_is_shown_with_the_chances_of_all_four_best_first() -> None:
    shown = card(graded(), offers=True).grade
    assert shown is not None
    assert (shown.value, shown.name, shown.strong) == (3, "较强相关", 62)
    chances = [(chance.label, chance.percent) for chance in shown.chances]
    assert chances == [("强相关", 25), ("较强相关", 38), ("弱相关", 25), ("无相关", 12)]


def test_without_a_grader_a_card_has_neither_grade_nor_parts() -> None:
    shown = card(pairing(), offers=True)
    assert (shown.grade, list(shown.parts)) == (None, [])


def test_the_parts_of_a_grade_are_signed_and_end_with_their_sum() -> None:
    shown = [(part.label, part.value) for part in card(graded(), offers=True).parts]
    assert shown == [
        ("综合相似度", "+1.25"),
        ("技术领域一致", "-0.25"),
        ("其余特征", "+0.00"),
        ("起点", "-0.20"),
        ("合计", "+0.80"),
    ]


def test_parts_beyond_eight_are_summed_up() -> None:
    names = list(FEATURE_NAMES)[:12]
    many = tuple(Contribution(name, 1.0, 0.5) for name in names)
    shown = card(graded(GRADING._replace(contributions=many, raw=5.8)), offers=True).parts
    assert [part.label for part in shown[:8]] == [FEATURE_NAMES[name] for name in names[:8]]
    assert [part.value for part in shown[8:]] == ["+2.00", "-0.20", "+5.80"]


CLAIMS = (
    Claim("出水氟离子", "低于 1.5 mg/L", "低于 1 mg/L", "met"),
    Claim("吨水成本", "不超过 6 元", None, "unknown"),
    Claim("处理量", "不低于 100 m³/d", "50 m³/d", "unmet"),
    Claim("寿命", "5 年", "50 次", "unknown"),
)


@pytest.mark.parametrize("offers", [True, False])
def test_claims_that_were_made_are_a_table_and_the_others_a_list(offers: bool) -> None:
    shown = card(pairing(claims=CLAIMS), offers=offers)
    assert [(row.name, row.required, row.claimed) for row in shown.claims] == [
        ("出水氟离子", "低于 1.5 mg/L", "低于 1 mg/L"),
        ("处理量", "不低于 100 m³/d", "50 m³/d"),
        ("寿命", "5 年", "50 次"),
    ]
    verdicts = [(row.mark, row.verdict) for row in shown.claims]
    assert verdicts == [("✓", "符合"), ("✗", "不符"), ("？", "无法判断")]
    assert list(shown.unclaimed) == ["吨水成本 不超过 6 元"]


def test_objections_and_twins_are_shown_as_they_are() -> None:
    against = ("成熟度不足：需求要求 TRL 8 以上，成果为 TRL 6。", "成果没有提到：光伏。")
    twin = replace(OFFER, id="a2", provider="另一所大学")
    shown = card(pairing(against=against)._replace(twins=(twin,)), offers=True)
    assert tuple(shown.against) == against
    assert [found.href for found in shown.twins] == ["/achievements/a2"]
    assert "另一所大学" in shown.twins[0].facts
    assert "隐名" not in str(shown.twins)


def test_the_shares_of_a_card_add_up_to_a_hundred(workspace: Workspace) -> None:
    result = match(workspace, MatchRequest(text="印染废水色度高，COD 难达标，低成本深度处理"))
    for shown in answers(result).cards:
        # Each is rounded, so each may be half a percent off.
        assert abs(sum(s.percent for s in shown.phrases) - 100) <= len(shown.phrases) / 2
        assert abs(sum(s.percent for s in shown.fields) - 100) <= len(shown.fields) / 2
        assert len(shown.phrases) <= 11


def test_phrases_beyond_ten_are_summed_up() -> None:
    phrases = tuple(Phrase(f"词{n}", 0.02, ()) for n in range(20))
    shown = card(pairing(phrases=phrases), offers=True).phrases
    assert [share.label for share in shown] == [*(f"词{n}" for n in range(10)), "其余"]
    assert shown[-1].percent == 50


def test_the_shared_word_for_the_rest_keeps_its_own_share() -> None:
    """A record may well say 其余; summing up the others must not swallow it."""
    phrases = (Phrase("其余", 0.2, ()), *(Phrase(f"词{n}", 0.02, ()) for n in range(10)))
    shown = card(pairing(phrases=phrases), offers=True).phrases
    assert sum(share.percent for share in shown) == 100


@pytest.mark.parametrize("word", ["title", "problem", "goal", "keywords", "abstract"])
def test_a_shared_english_word_is_not_taken_for_the_name_of_a_field(word: str) -> None:
    shown = card(pairing(phrases=(Phrase(word, 0.4, (word,)),)), offers=True).phrases
    assert [share.label for share in shown] == [word]


def test_fields_have_the_labels_of_the_interface() -> None:
    shown = card(pairing(), offers=True).fields
    assert [(share.label, share.percent) for share in shown] == [("成果简介", 75), ("名称", 25)]


def test_answers_say_what_was_looked_for() -> None:
    for direction, noun in (("achievements", "成果"), ("demands", "需求")):
        result = MatchResult(direction, (pairing(),), None, ("PVDF",))  # type: ignore[arg-type]
        shown = answers(result)
        assert (shown.noun, len(shown.cards), list(shown.unknown_terms)) == (noun, 1, ["PVDF"])
    empty = answers(MatchResult("demands", (), "没有"))
    assert (list(empty.cards), empty.notice, empty.weak) == ([], "没有", False)


def test_a_notice_may_stand_beside_weak_pairings() -> None:
    shown = answers(MatchResult("achievements", (graded(),), "暂无较强", (), weak=True))
    assert (len(shown.cards), shown.notice, shown.weak) == (1, "暂无较强", True)
