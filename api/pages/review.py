"""One demand of the inbox: read, then publish, return, or change and publish."""

from collections.abc import Mapping, Sequence
from typing import Annotated, Final, Literal

from fastapi import APIRouter, Query, Request, Response
from fastapi.responses import RedirectResponse

from api.access.guard import GuardedRoute, StaffTyping, StaffWriter
from api.access.parameters import Space
from api.pages.contexts.base import Fact
from api.pages.contexts.inbox import Neighbours, Returning, ReviewPage
from api.pages.demand_forms import EXPIRED, FormOf, as_typed, drafted, show
from api.pages.forms import Typed
from api.pages.inbox import Sorted, picked_version
from api.pages.presenting import facts
from api.pages.rendering import render
from api.pages.reviewed import grade_name, quality, rows, shown_state, times
from api.security.roles import Actor
from api.services import catalogue
from api.services.disclosing import giveaways_of
from api.services.drafts import DemandDraft
from api.services.kinds import DEMANDS
from api.services.reviewing import Verdict, amend, review, worded
from api.services.visibility import review_of
from api.services.workspace import Workspace
from api.store.reviews import Order
from matcher.errors import EditConflict, InvalidInput
from matcher.records import Demand
from matcher.values import BROKERS

router = APIRouter(include_in_schema=False, route_class=GuardedRoute)
_LONGEST: Final = 5000
_QUEUE: Final = 1000
"""Of so many that wait, the one behind another is known."""
_DONE: Final = {"publish": "已发布", "return": "已退回"}
_CONFLICT: Final = (
    "这条需求刚被别人处理或修改过，还没有按您的意见办；下面是现在的内容，请核对后再定。"
)
_CHANGED: Final = (
    "这条需求刚被别人处理或修改过，还没有保存；您填写的内容都在本页，再次保存将以本页为准。"
)


@router.get("/inbox/{id}")
def read(
    request: Request,
    space: Space,
    actor: StaffWriter,
    id: str,
    order: Sorted = "waiting",
    done: Annotated[Literal["", "publish", "return"], Query()] = "",
    was: Annotated[str, Query(max_length=64)] = "",
) -> Response:
    """The whole demand beside its public view, and what came of the one before."""
    before = space.demands.get(was) if done and was else None
    told = f"{_DONE[done]}“{before.title}”，接着看下一条。" if before else ""
    return _show(request, space, actor, id, order, done=told)


@router.post("/inbox/{id}")
def decide(
    request: Request,
    space: Space,
    actor: StaffTyping,
    id: str,
    typed: Typed,
    order: Sorted = "waiting",
) -> Response:
    """Publish or return it, and go on to the next one; or show it again with what was typed."""
    if request.state.expired:
        return _show(request, space, actor, id, order, typed, 403, problem=EXPIRED)
    verdict = Verdict.return_ if typed.get("verdict") == "return" else Verdict.publish
    reason = worded(typed.get("reason", ""), typed.get("note", ""))
    following = _neighbours(space.store.reviews.queue(order, _QUEUE), id)
    try:
        review(space, actor, verdict, id, picked_version(typed, id), reason)
    except InvalidInput as error:
        return _show(request, space, actor, id, order, typed, 422, problem=str(error))
    except EditConflict:
        return _show(request, space, actor, id, order, typed, 412, problem=_CONFLICT)
    return _onwards(following, id, verdict, order)


@router.get("/inbox/{id}/edit")
def edit_form(request: Request, space: Space, _: StaffWriter, id: str) -> Response:
    """The form with what was sent in."""
    stored = catalogue.stored(space, DEMANDS, id)
    return show(request, _form(id), as_typed(stored.record, stored.version), {})


@router.post("/inbox/{id}/edit")
def edit(request: Request, space: Space, actor: StaffTyping, id: str, typed: Typed) -> Response:
    """Store the change and publish it; or show the form again with all that was typed."""
    now = catalogue.stored(space, DEMANDS, id).version
    draft = drafted(request, _form(id), typed)
    if isinstance(draft, Response):
        return draft
    following = _neighbours(space.store.reviews.queue("waiting", _QUEUE), id)
    try:
        expected = picked_version({f"version-{id}": typed.get("version", "")}, id)
        amend(space, actor, id, draft, expected)
    except EditConflict:
        return show(request, _form(id), {**typed, "version": str(now)}, {"": _CHANGED}, 412)
    return _onwards(following, id, Verdict.publish, "waiting")


def _show(
    request: Request,
    space: Workspace,
    actor: Actor,
    id_: str,
    order: Order,
    typed: Mapping[str, str] | None = None,
    status: int = 200,
    done: str = "",
    problem: str = "",
) -> Response:
    typed = typed or {}
    stored = catalogue.stored(space, DEMANDS, id_)
    demand, reviews = stored.record, space.store.reviews
    places = giveaways_of(demand)
    context = ReviewPage(
        title=demand.title,
        id=id_,
        version=stored.version,
        state=shown_state(review_of(space, actor, stored)),
        times=times(stored),
        confidential=demand.confidentiality == BROKERS,
        rows=rows(demand, places),
        facts=facts(demand),
        behind=_behind(demand),
        giveaways=places,
        quality=quality(stored),
        grade=grade_name(reviews.grades([id_]).get(id_)),
        twins=[(f"/demands/{t.record.id}", t.record.title) for t in reviews.twins(id_)],
        neighbours=_neighbours(reviews.queue(order, _QUEUE), id_),
        order=order,
        done=done,
        problem=problem,
        returning=Returning(typed.get("reason", ""), typed.get("note", "")),
    )
    return render(request, context, status)


def _neighbours(queue: Sequence[str], id_: str) -> Neighbours | None:
    """Where a demand waits; behind the last comes the first again, unless it is the only one."""
    if id_ not in queue:
        return None
    place, count = queue.index(id_), len(queue)
    after = queue[(place + 1) % count] if count > 1 else ""
    return Neighbours(place + 1, count, queue[place - 1] if place else "", after)


def _onwards(neighbours: Neighbours | None, id_: str, verdict: Verdict, order: str) -> Response:
    if neighbours is None or not neighbours.after:
        return RedirectResponse(f"/inbox?done={verdict}", status_code=303)
    address = f"/inbox/{neighbours.after}?order={order}&done={verdict}&was={id_}"
    return RedirectResponse(address, status_code=303)


def _behind(demand: Demand) -> list[Fact]:
    values = (demand.organisation, demand.contact, demand.phone)
    labels = ("企业名称", "联系人", "联系电话")
    return [Fact(label, value) for label, value in zip(labels, values, strict=True) if value]


def _form(id_: str) -> FormOf:
    return FormOf(DemandDraft, f"/inbox/{id_}/edit", "修改后发布", "保存并发布", _LONGEST)
