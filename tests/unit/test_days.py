"""Matchmaking days in the store, the clock of their plans, and how gaps are told."""

from datetime import UTC, datetime
from typing import Any

import pytest
from pydantic import ValidationError

from api.pages.day_views import said
from api.security.roles import Actor
from api.services import days
from api.services.day_drafts import DayDraft
from api.services.workspace import Workspace
from api.store import Booked, MatchDay
from matcher.errors import EditConflict, InvalidInput, NotFound, StoreUnavailable

DRAFT: dict[str, Any] = {
    "name": "试办",
    "date": "2026-12-18",
    "demands": ["d1"],
    "achievements": ["a1"],
}


def plan(**changes: Any) -> DayDraft:
    return DayDraft.model_validate(DRAFT | changes)


def booked(achievement: str = "a1", slot: int = 0, room: int = 0) -> Booked:
    return Booked("d1", achievement, "企业甲", "大学乙", slot, room, 3.2, False)


@pytest.fixture
def day(space: Workspace, broker: Actor) -> MatchDay:
    return days.make(space, broker, plan())


def test_a_day_comes_back_as_it_was_kept(space: Workspace, day: MatchDay) -> None:
    assert days.get(space, day.id) == day
    assert days.plan_of(day).rooms == plan().rooms
    assert [(line.day.id, line.meetings) for line in space.store.days.page(5)] == [(day.id, 0)]
    for nobody in ("m0", "\0", "会"):
        with pytest.raises(NotFound):
            days.get(space, nobody)
    assert space.store.days.page(5, after=day.id) == space.store.days.page(5, after="会") == []


def test_meetings_are_replaced_moved_and_gone_with_their_day(
    space: Workspace, broker: Actor, day: MatchDay
) -> None:
    store = space.store.days
    with space.store.writing() as unit:
        store.book(unit, day.id, [booked(), booked("a2", 1)])
    with space.store.writing() as unit:
        store.book(unit, day.id, [booked("a2", 2, 1), booked("a1", 1)])
        assert [one.slot for one in store.booked(unit, day.id)] == [1, 2]
    with space.store.writing() as unit:
        store.rebook(unit, day.id, booked("a1", 3, 2))
    found = store.meetings(day.id)
    assert [(one.achievement_id, one.slot, one.room) for one in found] == [
        ("a2", 2, 1),
        ("a1", 3, 2),
    ]
    assert {one.stands for one in found} == {True}
    assert found[0].achievement_title == "另一项"
    days.remove(space, broker, day.id, 1)
    assert store.meetings(day.id) == store.page(5) == []


def test_two_meetings_cannot_be_kept_at_one_place(space: Workspace, day: MatchDay) -> None:
    with pytest.raises(StoreUnavailable, match="冲突"), space.store.writing() as unit:
        space.store.days.book(unit, day.id, [booked(), booked("a2")])
    assert space.store.days.meetings(day.id) == []


def test_every_write_is_audited(space: Workspace, broker: Actor, day: MatchDay) -> None:
    changed = days.change(space, broker, day.id, plan(name="改名"), 1)
    assert changed.version == 2
    assert days.change(space, broker, day.id, plan(name="改名"), 1).version == 2  # already so
    with pytest.raises(EditConflict):
        days.change(space, broker, day.id, plan(most=1), 1)
    with pytest.raises(InvalidInput, match="排期之后才能发布"):
        days.publish(space, broker, day.id, True, 2)
    days.remove(space, broker, day.id, 2)
    lines = space.store.audit.page(9, subject=day.id)
    assert [line.action for line in lines] == ["day-remove", "day-change", "day-make"]


def test_a_new_name_needs_no_new_arrangement_but_a_new_plan_does(
    space: Workspace, broker: Actor, day: MatchDay
) -> None:
    with space.store.writing() as unit:
        space.store.days.change(
            unit, day.id, {"state": "arranged", "arranged_at": datetime.now(UTC)}
        )
    assert days.change(space, broker, day.id, plan(place="三楼"), 2).state == "arranged"
    assert days.change(space, broker, day.id, plan(place="三楼", most=1), 3).state == "draft"


def test_slots_go_on_after_breaks() -> None:
    day = plan(start="09:00", minutes=20, slots=4, breaks=[{"after": 2, "minutes": 90}])
    times = [day.clock(slot) for slot in range(4)]
    assert times == ["09:00–09:20", "09:20–09:40", "11:10–11:30", "11:30–11:50"]
    assert plan(start="23:40", minutes=20, slots=1).clock(0) == "23:40–24:00"
    with pytest.raises(ValidationError, match="排到了次日"):
        plan(start="23:41", minutes=20, slots=1)


@pytest.mark.parametrize(
    ("gap", "sentence"),
    [
        (0.0, "已证明最优"),
        (None, "已证明最优"),
        (0.006, "距上界不超过 0.6 %"),
        (0.0061, "距上界不超过 0.7 %"),
        (0.00001, "距上界不超过 0.1 %"),
    ],
)
def test_gaps_are_told_in_words_and_never_rounded_down(gap: float | None, sentence: str) -> None:
    assert said(gap) == sentence
