"""供需一览, for brokers and administrators."""

from typing import Annotated, Final, Literal

from fastapi import APIRouter, Query, Request
from fastapi.responses import HTMLResponse

from api.access.guard import STAFF_READER, GuardedRoute
from api.access.parameters import Cursor, Space
from api.pages.contexts.base import Line
from api.pages.contexts.overview import CasesBehind, OverviewPage
from api.pages.figures import CASES, charts, demand_map
from api.pages.hrefs import address
from api.pages.presenting import line, moment
from api.pages.rendering import render
from api.services.overview import Overview, overview, wanted_cases
from api.services.periods import MONTH, PERIOD_NAMES, Period
from api.store import CountedCase
from api.store.narrowing import CURRENT
from matcher.values import ENDED, ENDED_NAME, STAGES

router = APIRouter(
    prefix="/overview",
    include_in_schema=False,
    route_class=GuardedRoute,
    dependencies=[STAFF_READER],
)
_PER_PAGE: Final = 30
_STAGES: Final = STAGES | {ENDED: ENDED_NAME}
_Month = Annotated[str, Query(pattern=MONTH)]
_Reached = Literal["", "proposed", "contacted", "negotiating", "signed", "converted"]


@router.get("")
def start(request: Request, space: Space, period: Period = Period.year) -> HTMLResponse:
    """Demands against achievements, and what became of them."""
    return render(request, page_of(overview(space, period)))


@router.get("/cases")
def cases(
    request: Request,
    space: Space,
    since: _Month = "",
    month: _Month = "",
    reached: _Reached = "",
    after: Cursor = None,
) -> HTMLResponse:
    """The cases that a number of the overview counts."""
    wanted = wanted_cases(since, month, reached)
    found, total = space.store.case_counts.page(wanted, _PER_PAGE + 1, after)
    asked = {"since": since, "month": month, "reached": reached}
    more = address(CASES, **asked, after=found[_PER_PAGE - 1].id) if found[_PER_PAGE:] else ""
    lines = [_line(case) for case in found[:_PER_PAGE]]
    return render(request, CasesBehind("对接单", _said(asked), lines, total, more))


def page_of(data: Overview) -> OverviewPage:
    """The figures as the page shows them."""
    return OverviewPage(
        title="供需一览",
        periods=[
            (address("/overview", period=period), name, period is data.period)
            for period, name in PERIOD_NAMES.items()
        ],
        map=demand_map(data),
        charts=charts(data),
        lacking=[line(demand) for demand in data.lacking],
        lacking_total=data.lacking_total,
        lacking_href=address("/demands", state=CURRENT, since=data.since, outlook="weak"),
    )


def _line(case: CountedCase) -> Line:
    since = f"{_STAGES.get(case.stage, case.stage)}，自 {moment(case.stage_since)[:10]}"
    return Line(f"/cases/{case.id}", f"{case.demand} ↔ {case.achievement}", [since])


def _said(asked: dict[str, str]) -> str:
    parts = (
        f"{asked['since']} 以来开始" if asked["since"] else "",
        f"{asked['month']} 开始" if asked["month"] else "",
        f"到过{STAGES[asked['reached']]}" if asked["reached"] else "",
    )
    return "，".join(filter(None, parts))
