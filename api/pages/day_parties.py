"""参会安排 of a matchmaking day: who is there when, and which meetings must be."""

from collections.abc import Mapping, Sequence
from typing import Annotated, Final

from fastapi import APIRouter, Depends, Query, Request, Response
from fastapi.responses import RedirectResponse
from starlette.datastructures import FormData

from api.access.guard import GuardedRoute, StaffFilling, StaffReader, StaffTicking
from api.access.parameters import Space
from api.pages import day_views, timetable
from api.pages.contexts.cases import Tab
from api.pages.contexts.days import FixedEntry, FixedPage, ParticipantsPage
from api.pages.days import CONFLICT
from api.pages.forms import Typed, version_in
from api.pages.rendering import render
from api.services import days
from api.services.day_records import taking_part
from api.services.workspace import Workspace
from api.store import MatchDay
from matcher.errors import EditConflict, InvalidInput

router = APIRouter(include_in_schema=False, route_class=GuardedRoute)
_AT_ONCE: Final = 20
_Start = Annotated[int, Query(ge=0, le=1000)]


async def _ticked(request: Request) -> FormData:
    """The form, which the guard has read."""
    return await request.form()


@router.get("/days/{id}/participants")
def participants(
    request: Request,
    space: Space,
    actor: StaffReader,  # noqa: ARG001 - who may call
    id: str,
    start: _Start = 0,
    saved: bool = False,
) -> Response:
    """Some of the parties, each with a tick for every slot in which it is there."""
    return _page(request, space, days.get(space, id), start, saved)


@router.post("/days/{id}/participants")
def attend(
    request: Request,
    space: Space,
    actor: StaffTicking,
    id: str,
    sent: Annotated[FormData, Depends(_ticked)],
    start: _Start = 0,
) -> Response:
    """Keep presence and priorities of the parties shown; those of the others stay."""
    day = days.get(space, id)
    plan = dict(day.plan)
    for number, party in enumerate(_texts(sent, "party")[:_AT_ONCE]):
        plan["presence"] = {**plan["presence"], party: _slots(sent, number)}
        plan["priorities"] = {**plan["priorities"], party: _priority(sent, number)}
    plan = _without_defaults(plan)
    changed = {name: plan[name] for name in ("presence", "priorities")}
    version = version_in({"version": "".join(_texts(sent, "version"))})
    try:
        days.adjust(space, actor, id, version, **changed)
    except InvalidInput as error:
        return _page(request, space, day, start, trouble=[str(error)], plan=plan, status=422)
    except EditConflict:
        fresh = days.get(space, id)
        return _page(request, space, fresh, start, trouble=[CONFLICT], plan=plan, status=412)
    return RedirectResponse(f"/days/{id}/participants?start={start}&saved=1", status_code=303)


@router.get("/days/{id}/fixed")
def fixed(request: Request, space: Space, actor: StaffReader, id: str) -> Response:  # noqa: ARG001
    """Meetings that must be, and a form for one more."""
    return _fixed_page(request, space, days.get(space, id))


@router.post("/days/{id}/fixed")
def fix(request: Request, space: Space, actor: StaffFilling, id: str, typed: Typed) -> Response:
    """One more that must be, or one less."""
    day = days.get(space, id)
    pair = {"demand": typed.get("demand", ""), "achievement": typed.get("achievement", "")}
    kept = [one for one in day.plan["fixed"] if any(one[name] != pair[name] for name in pair)]
    if typed.get("act") != "remove":
        kept.append(pair | {name: _number(typed, name) for name in ("slot", "room")})
    try:
        if not all(pair.values()):
            raise InvalidInput("请选择一条需求和一项成果。")
        days.adjust(space, actor, id, version_in(typed), fixed=kept)
    except InvalidInput as error:
        return _fixed_page(request, space, day, typed, [str(error)], 422)
    except EditConflict:
        return _fixed_page(request, space, days.get(space, id), typed, [CONFLICT], 412)
    return RedirectResponse(f"/days/{id}/fixed", status_code=303)


