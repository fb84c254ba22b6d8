"""经理人工作台: ask by free text, or start from a stored demand or achievement."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from api.access.guard import MATCHER, Anyone, GuardedRoute, Reader
from api.access.parameters import Cursor, Space, TitlePart
from api.pages.contexts.base import Fact
from api.pages.contexts.inbox import State
from api.pages.contexts.pairings import Workbench
from api.pages.contexts.plain import Welcome
from api.pages.contexts.records import Mine, Own, Record
from api.pages.forms import Typed, filter_form, filters_of
from api.pages.listing import listing
from api.pages.presenting import answers, facts, line, passages
from api.pages.rendering import render
from api.pages.reviewed import shown_state, state_of
from api.security.roles import Actor, Role
from api.services import catalogue
from api.services.kinds import ACHIEVEMENTS
from api.services.matching import MatchRequest, match
from api.services.visibility import own_demands, seen_demand
from api.services.workspace import Workspace
from api.store import Stored
from matcher.errors import FieldProblem, InvalidInput
from matcher.records import Achievement, Demand, Direction, MatchResult
from matcher.values import BROKERS

router = APIRouter(include_in_schema=False, route_class=GuardedRoute)
_RECENT: Final = 8
_OWN: Final = 100
_K: Final = 10


@router.get("/")
def start(request: Request, space: Space, actor: Anyone) -> HTMLResponse:
    """The workbench of brokers, the own demands of an enterprise, or a welcome."""
    if actor.is_staff:
        return render(request, _workbench(space, {}, None, []))
    if actor.role is Role.enterprise:
        return render(request, Mine("我的需求", [_own(o) for o in own_demands(space, actor, _OWN)]))
    return render(request, Welcome("科技成果与企业需求的红娘"))


@router.post("/", dependencies=[MATCHER])
def search(request: Request, space: Space, typed: Typed) -> HTMLResponse:
    """Pairings for the text; a mistake is shown beside it, and the text stays."""
    direction: Direction = "demands" if typed.get("direction") == "demands" else "achievements"
    wanted = MatchRequest(typed.get("text", ""), None, direction, _K)
    result, problems = _attempt(space, wanted, typed)
    status = 422 if problems else 200
    return render(request, _workbench(space, typed, result, problems), status)


@router.get("/demands/{id}")
def demand(request: Request, space: Space, actor: Reader, id: str) -> HTMLResponse:
    """A demand, and for brokers its ranked achievements and who is behind it."""
    seen = seen_demand(space, actor, id)
    behind = (seen.demand.organisation, seen.demand.contact, seen.demand.phone)
    facts_behind = _facts(("企业名称", "联系人", "联系电话"), behind)
    edit = f"/demands/{id}/edit" if seen.whole else ""
    state = shown_state(seen.review) if seen.review else None
    return _record(request, space, actor, seen.demand, "需求", facts_behind, edit, state)


@router.get("/achievements/{id}")
def achievement(request: Request, space: Space, actor: Reader, id: str) -> HTMLResponse:
    """An achievement, and for brokers its ranked demands and its contact."""
    record = catalogue.get(space, ACHIEVEMENTS, id)
    behind = _facts(("联系人",), (record.contact if actor.is_staff else None,))
    return _record(request, space, actor, record, "成果", behind, "")


@router.get("/demands")
def demands(
    request: Request,
    space: Space,
    actor: Reader,
    q: TitlePart = "",
    field: str = "",
    after: Cursor = None,
) -> HTMLResponse:
    """All demands that this reader may see, newest first."""
    return listing(request, space, actor, "demands", q, field, after)


@router.get("/achievements")
def achievements(
    request: Request,
    space: Space,
    actor: Reader,
    q: TitlePart = "",
    field: str = "",
    after: Cursor = None,
) -> HTMLResponse:
    """All achievements, newest first."""
    return listing(request, space, actor, "achievements", q, field, after)


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
    request: Request,
    space: Workspace,
    actor: Actor,
    record: Achievement | Demand,
    noun: str,
    behind: list[Fact],
    edit: str,
    state: State | None = None,
) -> HTMLResponse:
    chosen = dict(request.query_params)
    wanted = MatchRequest(id=record.id, k=_K)
    result, problems = _attempt(space, wanted, chosen) if actor.is_staff else (None, [])
    context = Record(
        title=record.title,
        noun=noun,
        facts=facts(record),
        passages=passages(record),
        confidential=isinstance(record, Demand) and record.confidentiality == BROKERS,
        filters=filter_form(space, chosen),
        problems=problems,
        answers=answers(result) if result else None,
        may_match=actor.is_staff,
        behind=behind,
        edit=edit,
        state=state,
        review=f"/inbox/{record.id}" if state and actor.is_staff else "",
        pairings=record.id if actor.is_staff and isinstance(record, Demand) else "",
    )
    return render(request, context, 422 if problems else 200)


def _own(stored: Stored[Demand]) -> Own:
    demand = stored.record
    return Own(line(demand), state_of(stored), f"/demands/{demand.id}/edit")


def _facts(labels: tuple[str, ...], values: tuple[str | None, ...]) -> list[Fact]:
    return [Fact(label, value) for label, value in zip(labels, values, strict=True) if value]


def _attempt(
    space: Workspace, wanted: MatchRequest, chosen: Mapping[str, str]
) -> tuple[MatchResult | None, list[FieldProblem]]:
    """The answer, or what was wrong with the question."""
    try:
        return match(space, replace(wanted, filters=filters_of(chosen))), []
    except InvalidInput as error:
        return None, list(error.problems) or [FieldProblem("text", str(error))]
