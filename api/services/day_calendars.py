"""What of a matchmaking day stands in whose calendar.

The organiser's holds everything. A participant's holds its own meetings: a demanding party reads
the achievement and its provider, which every enterprise may see; an offering one reads no more of
a demand than the public does: its redacted title, and of a demand that only brokers may see the
field alone. Who is behind a demand is told at the meeting, by whoever is behind it.
"""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from api.security.redaction import public_demand
from api.security.roles import Actor
from api.services.auditing import Action, note
from api.services.days import DayState, get, plan_of
from api.services.times import day_begins
from api.services.workspace import Workspace
from api.store import MatchDay, MeetingLine
from matcher.errors import InvalidInput, NotFound
from matcher.records import Demand
from matcher.values import PUBLIC

_ZONE: Final = ZoneInfo("Asia/Shanghai")
_MAKER: Final = "-//Hongniang//matchmaking day//ZH"
_UNPUBLISHED: Final = "发布之后才能发出参会方的日历，请先核对日程，再点“发布”。"


@dataclass(frozen=True, slots=True)
class Appointment:
    """One entry of a calendar; ``uid`` stays the same when it is moved."""

    uid: str
    begins: datetime
    ends: datetime
    summary: str
    room: str
    details: str


def calendar_of(workspace: Workspace, actor: Actor, id_: str, party: str) -> bytes:
    """That of a party, or of everybody if none is named. Raises as the two below."""
    if party:
        return own_calendar(workspace, actor, id_, party)
    return whole_calendar(workspace, actor, id_)


def whole_calendar(workspace: Workspace, actor: Actor, id_: str) -> bytes:
    """The day with all its meetings, for the organiser. Raises NotFound."""
    day = get(workspace, id_)
    found = _standing(workspace, day)
    _noted(workspace, actor, day, len(found))
    return _written(day, [_appointment(day, one, *_told_whole(one)) for one in found])


def own_calendar(workspace: Workspace, actor: Actor, id_: str, party: str) -> bytes:
    """The meetings of one party, saying no more than it may know.

    Raises NotFound for a party without meetings, InvalidInput for a day that is not published.
    """
    day = get(workspace, id_)
    if day.state != DayState.published:
        raise InvalidInput(_UNPUBLISHED)
    lines = _standing(workspace, day)
    mine = [one for one in lines if party in (one.demand_party, one.achievement_party)]
    if not mine:
        raise NotFound("这一方在这次对接会中没有会面，请返回对接会重新选择。")
    demands = workspace.demands.get_many([one.demand_id for one in mine])
    _noted(workspace, actor, day, len(mine))
    return _written(day, list(_own(day, mine, party, demands)))


def _own(
    day: MatchDay, mine: Sequence[MeetingLine], party: str, demands: Mapping[str, Demand]
) -> Iterator[Appointment]:
    for one in mine:
        if one.demand_party == party:
            yield _appointment(day, one, *_told_demanding(one))
        elif one.demand_id in demands:
            yield _appointment(day, one, *_told_offering(one, demands[one.demand_id]))


def _told_whole(one: MeetingLine) -> tuple[str, str]:
    summary = f"{one.demand_party} × {one.achievement_party}"
    return summary, f"需求：{one.demand_title}\n成果：{one.achievement_title}"


def _told_demanding(one: MeetingLine) -> tuple[str, str]:
    provider = "" if one.achievement_party == one.achievement_id else f"（{one.achievement_party}）"
    summary = f"对接：{one.achievement_title}{provider}"
    return summary, f"我方需求：{one.demand_title}\n对方成果：{one.achievement_title}{provider}"


def _told_offering(one: MeetingLine, demand: Demand) -> tuple[str, str]:
    seen = public_demand(demand).title if demand.confidentiality == PUBLIC else ""
    field = f"（{demand.field}）" if demand.field else ""
    subject = f"{seen or '一项企业需求'}{field}"
    return f"对接：{subject}", f"对方需求：{subject}\n我方成果：{one.achievement_title}"


def _standing(workspace: Workspace, day: MatchDay) -> list[MeetingLine]:
    """Meetings whose records were not withdrawn, in slots that the day still has."""
    plan = plan_of(day)
    return [
        one
        for one in workspace.store.days.meetings(day.id)
        if one.stands and one.slot < plan.slots and one.room < len(plan.rooms)
    ]


def _appointment(day: MatchDay, one: MeetingLine, summary: str, details: str) -> Appointment:
    plan = plan_of(day)
    midnight = day_begins(date.fromisoformat(day.date)).astimezone(_ZONE)
    begins = midnight + timedelta(minutes=plan.starts(one.slot))
    known = "\n".join((day.id, one.demand_id, one.achievement_id))
    return Appointment(
        uid=f"{hashlib.sha256(known.encode()).hexdigest()[:32]}@hongniang",
        begins=begins,
        ends=begins + timedelta(minutes=plan.minutes),
        summary=summary,
        room=" ".join(part for part in (day.place, plan.rooms[one.room]) if part),
        details=f"{day.name}\n{details}",
    )


def _written(day: MatchDay, appointments: Sequence[Appointment]) -> bytes:
    """As RFC 5545 has it, with the definition of the zone."""
    from icalendar import Calendar, Event  # loads slowly

    calendar = Calendar()
    calendar.add("prodid", _MAKER)
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", day.name)
    for one in appointments:
        event = Event()
        event.add("uid", one.uid)
        event.add("dtstamp", day.updated_at)
        event.add("sequence", day.version)
        event.add("dtstart", one.begins)
        event.add("dtend", one.ends)
        event.add("summary", one.summary)
        event.add("location", one.room)
        event.add("description", one.details)
        event.add("status", "CONFIRMED" if day.state == DayState.published else "TENTATIVE")
        calendar.add_component(event)
    calendar.add_missing_timezones()
    return bytes(calendar.to_ical())


def _noted(workspace: Workspace, actor: Actor, day: MatchDay, count: int) -> None:
    with workspace.store.writing() as unit:
        details = {"format": "ics", "rows": count, "day": day.id}
        note(workspace.store, unit, actor, Action.export, "days", **details)
