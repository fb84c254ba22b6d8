"""Lists of demands and of achievements, newest first."""

from typing import Final

from fastapi import Request
from fastapi.responses import HTMLResponse

from api.pages.contexts.records import Listing
from api.pages.presenting import line
from api.pages.rendering import render
from api.security.roles import Actor
from api.services.visibility import list_achievements, list_demands
from api.services.workspace import Workspace
from matcher.records import Direction

_PER_PAGE: Final = 30
_PUBLIC_LEAD: Final = "这里是各企业公开的需求，单位和联系方式已隐去；有意者请联系技术经理人。"


def listing(
    request: Request,
    space: Workspace,
    actor: Actor,
    kind: Direction,
    q: str,
    field: str,
    after: str | None,
) -> HTMLResponse:
    """One page of a list, narrowed by field and by words of the title."""
    is_demands = kind == "demands"
    noun = "需求" if is_demands else "成果"
    if is_demands:
        found = list_demands(space, actor, _PER_PAGE, after, field or None, q)
        items, total, next_after = [line(d) for d in found.items], found.total, found.next_after
    else:
        page = list_achievements(space, _PER_PAGE, after, field or None, q)
        items, total, next_after = [line(a) for a in page.items], page.total, page.next_after
    context = Listing(
        title=f"{noun}库" if actor.is_staff or not is_demands else "公开需求",
        noun=noun,
        base=f"/{kind}",
        lines=items,
        total=total,
        lead="" if actor.is_staff or not is_demands else _PUBLIC_LEAD,
        exports=actor.is_staff,
        q=q,
        field=field,
        next_after=next_after,
    )
    return render(request, context)
