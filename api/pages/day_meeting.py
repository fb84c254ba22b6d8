"""One meeting of a matchmaking day: moved by hand, or let go."""

from collections.abc import Sequence

from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse

from api.access.guard import GuardedRoute, StaffFilling, StaffReader
from api.access.parameters import Space
from api.pages import day_views, timetable
from api.pages.contexts.days import MeetingPage
from api.pages.days import CONFLICT
from api.pages.forms import Typed, version_in
from api.pages.rendering import render
from api.services import day_meetings, days
from api.services.workspace import Workspace
from matcher.errors import EditConflict, InvalidInput, NotFound

router = APIRouter(include_in_schema=False, route_class=GuardedRoute)


@router.get("/days/{id}/meetings/{demand}/{achievement}")
def meeting(
    request: Request,
    space: Space,
    actor: StaffReader,  # noqa: ARG001 - who may call
    id: str,
    demand: str,
    achievement: str,
) -> Response:
    """One meeting, and where else it could be."""
    return _meeting_page(request, space, id, (demand, achievement))


@router.post("/days/{id}/meetings/{demand}/{achievement}")
def move(
    request: Request,
    space: Space,
    actor: StaffFilling,
    id: str,
    demand: str,
    achievement: str,
    typed: Typed,
) -> Response:
    """Move it and fix it there, or let it go."""
    pair, version = (demand, achievement), version_in(typed)
    place = version_in(typed, "slot"), version_in(typed, "room")
    try:
        if typed.get("act") == "release":
            day_meetings.release(space, actor, id, pair, version)
        else:
            day_meetings.move(space, actor, id, pair, place, version)
    except InvalidInput as error:
        said = [problem.message for problem in error.problems] or [str(error)]
        return _meeting_page(request, space, id, pair, said, place, 422)
    except EditConflict:
        return _meeting_page(request, space, id, pair, [CONFLICT], place, 412)
    return RedirectResponse(f"/days/{id}", status_code=303)


def _meeting_page(
    request: Request,
    space: Workspace,
    id_: str,
    pair: tuple[str, str],
    trouble: Sequence[str] = (),
    place: tuple[int, int] | None = None,
    status: int = 200,
) -> Response:
    day, meetings = days.get(space, id_), space.store.days.meetings(id_)
    plan = days.plan_of(day)
    for one in meetings:
        if (one.demand_id, one.achievement_id) == pair:
            break
    else:
        raise NotFound("这场会面已不在排期中，请返回对接会重新选择。")
    slot, room = place or (one.slot, one.room)
    context = MeetingPage(
        title="调整会面",
        head=day_views.head(day, "/meetings"),
        cell=timetable.cell(id_, one),
        demand_href=f"/demands/{one.demand_id}?pin={one.achievement_id}",
        achievement_href=f"/achievements/{one.achievement_id}",
        at=f"{timetable.time(plan, one.slot)} {timetable.room_name(plan, one.room)}",
        times=timetable.choices(plan, meetings, one),
        rooms=plan.rooms,
        slot=slot,
        room=room,
        trouble=trouble,
    )
    return render(request, context, status)
