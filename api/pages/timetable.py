"""The timetable of a matchmaking day as people read it: slots and rooms, agendas, free places."""

from collections.abc import Iterator, Sequence
from typing import Final

from api.pages.contexts.cases import Tab
from api.pages.contexts.timetable import Agenda, Appointment, Grid, MeetingCell, SlotRow
from api.pages.hrefs import address
from api.services.day_drafts import DayPlan
from api.services.days import DayState, plan_of
from api.store import MatchDay, MeetingLine

ROOMS_AT_ONCE: Final = 6


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


def _rest(plan: DayPlan, slot: int) -> str:
    minutes = sum(rest.minutes for rest in plan.breaks if rest.after == slot)
    return f"休息 {minutes} 分钟" if minutes else ""


def _span(start: int, rooms: int) -> str:
    return f"场地 {start + 1}–{min(start + ROOMS_AT_ONCE, rooms)}"


def wanted_place(plan: DayPlan, slot: int | None, room: int | None) -> str:
    """When and where a meeting must be, as far as that was said."""
    parts = [
        time(plan, slot) if slot is not None else "时段不限",
        room_name(plan, room) if room is not None else "场地不限",
    ]
    return "，".join(parts)
