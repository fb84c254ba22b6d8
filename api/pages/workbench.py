"""经理人工作台: ask by free text, or start from a stored demand or achievement."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from api.access.parameters import Cursor, Space, TitlePart
from api.pages.contexts import Listing, Record, Workbench
from api.pages.forms import Typed, filter_form, filters_of
from api.pages.presenting import answers, facts, line, passages
from api.pages.rendering import render
from api.services import catalogue
from api.services.kinds import ACHIEVEMENTS, DEMANDS, Kind
from api.services.matching import MatchRequest, match
from api.services.workspace import Workspace
from matcher.errors import FieldProblem, InvalidInput
from matcher.records import Achievement, Demand, Direction, MatchResult
from matcher.values import BROKERS

router = APIRouter(include_in_schema=False)
_RECENT: Final = 8
_PER_PAGE: Final = 30
_K: Final = 10


@router.get("/")
def workbench(request: Request, space: Space) -> HTMLResponse:
    """The empty form and the newest demands."""
    return render(request, _workbench(space, {}, None, []))


@router.post("/")
def search(request: Request, space: Space, typed: Typed) -> HTMLResponse:
    """Pairings for the text; a mistake is shown beside it, and the text stays."""
    direction: Direction = "demands" if typed.get("direction") == "demands" else "achievements"
    wanted = MatchRequest(typed.get("text", ""), None, direction, _K)
    result, problems = _attempt(space, wanted, typed)
    status = 422 if problems else 200
    return render(request, _workbench(space, typed, result, problems), status)


@router.get("/demands/{id}")
def demand(request: Request, space: Space, id: str) -> HTMLResponse:
    """A demand with its ranked achievements."""
    record = catalogue.get(space, DEMANDS, id)
    return _record(request, space, record, "需求")


@router.get("/achievements/{id}")
def achievement(request: Request, space: Space, id: str) -> HTMLResponse:
    """An achievement with its ranked demands."""
    record = catalogue.get(space, ACHIEVEMENTS, id)
    return _record(request, space, record, "成果")


@router.get("/demands")
def demands(
    request: Request, space: Space, q: TitlePart = "", field: str = "", after: Cursor = None
) -> HTMLResponse:
    """All demands, newest first."""
    return _listing(request, space, DEMANDS, "/demands", q, field, after)


@router.get("/achievements")
def achievements(
    request: Request, space: Space, q: TitlePart = "", field: str = "", after: Cursor = None
) -> HTMLResponse:
    """All achievements, newest first."""
    return _listing(request, space, ACHIEVEMENTS, "/achievements", q, field, after)


def _workbench(
    space: Workspace,
    typed: Mapping[str, str],
    result: MatchResult | None,
    problems: list[FieldProblem],
) -> Workbench:
    return Workbench(
        title="经理人工作台",
        text=typed.get("text", ""),
        direction=typed.get("direction", "achievements"),
        filters=filter_form(space, typed),
        problems=problems,
        answers=answers(result) if result else None,
        recent=[line(record) for record in space.demands.page(_RECENT).items],
        counts=(space.achievements.count(), space.demands.count()),
    )


def _record(
    request: Request, space: Workspace, record: Achievement | Demand, noun: str
) -> HTMLResponse:
    chosen = dict(request.query_params)
    result, problems = _attempt(space, MatchRequest(id=record.id, k=_K), chosen)
    context = Record(
        title=record.title,
        noun=noun,
        facts=facts(record),
        passages=passages(record),
        confidential=isinstance(record, Demand) and record.confidentiality == BROKERS,
        filters=filter_form(space, chosen),
        problems=problems,
        answers=answers(result) if result else None,
    )
    return render(request, context, 422 if problems else 200)


def _attempt(
    space: Workspace, wanted: MatchRequest, chosen: Mapping[str, str]
) -> tuple[MatchResult | None, list[FieldProblem]]:
    """The answer, or what was wrong with the question."""
    try:
        return match(space, replace(wanted, filters=filters_of(chosen))), []
    except InvalidInput as error:
        return None, list(error.problems) or [FieldProblem("text", str(error))]


def _listing(
    request: Request,
    space: Workspace,
    kind: Kind[Achievement] | Kind[Demand],
    base: str,
    q: str,
    field: str,
    after: str | None,
) -> HTMLResponse:
    page = kind.table(space).page(_PER_PAGE, after, {"field": field} if field else None, q)
    context = Listing(
        title=f"{kind.label}库",
        noun=kind.label,
        base=base,
        lines=[line(record) for record in page.items],
        total=page.total,
        q=q,
        field=field,
        next_after=page.next_after,
    )
    return render(request, context)
