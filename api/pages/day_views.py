"""Matchmaking days as people read them."""

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Final

from api.pages.contexts.cases import Tab
from api.pages.contexts.days import (
    Agenda,
    Appointment,
    DayEntry,
    Grid,
    Head,
    MeetingCell,
    Participant,
    Quality,
    SlotRow,
)
from api.pages.hrefs import address
from api.pages.presenting import moment
from api.services.day_drafts import DayPlan
from api.services.day_records import Records, achievement_party, demand_party
from api.services.days import STATE_NAMES, DayState, plan_of
from api.store import DayLine, MatchDay, MeetingLine

ROOMS_AT_ONCE: Final = 6
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


def cell(day_id: str, line: MeetingLine) -> MeetingCell:
    """A meeting; parties are shown by name."""
    return MeetingCell(
        href=f"/days/{day_id}/meetings/{line.demand_id}/{line.achievement_id}",
        demand_party=_shown(line.demand_party, line.demand_id, line.demand_title),
        achievement_party=_shown(
            line.achievement_party, line.achievement_id, line.achievement_title
        ),
        demand=line.demand_title,
        achievement=line.achievement_title,
        grade=f"{line.grade:.1f}",
        fixed=line.fixed,
        stands=line.stands,
    )


def grid(day: MatchDay, meetings: Sequence[MeetingLine], part: int) -> Grid:
    """Slots times rooms, some of the rooms at a time; rows without a meeting stay."""
    plan = plan_of(day)
    rooms = max([len(plan.rooms), *(one.room + 1 for one in meetings)])
    slots = max([plan.slots, *(one.slot + 1 for one in meetings)])
    parts = range(0, rooms, ROOMS_AT_ONCE)
    first = min(part, len(parts) - 1) * ROOMS_AT_ONCE
    shown = range(first, min(first + ROOMS_AT_ONCE, rooms))
    at = {(one.slot, one.room): cell(day.id, one) for one in meetings}
    pages = [
        Tab(f"/days/{day.id}?part={number}", _span(start, rooms), start == first)
        for number, start in enumerate(parts)
    ]
    return Grid(
        [room_name(plan, room) for room in shown],
        [
            SlotRow(time(plan, slot), [at.get((slot, room)) for room in shown], _rest(plan, slot))
            for slot in range(slots)
        ],
        pages if len(pages) > 1 else [],
    )


def agendas(day: MatchDay, meetings: Sequence[MeetingLine]) -> list[Agenda]:
    """All parties with meetings, by name, each with its own in order of time."""
    found: dict[str, list[Appointment]] = {}
    names: dict[str, str] = {}
    for one in meetings:
        for party, name, appointment in _sides(day, one):
            found.setdefault(party, []).append(appointment)
            names[party] = name
    return [
        Agenda(names[party], _calendar(day, party), found[party])
        for party in sorted(found, key=lambda party: names[party])
    ]


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


def time(plan: DayPlan, slot: int) -> str:
    """When a slot is; one that the plan no longer has is named by its number."""
    return plan.clock(slot) if slot < plan.slots else f"第 {slot + 1} 个时段"


def room_name(plan: DayPlan, room: int) -> str:
    """The name of a room; the number of one that the plan no longer has."""
    return plan.rooms[room] if room < len(plan.rooms) else f"第 {room + 1} 处场地"


def choices(plan: DayPlan, meetings: Sequence[MeetingLine], one: MeetingLine) -> list[str]:
    """All slots, each with what speaks against it for this meeting."""
    return [time(plan, slot) + _against(plan, meetings, one, slot) for slot in range(plan.slots)]


def _against(plan: DayPlan, meetings: Sequence[MeetingLine], one: MeetingLine, slot: int) -> str:
    if slot == one.slot:
        return "（现在）"
    parties = {one.demand_party, one.achievement_party}
    now = [other for other in meetings if other.slot == slot]
    if any(slot not in plan.presence.get(party, (slot,)) for party in parties):
        return "（有一方不在场）"
    if any(parties & {other.demand_party, other.achievement_party} for other in now):
        return "（有一方另有会面）"
    return "（场地已满）" if len(now) >= len(plan.rooms) else "（双方有空）"


def _sides(day: MatchDay, one: MeetingLine) -> Iterator[tuple[str, str, Appointment]]:
    plan, seen = plan_of(day), cell(day.id, one)
    at = time(plan, one.slot), room_name(plan, one.room)
    needing, offering = seen.demand_party, seen.achievement_party
    yield (
        one.demand_party,
        needing,
        Appointment(*at, offering, seen.achievement, seen.href),
    )
    yield one.achievement_party, offering, Appointment(*at, needing, seen.demand, seen.href)


def _calendar(day: MatchDay, party: str) -> str:
    """Where the calendar of a party is, once the day is published."""
    if day.state != DayState.published:
        return ""
    return address(f"/days/{day.id}/calendar.ics", party=party)


def _shown(party: str, record: str, title: str) -> str:
    return title if party == record else party


def _side(needs: bool, offers: bool) -> str:
    if needs and offers:
        return "需求方、成果方"
    return "需求方" if needs else "成果方"


def _rest(plan: DayPlan, slot: int) -> str:
    minutes = sum(rest.minutes for rest in plan.breaks if rest.after == slot)
    return f"休息 {minutes} 分钟" if minutes else ""


def _span(start: int, rooms: int) -> str:
    return f"场地 {start + 1}–{min(start + ROOMS_AT_ONCE, rooms)}"


def _when(day: str) -> str:
    return f"{day} 周{_WEEKDAYS[date.fromisoformat(day).weekday()]}"


def wanted_place(plan: DayPlan, slot: int | None, room: int | None) -> str:
    """When and where a meeting must be, as far as that was said."""
    parts = [
        time(plan, slot) if slot is not None else "时段不限",
        room_name(plan, room) if room is not None else "场地不限",
    ]
    return "，".join(parts)
