"""One matchmaking day (对接会): its schedule, and the buttons that bring it on."""

from collections.abc import Callable, Sequence
from typing import Annotated, Final, Literal

from fastapi import APIRouter, Query, Request, Response
from fastapi.responses import RedirectResponse

from api.access.downloads import CALENDAR, Format, attachment, download
from api.access.guard import Exporter, GuardedRoute, StaffReader, StaffWriter
from api.access.parameters import Space
from api.pages import day_views, timetable
from api.pages.contexts.cases import Tab
from api.pages.contexts.days import DayPage
from api.pages.forms import Typed, version_in
from api.pages.rendering import render
from api.services import day_arranging, day_calendars, day_programme, days
from api.services.days import DayState
from api.services.workspace import Workspace
from api.store import Job, MatchDay, State
from matcher.errors import EditConflict, InvalidInput

router = APIRouter(include_in_schema=False, route_class=GuardedRoute)
_AGENDAS: Final = 24
_View = Literal["rooms", "parties"]
_Part = Annotated[int, Query(ge=0, le=1000)]


@router.get("/days/{id}")
def one_day(
    request: Request,
    space: Space,
    actor: StaffReader,  # noqa: ARG001 - who may call
    id: str,
    view: _View = "rooms",
    part: _Part = 0,
) -> Response:
    """The schedule by time and room, or by party."""
    return _page(request, space, days.get(space, id), view, part)


@router.post("/days/{id}/arrange")
def arrange(request: Request, space: Space, actor: StaffWriter, id: str, typed: Typed) -> Response:
    """Find the best schedule, now or in the background."""

    def act() -> None:
        day_arranging.arrange(space, actor, id, version_in(typed))

    return _attempt(request, space, id, act)


@router.post("/days/{id}/publish")
def publish(request: Request, space: Space, actor: StaffWriter, id: str, typed: Typed) -> Response:
    """Publish it, or take that back."""

    def act() -> None:
        days.publish(space, actor, id, typed.get("published") == "1", version_in(typed))

    return _attempt(request, space, id, act)


@router.post("/days/{id}/remove")
def remove(request: Request, space: Space, actor: StaffWriter, id: str, typed: Typed) -> Response:
    """Back to the list, without it."""

    def act() -> None:
        days.remove(space, actor, id, version_in(typed))

    return _attempt(request, space, id, act, "/days")


@router.get("/days/{id}/calendar.ics")
def calendar_file(
    space: Space,
    actor: Exporter,
    id: str,
    party: Annotated[str, Query(max_length=200)] = "",
) -> Response:
    """Of everybody for the organiser, or of one party to be handed out."""
    content = day_calendars.day_calendar(space, actor, id, party)
    return attachment(content, CALENDAR, "day.ics")


@router.get("/days/{id}/schedule.xlsx")
def workbook(space: Space, actor: Exporter, id: str) -> Response:
    """For the organiser: by time, by room, by party."""
    return download(day_programme.day_workbook(space, actor, id), Format.xlsx)


def _attempt(
    request: Request, space: Workspace, id_: str, act: Callable[[], None], then: str = ""
) -> Response:
    """Do it and go on; or show the day with what stood in the way."""
    try:
        act()
    except InvalidInput as error:
        return _page(request, space, days.get(space, id_), trouble=[str(error)], status=422)
    except EditConflict:
        found = ["这次对接会刚被别人改过，刚才的操作没有执行，请核对本页后再试。"]
        return _page(request, space, days.get(space, id_), trouble=found, status=412)
    return RedirectResponse(then or f"/days/{id_}", status_code=303)


def _page(
    request: Request,
    space: Workspace,
    day: MatchDay,
    view: _View = "rooms",
    part: int = 0,
    trouble: Sequence[str] = (),
    status: int = 200,
) -> Response:
    meetings, job = space.store.days.meetings(day.id), _job(space, day)
    agendas = timetable.agendas(day, meetings) if view == "parties" else []
    first = part * _AGENDAS
    failed = [job.message] if job and job.state == State.failed else []
    context = DayPage(
        title=day.name,
        head=day_views.head(day, ""),
        facts=day_views.facts(days.plan_of(day), len(meetings)),
        view=view,
        views=[
            Tab(f"/days/{day.id}", "按时段和场地", view == "rooms"),
            Tab(f"/days/{day.id}?view=parties", "按参会方", view == "parties"),
        ],
        quality=day_views.quality(day, meetings),
        grid=timetable.grid(day, meetings, part) if view == "rooms" and meetings else None,
        agendas=agendas[first : first + _AGENDAS],
        pages=_pages(day.id, len(agendas), part),
        unplaced=[(one["party"], one["reason"]) for one in day.unplaced],
        missing=day.missing,
        working=job is not None and not job.is_finished,
        stale=day.state == DayState.draft and bool(meetings),
        trouble=[*trouble, *failed],
    )
    return render(request, context, status)


def _job(space: Workspace, day: MatchDay) -> Job | None:
    return space.store.jobs.get(day.job_id) if day.job_id else None


def _pages(id_: str, count: int, part: int) -> list[Tab]:
    if count <= _AGENDAS:
        return []
    return [
        Tab(
            f"/days/{id_}?view=parties&part={number}",
            f"{start + 1}–{min(start + _AGENDAS, count)}",
            number == part,
        )
        for number, start in enumerate(range(0, count, _AGENDAS))
    ]
