"""What a day promises: rules, fairness, bounds, and words for what cannot be."""

from collections import Counter
from dataclasses import replace
from random import Random

import pytest

from matcher.errors import InvalidQuery
from matcher.pairing.schedule import Day, Fixed, Offer, Party, Schedule, schedule


def party(name: str, slots: set[int] | None = None, most: int = 20, priority: float = 1.0) -> Party:
    return Party(name, f"{name}方", None if slots is None else frozenset(slots), most, priority)


def offer(one: str, other: str, grade: float = 3.5) -> Offer:
    return Offer(f"D-{one}", f"A-{other}", one, other, grade)


def day(parties: list[Party], offers: list[Offer], slots: int = 2, rooms: int = 2) -> Day:
    return Day(slots, rooms, {one.id: one for one in parties}, offers)


def pairs(found: Schedule) -> set[tuple[str, str]]:
    return {(one.demand_party, one.achievement_party) for one in found.meetings}


def fixed(one: str, other: str, slot: int | None = None, room: int | None = None) -> Fixed:
    return Fixed(f"D-{one}", f"A-{other}", slot, room)


BOTH = [party("甲"), party("乙")]


def middle(present: float) -> Day:
    random = Random(7)
    parties = [
        party(name, {slot for slot in range(6) if random.random() < present})
        for side in "da"
        for name in (f"{side}{i}" for i in range(20))
    ]
    offers = [
        offer(f"d{i}", f"a{j}", round(random.uniform(3, 4), 2))
        for i in range(20)
        for j in range(20)
    ]
    return day(parties, offers, 6, 8)


@pytest.mark.parametrize("present", [1.0, 0.7])
def test_a_day_of_twenty_by_twenty_is_proven_the_best(present: float) -> None:
    found = schedule(middle(present), 30)
    assert len(found.meetings) == 48
    assert found.optimal
    assert found.gap == 0
    assert found.total == pytest.approx(found.bound, rel=1e-5)


def test_where_people_are_hardly_there_the_gap_is_stated_and_small() -> None:
    found = schedule(middle(0.25), 5)
    assert found.total <= found.bound + 1e-6
    assert found.gap <= 0.01
    busy = Counter(
        (p, m.slot) for m in found.meetings for p in (m.demand_party, m.achievement_party)
    )
    assert set(busy.values()) == {1}


def test_a_first_meeting_comes_before_a_better_second_one() -> None:
    found = schedule(
        day(
            [party("甲"), party("乙"), party("丙"), party("丁")],
            [offer("甲", "乙", 4.0), offer("甲", "丙", 4.0), offer("丁", "乙", 3.0)],
            slots=2,
            rooms=1,
        )
    )
    assert pairs(found) == {("甲", "丙"), ("丁", "乙")}


def test_nobody_s_fifth_meeting_is_in_the_way_of_a_first() -> None:
    everybody = [offer(f"d{i}", f"a{j}", 4.0) for i in range(5) for j in range(5)]
    names = ["d9", *(f"{side}{i}" for side in "da" for i in range(5))]
    late = offer("d9", "a0", 3.0)
    found = schedule(day([party(name) for name in names], [*everybody, late], 5, 5))
    assert ("d9", "a0") in pairs(found)
    assert found.total == pytest.approx(24 * 4 + 3)


def test_the_total_decides_among_the_fair() -> None:
    parties = [party(name) for name in ("甲", "乙", "丙", "丁")]
    offers = [offer("甲", "丙", 3.1), offer("甲", "丁", 3.9), offer("乙", "丙", 3.9)]
    found = schedule(day(parties, [*offers, offer("乙", "丁", 3.1)], slots=1))
    assert pairs(found) == {("甲", "丁"), ("乙", "丙")}
    assert found.total == pytest.approx(7.8)


def test_the_total_weighs_a_grade_by_the_mean_priority_of_both() -> None:
    found = schedule(day([party("甲", priority=3), party("乙")], [offer("甲", "乙", 3.0)]))
    assert found.total == pytest.approx(6.0)
    assert found.spread == pytest.approx(4.0)


