"""Change and remove a demand; for whoever submitted it, and for brokers."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Annotated, Final

from fastapi import APIRouter, Query, Request, Response
from fastapi.responses import RedirectResponse

from api.access.guard import GuardedRoute, StaffWriter, Writer, WriterTyping
from api.access.parameters import Space
from api.pages.contexts.forms import SignedOut
from api.pages.contexts.records import Removed
from api.pages.demand_forms import EXPIRED, NOT_STORED, FormOf, as_typed, drafted, show
from api.pages.forms import Typed, version_in
from api.pages.hrefs import address
from api.pages.rendering import render
from api.security.roles import Role
from api.services import catalogue, unsent
from api.services.draft_room import KEPT
from api.services.drafts import DemandDraft
from api.services.kinds import DEMANDS
from api.services.visibility import editable_demand
from api.services.workspace import Workspace
from matcher.errors import (
    EditConflict,
    InvalidInput,
    NotFound,
    NotSignedIn,
    StoreUnavailable,
)

router = APIRouter(include_in_schema=False, route_class=GuardedRoute)
_LONGEST: Final = 5000
_DRAFT: Final = "draft"
"""The field with the code of what was kept when a session ended."""
_NOT_YOURS: Final = "链接中的草稿已经不在，或不是您本人修改这条需求时留下的；下面是现在保存的内容。"
_NOT_KEPT: Final = "登录已过期，修改还没有保存；内容都在本页，请在另一窗口登录后再次保存。"
_CONFLICT: Final = (
    "这条需求刚被别人修改过，您的修改还没有保存，内容都在本页。"
    "请在另一窗口核对现在的内容；再次保存将以本页为准。"
)


@router.get("/demands/{id}/edit")
def edit_form(
    request: Request,
    space: Space,
    actor: Writer,
    id: str,
    draft: Annotated[str, Query(max_length=200)] = "",
) -> Response:
    """The form with what is stored; or with what the same account typed when its session ended."""
    seen = editable_demand(space, actor, id)
    left = unsent.left(space, id, draft, actor)
    typed = {**left, _DRAFT: draft} if left else as_typed(seen.demand, seen.version)
    typed[unsent.SERVED] = unsent.served(space, id, actor)
    return show(request, _form(id), typed, {"": _NOT_YOURS} if draft and not left else {})


@router.post("/demands/{id}/edit")
def edit(request: Request, space: Space, actor: WriterTyping, id: str, typed: Typed) -> Response:
    """Store the change; or show the form again with all that was typed."""
    if actor.role is Role.visitor:
        return _keep_for_login(request, space, id, typed)
    now = editable_demand(space, actor, id).version
    typed = {**typed, unsent.SERVED: unsent.served(space, id, actor)}
    draft = drafted(request, _form(id), typed)
    if isinstance(draft, Response):
        return draft
    try:
        catalogue.replace(space, DEMANDS, id, draft, actor, version_in(typed))
    except EditConflict:
        again = {**typed, "version": str(now)}
        return show(request, _form(id), again, {"": _CONFLICT}, 412)
    except StoreUnavailable:
        return show(request, _form(id), typed, {"": NOT_STORED}, 503)
    if unsent.left(space, id, typed.get(_DRAFT, ""), actor):
        unsent.discard(space, typed[_DRAFT])
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


def _keep_for_login(
    request: Request, space: Workspace, id_: str, typed: Mapping[str, str]
) -> Response:
    """Keep what was typed by somebody whose session has ended, to be shown after the login.

    Whether there is such a demand is not said, nor looked up; who never saw it in a form of ours
    gets only the own words back.
    """
    if not (id_.isascii() and id_.isalnum() and any(map(typed.get, DemandDraft.model_fields))):
        raise NotSignedIn("请先登录，再修改需求。")
    if request.state.expired:
        return show(request, replace(_form(id_), remove=""), typed, {"": EXPIRED}, 403)
    try:
        code = unsent.leave(space, id_, typed)
    except (InvalidInput, NotFound, StoreUnavailable):
        return show(request, replace(_form(id_), remove=""), typed, {"": _NOT_KEPT}, 401)
    back = address(f"/demands/{id_}/edit", draft=code)
    page = render(request, SignedOut("登录已过期", back, KEPT.days), 401)
    page.headers["WWW-Authenticate"] = "Bearer"
    return page


def _form(id_: str) -> FormOf:
    page = f"/demands/{id_}"
    return FormOf(
        DemandDraft,
        f"{page}/edit",
        "修改需求",
        "保存修改",
        _LONGEST,
        remove=f"{page}/remove",
    )
