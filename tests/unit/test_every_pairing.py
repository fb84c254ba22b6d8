"""Every pairing at once says what asking one by one says."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import islice

import pytest

from matcher import Achievement, Demand, Filters, Matchmaker
from matcher.checks import MAX_TEXT
from matcher.errors import InvalidQuery
from matcher.library import Library, MemoryLibrary
from matcher.pairing.batch import Best, Pair, best_pairs
from matcher.ranking.decisions import Grades
from matcher.records import MatchResult, Pairing
from models.default import default_grader

Said = list[tuple[int, float, str, str, object]]


@pytest.fixture(scope="module")
def graded(demo_matchmaker: Matchmaker) -> Matchmaker:
    one = demo_matchmaker
    return Matchmaker(one.representation, one.achievements, one.demands, default_grader())


def said(pairs: Sequence[Pair | Pairing]) -> Said:
    return [(p.rank, p.score, p.demand.id, p.achievement.id, p.grading) for p in pairs]


def one_by_one(result: MatchResult) -> Said:
    return said(result.pairings)


def test_demands_get_what_match_gives_them(
    graded: Matchmaker, demo_demands: Sequence[Demand]
) -> None:
    demands = demo_demands[::2]
    found = list(best_pairs(graded, demands, 5))
    assert [best.record for best in found] == list(demands)
    for best in found:
        assert said(best.pairs) == one_by_one(graded.match(best.record, 5))
        assert not any(pair.reason for pair in best.pairs)


def test_achievements_get_what_match_gives_them(
    graded: Matchmaker, demo_achievements: Sequence[Achievement]
) -> None:
    for best in best_pairs(graded, demo_achievements[::7], 30):
        assert said(best.pairs) == one_by_one(graded.match(best.record, 30))


def test_without_a_grader_scores_alone_count(
    demo_matchmaker: Matchmaker, demo_demands: Sequence[Demand]
) -> None:
    for best in best_pairs(demo_matchmaker, demo_demands[:5], 3):
        assert said(best.pairs) == one_by_one(demo_matchmaker.match(best.record, 3))
        assert all(pair.grading is None for pair in best.pairs)


def test_decisions_teach_it_what_they_teach_match(
    graded: Matchmaker, demo_demands: Sequence[Demand]
) -> None:
    demands = demo_demands[:6]
    shown = graded.match(demands[2], 3).pairings
    learned: Mapping[str, Grades] = {
        demands[2].id: {shown[0].achievement.id: 4, shown[2].achievement.id: 1},
        demands[4].id: {"gone": 2},
    }
    asked: list[Sequence[str]] = []

    def decisions(ids: Sequence[str]) -> Mapping[str, Grades]:
        asked.append(ids)
        return learned

    for best in best_pairs(graded, demands, 5, learned=decisions):
        told = learned.get(best.record.id, {})
        assert said(best.pairs) == one_by_one(graded.match(best.record, 5, decisions=told))
    assert asked == [[demand.id for demand in demands]]


def test_filters_and_reasons_are_those_of_match(
    graded: Matchmaker, demo_demands: Sequence[Demand]
) -> None:
    filters = Filters(maturity_min=6)
    for best in best_pairs(graded, demo_demands[:4], 4, filters, with_reasons=True):
        answer = graded.match(best.record, 4, filters)
        assert said(best.pairs) == one_by_one(answer)
        assert [p.reason for p in best.pairs] == [p.reason.summary for p in answer.pairings]


def test_the_hidden_are_not_there(
    graded: Matchmaker,
    demo_demands: Sequence[Demand],
    demo_achievements: Sequence[Achievement],
) -> None:
    hidden = {demand.id for demand in demo_demands[::3]}
    seen = [demand for demand in demo_demands if demand.id not in hidden]
    needs = MemoryLibrary(graded.representation, seen)
    without = Matchmaker(graded.representation, graded.achievements, needs, graded.grader)
    for best in best_pairs(graded, demo_achievements[::20], 10, hidden=hidden):
        assert said(best.pairs) == one_by_one(without.match(best.record, 10))


def twins(count: int) -> list[Achievement]:
    same = [Achievement(id=f"t{n:03}", title="印染废水深度处理") for n in range(count)]
    others = ["废水蒸发", "废水吸附", "废水萃取"]
    return [*same, *(Achievement(id=f"u{n}", title=title) for n, title in enumerate(others))]


def test_twins_are_folded_however_many_there_are() -> None:
    matchmaker = Matchmaker.from_records(twins(900), [])
    demand = Demand(id="d", title="印染废水深度处理")
    [best] = best_pairs(matchmaker, [demand], 4)
    assert said(best.pairs) == one_by_one(matchmaker.match(demand, 4))
    assert len(best.pairs) == 4


def test_what_the_source_has_lost_is_made_up_for(
    demo_achievements: Sequence[Achievement], demo_demands: Sequence[Demand]
) -> None:
    whole = Matchmaker.from_records(demo_achievements, demo_demands, default_grader())
    best_ones = {whole.match(d, 1).pairings[0].achievement.id for d in demo_demands[:3]}
    left = {offer.id: offer for offer in demo_achievements if offer.id not in best_ones}

    class Source:
        def get_many(self, ids: Sequence[str]) -> Mapping[str, Achievement]:
            return {id_: left[id_] for id_ in ids if id_ in left}

    offers = Library(whole.representation, Source(), whole.achievements.index)
    lossy = Matchmaker(whole.representation, offers, whole.demands, whole.grader)
    for best in best_pairs(lossy, demo_demands[:3], 5):
        assert said(best.pairs) == one_by_one(lossy.match(best.record, 5))


def test_empty_libraries_have_no_pairs(demo_demands: Sequence[Demand]) -> None:
    matchmaker = Matchmaker.from_records([], [])
    assert list(best_pairs(matchmaker, list[Demand]())) == []
    assert list(best_pairs(matchmaker, demo_demands[:2])) == [Best(d, ()) for d in demo_demands[:2]]


def test_more_than_there_are_is_all_there_is() -> None:
    matchmaker = Matchmaker.from_records(twins(1), [])
    [best] = best_pairs(matchmaker, [Demand(id="d", title="废水")], 100)
    assert len(best.pairs) == 4


def test_a_text_that_is_too_long_stops_nothing(
    graded: Matchmaker, demo_demands: Sequence[Demand]
) -> None:
    long = replace(demo_demands[0], problem="长" * (MAX_TEXT + 1))
    first, second = best_pairs(graded, [long, demo_demands[1]], 2)
    assert first == Best(long, (), too_long=True)
    assert len(second.pairs) == 2


def test_what_match_refuses_is_refused(graded: Matchmaker, demo_demands: Sequence[Demand]) -> None:
    with pytest.raises(InvalidQuery, match="k 应在"):
        next(best_pairs(graded, demo_demands, 0))


def test_records_are_taken_few_at_a_time(
    graded: Matchmaker, demo_demands: Sequence[Demand]
) -> None:
    taken = 0

    def records() -> Iterator[Demand]:
        nonlocal taken
        for demand in demo_demands:
            taken += 1
            yield demand

    found = best_pairs(graded, records(), 1, threads=1)
    assert len(list(islice(found, 3))) == 3
    assert taken == 32
    found.close()  # type: ignore[attr-defined]


def test_those_hidden_make_room_for_as_many_candidates() -> None:
    offers = twins(600)
    hidden = {offer.id for offer in offers[:550]}
    whole = Matchmaker.from_records(offers, [])
    others = MemoryLibrary(whole.representation, offers[550:])
    without = Matchmaker(whole.representation, others, whole.demands)
    demand = Demand(id="d", title="印染废水深度处理")
    few = {offer.id for offer in offers[3:600:100]}
    assert len(whole.search(demand, 5, hidden=few).found().hits.ids) == 200
    found = whole.search(demand, 5, hidden=hidden).found()
    assert found.hits.ids == without.search(demand, 5).found().hits.ids
    assert found.is_all
