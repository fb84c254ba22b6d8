"""对接单: the board, the table, and the ledger of accepted pairings."""

from collections.abc import Sequence
from typing import Annotated, Final, Literal

from fastapi import APIRouter, Query, Request, Response
from fastapi.responses import FileResponse
from pydantic import Field

from api.access.downloads import Format, download
from api.access.guard import Exporter, GuardedRoute, StaffReader
from api.access.parameters import Space
from api.pages.case_views import ticket
from api.pages.contexts.cases import (
    CaseBoard,
    CaseFilterForm,
    CaseTable,
    Column,
    LaneView,
    Tab,
)
from api.pages.hrefs import address, query
from api.pages.rendering import render
from api.security.roles import Actor
from api.services import exporting
from api.services.case_listing import ME, CaseFilters, board
from api.services.case_rules import stage_name
from api.services.casework import workers
from api.services.times import today
from api.services.workspace import Workspace
from matcher.values import ENDED, ENDED_NAME

router = APIRouter(include_in_schema=False, route_class=GuardedRoute)
_PER_PAGE: Final = 30
_SORTED: Final = {
    "demand": "需求",
    "": "成果",
    "since": "阶段",
    "due": "下一步",
    "amount": "合同",
    "opened": "推荐",
}
"""The columns of the table, by what they sort by."""


class Shown(CaseFilters):
    """The filters, and how to show what they leave."""

    view: Literal["board", "table"] = "board"
    sort: Annotated[str, Field(pattern="^-?(demand|since|due|amount|opened|updated)$")] = "-opened"
    page: Annotated[int, Field(ge=1, le=10_000)] = 1


@router.get("/cases")
def cases(
    request: Request, space: Space, actor: StaffReader, shown: Annotated[Shown, Query()]
) -> Response:
    """All cases that the filters leave, as a board or as a table."""
    show = _board if shown.view == "board" else _table
    return render(request, show(space, actor, shown))


@router.get("/cases/ledger.{format}")
def ledger(
    space: Space, actor: Exporter, format: Format, wanted: Annotated[CaseFilters, Query()]
) -> FileResponse:
    """The ledger of the same cases, one a row."""
    written = exporting.ledger(space, wanted.query(actor), f".{format}", actor)
    return download(written, format, f"ledger-{today():%Y%m%d}.{format}")


def _board(space: Workspace, actor: Actor, shown: Shown) -> CaseBoard:
    lanes, ended = board(space, shown.query(actor))
    views = [
        LaneView(
            lane.stage,
            stage_name(lane.stage),
            lane.count,
            [ticket(line, today()) for line in lane.lines],
            _href(shown, view="table", stage=lane.stage) if lane.count > len(lane.lines) else "",
        )
        for lane in lanes
    ]
    leads = Tab(_href(shown, view="table", stage=ENDED), ENDED_NAME, is_current=False)
    total = sum(lane.count for lane in lanes)
    return CaseBoard(
        *_common(space, shown, total + ended), lanes=views, ended=leads, ended_count=ended
    )


def _table(space: Workspace, actor: Actor, shown: Shown) -> CaseTable:
    query, skip = shown.query(actor), (shown.page - 1) * _PER_PAGE
    lists = space.store.case_lists
    order, falling = shown.sort.removeprefix("-"), shown.sort.startswith("-")
    found = lists.page(query, _PER_PAGE + 1, skip, order, falling)
    return CaseTable(
        *_common(space, shown, sum(lists.counts(query).values())),
        columns=[_column(shown, sort, name) for sort, name in _SORTED.items()],
        tickets=[ticket(line, today()) for line in found[:_PER_PAGE]],
        first=skip + 1,
        newer=_href(shown, page=shown.page - 1) if shown.page > 1 else "",
        older=_href(shown, page=shown.page + 1) if len(found) > _PER_PAGE else "",
    )


def _common(
    space: Workspace, shown: Shown, total: int
) -> tuple[str, str, Sequence[Tab], Sequence[Tab], CaseFilterForm, str, int]:
    """What both views have: title, view, tabs, whose, filters, query and total."""
    chosen = _chosen(shown)
    people = [account.name for account in workers(space)]
    tabs = [
        Tab(_href(shown, view="board", stage=None, page=1), "看板", shown.view == "board"),
        Tab(_href(shown, view="table", page=1), "表格", shown.view == "table"),
    ]
    whose = [
        Tab(_href(shown, assignee=None, page=1), "全部", shown.assignee is None),
        Tab(_href(shown, assignee=ME, page=1), "我的", shown.assignee == ME),
        Tab(_href(shown, overdue=not shown.overdue, page=1), "逾期", shown.overdue),
    ]
    form = CaseFilterForm(chosen, people, len(chosen))
    return "对接单", shown.view, tabs, whose, form, query(chosen.items()), total


def _chosen(shown: Shown) -> dict[str, str]:
    """The filters that are at work, as a form would send them."""
    given = {name: getattr(shown, name) for name in CaseFilters.model_fields}
    return {name: "1" if value is True else value for name, value in given.items() if value}


def _href(shown: Shown, **changes: object) -> str:
    """The address of the same with some things changed; what goes without saying is left out."""
    other = shown.model_copy(update=changes)
    more = {
        name: str(getattr(other, name))
        for name in ("view", "sort", "page")
        if getattr(other, name) != Shown.model_fields[name].default
    }
    return address("/cases", **_chosen(other), **more)


def _column(shown: Shown, sort: str, name: str) -> Column:
    if not sort:
        return Column(name, "", "")
    now = {sort: "ascending", f"-{sort}": "descending"}.get(shown.sort, "")
    other = f"-{sort}" if now == "ascending" else sort
    return Column(name, _href(shown, sort=other, page=1), now)
