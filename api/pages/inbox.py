"""收件箱: what waits for a review, what was returned, and what was published."""

from collections.abc import Mapping, Sequence
from typing import Annotated, Final, Literal

from fastapi import APIRouter, Query, Request, Response
from fastapi.responses import RedirectResponse

from api.access.guard import GuardedRoute, StaffTyping, StaffWriter
from api.access.parameters import Space
from api.pages.contexts.inbox import Inbox, Returning, Tab
from api.pages.demand_forms import EXPIRED
from api.pages.forms import Typed, version_in
from api.pages.hrefs import address
from api.pages.rendering import render
from api.pages.reviewed import item
from api.services.reviewing import Verdict, publish, review_many, worded
from api.services.workspace import Workspace
from api.store.reviews import Order, Wanted
from matcher.errors import EditConflict, InvalidInput, ReviewConflict
from matcher.values import PENDING, REVIEW_STATES

router = APIRouter(include_in_schema=False, route_class=GuardedRoute)
_PER_PAGE: Final = 20
_PICK: Final = "pick-"
"""Begins the names of the checkboxes; the id follows, and the value is the version."""
_DONE: Final = {"publish": "已发布", "return": "已退回"}
_NONE: Final = "还没有选中任何需求，请先勾选。"

Tabs = Annotated[Literal["pending", "returned", "published"], Query()]
Sorted = Annotated[Order, Query()]
Words = Annotated[str, Query(max_length=100)]
PageNumber = Annotated[int, Query(ge=1, le=500)]


@router.get("/inbox")
def inbox(
    request: Request,
    space: Space,
    _: StaffWriter,
    state: Tabs = "pending",
    q: Words = "",
    order: Sorted = "waiting",
    page: PageNumber = 1,
    done: Annotated[Literal["", "publish", "return"], Query()] = "",
    count: Annotated[int, Query(ge=1, le=_PER_PAGE)] = 1,
) -> Response:
    """One page of the demands in a state."""
    told = f"{_DONE[done]} {count} 条需求。" if done else ""
    return _show(request, space, Wanted(state, q.strip(), order), page, done=told)


@router.post("/inbox")
def decide(
    request: Request,
    space: Space,
    actor: StaffTyping,
    typed: Typed,
    q: Words = "",
    order: Sorted = "waiting",
    page: PageNumber = 1,
) -> Response:
    """Publish or return what was picked, all or none; or publish the one whose button it was."""
    wanted = Wanted(PENDING, q.strip(), order)
    picked = _picked(typed)
    verdict = Verdict.return_ if typed.get("verdict") == "return" else Verdict.publish
    if request.state.expired:
        return _show(request, space, wanted, page, typed, 403, problem=EXPIRED)
    try:
        if one := typed.get("publish"):
            picked = {one: picked_version(typed, one)}
            publish(space, actor, one, picked[one])
        elif not picked:
            raise InvalidInput(_NONE)
        else:
            reason = worded(typed.get("reason", ""), typed.get("note", ""))
            review_many(space, actor, verdict, picked, reason)
    except InvalidInput as error:
        return _show(request, space, wanted, page, typed, 422, problem=str(error))
    except EditConflict as error:
        ids = error.ids if isinstance(error, ReviewConflict) else picked
        titles = [one.record.title for one in space.demands.stored_many(list(ids))]
        return _show(request, space, wanted, page, typed, 412, problem=str(error), conflicts=titles)
    told = _href(wanted, done=verdict.value, count=str(len(picked)))
    return RedirectResponse(told, status_code=303)


def picked_version(typed: Mapping[str, str], id_: str) -> int:
    """The version of one of the demands on the page."""
    return version_in(typed, f"version-{id_}")


def _picked(typed: Mapping[str, str]) -> dict[str, int]:
    ids = (name.removeprefix(_PICK) for name in typed if name.startswith(_PICK))
    return {id_: picked_version(typed, id_) for id_ in ids}


def _show(
    request: Request,
    space: Workspace,
    wanted: Wanted,
    page: int,
    typed: Mapping[str, str] | None = None,
    status: int = 200,
    done: str = "",
    problem: str = "",
    conflicts: Sequence[str] = (),
) -> Response:
    typed = typed or {}
    reviews, picked = space.store.reviews, _picked(typed)
    found, total = reviews.page(wanted, _PER_PAGE, (page - 1) * _PER_PAGE)
    grades = reviews.grades([one.record.id for one in found])
    context = Inbox(
        title="收件箱",
        tabs=_tabs(reviews.counts(wanted.text), wanted),
        state=wanted.state,
        items=[item(o, grades.get(o.record.id), o.record.id in picked) for o in found],
        total=total,
        q=wanted.text,
        order=wanted.order,
        here_again=_href(wanted, page=str(page)),
        newer=_href(wanted, page=str(page - 1)) if page > 1 else "",
        older=_href(wanted, page=str(page + 1)) if total > page * _PER_PAGE else "",
        done=done,
        problem=problem,
        conflicts=conflicts,
        returning=Returning(typed.get("reason", ""), typed.get("note", "")),
    )
    return render(request, context, status)


def _tabs(counts: Mapping[str, int], wanted: Wanted) -> list[Tab]:
    return [
        Tab(
            _href(Wanted(key, wanted.text, wanted.order)),
            name,
            counts.get(key, 0),
            key == wanted.state,
        )
        for key, name in sorted(REVIEW_STATES.items(), key=lambda one: _ORDER.index(one[0]))
    ]


_ORDER: Final = ("pending", "returned", "published")


def _href(wanted: Wanted, **more: str) -> str:
    return address("/inbox", state=wanted.state, q=wanted.text, order=wanted.order, **more)