def _page(
    request: Request,
    space: Workspace,
    day: MatchDay,
    start: int,
    saved: bool = False,
    trouble: Sequence[str] = (),
    plan: Mapping[str, object] | None = None,
    status: int = 200,
) -> Response:
    kept = days.plan_of(day)
    shown = kept.model_copy(update=_ticks(plan)) if plan else kept
    parties = day_views.participants(shown, taking_part(space, kept))
    first = min(start, max(0, len(parties) - 1)) // _AT_ONCE * _AT_ONCE
    context = ParticipantsPage(
        title=f"参会安排：{day.name}",
        head=day_views.head(day, "/participants"),
        start=first,
        total=len(parties),
        parties=parties[first : first + _AT_ONCE],
        times=[kept.clock(slot) for slot in range(kept.slots)],
        priorities=day_views.PRIORITIES,
        pages=_pages(day.id, len(parties), first),
        saved=saved,
        trouble=trouble,
    )
    return render(request, context, status)


def _ticks(plan: Mapping[str, object]) -> dict[str, object]:
    return {name: plan[name] for name in ("presence", "priorities")}


def _pages(id_: str, count: int, first: int) -> list[Tab]:
    if count <= _AT_ONCE:
        return []
    return [
        Tab(
            f"/days/{id_}/participants?start={start}",
            f"{start + 1}–{min(start + _AT_ONCE, count)}",
            start == first,
        )
        for start in range(0, count, _AT_ONCE)
    ]


def _texts(sent: FormData, name: str) -> list[str]:
    return [value for value in sent.getlist(name) if isinstance(value, str)]


def _slots(sent: FormData, number: int) -> list[int]:
    ticked = _texts(sent, f"at_{number}")
    return [int(one) for one in ticked if one.isascii() and one.isdigit() and len(one) < 3]


def _priority(sent: FormData, number: int) -> float:
    chosen = "".join(_texts(sent, f"priority_{number}"))
    return float(chosen) if chosen in day_views.PRIORITIES else 1.0


def _without_defaults(plan: dict[str, object]) -> dict[str, object]:
    """Who is always there, and counts as much as others, needs no line."""
    presence, priorities = plan["presence"], plan["priorities"]
    assert isinstance(presence, dict) and isinstance(priorities, dict)  # noqa: S101, PT018 - as stored
    every = list(range(int(str(plan["slots"]))))
    return plan | {
        "presence": {party: slots for party, slots in presence.items() if slots != every},
        "priorities": {party: much for party, much in priorities.items() if much != 1},
    }


def _number(typed: Mapping[str, str], name: str) -> int | None:
    value = version_in(typed, name)
    return value if value >= 0 else None


def _fixed_page(
    request: Request,
    space: Workspace,
    day: MatchDay,
    typed: Mapping[str, str] | None = None,
    trouble: Sequence[str] = (),
    status: int = 200,
) -> Response:
    plan = days.plan_of(day)
    records = taking_part(space, plan)
    titles = records.titles
    context = FixedPage(
        title=f"必须安排：{day.name}",
        head=day_views.head(day, "/fixed"),
        entries=[
            FixedEntry(
                one.demand,
                one.achievement,
                titles.get(one.demand, "已撤回的需求"),
                titles.get(one.achievement, "已撤回的成果"),
                timetable.wanted_place(plan, one.slot, one.room),
            )
            for one in plan.fixed
        ],
        demands=[(one.id, one.title) for one in records.demands],
        achievements=[(one.id, one.title) for one in records.achievements],
        times=[(str(slot), plan.clock(slot)) for slot in range(plan.slots)],
        rooms=[(str(room), name) for room, name in enumerate(plan.rooms)],
        typed=typed or {},
        trouble=trouble,
    )
    return render(request, context, status)
