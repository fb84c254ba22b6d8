"""Lists of demands and of achievements, newest first."""

from typing import Final

from fastapi import Request
from fastapi.responses import HTMLResponse

from api.pages.contexts.records import Listing
from api.pages.hrefs import address
from api.pages.presenting import line
from api.pages.rendering import render
from api.pages.wanted import Wanted
from api.security.roles import Actor
from api.services.visibility import list_achievements, list_demands
from api.services.workspace import Workspace
from api.store.narrowing import UNNAMED
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
    wanted: Wanted,
) -> HTMLResponse:
    """One page of a list, narrowed by field, by words of the title, and by what is ``wanted``."""
    is_demands = kind == "demands"
    is_unnamed = field == UNNAMED and (actor.is_staff or not is_demands)
    narrowed = wanted.narrowing(field if is_unnamed else "")
    equal = None if is_unnamed else field or None
    noun = "需求" if is_demands else "成果"
    if is_demands:
        found = list_demands(space, actor, _PER_PAGE, after, equal, q, narrowed=narrowed)
        items, total, next_after = [line(d) for d in found.items], found.total, found.next_after
    else:
        page = list_achievements(space, actor, _PER_PAGE, after, equal, q, narrowed)
        items, total, next_after = [line(a) for a in page.items], page.total, page.next_after
    context = Listing(
        title=f"{noun}库" if actor.is_staff or not is_demands else "公开需求",
        noun=noun,
        base=f"/{kind}",
        lines=items,
        total=total,
        lead="" if actor.is_staff or not is_demands else _PUBLIC_LEAD,
        exports=actor.is_staff and not wanted.asked and not is_unnamed,
        q=q,
        field=field,
        asked=wanted.asked,
        said=wanted.said,
        wider=address(f"/{kind}", q=q, field=field),
        more=address(f"/{kind}", q=q, field=field, **wanted.asked, after=next_after or ""),
        next_after=next_after,
        ends=is_demands and actor.is_staff,
    )
    return render(request, context)
