"""The rest of the innovation chain, for browsers: calls, and a day of meetings."""

from datetime import timedelta
from typing import Final

from api.pages.call_views import SEPARATOR
from api.security.roles import Actor
from api.services import calls, day_arranging, day_meetings, days, topics
from api.services.call_drafts import CallChange
from api.services.day_drafts import Break, DayDraft
from api.services.outlooks import survey
from api.services.times import today
from api.services.workspace import Workspace
from matcher.calls import FIELDS
from matcher.values import FINAL, PILOT

_ENOUGH: Final = 60.0
"""Seconds in which all demands of the demo are surveyed many times over."""

_PRESENT: Final = 12
"""Demands of the matchmaking day."""


def chain(workspace: Workspace, actor: Actor) -> dict[str, str]:
    """What there is of resources, calls and days; ids by what they are of."""
    while survey(workspace, _ENOUGH):
        pass
    found = workspace.resources.page(100).items
    pilot = min(one.id for one in found if one.kind == PILOT)
    return {"resource": pilot} | _calls(workspace, actor) | _days(workspace, actor)


def _calls(workspace: Workspace, actor: Actor) -> dict[str, str]:
    """A draft with gaps of the largest topic, and a call that is final."""
    largest, other, *_ = topics.topics(workspace, topics.Wanted()).items
    done = calls.make(workspace, actor, other.ids)
    texts = dict.fromkeys(FIELDS, "以双方签订的合同为准。")
    final = CallChange(title=done.title, state=FINAL, **texts)
    calls.change(workspace, actor, done.id, final, done.version)
    draft = calls.make(workspace, actor, largest.ids)
    return {"topic": SEPARATOR.join(largest.ids), "call": draft.id}


def _days(workspace: Workspace, actor: Actor) -> dict[str, str]:
    """One that nobody has arranged, and one with a meeting fixed by hand."""
    draft = DayDraft(
        name="冬季对接会",
        date=(today() + timedelta(21)).isoformat(),
        place="成果转化中心二楼",
        slots=6,
        breaks=(Break(after=3, minutes=20),),
        least=2,
        most=3,
        demands=tuple(sorted(workspace.demands.stamps())[:_PRESENT]),
    )
    days.make(workspace, actor, draft.model_copy(update={"name": "先进制造对接会", "place": ""}))
    made = days.make(workspace, actor, draft)
    day = day_arranging.arrange(workspace, actor, made.id, made.version)
    first = workspace.store.days.meetings(day.id)[0]
    pair, place = (first.demand_id, first.achievement_id), (first.slot, first.room)
    day_meetings.move(workspace, actor, day.id, pair, place, day.version)
    return {"day": day.id, "meeting": "/".join(pair)}
