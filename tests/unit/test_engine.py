"""The matchmaker: both directions, its limits, its notices, and what it tells of unknown words."""

from dataclasses import replace

import pytest

from matcher import Achievement, Demand, Filters, Matchmaker, TfidfRepresentation
from matcher.checks import MAX_K, MAX_TEXT
from matcher.errors import InvalidQuery
from matcher.library import MemoryLibrary
from matcher.records import MatchResult

OFFERS = [
    Achievement(
        id="a-water",
        title="高氨氮废水膜曝气生物处理技术",
        abstract="采用中空纤维膜曝气，出水氨氮低于5 mg/L。适用于印染废水。",
        keywords=("氨氮", "膜曝气"),
        field="资源与环境",
        region="江苏-苏州",
        cooperation_modes=("技术许可",),
        maturity=6,
    ),
    Achievement(
        id="a-pv",
        title="光伏组件无水清洗机器人",
        abstract="机器人沿组件行走，用毛刷除尘，清洗效率99.5%。控制器型号PV-3000。",
        field="新能源与节能",
        region="浙江-杭州",
        maturity=8,
    ),
    Achievement(
        id="a-steel",
        title="Corrosion resistant coating for marine steel",
        abstract="An epoxy coating with graphene for offshore platforms.",
        field="新材料",
    ),
]
NEEDS = [
    Demand(
        id="d-water",
        title="印染废水氨氮超标",
        problem="出水氨氮不稳定，冬季尤其严重。",
        indicators="氨氮≤5mg/L",
        field="资源与环境",
        region="江苏-常州",
    ),
    Demand(id="d-pv", title="光伏板积灰", problem="西北电站光伏组件积灰，缺水，要无水清洗。"),
]


@pytest.fixture(scope="module")
def matchmaker() -> Matchmaker:
    """Shared by tests that only ask."""
    return Matchmaker.from_records(OFFERS, NEEDS)


def offered(matchmaker: Matchmaker, query: Demand | str, **options: object) -> list[str]:
    found = matchmaker.match(query, **options).pairings  # type: ignore[arg-type]
    return [pairing.achievement.id for pairing in found]


# Directions


def test_a_demand_finds_achievements(matchmaker: Matchmaker) -> None:
    result = matchmaker.match(NEEDS[0])
    best = result.pairings[0]
    assert (best.rank, best.demand, best.achievement) == (1, NEEDS[0], OFFERS[0])
    assert result.notice is None


def test_an_achievement_finds_demands(matchmaker: Matchmaker) -> None:
    best = matchmaker.match(OFFERS[1]).pairings[0]
    assert (best.rank, best.demand, best.achievement) == (1, NEEDS[1], OFFERS[1])


def test_both_directions_share_the_same_terms_but_the_score_is_of_the_one_that_asks(
    matchmaker: Matchmaker,
) -> None:
    [there] = [p for p in matchmaker.match(NEEDS[0]).pairings if p.achievement == OFFERS[0]]
    [back] = [p for p in matchmaker.match(OFFERS[0]).pairings if p.demand == NEEDS[0]]
    assert {t.term for t in there.reason.terms} == {t.term for t in back.reason.terms}
    # The shorter demand is covered by the longer achievement more than the other way round.
    assert there.score > back.score


def test_highlights_stand_on_their_own_side_in_either_direction(matchmaker: Matchmaker) -> None:
    there = matchmaker.match(NEEDS[0]).pairings[0].reason
    back = matchmaker.match(OFFERS[0]).pairings[0].reason
    for reason in (there, back):
        assert [NEEDS[0].title[s:e] for s, e in reason.demand_highlights["title"]] == [
            "印染废水氨氮"
        ]
        assert "abstract" in reason.achievement_highlights
        assert "abstract" not in reason.demand_highlights
    # The sentence is one of the record that was found, not of the one that asked.
    assert there.sentence is not None
    assert there.sentence.text in "".join(OFFERS[0].texts().values())
    assert back.sentence is not None
    assert back.sentence.text in "".join(NEEDS[0].texts().values())


