"""对接会: the list of matchmaking days, and the form of one."""

from typing import Final

from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse

from api.access.guard import GuardedRoute, StaffReader, StaffTyping
from api.access.parameters import Cursor, Space
from api.pages.contexts.days import DaysPage
from api.pages.day_forms import NEW, draft, form_page, typed_of
from api.pages.day_views import entry
from api.pages.demand_forms import EXPIRED
from api.pages.forms import Typed, version_in
from api.pages.rendering import render
from api.services import days
from api.services.once import Once
from matcher.errors import EditConflict, FormExpired, InvalidInput

router = APIRouter(include_in_schema=False, route_class=GuardedRoute)
_SHOWN: Final = 30
CONFLICT: Final = (
    "这次对接会刚被别人改过，您填写的内容还没有保存，都在本页。请核对；再次提交将以本页为准。"
)


@router.get("/days")
def all_days(
    request: Request,
    space: Space,
    actor: StaffReader,  # noqa: ARG001 - who may call
    after: Cursor = None,
) -> Response:
    """All of them, newest first."""
    found = space.store.days.page(_SHOWN + 1, after)
    older = f"/days?after={found[_SHOWN - 1].day.id}" if found[_SHOWN:] else ""
    return render(request, DaysPage("对接会", [entry(line) for line in found[:_SHOWN]], older))


@router.get("/days/new")
def new(request: Request, actor: StaffReader) -> Response:  # noqa: ARG001 - who may call
    """The form, with what most days are like."""
    return render(request, form_page(NEW))


@router.post("/days")
def make(request: Request, space: Space, actor: StaffTyping, typed: Typed) -> Response:
    """To the new day; or say what is wrong, everything still typed."""
    if request.state.expired:
        return render(request, form_page(typed, trouble=EXPIRED), 403)
    try:
        wanted = draft(typed)
        content = wanted.model_dump_json().encode()
        once = Once.of_form(actor, "day", typed.get("submission", ""), content)
        made = days.make(space, actor, wanted, once)
    except InvalidInput as error:
        return render(request, form_page(typed, error=error), 422)
    return RedirectResponse(f"/days/{made.id}", status_code=303)


@router.get("/days/{id}/edit")
def edit(request: Request, space: Space, actor: StaffReader, id: str) -> Response:  # noqa: ARG001
    """The form of a day that is there."""
    day = days.get(space, id)
    return render(request, form_page(typed_of(days.draft_of(day)), day))


@router.post("/days/{id}/edit")
def change(request: Request, space: Space, actor: StaffTyping, id: str, typed: Typed) -> Response:
    """Keep what was typed; or say what is wrong."""
    if request.state.expired and space.store.days.get(id) is None:
        raise FormExpired  # there is no page to show again
    day = days.get(space, id)
    if request.state.expired:
        return render(request, form_page(typed, day, trouble=EXPIRED), 403)
    try:
        days.change(space, actor, id, draft(typed, day), version_in(typed))
    except InvalidInput as error:
        return render(request, form_page(typed, day, error), 422)
    except EditConflict:
        return render(request, form_page(typed, days.get(space, id), trouble=CONFLICT), 412)
    return RedirectResponse(f"/days/{id}", status_code=303)