def test_who_has_priority_gets_the_only_room() -> None:
    parties = [party("甲"), party("乙", priority=2), party("丙"), party("丁")]
    found = schedule(day(parties, [offer("甲", "丙", 4.0), offer("乙", "丁", 3.0)], 1, 1))
    assert pairs(found) == {("乙", "丁")}
    assert [one.party for one in found.unplaced] == ["甲", "丙"]
    assert found.unplaced[0].reason.startswith("共同在场的时段里场地都已排满")


def test_a_fixed_meeting_stands_though_its_grade_is_low() -> None:
    one = replace(day(BOTH, [offer("甲", "乙", 1.2)]), fixed=[fixed("甲", "乙", 1, 1)])
    [meeting] = schedule(one).meetings
    assert (meeting.slot, meeting.room, meeting.fixed) == (1, 1, True)


def test_two_meetings_that_want_one_room_take_turns() -> None:
    parties = [party(name) for name in "甲乙丙丁"]
    one = day(parties, [offer("甲", "乙"), offer("丙", "丁")])
    found = schedule(replace(one, fixed=[fixed("甲", "乙", room=1), fixed("丙", "丁", room=1)]))
    assert sorted((m.slot, m.room) for m in found.meetings) == [(0, 1), (1, 1)]


def test_a_party_stays_in_its_room() -> None:
    parties = [party(name) for name in ("甲", "a", "b", "c", "乙", "d")]
    offers = [offer("甲", other) for other in "abc"] + [offer("乙", "d")]
    found = schedule(day(parties, offers, slots=3))
    assert len({m.room for m in found.meetings if m.demand_party == "甲"}) == 1


def test_the_same_day_gets_the_same_schedule() -> None:
    assert schedule(middle(0.7)).meetings == schedule(middle(0.7)).meetings


@pytest.mark.parametrize(
    ("parties", "offers", "said"),
    [
        ([party("甲"), party("乙")], [offer("甲", "乙", 2.9)], "没有期望等级达到 3 的配对"),
        ([party("甲", {0}), party("乙", {1})], [offer("甲", "乙")], "与“乙方”没有共同的到场时段"),
        ([party("甲", set()), party("乙")], [offer("甲", "乙")], "没有到场的时段"),
        ([party("甲", most=0), party("乙")], [offer("甲", "乙")], "最多场数为 0"),
        ([party("甲")], [], "没有期望等级达到 3 的配对"),
        ([party("甲")], [offer("甲", "甲")], "没有期望等级达到 3 的配对"),
    ],
)
def test_who_has_no_meeting_reads_why(parties: list[Party], offers: list[Offer], said: str) -> None:
    found = schedule(day(parties, offers))
    assert found.meetings == ()
    assert found.optimal
    assert found.unplaced[0].party == "甲"
    assert said in found.unplaced[0].reason


def test_who_is_left_over_reads_that_the_other_is_taken() -> None:
    parties = [party("甲", most=1), party("乙"), party("丙")]
    found = schedule(day(parties, [offer("乙", "甲", 4.0), offer("丙", "甲", 3.0)]))
    assert [(one.party, one.reason) for one in found.unplaced] == [
        ("丙", "“甲方”在共同的时段已排满，或已到最多场数。")
    ]


def test_a_day_without_anybody_is_empty_and_the_best() -> None:
    found = schedule(day([], []))
    assert (found.meetings, found.unplaced, found.optimal, found.gap) == ((), (), True, 0.0)


