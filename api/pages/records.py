"""A demand or an achievement; for brokers with its ranked pairings."""

from collections.abc import Mapping
from typing import Final

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from api.access.guard import GuardedRoute, Reader
from api.access.parameters import Cursor, Space, TitlePart
from api.pages.addresses import Address
from api.pages.contexts.base import Fact
from api.pages.contexts.inbox import State
from api.pages.contexts.records import Record
from api.pages.desk import PARAMETERS, desk, ordered, size
from api.pages.listing import listing
from api.pages.presenting import answers, facts, passages
from api.pages.rendering import render
from api.pages.reviewed import shown_state
from api.pages.searching import attempt
from api.pages.wanted import Asked
from api.security.roles import Actor
from api.services import catalogue
from api.services.kinds import ACHIEVEMENTS
from api.services.matching import match_record
from api.services.visibility import seen_demand
from api.services.workspace import Workspace
from matcher.errors import FieldProblem
from matcher.records import Achievement, Demand, MatchResult
from matcher.values import BROKERS

router = APIRouter(include_in_schema=False, route_class=GuardedRoute)
_ENTERPRISE: Final = ("企业名称", "联系人", "联系电话")
_PROVIDER: Final = ("联系人",)


@router.get("/demands/{id}")
def demand(request: Request, space: Space, actor: Reader, id: str, said: str = "") -> HTMLResponse:
    """A demand, and for brokers its ranked achievements and who is behind it."""
    seen = seen_demand(space, actor, id)
    edit = f"/demands/{id}/edit" if seen.whole else ""
    state = shown_state(seen.review) if seen.review else None
    return _record(request, space, actor, seen.demand, said, edit, state)


@router.get("/achievements/{id}")
def achievement(
    request: Request, space: Space, actor: Reader, id: str, said: str = ""
) -> HTMLResponse:
    """An achievement, and for brokers its ranked demands and its contact."""
    return _record(request, space, actor, catalogue.get(space, ACHIEVEMENTS, id), said)


@router.get("/demands")
def demands(
    request: Request,
    space: Space,
    actor: Reader,
    wanted: Asked,
    q: TitlePart = "",
    field: str = "",
    after: Cursor = None,
) -> HTMLResponse:
    """All demands that this reader may see, newest first."""
    return listing(request, space, actor, "demands", q, field, after, wanted)


@router.get("/achievements")
def achievements(
    request: Request,
    space: Space,
    actor: Reader,
    wanted: Asked,
    q: TitlePart = "",
    field: str = "",
    after: Cursor = None,
) -> HTMLResponse:
    """All achievements, newest first."""
    return listing(request, space, actor, "achievements", q, field, after, wanted)


def behind(record: Achievement | Demand) -> list[Fact]:
    """Who is behind a record, as far as it has been left in."""
    if isinstance(record, Demand):
        known = (record.organisation, record.contact, record.phone)
        return [Fact(n, v) for n, v in zip(_ENTERPRISE, known, strict=True) if v]
    return [Fact(_PROVIDER[0], record.contact)] if record.contact else []


def _record(
    request: Request,
    space: Workspace,
    actor: Actor,
    record: Achievement | Demand,
    said: str,
    edit: str = "",
    state: State | None = None,
) -> HTMLResponse:
    here = Address.of(request, PARAMETERS)
    is_demand, chosen = isinstance(record, Demand), request.query_params
    k = size(chosen.get("k"))
    result, problems = _pairings(space, record, k, chosen) if actor.is_staff else (None, [])
    shown = ordered(result, chosen.get("sort", "")) if result else ()
    context = Record(
        title=record.title,
        noun="需求" if is_demand else "成果",
        facts=facts(record),
        passages=passages(record),
        confidential=isinstance(record, Demand) and record.confidentiality == BROKERS,
        problems=problems,
        answers=answers(result, shown, here) if result else None,
        may_match=actor.is_staff,
        behind=behind(record) if is_demand or actor.is_staff else [],
        edit=edit,
        export=f"{record.id}" if actor.is_staff and is_demand else "",
        desk=desk(space, record, result, here, said) if result else None,
        state=state,
        review=f"/inbox/{record.id}" if state and actor.is_staff else "",
    )
    return render(request, context, 422 if problems else 200)


def _pairings(
    space: Workspace, record: Achievement | Demand, k: int, chosen: Mapping[str, str]
) -> tuple[MatchResult | None, list[FieldProblem]]:
    return attempt(lambda filters: match_record(space, record, k, filters, facets=True), chosen)
