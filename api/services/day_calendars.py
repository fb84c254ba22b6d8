"""What of a matchmaking day stands in whose calendar.

The organiser's holds everything. A participant's holds its own meetings: a demanding party reads
the achievement and its provider, which every enterprise may see; an offering one reads no more of
a demand than the public does: its redacted title, and of a demand that only brokers may see the
field alone. Who is behind a demand is told at the meeting, by whoever is behind it.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from api.files.calendar import Event, calendar, programme_events
from api.security.redaction import public_demand
from api.security.roles import Actor
from api.services.day_programme import appointment, noted, programme, standing
from api.services.days import DayState, get
from api.services.workspace import Workspace
from api.store import MatchDay, MeetingLine
from matcher.errors import InvalidInput, NotFound
from matcher.records import Demand
from matcher.values import PUBLIC

_UNPUBLISHED: Final = "发布之后才能发出参会方的日历，请先核对日程，再点“发布”。"
_NOBODY: Final = "这一方在这次对接会中没有会面，请返回对接会重新选择。"


def day_calendar(workspace: Workspace, actor: Actor, id_: str, party: str) -> bytes:
    """That of a party, or the organiser's if none is named.

    Raises NotFound for a day or a party that is not there, InvalidInput for the calendar of a party
    of a day that is not published.
    """
    day = get(workspace, id_)
    if party:
        name, events = f"{day.name}：我方会面", _own(workspace, day, party)
    else:
        name, events = day.name, list(programme_events(programme(workspace, day)))
    noted(workspace, actor, day, "ics", len(events))
    return calendar(name, events, day.updated_at, day.version)


def _own(workspace: Workspace, day: MatchDay, party: str) -> list[Event]:
    if day.state != DayState.published:
        raise InvalidInput(_UNPUBLISHED)
    lines = standing(workspace, day)
    mine = [one for one in lines if party in (one.demand_party, one.achievement_party)]
    if not mine:
        raise NotFound(_NOBODY)
    demands = workspace.demands.get_many([one.demand_id for one in mine])
    return list(_events(day, mine, party, demands))


def _events(
    day: MatchDay, mine: Sequence[MeetingLine], party: str, demands: Mapping[str, Demand]
) -> Iterator[Event]:
    for one in mine:
        if one.demand_party == party:
            yield _event(day, one, *_to_demanding(one))
        elif one.demand_id in demands:
            yield _event(day, one, *_to_offering(one, demands[one.demand_id]))


def _to_demanding(one: MeetingLine) -> tuple[str, str]:
    provider = "" if one.achievement_party == one.achievement_id else f"（{one.achievement_party}）"
    subject = f"{one.achievement_title}{provider}"
    return f"对接：{subject}", f"我方需求：{one.demand_title}\n对方成果：{subject}"


def _to_offering(one: MeetingLine, demand: Demand) -> tuple[str, str]:
    seen = public_demand(demand).title if demand.confidentiality == PUBLIC else "一项企业需求"
    subject = f"{seen}（{demand.field}）" if demand.field else seen
    return f"对接：{subject}", f"对方需求：{subject}\n我方成果：{one.achievement_title}"


def _event(day: MatchDay, one: MeetingLine, summary: str, description: str) -> Event:
    at = appointment(day, one)
    place = "，".join(part for part in (day.place, at.room) if part)
    return Event(f"{day.id}-{at.key}@hongniang", at.start, at.end, place, summary, description)
