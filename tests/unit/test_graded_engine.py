"""The matchmaker with a grader: order, decisions, weakness, twins, indicators, objections."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

import pytest
from scipy.special import expit

from matcher import Achievement, Demand, Filters, Matchmaker, Pairing, TfidfRepresentation
from matcher.errors import InvalidQuery
from matcher.library import Library, MemoryLibrary
from matcher.pairing.wording import GRADE_NAMES
from matcher.ranking.grader import Grader, expected
from matcher.ranking.ordering import SCORE_WEIGHT, rank
from matcher.records import Claim, Facets, MatchResult
from models.default import default_grader
from tests.unit.graders import grader
from tests.unit.ranked import overlapping

WORDS = ["蒸发", "吸附", "臭氧", "电解", "萃取", "结晶", "离心", "干燥", "催化", "过滤"]


@pytest.fixture(scope="module")
def representation() -> TfidfRepresentation:
    return TfidfRepresentation().fit([])


def offers(count: int) -> list[Achievement]:
    """The lower the number, the better it answers 废水."""
    return [Achievement(id=f"{n:03}", title="，".join(["废水", *WORDS[:n]])) for n in range(count)]


def ids(result: MatchResult) -> list[str]:
    pairings = result.pairings
    if result.direction == "demands":
        return [pairing.demand.id for pairing in pairings]
    return [pairing.achievement.id for pairing in pairings]


def value(pairing: Pairing) -> float:
    assert pairing.grading is not None
    return pairing.grading.expected + SCORE_WEIGHT * pairing.score


# The order

SAME_FIELD = {"same_field": ([0.0, 1.0], [-5.0, 5.0])}


def test_without_a_grader_nothing_is_graded(
    demo_matchmaker: Matchmaker, demo_demands: Sequence[Demand]
) -> None:
    for demand in demo_demands[::8]:
        result = demo_matchmaker.match(demand)
        assert not result.weak
        assert result.notice is None
        for pairing in result.pairings:
            assert pairing.grading is None
            assert not any(name in pairing.reason.summary for name in GRADE_NAMES.values())
        scores = [pairing.score for pairing in result.pairings]
        assert scores == sorted(scores, reverse=True)


@pytest.mark.parametrize("k", [1, 5, 30])
def test_pairings_are_ordered_by_expected_grade_and_weighted_score(
    demo_matchmaker: Matchmaker,
    demo_demands: Sequence[Demand],
    demo_achievements: Sequence[Achievement],
    k: int,
) -> None:
    asked = Matchmaker(
        demo_matchmaker.representation,
        demo_matchmaker.achievements,
        demo_matchmaker.demands,
        default_grader(),
    )
    for query in (*demo_demands[::16], *demo_achievements[::60]):
        pairings = asked.match(query, k).pairings
        values = [value(pairing) for pairing in pairings]
        assert values == sorted(values, reverse=True)
        assert [pairing.rank for pairing in pairings] == list(range(1, len(pairings) + 1))


def test_what_is_shown_was_chosen_by_the_same_values(
    representation: TfidfRepresentation,
) -> None:
    """Ranking orders all candidates; the indicators only settle the order of those shown."""
    stock = [{"title": offer.title} for offer in offers(10)]
    overlap = overlapping(representation, {"problem": "废水蒸发，结晶"}, stock)
    found = [Facets(field="新材料" if number % 3 else "其他") for number in range(10)]
    ranking = rank(overlap, Facets(field="新材料"), found, grader(SAME_FIELD))
    assert ranking.parts is not None
    values = expected(ranking.parts.probabilities) + SCORE_WEIGHT * overlap.score
    assert ranking.values == pytest.approx(values)
    numbers = sorted(range(10), key=lambda i: (-ranking.values[i], str(i)))
    assert ranking.order([str(i) for i in range(10)]) == numbers
    assert numbers != sorted(range(10), key=lambda i: (-overlap.score[i], str(i)))
    assert rank(overlap, Facets(), found).values == pytest.approx(overlap.score)


def test_what_the_grader_prefers_comes_before_what_scores_higher(
    representation: TfidfRepresentation,
) -> None:
    stock = [
        Achievement(id="near", title="废水蒸发", field="新材料"),
        Achievement(id="far", title="废水与吸附、电解、萃取", field="资源与环境"),
    ]
    library = MemoryLibrary(representation, stock)
    demand = Demand(id="", problem="废水蒸发", field="资源与环境")
    plain = Matchmaker(representation, library, MemoryLibrary(representation))
    asked = Matchmaker(representation, library, plain.demands, grader(SAME_FIELD))
    assert ids(plain.match(demand)) == ["near", "far"]
    best, other = asked.match(demand).pairings
    assert (best.achievement.id, best.rank) == ("far", 1)
    assert best.score < other.score
    assert value(best) > value(other)


@pytest.mark.parametrize("judge", [None, grader()])
def test_equal_values_come_in_order_of_id(
    representation: TfidfRepresentation, judge: Grader | None
) -> None:
    """The figures are unknown words, all of the same weight."""
    stock = [
        Achievement(id=id_, title=f"废水 {figure}")
        for id_, figure in zip("dbac", ("zq-10x", "zq-20x", "zq-30x", "zq-40x"), strict=True)
    ]
    library = MemoryLibrary(representation, stock)
    engine = Matchmaker(representation, library, MemoryLibrary(representation), judge)
    result = engine.match("废水")
    assert ids(result) == list("abcd")
    assert len({pairing.score for pairing in result.pairings}) == 1


def test_indicators_settle_the_order_of_what_is_shown(
    representation: TfidfRepresentation,
) -> None:
    agreed = {"quantity_agreement": ([-1.0, 0.0, 1.0], [-4.0, 0.0, 4.0])}
    stock = [
        Achievement(id="a-unmet", title="氨氮废水", abstract="出水COD为80mg/L。"),
        Achievement(id="b-met", title="氨氮废水", abstract="出水COD为30mg/L，另有吸附塔蒸发器。"),
        Achievement(id="c-silent", title="氨氮废水", abstract="另有萃取塔和结晶器，电解槽。"),
    ]
    library = MemoryLibrary(representation, stock)
    asked = Matchmaker(representation, library, MemoryLibrary(representation), grader(agreed))
    result = asked.match(Demand(id="", title="氨氮废水", indicators="COD≤50mg/L"))
    assert ids(result) == ["b-met", "c-silent", "a-unmet"]
    met, silent, unmet = result.pairings
    assert met.reason.claims == (Claim("COD", "≤50mg/L", "30mg/L", "met"),)
    assert silent.reason.claims == (Claim("COD", "≤50mg/L", None, "unknown"),)
    assert unmet.reason.claims == (Claim("COD", "≤50mg/L", "80mg/L", "unmet"),)
    for pairing, agreement in ((met, 1.0), (unmet, -1.0)):
        assert pairing.grading is not None
        [part] = pairing.grading.contributions
        assert (part.feature, part.value, part.share) == (
            "quantity_agreement",
            agreement,
            4 * agreement,
        )
    assert silent.grading is not None
    assert silent.grading.contributions == ()
    assert "可比的 1 项指标中 1 项符合" in met.reason.summary
    assert unmet.reason.against[0] == "指标未达：COD要求“≤50mg/L”，成果写的是“80mg/L”。"


# Decisions

LIKE_THE_LIKED = {
    "accepted_similarity": ([0.0, 1.0], [-4.0, 4.0]),
    "rejected_distance": ([0.0, 1.0], [-4.0, 4.0]),
}
STOCK = [
    Achievement(id="a", title="废水膜曝气", abstract="膜曝气。"),
    Achievement(id="b", title="废水膜曝气反应器", abstract="膜曝气，蒸发器。"),
    Achievement(id="c", title="废水臭氧", abstract="臭氧发生器。"),
    Achievement(id="d", title="废水臭氧氧化塔", abstract="臭氧发生器，蒸发器。"),
]


@pytest.fixture(scope="module")
def deciding(representation: TfidfRepresentation) -> Matchmaker:
    return Matchmaker(
        representation,
        MemoryLibrary(representation, STOCK),
        MemoryLibrary(representation, [Demand(id="x", title="废水"), Demand(id="y", goal="废水")]),
        grader({}, LIKE_THE_LIKED),
    )


@pytest.mark.parametrize("decided", [{"a": 4}, {"a": 1}, {"a": 4, "c": 1}, {"b": 2, "d": 3}])
def test_what_was_decided_on_is_not_shown_again(
    deciding: Matchmaker, decided: Mapping[str, int]
) -> None:
    shown = ids(deciding.match("废水", decisions=decided))
    assert set(shown) == set("abcd") - decided.keys()


@pytest.mark.parametrize(
    ("decided", "first"),
    [({"a": 4}, "b"), ({"c": 4}, "d"), ({"a": 1}, "c"), ({"c": 1}, "a"), ({"a": 4, "c": 1}, "b")],
)
def test_what_is_like_an_accepted_one_moves_up_and_like_a_rejected_one_down(
    deciding: Matchmaker, decided: Mapping[str, int], first: str
) -> None:
    result = deciding.match("废水", decisions=decided)
    assert ids(result)[0] == first
    for pairing in result.pairings:
        assert pairing.grading is not None
        assert {part.feature for part in pairing.grading.contributions} <= set(LIKE_THE_LIKED)


def test_decisions_do_not_linger(deciding: Matchmaker) -> None:
    before = deciding.match("废水")
    deciding.match("废水", decisions={"a": 4})
    assert deciding.match("废水") == before
    assert deciding.match("废水", decisions={}) == before


def test_decisions_about_what_is_unknown_are_ignored(deciding: Matchmaker) -> None:
    assert deciding.match("废水", decisions={"nobody": 4}) == deciding.match("废水")
    assert deciding.match("废水", decisions={"nobody": 4, "a": 1}) == deciding.match(
        "废水", decisions={"a": 1}
    )


@pytest.mark.parametrize("grade", [0, 5, -1, 1.5, None, "4"])
def test_a_decision_that_is_no_grade_is_refused(deciding: Matchmaker, grade: object) -> None:
    with pytest.raises(InvalidQuery) as refused:
        deciding.match("废水", decisions={"a": 4, "b": grade})  # type: ignore[dict-item]
    assert [problem.field for problem in refused.value.problems] == ["decisions"]


def test_decisions_about_demands_count_when_demands_are_sought(deciding: Matchmaker) -> None:
    assert ids(deciding.match(STOCK[0], decisions={"x": 3})) == ["y"]


def test_decisions_are_left_out_of_the_answer_though_nothing_learned_from_them(
    deciding: Matchmaker,
) -> None:
    plain = replace_grader(deciding, None)
    without = [id_ for id_ in ids(plain.match("废水")) if id_ != "b"]
    assert ids(plain.match("废水", decisions={"b": 4})) == without


def test_with_filters_the_place_of_a_decided_one_goes_to_the_next(deciding: Matchmaker) -> None:
    assert ids(deciding.match("废水", 1, decisions={"a": 4})) == ["b"]
    assert ids(deciding.match("废水", 3, Filters(), {"a": 4, "b": 4})) == ["c", "d"]


def test_where_all_was_decided_on_the_notice_does_not_deny_that_there_was_something(
    deciding: Matchmaker,
) -> None:
    result = deciding.match("废水", decisions=dict.fromkeys("abcd", 3))
    assert result.pairings == ()
    assert result.notice is not None
    assert "没有与之共用任何词语" not in result.notice


# Weakness


def replace_grader(engine: Matchmaker, other: object) -> Matchmaker:
    return Matchmaker(engine.representation, engine.achievements, engine.demands, other)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("threshold", "is_weak"),
    [(0.0, False), (expit(-1.0) - 0.01, False), (expit(-1.0) + 0.01, True), (1.0, True)],
)
def test_an_answer_is_weak_if_its_best_candidate_falls_short_of_the_threshold(
    deciding: Matchmaker, threshold: float, is_weak: bool
) -> None:
    engine = replace_grader(deciding, grader(threshold=threshold))
    result = engine.match("废水")
    assert result.weak is is_weak
    assert len(result.pairings) == 4  # they are shown all the same
    if is_weak:
        assert result.notice == ("库中暂无较强相关成果，以下仅供参考；补充指标和应用场景后可再试。")
    else:
        assert result.notice is None


def test_a_weak_answer_names_what_was_sought(deciding: Matchmaker) -> None:
    result = replace_grader(deciding, grader(threshold=1.0)).match(STOCK[0])
    assert result.notice is not None
    assert "需求" in result.notice


def test_one_good_candidate_is_enough(representation: TfidfRepresentation) -> None:
    stock = [
        replace(STOCK[0], field="新材料"),
        replace(STOCK[1], field="资源与环境"),
        replace(STOCK[2], field="新材料"),
    ]
    engine = Matchmaker(
        representation,
        MemoryLibrary(representation, stock),
        MemoryLibrary(representation),
        grader(SAME_FIELD, threshold=0.9),
    )
    assert not engine.match(Demand(id="", title="废水", field="资源与环境")).weak
    assert engine.match(Demand(id="", title="废水", field="电子信息")).weak


def test_an_empty_answer_is_not_weak_but_empty(deciding: Matchmaker) -> None:
    result = replace_grader(deciding, grader(threshold=1.0)).match("zzqx-7")
    assert not result.weak
    assert result.notice is not None
    assert "共用任何词语" in result.notice


# Twins


def test_near_identical_records_are_folded_into_the_best_of_them(
    representation: TfidfRepresentation,
) -> None:
    again = [replace(STOCK[0], id=id_, region="江苏") for id_ in ("z", "0", "m")]
    library = MemoryLibrary(representation, [*STOCK, *again])
    for judge in (None, default_grader()):
        engine = Matchmaker(representation, library, MemoryLibrary(representation), judge)
        result = engine.match("废水膜曝气", 3)
        assert len(result.pairings) == 3
        [folded] = [pairing for pairing in result.pairings if pairing.twins]
        assert (folded.rank, folded.achievement.id) == (1, "0")
        assert [twin.id for twin in folded.twins] == ["a", "m", "z"]
        assert folded.twins == (STOCK[0], again[2], again[0])
        assert engine.match("废水膜曝气", 1).pairings[0].achievement.id == "0"


def test_demands_are_folded_too(representation: TfidfRepresentation) -> None:
    needs = [Demand(id=id_, title="膜曝气处理废水") for id_ in "ba"]
    engine = Matchmaker(
        representation, MemoryLibrary(representation), MemoryLibrary(representation, needs)
    )
    [pairing] = engine.match(STOCK[0]).pairings
    assert (pairing.demand.id, [twin.id for twin in pairing.twins]) == ("a", ["b"])


def test_a_twin_that_the_source_no_longer_has_is_not_named() -> None:
    engine, shelf = shelved(1)
    for id_ in ("twin-1", "twin-2"):
        shelf[id_] = replace(shelf["000"], id=id_)
        engine.achievements.add([shelf[id_]])
    del shelf["twin-1"], shelf["000"]
    [pairing] = engine.match("废水").pairings
    assert (pairing.achievement.id, pairing.twins) == ("twin-2", ())


def test_however_many_twins_there_are_other_answers_are_found(
    representation: TfidfRepresentation,
) -> None:
    twins = [replace(STOCK[0], id=f"twin-{number:03}") for number in range(250)]
    library = MemoryLibrary(representation, [*twins, *STOCK[2:]])
    engine = Matchmaker(representation, library, MemoryLibrary(representation))
    assert len(engine.match("废水膜曝气", 3).pairings) == 3


# Records that vanished


class Shelf(dict[str, Achievement]):
    """A source of records that others change without telling the index."""

    def get_many(self, ids: Sequence[str]) -> Mapping[str, Achievement]:
        return {id_: self[id_] for id_ in ids if id_ in self}


def shelved(count: int) -> tuple[Matchmaker, Shelf]:
    representation = TfidfRepresentation(hashed_bits=8).fit([])
    shelf = Shelf({offer.id: offer for offer in offers(count)})
    library = Library(representation, shelf)
    library.add(shelf.values())
    return Matchmaker(representation, library, MemoryLibrary(representation)), shelf


@pytest.mark.parametrize(
    ("gone", "k", "found"),
    [
        ([], 2, [0, 1]),
        ([0], 2, [1, 2]),
        ([0, 1, 2, 3, 4, 5, 6, 7], 2, [8, 9]),
        ([0, 2, 4], 4, [1, 3, 5, 6]),
        (range(1, 10), 3, [0]),
        (range(10), 3, []),
    ],
)
def test_what_the_source_no_longer_has_is_passed_over_and_made_up_for(
    gone: Sequence[int], k: int, found: Sequence[int]
) -> None:
    engine, shelf = shelved(10)
    for number in gone:
        del shelf[f"{number:03}"]
    result = engine.match("废水", k)
    assert ids(result) == [f"{number:03}" for number in found]
    assert [pairing.rank for pairing in result.pairings] == list(range(1, len(found) + 1))
    assert (result.notice is None) == bool(found)


def test_more_may_have_vanished_than_are_looked_at_in_one_go(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("matcher.engine.CANDIDATES", 2)
    engine, shelf = shelved(10)
    for number in range(8):
        del shelf[f"{number:03}"]
    assert ids(engine.match("废水", 2)) == ["008", "009"]


def test_the_record_shown_is_the_one_in_the_source() -> None:
    engine, shelf = shelved(1)
    shelf["000"] = Achievement(id="000", title="改过的标题，废水")
    [pairing] = engine.match("废水").pairings
    assert pairing.achievement.title == "改过的标题，废水"


# Objections


def test_what_speaks_against_a_pairing_is_said_in_either_direction(
    representation: TfidfRepresentation,
) -> None:
    demand = Demand(
        id="d",
        title="氨氮废水提锂",
        indicators="COD≤50mg/L",
        field="新材料",
        maturity_min=7,
        budget=100.0,
    )
    achievement = Achievement(
        id="a",
        title="氨氮废水",
        abstract="出水COD为80mg/L。",
        field="资源与环境",
        maturity=5,
        price_min=150.0,
    )
    engine = Matchmaker(
        representation,
        MemoryLibrary(representation, [achievement]),
        MemoryLibrary(representation, [demand]),
    )
    said = (
        "指标未达：COD要求“≤50mg/L”，成果写的是“80mg/L”。",
        "成熟度不足：需求要求 TRL 7 以上，成果为 TRL 5。",
        "报价高于预算：成果 150 万元起，预算 100 万元。",
        "技术领域不同：需求属“新材料”，成果属“资源与环境”。",
        "成果没有提到：提锂。",
    )
    for query in (demand, achievement):
        [pairing] = engine.match(query).pairings
        assert pairing.reason.against == said


def test_nothing_speaks_against_a_pairing_of_one_text(representation: TfidfRepresentation) -> None:
    library = MemoryLibrary(representation, STOCK)
    engine = Matchmaker(representation, library, MemoryLibrary(representation))
    [pairing, *_] = engine.match(Demand(id="", title=STOCK[0].title)).pairings
    assert pairing.reason.against == ()


def test_new_words_that_only_hash_alike_are_not_said_to_be_mentioned() -> None:
    model = TfidfRepresentation(hashed_bits=0).fit([])
    library = MemoryLibrary(model, [Achievement(id="a", title="zkx-7788")])
    [pairing] = Matchmaker(model, library, MemoryLibrary(model)).match("wwv-9900").pairings
    assert "其他新词" not in pairing.reason.summary
