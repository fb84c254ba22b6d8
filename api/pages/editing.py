"""Change and remove a demand; for whoever submitted it, and for brokers."""

from typing import Final

from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse

from api.access.guard import GuardedRoute, StaffWriter, Writer, WriterTyping
from api.access.parameters import Space
from api.pages.contexts.records import Removed
from api.pages.demand_forms import CHECK, EXPIRED, NOT_STORED, FormOf, as_typed, checked, show
from api.pages.forms import Typed
from api.pages.rendering import render
from api.services import catalogue
from api.services.drafts import DemandDraft
from api.services.kinds import DEMANDS
from api.services.visibility import editable_demand
from matcher.errors import EditConflict, StoreUnavailable

router = APIRouter(include_in_schema=False, route_class=GuardedRoute)
_LONGEST: Final = 5000
_CONFLICT: Final = (
    "这条需求刚被别人修改过，您的修改还没有保存，内容都在本页。"
    "请在另一窗口核对现在的内容；再次保存将以本页为准。"
)


@router.get("/demands/{id}/edit")
def edit_form(request: Request, space: Space, actor: Writer, id: str) -> Response:
    """The form with what is stored."""
    seen = editable_demand(space, actor, id)
    return show(request, _form(id), as_typed(seen.demand, seen.version), {})


@router.post("/demands/{id}/edit")
def edit(request: Request, space: Space, actor: WriterTyping, id: str, typed: Typed) -> Response:
    """Store the change; or show the form again with all that was typed."""
    now = editable_demand(space, actor, id).version
    if request.state.expired:
        return show(request, _form(id), typed, {"": EXPIRED}, 403)
    if CHECK in typed:
        return show(request, _form(id), typed, {})
    draft = checked(DemandDraft, typed)
    if not isinstance(draft, DemandDraft):
        return show(request, _form(id), typed, draft, 422)
    version = typed.get("version", "")
    expected = int(version) if version.isascii() and version.isdigit() else -1
    try:
        catalogue.replace(space, DEMANDS, id, draft, actor, expected)
    except EditConflict:
        again = {**typed, "version": str(now)}
        return show(request, _form(id), again, {"": _CONFLICT}, 412)
    except StoreUnavailable:
        return show(request, _form(id), typed, {"": NOT_STORED}, 503)
    return RedirectResponse(f"/demands/{id}", status_code=303)


@router.post("/demands/{id}/remove")
def remove(request: Request, space: Space, actor: Writer, id: str) -> Response:
    """Hide the demand from everybody; a broker can bring it back."""
    title = editable_demand(space, actor, id).demand.title
    catalogue.remove(space, DEMANDS, id, actor)
    return render(request, Removed("需求已删除", id, title, may_restore=actor.is_staff))


@router.post("/demands/{id}/restore")
def restore(space: Space, actor: StaffWriter, id: str) -> Response:
    """Bring a removed demand back."""
    catalogue.restore(space, DEMANDS, id, actor)
    return RedirectResponse(f"/demands/{id}", status_code=303)


def _form(id_: str) -> FormOf:
    page = f"/demands/{id_}"
    return FormOf(
        DemandDraft, f"{page}/edit", "修改需求", "保存修改", _LONGEST, remove=f"{page}/remove"
    )