def test_free_text_is_as_good_as_a_stored_demand(matchmaker: Matchmaker) -> None:
    text = "光伏组件积灰，要无水清洗"
    free = matchmaker.match(text)
    assert free == matchmaker.match(Demand.from_text(text))
    assert free.pairings[0].demand.problem == text
    stored = matchmaker.match(Demand(id="stored", problem=text, region="甘肃"))
    assert [(p.achievement, p.score, p.reason) for p in stored.pairings] == [
        (p.achievement, p.score, p.reason) for p in free.pairings
    ]


def test_a_stored_demand_and_the_same_one_passing_by_get_the_same_answer(
    matchmaker: Matchmaker,
) -> None:
    stored, passing = matchmaker.match(NEEDS[0]), matchmaker.match(replace(NEEDS[0], id=""))
    assert [p.score for p in stored.pairings] == [p.score for p in passing.pairings]


# Limits


@pytest.mark.parametrize("k", [0, -1, MAX_K + 1, 101, 10**9])
def test_a_k_out_of_bounds_is_refused(matchmaker: Matchmaker, k: int) -> None:
    with pytest.raises(InvalidQuery) as refused:
        matchmaker.match("废水", k)
    assert [problem.field for problem in refused.value.problems] == ["k"]


def test_k_bounds_the_answer_and_may_exceed_the_library(matchmaker: Matchmaker) -> None:
    text = "废水氨氮；光伏清洗；steel coating"
    assert len(matchmaker.match(text, 1).pairings) == 1
    assert len(matchmaker.match(text, 2).pairings) == 2
    assert len(matchmaker.match(text, MAX_K).pairings) == 3


