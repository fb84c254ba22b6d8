"""Topics of open calls: groups, their names, nearest teams and indicators."""

import numpy as np
import pytest

from matcher import Achievement, Demand, Matchmaker
from matcher.calls import Naming, Near, clusters, indicators, nearest_groups
from matcher.calls.clustering import COARSE, FINE, USUAL
from matcher.calls.groups import UNNAMED


def grouped(matchmaker: Matchmaker, demands: list[Demand], near: float = USUAL) -> list[list[int]]:
    rows = matchmaker.representation.transform(demand.texts() for demand in demands)
    fields = [demand.field for demand in demands]
    return [g.tolist() for g in clusters(matchmaker.representation, rows, fields, near)]


def need(id_: str, **texts: object) -> Demand:
    values = {"title": f"需求{id_}", "indicators": ""} | texts
    return Demand(id=id_, **values)  # type: ignore[arg-type]


def test_every_demand_is_in_exactly_one_topic_and_the_largest_come_first(
    demo_matchmaker: Matchmaker, demo_demands: list[Demand]
) -> None:
    found = grouped(demo_matchmaker, demo_demands)
    assert sorted(place for group in found for place in group) == list(range(len(demo_demands)))
    assert [len(group) for group in found] == sorted(map(len, found), reverse=True)


def test_the_same_subject_is_one_topic_and_different_ones_are_not(
    demo_matchmaker: Matchmaker, demo_demands: list[Demand]
) -> None:
    found = grouped(demo_matchmaker, demo_demands)
    titles = [{demo_demands[place].title for place in group} for group in found]
    assert {"铁锂黑粉提锂成本太高，铁渣没人要", "铁锂电池黑粉提锂成本太高"} in titles
    assert {"压铸模两三万模就龟裂，修模停机太多"} in titles


def test_topics_do_not_change_from_one_call_to_the_next(
    demo_matchmaker: Matchmaker, demo_demands: list[Demand]
) -> None:
    assert grouped(demo_matchmaker, demo_demands) == grouped(demo_matchmaker, demo_demands)


def test_wider_topics_are_fewer(demo_matchmaker: Matchmaker, demo_demands: list[Demand]) -> None:
    sizes = [len(grouped(demo_matchmaker, demo_demands, near)) for near in (FINE, USUAL, COARSE)]
    assert sizes[0] > sizes[1] > sizes[2]


def test_identical_demands_are_one_topic(demo_matchmaker: Matchmaker) -> None:
    same = [need(str(n), title="印染废水的氨氮去除", field="资源与环境") for n in range(3)]
    other = need("9", title="跑道异物的自动识别", field="航空航天")
    assert grouped(demo_matchmaker, [same[0], other, *same[1:]]) == [[0, 2, 3], [1]]


def test_one_demand_is_one_topic_and_none_are_none(demo_matchmaker: Matchmaker) -> None:
    assert grouped(demo_matchmaker, [need("1")]) == [[0]]
    assert grouped(demo_matchmaker, []) == []


def test_demands_without_words_stand_alone(demo_matchmaker: Matchmaker) -> None:
    assert grouped(demo_matchmaker, [need("1", title=""), need("2", title="")]) == [[0], [1]]


def test_many_demands_are_parted_into_neighbourhoods_first(
    demo_matchmaker: Matchmaker, demo_demands: list[Demand], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("matcher.calls.clustering._EXACT", 40)
    monkeypatch.setattr("matcher.calls.clustering._PART", 20)
    monkeypatch.setattr("matcher.calls.clustering._FACTORS", 8)
    found = grouped(demo_matchmaker, demo_demands)
    assert sorted(place for group in found for place in group) == list(range(len(demo_demands)))
    assert found == grouped(demo_matchmaker, demo_demands)
    same = [need(str(n), title="完全相同的需求") for n in range(50)]
    assert max(map(len, grouped(demo_matchmaker, same))) == 40  # k-means cannot part them


def test_a_topic_is_named_by_what_its_demands_share_and_others_lack(
    demo_matchmaker: Matchmaker, demo_demands: list[Demand]
) -> None:
    representation = demo_matchmaker.representation
    rows = representation.transform(demand.texts() for demand in demo_demands)
    naming = Naming(representation, rows)
    places = [n for n, d in enumerate(demo_demands) if "黑粉" in d.title]
    name = naming.name([demo_demands[n] for n in places], rows[np.array(places)])
    assert len(places) == 2
    assert "黑粉" in name
    assert not any(a != b and a in b for a in name for b in name)
    assert all(any(t in str(d) for d in demo_demands) for t in name)


def test_a_topic_without_words_has_no_name(demo_matchmaker: Matchmaker) -> None:
    nothing = need("1", title="")
    rows = demo_matchmaker.representation.transform([nothing.texts()])
    assert Naming(demo_matchmaker.representation, rows).name([nothing], rows) == ()


def offer(id_: str, provider: str | None, contact: str | None = None) -> Achievement:
    return Achievement(id=id_, title=f"成果{id_}", provider=provider, contact=contact)


def test_teams_stand_by_their_best_achievement_then_by_how_many_demands_they_reach() -> None:
    found = [
        Near("d1", offer("a1", "甲大学", "陈"), 1.9, 2),
        Near("d2", offer("a1", "甲大学", "陈"), 1.2, 1),
        Near("d1", offer("a2", "甲大学", "林"), 1.4, 1),
        Near("d2", offer("a3", "乙学院"), 1.9, 2),
        Near("d1", offer("a4", None), 2.4, 2),
    ]
    first, second, third = nearest_groups(found)
    assert [g.provider for g in (first, second, third)] == [UNNAMED, "甲大学", "乙学院"]
    assert [near.achievement.id for near in second.achievements] == ["a1", "a2"]
    assert (second.demands, second.contacts, second.best.expected) == (2, ("陈", "林"), 1.9)
    assert nearest_groups(found, most=1) == (first,)
    assert nearest_groups([]) == ()


def test_bounds_from_one_side_have_a_strictest_and_a_loosest() -> None:
    found = indicators(
        [
            need("1", indicators="漏检率不超过0.2%"),
            need("2", indicators="漏检率1%以下，节拍2秒以内"),
        ]
    )
    first, second = found.found
    assert first.strictest is not None
    assert first.loosest is not None
    assert (first.strictest.demand_id, first.loosest.demand_id) == ("1", "2")
    assert first.differs
    assert not first.conflict
    assert (second.strictest, second.differs) == (None, False)


def test_bounds_that_exclude_each_other_are_a_conflict() -> None:
    found = indicators(
        [need("1", indicators="厚度不低于5 mm"), need("2", indicators="厚度不超过3 mm")]
    )
    assert [one.name for one in found.conflicts] == ["厚度"]
    assert found.conflicts[0].strictest is None


def test_plain_values_of_two_plants_contradict_nothing() -> None:
    found = indicators([need("1", indicators="年处理5000吨"), need("2", indicators="年处理1500吨")])
    assert found.conflicts == ()
    assert [one.differs for one in found.found] == [True]


def test_a_demand_without_a_number_is_missing_one_and_one_with_numbers_is_not() -> None:
    vague = need("1", title="喷漆房废气味大", indicators="气味要明显变小，效果要好")
    clear = need("2", indicators="去除率≥95%，浓度≤20 mg/m3，阻力≤500 Pa")
    found = indicators([vague, clear])
    assert [gap.demand_id for gap in found.missing] == ["1"]
    assert found.missing[0].advice.endswith("。")
    assert indicators([]).found == ()
