"""经理人工作台: ask by free text, or start from a stored demand or achievement."""

from collections.abc import Mapping
from typing import Final

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from api.access.guard import Anyone, GuardedRoute, Matcher
from api.access.parameters import Space
from api.pages.addresses import Address
from api.pages.contexts.base import Line
from api.pages.contexts.pairings import FilterForm, Task, Workbench
from api.pages.contexts.plain import Welcome
from api.pages.contexts.records import Mine, Own
from api.pages.forms import Typed
from api.pages.presenting import answers, line, moment
from api.pages.rendering import render
from api.pages.reviewed import state_of
from api.pages.searching import attempt
from api.security.roles import Actor, Role
from api.services.filtering import FILTERS
from api.services.matching import MatchRequest, match
from api.services.unsent import own_drafts
from api.services.visibility import own_demands
from api.services.waiting import Waiting, waiting
from api.services.workspace import Workspace
from api.store import Stored, Unsent
from matcher.errors import FieldProblem
from matcher.records import Demand, Direction, MatchResult

router = APIRouter(include_in_schema=False, route_class=GuardedRoute)
_RECENT: Final = 8
_OWN: Final = 100
_K: Final = 10
_LONGEST_ASKED: Final = 600
"""Characters of a text that still fit into an address."""


@router.get("/")
def start(request: Request, space: Space, actor: Anyone) -> HTMLResponse:
    """The workbench of brokers, the own demands of an enterprise, or a welcome."""
    if actor.is_staff:
        return render(request, _workbench(space, actor, {}, None, []))
    if actor.role is Role.enterprise:
        sent = [_own(stored) for stored in own_demands(space, actor, _OWN)]
        drafts = [_draft(code, draft) for code, draft in own_drafts(space, actor)]
        return render(request, Mine("我的需求", sent, drafts))
    return render(request, Welcome("科技成果与企业需求的红娘"))


@router.post("/")
def search(request: Request, space: Space, actor: Matcher, typed: Typed) -> HTMLResponse:
    """Pairings for the text; a mistake is shown beside it, and the text stays."""
    direction: Direction = "demands" if typed.get("direction") == "demands" else "achievements"
    text = typed.get("text", "")
    result, problems = attempt(
        lambda filters: match(space, MatchRequest(text, None, direction, _K, filters)), typed
    )
    status = 422 if problems else 200
    return render(request, _workbench(space, actor, typed, result, problems), status)


def _workbench(
    space: Workspace,
    actor: Actor,
    typed: Mapping[str, str],
    result: MatchResult | None,
    problems: list[FieldProblem],
) -> Workbench:
    return Workbench(
        title="经理人工作台",
        text=typed.get("text", ""),
        direction=typed.get("direction", "achievements"),
        filters=FilterForm(typed),
        problems=problems,
        answers=answers(result) if result else None,
        recent=[line(record) for record in space.demands.page(_RECENT).items],
        counts=(space.achievements.count(), space.demands.count()),
        tasks=[] if result else _tasks(waiting(space, actor)),
        subscribe=_subscribe(typed) if result else "",
    )


def _tasks(now: Waiting) -> list[Task]:
    return [
        Task("待审核的需求", now.demands, "/inbox"),
        Task("我的对接单", now.cases, "/cases?assignee=me"),
        Task("其中已逾期", now.overdue, "/cases?assignee=me&overdue=true", now.overdue > 0),
        Task("订阅的新发现", now.found, "/subscriptions"),
    ]


def _subscribe(typed: Mapping[str, str]) -> str:
    """Where the search can be kept; a text that no address can hold is typed there again."""
    if len(typed.get("text", "")) > _LONGEST_ASKED:
        return "/subscriptions/new"
    known = ("text", "direction", *FILTERS)
    kept = ((name, typed.get(name, "").strip()) for name in known)
    return str(Address("/subscriptions/new", tuple(item for item in kept if item[1])))


def _draft(code: str, draft: Unsent) -> Line:
    kept = f"{moment(draft.updated_at)} 保存"
    title = draft.typed.get("title", "").strip()[:100]
    return Line(f"/demands/drafts/{code}", title or "（还没有名称）", [kept])


def _own(stored: Stored[Demand]) -> Own:
    demand = stored.record
    return Own(line(demand), state_of(stored), f"/demands/{demand.id}/edit")
