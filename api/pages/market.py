"""供需图谱, for brokers and administrators, and the report to hand on."""

from typing import Annotated, Final

from fastapi import APIRouter, Query, Request, Response
from fastapi.responses import HTMLResponse

from api.access.downloads import attachment
from api.access.guard import STAFF_READER, GuardedRoute
from api.access.parameters import Space
from api.pages.contexts.market import MarketPage
from api.pages.contexts.overview import Choice
from api.pages.hrefs import address
from api.pages.market_parts import charts, group_lines, headlines, notes, said
from api.pages.market_report import report
from api.pages.matrix import Ways, matrix
from api.pages.rendering import render
from api.services.market import Market, market
from api.services.periods import Span, quarter_of, span_of
from api.services.times import beijing
from api.store import Prospect, Standing
from matcher.errors import FieldProblem, InvalidQuery

router = APIRouter(
    prefix="/map",
    include_in_schema=False,
    route_class=GuardedRoute,
    dependencies=[STAFF_READER],
)
_HERE: Final = "/map"
_Month = Annotated[str, Query(max_length=40)]


@router.get("")
def start(request: Request, space: Space, since: _Month = "", until: _Month = "") -> HTMLResponse:
    """Fields by places; what was typed wrongly stays, beside what is known of all time."""
    problems: tuple[FieldProblem, ...] = ()
    try:
        span = span_of(since, until)
    except InvalidQuery as error:
        span, problems = Span(), error.problems
    page = page_of(market(space, span), since, until, problems)
    return render(request, page, 422 if problems else 200)


@router.get("/report")
def download(space: Space, since: _Month = "", until: _Month = "") -> Response:
    """The same as one file without scripts and links, safe to hand on."""
    made = report(space, span_of(since, until))
    return attachment(made.html.encode(), "text/html", made.name)


def page_of(
    data: Market, since: str, until: str, problems: "tuple[FieldProblem, ...]" = ()
) -> MarketPage:
    """The figures as the page shows them."""
    ways = Ways(data.span)
    return MarketPage(
        title="供需图谱",
        said=said(data),
        notes=notes(data),
        since=since,
        until=until,
        spans=_spans(data),
        report=address(f"{_HERE}/report", since=data.span.first, until=data.span.last),
        headlines=headlines(data, ways),
        matrix=matrix(data, ways),
        charts=charts(data, ways),
        groups=group_lines(data, ways),
        groups_total=data.groups.total,
        unasked=ways.today(data.groups.unasked, standing=Standing.unasked),
        weak=ways.demands(data.whole.weak, outlook=Prospect.weak),
        is_surveyed=data.surveyed > 0,
        problems=problems,
    )


def _spans(data: Market) -> list[Choice]:
    """The spans that people ask for most."""
    month = f"{beijing(data.at):%Y-%m}"
    this, quarter = Span(month, month), quarter_of(month)
    named = {
        "全部": Span(),
        "本月": this,
        "上月": this.before(data.at),
        "本季度": quarter,
        "上季度": quarter.before(data.at),
        "近 12 月": Span(Span().months(data.at)[-12][0], month),
    }
    return [
        (address(_HERE, since=span.first, until=span.last), name, span == data.span)
        for name, span in named.items()
        if span
    ]