def test_a_text_of_the_greatest_length_is_read_and_a_longer_one_refused(
    matchmaker: Matchmaker,
) -> None:
    assert offered(matchmaker, "氨氮" * (MAX_TEXT // 2))[0] == "a-water"
    with pytest.raises(InvalidQuery, match=str(MAX_TEXT + 1)) as refused:
        matchmaker.match("氨" * (MAX_TEXT + 1))
    assert [problem.field for problem in refused.value.problems] == ["text"]


def test_the_length_counts_all_fields_together(matchmaker: Matchmaker) -> None:
    half = "氨" * (MAX_TEXT // 2)
    with pytest.raises(InvalidQuery):
        matchmaker.match(Demand(id="", title="一", problem=half, goal=half))


@pytest.mark.parametrize(
    ("filters", "field"),
    [
        (Filters(fields=frozenset({"炼金术"})), "fields"),
        (Filters(cooperation_modes=frozenset({"白送"})), "cooperation_modes"),
        (Filters(maturity_max=12), "maturity_max"),
    ],
)
def test_an_unknown_filter_value_is_refused(
    matchmaker: Matchmaker, filters: Filters, field: str
) -> None:
    with pytest.raises(InvalidQuery) as refused:
        matchmaker.match("废水", filters=filters)
    assert [problem.field for problem in refused.value.problems] == [field]


def test_filters_narrow_either_library(matchmaker: Matchmaker) -> None:
    text = "废水氨氮；光伏清洗"
    zhejiang = Filters(regions=frozenset({"浙江"}))
    assert offered(matchmaker, text, filters=zhejiang) == ["a-pv"]
    needs = matchmaker.match(OFFERS[0], filters=Filters(fields=frozenset({"资源与环境"})))
    assert [pairing.demand.id for pairing in needs.pairings] == ["d-water"]
    assert offered(matchmaker, text, filters=Filters()) == offered(matchmaker, text)


@pytest.mark.parametrize(
    ("filters", "field"),
    [
        (Filters(providers=frozenset({"沧澜大学"})), "providers"),
        (Filters(cooperation_modes=frozenset({"技术许可"})), "cooperation_modes"),
    ],
)
def test_a_filter_that_no_demand_can_pass_is_refused_when_demands_are_sought(
    matchmaker: Matchmaker, filters: Filters, field: str
) -> None:
    with pytest.raises(InvalidQuery) as refused:
        matchmaker.match(OFFERS[0], filters=filters)
    assert [problem.field for problem in refused.value.problems] == [field]
    matchmaker.match(NEEDS[0], filters=filters)  # of achievements it can be asked


# Notices


@pytest.mark.parametrize(
    "text", ["", "   \n", "，。！？——", "😀🎉", "\x00\ud800\u200b", "的和与在", "_ * / ="]
)
def test_a_text_without_words_gets_a_notice_that_asks_for_some(
    matchmaker: Matchmaker, text: str
) -> None:
    result = matchmaker.match(text)
    assert result.pairings == ()
    assert result.notice is not None
    assert "没有可用于匹配的词语" in result.notice
    assert result.unknown_terms == ()


def test_words_that_nothing_has_get_a_notice_and_are_named(matchmaker: Matchmaker) -> None:
    result = matchmaker.match("zzqx-7 Φρμ")
    assert result.pairings == ()
    assert result.notice is not None
    assert "共用任何词语的成果" in result.notice
    assert result.unknown_terms[0] == "zzqx-7"


def test_an_empty_library_says_so_on_either_side() -> None:
    nobody = Matchmaker.from_records()
    assert nobody.match("废水").notice == "成果库为空，请先导入成果。"
    assert nobody.match(OFFERS[0]).notice == "需求库为空，请先导入需求。"


def test_filters_that_nothing_passes_are_named_as_the_cause(matchmaker: Matchmaker) -> None:
    result = matchmaker.match("氨氮", filters=Filters(regions=frozenset({"西藏"})))
    assert result.pairings == ()
    assert result.notice is not None
    assert "筛选条件" in result.notice


def test_filters_are_not_blamed_where_no_record_shares_a_word(matchmaker: Matchmaker) -> None:
    result = matchmaker.match("zzqx-7", filters=Filters(regions=frozenset({"江苏"})))
    assert result.notice is not None
    assert "筛选条件" not in result.notice


# Words


def test_technical_words_that_no_item_has_are_named_in_order(matchmaker: Matchmaker) -> None:
    result = matchmaker.match("废水氨氮用反渗透和XK-9000处理，同时也要技术服务")
    assert result.pairings
    assert result.unknown_terms == ("反渗透", "xk-9000", "xk")


def test_known_words_and_common_words_are_not_named_as_unknown(matchmaker: Matchmaker) -> None:
    assert matchmaker.match("废水氨氮的问题和PV-3000").unknown_terms == ()


def test_bare_numbers_are_not_named_as_unknown(matchmaker: Matchmaker) -> None:
    assert matchmaker.match("废水氨氮由 12.75 降到 3.5 左右").unknown_terms == ()


def test_at_most_eight_unknown_words_are_named(matchmaker: Matchmaker) -> None:
    words = [f"zq{letter}x" for letter in "abcdefghij"]
    assert matchmaker.match(" ".join(words)).unknown_terms == tuple(words[:8])


def test_unknown_words_are_looked_up_in_the_library_that_is_searched(
    matchmaker: Matchmaker,
) -> None:
    offer = Achievement(id="", title="无人机巡检积灰")
    assert "无人机" in matchmaker.match(offer).unknown_terms
    assert "积灰" not in matchmaker.match(offer).unknown_terms


def test_english_only_finds_english(matchmaker: Matchmaker) -> None:
    assert offered(matchmaker, "GRAPHENE coating for Offshore steel")[0] == "a-steel"


def test_traditional_characters_find_simplified_ones(matchmaker: Matchmaker) -> None:
    traditional, simplified = (matchmaker.match(t) for t in ("廢水氨氮處理", "废水氨氮处理"))
    assert [(p.achievement.id, p.score) for p in traditional.pairings] == [
        (p.achievement.id, p.score) for p in simplified.pairings
    ]
    assert traditional.pairings[0].reason.demand_highlights["problem"] == [(0, 6)]


def test_full_width_digits_and_letters_find_half_width_ones(matchmaker: Matchmaker) -> None:
    best = matchmaker.match("要ＰＶ－３０００，效率９９．５％").pairings[0]
    assert best.achievement.id == "a-pv"
    assert {"pv-3000", "99.5%"} <= {share.term for share in best.reason.terms}


def test_one_quantity_in_two_spellings_is_a_reason(matchmaker: Matchmaker) -> None:
    best = matchmaker.match("出水低于 5mg/l").pairings[0]
    [quantity] = [share for share in best.reason.terms if share.kind == "quantity"]
    assert (quantity.term, list(quantity.by_field)) == ("5mg/l", ["abstract"])


# Changes


def test_what_is_added_or_removed_shows_in_the_next_search() -> None:
    matchmaker = Matchmaker.from_records(OFFERS, NEEDS)
    text = "反渗透膜RO-8040的阻垢剂"
    later = Achievement(id="later", title="反渗透膜RO-8040用阻垢剂")
    assert "later" not in offered(matchmaker, text)
    assert "ro-8040" in matchmaker.match(text).unknown_terms
    matchmaker.achievements.add([later])
    assert offered(matchmaker, text)[0] == "later"
    assert matchmaker.match(text).unknown_terms == ()
    matchmaker.achievements.add([replace(later, title="别的题目")])
    assert "later" not in offered(matchmaker, "阻垢剂")
    matchmaker.achievements.remove(["later", "a-water"])
    assert "a-water" not in offered(matchmaker, "氨氮废水")
    matchmaker.achievements.remove([offer.id for offer in OFFERS])
    assert matchmaker.match("氨氮废水").notice == "成果库为空，请先导入成果。"


def test_asking_changes_nothing(matchmaker: Matchmaker) -> None:
    before = matchmaker.match(NEEDS[0])
    matchmaker.match("zzqx-7 完全不同的问题")
    assert matchmaker.match(NEEDS[0]) == before


# Scores


def test_a_record_finds_itself_first_with_a_score_that_falls_short_of_1(
    demo_matchmaker: Matchmaker, demo_achievements: list[Achievement]
) -> None:
    for offer in demo_achievements[::3]:
        same = Demand(id="", title=offer.title, keywords=offer.keywords, problem=offer.abstract)
        best, *others = demo_matchmaker.match(same).pairings
        assert best.achievement == offer
        assert all(other.score < best.score for other in others)
        # Similarity is 1; no occurrence covers a word wholly, but half of the score is safe.
        assert 1.0 / 1.88 < best.score < 1.0


def test_a_field_that_counts_nothing_can_be_explained_all_the_same() -> None:
    model = TfidfRepresentation(field_weights={"abstract": 0.0}).fit([])
    offer = Achievement(id="a", title="光伏组件", abstract="氨氮废水")
    matchmaker = Matchmaker(model, MemoryLibrary(model, [offer]), MemoryLibrary(model))
    [pairing] = matchmaker.match("光伏组件用于处理氨氮废水").pairings
    assert set(pairing.reason.fields) == {"title"}
    assert sum(pairing.reason.fields.values()) == pytest.approx(pairing.score, rel=1e-5)


def test_a_reason_names_only_terms_of_both_sides_though_unknown_words_share_columns() -> None:
    # One hashed column for all: the two model numbers meet in it without being the same.
    model = TfidfRepresentation(hashed_bits=0).fit([])
    offer = Achievement(id="a", title="光伏组件 zkx-7788")
    matchmaker = Matchmaker(model, MemoryLibrary(model, [offer]), MemoryLibrary(model))
    [pairing] = matchmaker.match("光伏组件 wwv-9900").pairings
    assert not any("zkx" in share.term for share in pairing.reason.terms)


def test_matches_in_turns_say_what_they_say_alone(matchmaker: Matchmaker) -> None:
    texts = ["废水氨氮深度处理", "锂电池回收", "没有这样的词", "高温合金叶片检测", "水稻育种"]
    alone = [matchmaker.match(text, facets=True) for text in texts]
    going = [(at, matchmaker.matching(text, facets=True)) for at, text in enumerate(texts)]
    found: dict[int, MatchResult] = {}
    while going:
        at, steps = going.pop(0)
        try:
            next(steps)
            going.append((at, steps))
        except StopIteration as end:
            found[at] = end.value
    assert [found[at] for at in range(len(texts))] == alone
