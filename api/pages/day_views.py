"""Matchmaking days as people read them."""

from collections.abc import Sequence
from datetime import date
from typing import Final

from api.pages.contexts.cases import Tab
from api.pages.contexts.days import DayEntry, Head, Participant, Quality
from api.pages.presenting import moment
from api.services.day_drafts import DayPlan
from api.services.day_records import Records, achievement_party, demand_party
from api.services.days import STATE_NAMES, DayState, plan_of
from api.store import DayLine, MatchDay, MeetingLine

PRIORITIES: Final = {"1": "一般", "1.5": "优先", "2": "重点"}
_WEEKDAYS: Final = "一二三四五六日"


def entry(line: DayLine) -> DayEntry:
    """A day in the list."""
    day = line.day
    state = DayState(day.state)
    when = _when(day.date)
    return DayEntry(
        f"/days/{day.id}", day.name, when, day.place, state, STATE_NAMES[state], line.meetings
    )


def head(day: MatchDay, here: str) -> Head:
    """What stands above the pages of a day, ``here`` being one of them."""
    base, plan = f"/days/{day.id}", plan_of(day)
    first, last = plan.clock(0)[:5], plan.clock(plan.slots - 1)[-5:]
    places = (
        ("", "日程"),
        ("/participants", "参会安排"),
        ("/fixed", "必须安排"),
        ("/edit", "设置"),
    )
    return Head(
        id=day.id,
        name=day.name,
        version=day.version,
        state=day.state,
        state_name=STATE_NAMES[DayState(day.state)],
        when=f"{_when(day.date)} {first}–{last}",
        place=day.place,
        tabs=[Tab(base + path, name, path == here) for path, name in places],
    )


def facts(plan: DayPlan, meetings: int) -> list[tuple[str, str]]:
    """The size of a day, label and value."""
    return [
        ("时段", f"{plan.slots} 个，每场 {plan.minutes} 分钟"),
        ("场地", f"{len(plan.rooms)} 处"),
        ("需求", f"{len(plan.demands)} 条"),
        ("成果", f"{len(plan.achievements)} 项"),
        ("最低等级", f"{plan.least:g}"),
        ("每方最多", f"{plan.most} 场"),
        ("会面", f"{meetings} 场"),
    ]


def quality(day: MatchDay, meetings: Sequence[MeetingLine]) -> Quality | None:
    """What the last arrangement achieved, if there was one."""
    if day.arranged_at is None or day.total is None:
        return None
    parties = {party for one in meetings for party in (one.demand_party, one.achievement_party)}
    return Quality(
        meetings=len(meetings),
        parties=len(parties),
        total=f"{day.total:.1f}",
        bound=f"{day.bound:.1f}" if day.bound is not None else "",
        said=said(day.gap),
        is_best=not day.gap,
        at=moment(day.arranged_at),
    )


def said(gap: float | None) -> str:
    """How far from the bound a schedule may be, in words; rounded up, never down."""
    if not gap:
        return "已证明最优"
    tenths = -(-gap * 1000 // 1)
    return f"距上界不超过 {tenths / 10:g} %"


def participants(plan: DayPlan, records: Records) -> list[Participant]:
    """All parties by the side that they are on."""
    of_demands: dict[str, list[str]] = {}
    of_achievements: dict[str, list[str]] = {}
    for demand in records.demands:
        of_demands.setdefault(demand_party(demand), []).append(demand.title)
    for offer in records.achievements:
        of_achievements.setdefault(achievement_party(offer), []).append(offer.title)
    every = range(plan.slots)
    return [
        Participant(
            id=party,
            name=name,
            side=_side(party in of_demands, party in of_achievements),
            records=(*of_demands.get(party, ()), *of_achievements.get(party, ())),
            priority=f"{plan.priorities.get(party, 1.0):g}",
            slots=frozenset(plan.presence.get(party, every)),
        )
        for party, name in records.parties.items()
    ]


def _side(needs: bool, offers: bool) -> str:
    if needs and offers:
        return "需求方、成果方"
    return "需求方" if needs else "成果方"


def _when(day: str) -> str:
    return f"{day} 周{_WEEKDAYS[date.fromisoformat(day).weekday()]}"
