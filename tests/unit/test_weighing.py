"""Chosen records weighed, why they stand where they do, and how candidates spread."""

from collections.abc import Sequence

import pytest

from matcher import Achievement, Demand, Filters, Matchmaker
from matcher.facets import facet_counts
from matcher.pairing.contrast import contrast
from matcher.records import FacetCounts, Facets
from models.default import default_grader


@pytest.fixture(scope="module")
def matchmaker(demo_achievements: list[Achievement], demo_demands: list[Demand]) -> Matchmaker:
    return Matchmaker.from_records(demo_achievements, demo_demands, default_grader())


def test_what_is_shown_anyway_is_weighed_the_same(
    matchmaker: Matchmaker, demo_demands: Sequence[Demand]
) -> None:
    for demand in demo_demands[::16]:
        shown = matchmaker.match(demand, k=5).pairings
        weighed = matchmaker.weigh(demand, [p.achievement.id for p in shown])
        assert {p.achievement.id for p in weighed} == {p.achievement.id for p in shown}
        by_id = {p.achievement.id: p for p in weighed}
        for pairing in shown:
            assert by_id[pairing.achievement.id].score == pytest.approx(pairing.score)
            assert by_id[pairing.achievement.id].reason == pairing.reason
            assert by_id[pairing.achievement.id].grading == pairing.grading


def test_any_record_can_be_weighed_even_one_that_shares_nothing() -> None:
    offers = [
        Achievement(id="a1", title="废水脱氮"),
        Achievement(id="a2", title="lithium anode"),
    ]
    matchmaker = Matchmaker.from_records(offers, [], default_grader())
    found = matchmaker.weigh(Demand(id="d", title="废水脱氮工艺"), ["a2", "a1", "gone"])
    assert [(p.achievement.id, p.rank) for p in found] == [("a1", 1), ("a2", 2)]
    assert found[1].score == 0
    assert "没有共同的词语" in found[1].reason.summary
    assert found[1].reason.phrases == ()


def test_ranks_are_places_among_all_candidates(
    matchmaker: Matchmaker, demo_demands: Sequence[Demand], demo_achievements: list[Achievement]
) -> None:
    ids = [offer.id for offer in demo_achievements]
    ranks = [p.rank for p in matchmaker.weigh(demo_demands[0], ids)]
    assert ranks == list(range(1, len(ids) + 1))


def test_what_was_decided_on_the_weighed_one_does_not_grade_it(
    matchmaker: Matchmaker, demo_demands: Sequence[Demand]
) -> None:
    demand = demo_demands[3]
    first, second = (p.achievement.id for p in matchmaker.match(demand, k=2).pairings)
    [plain] = matchmaker.weigh(demand, [first])
    [own] = matchmaker.weigh(demand, [first], {first: 1})
    [other] = matchmaker.weigh(demand, [first], {second: 4})
    assert own.grading == plain.grading
    assert other.grading is not None
    assert plain.grading is not None
    assert other.grading.expected > plain.grading.expected


def test_a_contrast_names_grade_features_words_and_nothing_of_itself(
    matchmaker: Matchmaker, demo_demands: Sequence[Demand]
) -> None:
    best, *_, worst = matchmaker.match(demo_demands[0], k=20).pairings
    said = contrast(best, worst)
    assert said[0].startswith("等级：这里是")
    assert any(line.startswith("差距主要在：") for line in said)
    assert any("提到而这里没有的" in line for line in said)
    assert all(line.endswith("。") for line in said)
    assert not any("差距" in line or "提到" in line for line in contrast(best, best))


def test_words_that_both_share_are_not_called_missing() -> None:
    offers = [
        Achievement(id="a1", title="废水脱氮催化臭氧"),
        Achievement(id="a2", title="废水脱氮"),
    ]
    matchmaker = Matchmaker.from_records(offers, [], default_grader())
    best, worse = matchmaker.match(Demand(id="d", title="废水脱氮催化臭氧"), k=2).pairings
    [line] = [line for line in contrast(best, worse) if "提到而" in line]
    assert "臭氧" in line
    assert "废水" not in line


def test_candidates_are_counted_by_facet() -> None:
    facets = [
        Facets("新材料", "江苏-苏州", "甲", ("技术转让", "技术许可"), 5),
        Facets("新材料", "江苏-南京", "乙", ("技术许可",), 8),
        Facets(None, None, None, (), None),
    ]
    assert facet_counts(facets) == FacetCounts(
        counted=3,
        fields=(("新材料", 2),),
        regions=(("江苏", 2),),
        bands=(("工程与产业化", 1), ("样品样机", 1)),
        cooperation_modes=(("技术许可", 2), ("技术转让", 1)),
        providers=(("乙", 1), ("甲", 1)),
    )


def test_filters_do_not_change_what_is_counted(
    matchmaker: Matchmaker, demo_demands: Sequence[Demand]
) -> None:
    demand = demo_demands[0]
    plain = matchmaker.match(demand, facets=True).facets
    assert plain.counted > 100
    assert sum(count for _, count in plain.fields) == plain.counted
    filters = Filters(fields=frozenset([plain.fields[-1][0]]))
    assert matchmaker.match(demand, filters=filters, facets=True).facets == plain
    assert matchmaker.match(demand).facets == FacetCounts()
