"""Add, change, remove and restore resources; for brokers and administrators."""

import json
from collections.abc import Mapping
from typing import Annotated, Final

from fastapi import APIRouter, Query, Request, Response
from fastapi.responses import RedirectResponse

from api.access.guard import GuardedRoute, StaffTyping, StaffWriter
from api.access.identity import FORM_FIELD
from api.access.parameters import Space
from api.pages.contexts.records import Removed
from api.pages.contexts.resources import Door, ResourceKinds
from api.pages.demand_forms import EXPIRED, NOT_STORED, checked
from api.pages.forms import Typed, version_in
from api.pages.rendering import render
from api.pages.resource_forms import SWITCH, FormOf, as_typed, given, show
from api.security.roles import Actor
from api.security.tokens import new_token
from api.services import catalogue
from api.services.kinds import RESOURCES
from api.services.once import Once
from api.services.resource_drafts import ResourceDraft
from matcher.errors import EditConflict, StoreUnavailable
from matcher.values import EXPERT, FINANCE, PILOT, POLICY, RESOURCE_KINDS, SCENARIO

router = APIRouter(include_in_schema=False, route_class=GuardedRoute)
_NEW: Final = FormOf("/resources/new", "新增资源", "保存资源")
_ABOUT: Final = {
    FINANCE: "贷款、保险、基金等产品：额度、期限、适用阶段。",
    EXPERT: "能出主意、能上手的人：研究方向、单位、可提供的服务。",
    PILOT: "放大和验证的地方：能力、设备、规模。",
    SCENARIO: "愿意先试用的地方：行业、需求方、条件。",
    POLICY: "补贴、减税、保险补偿：适用对象、支持方式、有效期。",
}
_CONFLICT: Final = (
    "这项资源刚被别人修改过，您的修改还没有保存，内容都在本页。"
    "请在另一窗口核对现在的内容；再次保存将以本页为准。"
)


@router.get("/resources/new")
def empty_form(
    request: Request,
    _: StaffWriter,
    kind: Annotated[str, Query(max_length=20)] = "",
) -> Response:
    """Which kind it is; then its form."""
    if kind in RESOURCE_KINDS:
        return show(request, _NEW, {"kind": kind, "submission": new_token()}, {})
    doors = [
        Door(f"/resources/new?kind={key}", name, _ABOUT[key])
        for key, name in RESOURCE_KINDS.items()
    ]
    return render(request, ResourceKinds("新增资源", doors))


@router.post("/resources/new")
def add(request: Request, space: Space, actor: StaffTyping, sent: Typed) -> Response:
    """Store it, once however often it is sent; or show the form again with all that was typed."""
    typed = given(sent)
    draft = _read(request, _NEW, typed)
    if isinstance(draft, Response):
        return draft
    try:
        made = catalogue.add(space, RESOURCES, draft, actor, _once(actor, typed))
    except StoreUnavailable:
        return show(request, _NEW, typed, {"": NOT_STORED}, 503)
    return RedirectResponse(f"/resources/{made.id}", status_code=303)


@router.get("/resources/{id}/edit")
def edit_form(request: Request, space: Space, _: StaffWriter, id: str) -> Response:
    """The form with what is stored."""
    stored = catalogue.stored(space, RESOURCES, id)
    return show(request, _form(id), as_typed(stored.record, stored.version), {})


@router.post("/resources/{id}/edit")
def edit(request: Request, space: Space, actor: StaffTyping, id: str, sent: Typed) -> Response:
    """Store the change; or show the form again with all that was typed."""
    typed = given(sent)
    draft = _read(request, _form(id), typed)
    if isinstance(draft, Response):
        return draft
    try:
        catalogue.replace(space, RESOURCES, id, draft, actor, version_in(typed))
    except EditConflict:
        again = {**typed, "version": str(catalogue.stored(space, RESOURCES, id).version)}
        return show(request, _form(id), again, {"": _CONFLICT}, 412)
    except StoreUnavailable:
        return show(request, _form(id), typed, {"": NOT_STORED}, 503)
    return RedirectResponse(f"/resources/{id}", status_code=303)


@router.post("/resources/{id}/remove")
def remove(request: Request, space: Space, actor: StaffWriter, id: str) -> Response:
    """Hide the resource, until it is brought back."""
    title = catalogue.get(space, RESOURCES, id).title
    catalogue.remove(space, RESOURCES, id, actor)
    removed = Removed("资源已删除", id, title, True, "/resources", ("/resources", "返回资源库"))
    return render(request, removed)


@router.post("/resources/{id}/restore")
def restore(space: Space, actor: StaffWriter, id: str) -> Response:
    """Bring a removed resource back."""
    catalogue.restore(space, RESOURCES, id, actor)
    return RedirectResponse(f"/resources/{id}", status_code=303)


def _read(request: Request, form: FormOf, typed: Mapping[str, str]) -> ResourceDraft | Response:
    """The draft that was typed; or the form again, for what is wrong or for another kind."""
    if request.state.expired:
        return show(request, form, typed, {"": EXPIRED}, 403)
    if SWITCH in typed:
        return show(request, form, typed, {})
    draft = checked(ResourceDraft, typed)
    return draft if isinstance(draft, ResourceDraft) else show(request, form, typed, draft, 422)


def _form(id_: str) -> FormOf:
    page = f"/resources/{id_}"
    return FormOf(f"{page}/edit", "修改资源", "保存修改", f"{page}/remove")


def _once(actor: Actor, typed: Mapping[str, str]) -> Once | None:
    """The same form with the same content is one resource, however often it is sent."""
    content = {name: value for name, value in sorted(typed.items()) if name != FORM_FIELD}
    number = typed.get("submission", "")
    return Once.of_form(actor, "resource", number, json.dumps(content).encode())