THREE = [party("甲"), party("乙"), party("丙")]
CHAIN = [offer("甲", "乙"), offer("丙", "乙")]


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        (day(BOTH, [], slots=0), "没有时段"),
        (day(BOTH, [], rooms=0), "没有场地"),
        (day([party("甲", most=-1)], []), "不能小于 0"),
        (day([party("甲", priority=0)], []), "优先级"),
        (day([party("甲", priority=float("nan"))], []), "优先级"),
        (day([party("甲", {5})], []), "超出了对接会的 2 个时段"),
        (day([party("甲")], [offer("甲", "乙")]), "“乙”不在参会方之列"),
        (day(BOTH, [offer("甲", "乙", float("nan"))]), "没有可用的期望等级"),
        (day(BOTH, [offer("甲", "乙"), offer("甲", "乙")]), "出现了两次"),
        (replace(day(BOTH, []), least=float("nan")), "最低等级"),
        (Day(1, 1, {"x": party("甲")}, []), "前后不一"),
        (replace(day(BOTH, []), fixed=[fixed("甲", "乙")]), "不在可选的配对之中"),
        (replace(day(BOTH, [offer("甲", "乙")]), fixed=[fixed("甲", "乙")] * 2), "固定了两次"),
        (replace(day(BOTH, [offer("甲", "乙")]), fixed=[fixed("甲", "乙", 2)]), "时段不存在"),
        (replace(day(BOTH, [offer("甲", "乙")]), fixed=[fixed("甲", "乙", 0, 2)]), "场地不存在"),
        (replace(day(BOTH, [offer("甲", "甲")]), fixed=[fixed("甲", "甲")]), "和自己见面"),
        (
            replace(day([party("甲", {0}), party("乙")], CHAIN[:1]), fixed=[fixed("甲", "乙", 1)]),
            "“甲方”在第 2 个时段不在场",
        ),
        (
            replace(
                day([party("甲", {0}), party("乙", {1})], CHAIN[:1]), fixed=[fixed("甲", "乙")]
            ),
            "没有共同的到场时段",
        ),
        (
            replace(day([party("甲", most=0), party("乙")], CHAIN[:1]), fixed=[fixed("甲", "乙")]),
            "“甲方”最多 0 场",
        ),
        (
            replace(day(THREE, CHAIN), fixed=[fixed("甲", "乙", 0), fixed("丙", "乙", 0)]),
            "2 场固定的会面不能同时安排：最多 1 场，",
        ),
        (
            replace(day(THREE, CHAIN, slots=1), fixed=[fixed("甲", "乙"), fixed("丙", "乙")]),
            "不能同时安排",
        ),
        (
            replace(
                day([*THREE, party("丁")], [offer("甲", "乙"), offer("丙", "丁")]),
                fixed=[fixed("甲", "乙", 0, 0), fixed("丙", "丁", 0, 0)],
            ),
            "不能同时安排",
        ),
    ],
)
def test_a_contradiction_is_named(wrong: Day, said: str) -> None:
    with pytest.raises(InvalidQuery) as caught:
        schedule(wrong)
    assert said in str(caught.value)
    assert caught.value.problems[0].field


def test_without_time_something_useful_still_comes_out() -> None:
    found = schedule(middle(0.7), 0.0)
    assert found.meetings
    assert found.total <= found.bound


def test_meetings_beyond_the_fourth_add_nothing_to_the_spread() -> None:
    others = ["a", "b", "c", "d", "e"]
    parties = [party(name) for name in ("甲", *others)]
    found = schedule(day(parties, [offer("甲", other) for other in others], slots=5))
    assert len(found.meetings) == 5
    assert found.spread == pytest.approx(5 + 1 + 1 / 2 + 1 / 3 + 1 / 4)


def test_meetings_begin_with_the_day() -> None:
    firms, groups = [party(f"f{n}") for n in range(3)], [party(f"g{n}") for n in range(3)]
    offers = [offer(f"f{n}", f"g{n}") for n in range(3)]
    found = schedule(day([*firms, *groups], offers, slots=9, rooms=2))
    assert [meeting.slot for meeting in found.meetings] == [0, 0, 1]


def test_who_comes_later_or_asked_for_a_time_is_not_moved_up() -> None:
    parties = [party("f", {4, 5}), party("g"), party("h"), party("k")]
    plan = day(parties, [offer("f", "g"), offer("h", "k")], slots=6)
    found = schedule(replace(plan, fixed=[fixed("h", "k", slot=3)]))
    assert [meeting.slot for meeting in found.meetings] == [3, 4]


def test_two_that_asked_for_one_room_are_not_moved_into_one_slot() -> None:
    offers = [offer("f", "g"), offer("h", "k")]
    plan = day([party(name) for name in "fghk"], offers, slots=5)
    wishes = [fixed("f", "g", room=1), fixed("h", "k", room=1)]
    found = schedule(replace(plan, fixed=wishes))
    assert [(meeting.slot, meeting.room) for meeting in found.meetings] == [(0, 1), (1, 1)]
