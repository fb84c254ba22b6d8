"""揭榜挂帅, for brokers: topics of demands that nothing serves, from which calls are drafted."""

from typing import Annotated, Final, Literal

from fastapi import APIRouter, Query, Request
from fastapi.responses import HTMLResponse

from api.access.guard import GuardedRoute, StaffReader
from api.access.parameters import Space
from api.pages import call_views as views
from api.pages.contexts.calls import TopicPage, TopicsPage
from api.pages.hrefs import address
from api.pages.presenting import line
from api.pages.rendering import render
from api.security.tokens import new_token
from api.services import topics
from api.services.workspace import Workspace
from api.store import Prospect
from matcher.values import FIELDS, PROVINCES, PUBLISHED

router = APIRouter(include_in_schema=False, route_class=GuardedRoute)


_CALLS: Final = 5
_WIDTHS: Final = {"usual": "适中", "fine": "细：很相近才归为一个", "coarse": "粗：大致相近即可"}
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
        fields=FIELDS,
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


def _topic(space: Workspace, ids: str) -> TopicPage:
    found = topics.topic(space, views.ids_in(ids))
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
