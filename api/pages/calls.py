"""榜单, for brokers: the open calls that are drafted from topics, edited and taken along."""

from collections.abc import Mapping
from typing import Final

from fastapi import APIRouter, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse

from api.access.guard import GuardedRoute, StaffReader, StaffTyping, StaffWriter
from api.access.parameters import Cursor, Space
from api.pages import call_views as views
from api.pages.contexts.calls import CallPage, CallsPage
from api.pages.forms import Typed, version_in
from api.pages.hrefs import address
from api.pages.presenting import line, moment
from api.pages.rendering import render
from api.pages.trying import UNTRIED, Tried, attempt
from api.services import calls
from api.services.call_drafts import CallChange
from api.services.messages import valid
from api.services.once import Once
from api.services.workspace import Workspace
from api.store import Call
from matcher.calls import FIELDS
from matcher.values import CALL_STATES

router = APIRouter(include_in_schema=False, route_class=GuardedRoute)
_PER_PAGE: Final = 30
_CONFLICT: Final = (
    "这份榜单刚被别人改过，您填写的内容还没有保存，都在本页。核对后再次提交将以本页为准。"
)
_LABELS: Final = {"title": "榜单名称", **FIELDS, "state": "状态"}


@router.get("/calls/all")
def every(
    request: Request,
    space: Space,
    actor: StaffReader,  # noqa: ARG001 - who may call
    after: Cursor = None,
) -> HTMLResponse:
    """All calls that are kept."""
    found, total = space.store.calls.page(_PER_PAGE + 1, after)
    more = address("/calls/all", after=found[_PER_PAGE - 1].id) if found[_PER_PAGE:] else ""
    lines = list(map(views.call_line, found[:_PER_PAGE]))
    return render(request, CallsPage("榜单", lines, total, more))


@router.post("/calls")
def make(space: Space, actor: StaffWriter, typed: Typed) -> Response:
    """To the draft; sent twice, it is made once."""
    ids, submission = typed.get("ids", ""), typed.get("submission", "")
    once = Once.of(actor, "/calls", submission, ids.encode()) if submission else None
    call = calls.make(space, actor, views.ids_in(ids), once)
    return RedirectResponse(f"/calls/{call.id}", status_code=303)


@router.get("/calls/{id}")
def call(request: Request, space: Space, actor: StaffReader, id: str) -> HTMLResponse:  # noqa: ARG001
    """The draft, to be edited and taken along."""
    return _page(request, space, calls.get(space, id))


@router.post("/calls/{id}")
def save(request: Request, space: Space, actor: StaffTyping, id: str, typed: Typed) -> Response:
    """Keep what was typed; or show it again with what is wrong."""

    def act() -> None:
        calls.change(space, actor, id, _checked(typed), version_in(typed))

    def is_there() -> bool:
        return space.store.calls.get(id) is not None

    if tried := attempt(request, typed, act, _CONFLICT, is_there):
        return _page(request, space, calls.get(space, id), tried)
    return RedirectResponse(f"/calls/{id}", status_code=303)


@router.post("/calls/{id}/remove")
def remove(space: Space, actor: StaffWriter, id: str, typed: Typed) -> Response:
    """Delete it for good."""
    calls.remove(space, actor, id, version_in(typed))
    return RedirectResponse("/calls/all", status_code=303)


def _page(request: Request, space: Workspace, call: Call, tried: Tried = UNTRIED) -> HTMLResponse:
    stored = {"title": call.title, **{name: call.fields.get(name, "") for name in FIELDS}}
    typed = stored | dict(tried.typed)
    behind = space.demands.stored_many(call.demand_ids)
    context = CallPage(
        title=f"榜单：{call.title}",
        id=call.id,
        version=call.version,
        state=call.state,
        state_name=CALL_STATES[call.state],
        gaps=calls.gaps(call),
        saved=f"{call.who}，{moment(call.updated_at)}",
        fields=views.field_views(typed),
        demands=[line(one.record) for one in behind],
        gone=len(call.demand_ids) - len(behind),
        typed=typed,
        revealing=calls.giveaways(space, call),
        problems=tried.problems,
        labels=_LABELS,
        trouble=tried.trouble,
    )
    return render(request, context, tried.status)


def _checked(typed: Mapping[str, str]) -> CallChange:
    """What was typed. Raises InvalidInput."""
    return valid(CallChange, {n: typed[n] for n in CallChange.model_fields if n in typed})
