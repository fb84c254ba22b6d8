"""揭榜挂帅, for brokers: topics without achievements, and the calls that are drafted from them."""

from collections.abc import Mapping
from typing import Annotated, Final, Literal

from fastapi import APIRouter, Query, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse

from api.access.guard import GuardedRoute, StaffReader, StaffTyping, StaffWriter
from api.access.parameters import Cursor, Space
from api.pages import call_views as views
from api.pages.contexts.calls import CallPage, CallsPage, TopicPage, TopicsPage
from api.pages.forms import Typed, version_in
from api.pages.hrefs import address
from api.pages.presenting import line, moment
from api.pages.rendering import render
from api.pages.trying import UNTRIED, Tried, attempt
from api.security.tokens import new_token
from api.services import calls, topics
from api.services.call_drafts import CallChange
from api.services.messages import valid
from api.services.once import Once
from api.services.workspace import Workspace
from api.store import Call, Prospect
from matcher.calls import FIELDS
from matcher.values import CALL_STATES, PROVINCES, PUBLISHED
from matcher.values import FIELDS as TECHNICAL_FIELDS

router = APIRouter(include_in_schema=False, route_class=GuardedRoute)
_CALLS: Final = 5
_PER_PAGE: Final = 30
_WIDTHS: Final = {"usual": "适中", "fine": "细：很相近才归为一个", "coarse": "粗：大致相近即可"}
_CONFLICT: Final = (
    "这份榜单刚被别人改过，您填写的内容还没有保存，都在本页。核对后再次提交将以本页为准。"
)
_LABELS: Final = {"title": "榜单名称", **FIELDS, "state": "状态"}
_Ids = Annotated[str, Query(max_length=1000)]


@router.get("/calls")
def start(
    request: Request,
    space: Space,
    actor: StaffReader,  # noqa: ARG001 - who may call
    below: Literal["2", "3", "4"] = "3",
    field: Annotated[str, Query(max_length=50)] = "",
    province: Annotated[str, Query(max_length=20)] = "",
    width: Literal["usual", "fine", "coarse"] = "usual",
    page: Annotated[int, Query(ge=1, le=1000)] = 1,
) -> HTMLResponse:
    """Topics of demands that nothing serves, and the calls drafted last."""
    wanted = topics.Wanted(int(below), field, province, width)
    found = topics.topics(space, wanted, page)
    asked = {"below": below, "field": field, "province": province, "width": width}
    kept, call_total = space.store.calls.page(_CALLS)
    context = TopicsPage(
        title="揭榜挂帅",
        thresholds=[(str(n), name, n == wanted.below) for n, name in topics.GRADES.items()],
        widths=[(key, name, key == width) for key, name in _WIDTHS.items()],
        fields=TECHNICAL_FIELDS,
        provinces=PROVINCES,
        chosen=asked,
        topics=list(map(views.topic_view, found.items)),
        total=found.total,
        demands=found.demands,
        grouped=found.grouped,
        unknown=space.store.calls.unknown(wanted.narrowing),
        listed=_listed(wanted),
        page=page,
        newer=address("/calls", **asked, page=str(page - 1)) if page > 1 else "",
        more=address("/calls", **asked, page=str(page + 1))
        if found.total > page * topics.PER_PAGE
        else "",
        calls=list(map(views.call_line, kept)),
        call_total=call_total,
    )
    return render(request, context)


@router.get("/calls/topic")
def topic(request: Request, space: Space, actor: StaffReader, ids: _Ids = "") -> HTMLResponse:  # noqa: ARG001
    """The topic of these demands."""
    return render(request, _topic(space, ids))


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
    call = calls.make(space, actor, _split(ids), once)
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


def _topic(space: Workspace, ids: str) -> TopicPage:
    found = topics.topic(space, _split(ids))
    several = len(found.demands) > 1
    shown = [one for one in found.indicators.found if one.differs or not several]
    rest = [one for one in found.indicators.found if one not in shown]
    return TopicPage(
        title=f"主题：{found.title}",
        name=found.title,
        best=views.best_name(found),
        demands=[line(demand) for demand in found.demands],
        groups=[views.group_view(group, found) for group in found.groups],
        indicators=[views.indicator_row(one, found) for one in (*shown, *rest)],
        missing=views.missing_lines(found),
        closed=len(found.closed),
        ids=views.SEPARATOR.join(found.ids),
        submission=new_token(),
    )


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


def _split(ids: str) -> list[str]:
    return [id_ for id_ in ids.split(views.SEPARATOR) if id_]


def _listed(wanted: topics.Wanted) -> str:
    """The list of all these demands, where the threshold is one that lists know."""
    if wanted.below != topics.Wanted().below:
        return ""
    return address(
        "/demands",
        state=PUBLISHED,
        outlook=Prospect.weak,
        field=wanted.field,
        province=wanted.province,
    )
