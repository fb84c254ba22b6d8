"""订阅: searches that are kept, and what they have found since."""

from collections.abc import Mapping, Sequence
from typing import Annotated, Final

from fastapi import APIRouter, Query, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse

from api.access.guard import GuardedRoute, Matcher, StaffFilling, StaffWriter
from api.access.parameters import Cursor, Space
from api.pages import feeds
from api.pages.contexts.pairings import FilterForm
from api.pages.contexts.subscriptions import (
    Choices,
    NewSubscription,
    SubscriptionForm,
    SubscriptionPage,
    SubscriptionsPage,
)
from api.pages.forms import Typed
from api.pages.rendering import render
from api.pages.subscription_parts import facts, lapsed, lines, part, source, values_of
from api.security.roles import Actor
from api.services import digests, news, subscriptions
from api.services.filtering import DAYS, FILTERS
from api.services.wishes import Manner, Wish, mailbox
from api.services.workspace import Workspace
from api.store.subscriptions import Subscription
from matcher.errors import FieldProblem, InvalidInput
from matcher.records import Demand

router = APIRouter(include_in_schema=False, route_class=GuardedRoute)
_SHOWN: Final = 10
_LONGEST: Final = 20_000
_OPEN: Final = "open"
"""The button for no last day at all."""


@router.get("/subscriptions")
def all_subscriptions(request: Request, space: Space, actor: Matcher) -> HTMLResponse:
    """One's own, with how much is new, and a form for another one."""
    page = SubscriptionsPage("订阅", lines(space, actor), _form(space, actor, {}))
    return render(request, page)


@router.post("/subscriptions")
def subscribe(request: Request, space: Space, actor: StaffFilling, typed: Typed) -> Response:
    """To the new subscription; or say what is wrong, everything still typed."""
    try:
        made = subscriptions.subscribe(space, actor, _wish(typed), _manner(typed))
    except InvalidInput as error:
        form = _form(space, actor, typed, error)
        return render(request, NewSubscription("新增订阅", form), 422)
    return RedirectResponse(f"/subscriptions/{made.id}", status_code=303)


@router.get("/subscriptions/new")
def new(
    request: Request,
    space: Space,
    actor: Matcher,
    text: Annotated[str, Query(max_length=_LONGEST)] = "",
) -> HTMLResponse:
    """The form, filled from a search (text, direction, filters) or for a record."""
    typed = dict(request.query_params) | {"text": text}
    return render(request, NewSubscription("新增订阅", _form(space, actor, typed)))


@router.get("/subscriptions/{id}")
def subscription(
    request: Request,
    space: Space,
    actor: Matcher,
    id: str,
    before: Cursor = None,
    ran: Annotated[str, Query(pattern=r"^\d{0,3}$")] = "",
) -> HTMLResponse:
    """What it told, newest first; from now on that is no longer new."""
    kept = subscriptions.own(space, actor, id)
    page = _page(request, space, actor, kept, before, ran)
    if before is None and any(digest.is_new for digest in page.digests):
        subscriptions.see(space, kept)
    return render(request, page)


@router.post("/subscriptions/{id}/edit")
def edit(request: Request, space: Space, actor: StaffFilling, id: str, typed: Typed) -> Response:
    """Another name, grade or time, or letters or none."""
    try:
        subscriptions.change(space, actor, id, _manner(typed))
    except InvalidInput as error:
        kept = subscriptions.own(space, actor, id)
        return render(request, _page(request, space, actor, kept, typed=typed, error=error), 422)
    return _back(id)


@router.post("/subscriptions/{id}/extend")
def extend(request: Request, space: Space, actor: StaffFilling, id: str, typed: Typed) -> Response:
    """Another last day for what it finds, or none."""
    try:
        subscriptions.extend(space, actor, id, "" if _OPEN in typed else typed.get(DAYS[1], ""))
    except InvalidInput as error:
        kept = subscriptions.own(space, actor, id)
        return render(request, _page(request, space, actor, kept, error=error), 422)
    return _back(id)


@router.post("/subscriptions/{id}/run")
def run(request: Request, space: Space, actor: StaffWriter, id: str) -> Response:
    """Look now, and say how much is new."""
    kept = subscriptions.own(space, actor, id)
    try:
        count = digests.run_now(space, actor, kept)
    except InvalidInput as error:
        return render(request, _page(request, space, actor, kept, error=error), 422)
    return RedirectResponse(f"/subscriptions/{id}?ran={count}", status_code=303)


@router.post("/subscriptions/{id}/pause")
def pause(space: Space, actor: StaffWriter, id: str) -> Response:
    """No more digests for the time being."""
    subscriptions.pause(space, actor, id, is_paused=True)
    return _back(id)


@router.post("/subscriptions/{id}/resume")
def resume(space: Space, actor: StaffWriter, id: str) -> Response:
    """Digests again, from the next time on."""
    subscriptions.pause(space, actor, id, is_paused=False)
    return _back(id)


@router.post("/subscriptions/{id}/feed")
def renew_feed(space: Space, actor: StaffWriter, id: str) -> Response:
    """A new address for the feed."""
    subscriptions.renew_feed(space, actor, id)
    return _back(id)


@router.post("/subscriptions/{id}/remove")
def remove(space: Space, actor: StaffWriter, id: str) -> Response:
    """Back to the list, without it."""
    subscriptions.unsubscribe(space, actor, id)
    return RedirectResponse("/subscriptions", status_code=303)


def _back(id_: str) -> Response:
    return RedirectResponse(f"/subscriptions/{id_}", status_code=303)


def _wish(typed: Mapping[str, str]) -> Wish:
    return Wish(
        text=typed.get("text"),
        record_id=typed.get("record", "").strip() or None,
        direction=typed.get("direction", "achievements"),
        filters={name: typed.get(name, "") for name in FILTERS},
        existing="existing" in typed,
    )


def _manner(typed: Mapping[str, str]) -> Manner:
    grade = typed.get("min_grade", "")
    return Manner(
        name=typed.get("name", ""),
        min_grade=int(grade) if grade in ("2", "3", "4") else 0,
        frequency=typed.get("frequency", ""),
        by_email="by_email" in typed,
    )


def _form(
    space: Workspace, actor: Actor, typed: Mapping[str, str], error: InvalidInput | None = None
) -> SubscriptionForm:
    record = typed.get("record", "").strip()
    base = digests.record(space, record) if record else None
    title, offers = (base.title, isinstance(base, Demand)) if base else ("", True)
    problems = _problems(error)
    choices = _choices(space, actor)
    return SubscriptionForm(typed, title, offers, FilterForm(typed), problems, choices)


def _choices(space: Workspace, actor: Actor) -> Choices:
    return Choices.of(mailbox(space, actor.account_id), space.smtp.can_mail)


def _problems(error: InvalidInput | None) -> Sequence[FieldProblem]:
    return (error.problems or (FieldProblem("", str(error)),)) if error else ()


def _page(
    request: Request,
    space: Workspace,
    actor: Actor,
    kept: Subscription,
    before: str | None = None,
    ran: str = "",
    typed: Mapping[str, str] | None = None,
    error: InvalidInput | None = None,
) -> SubscriptionPage:
    found = space.store.digests.of(kept.id, _SHOWN + 1, before)
    issues = news.inside(space, found[:_SHOWN])
    start = source(space, kept)
    return SubscriptionPage(
        title=kept.name,
        id=kept.id,
        text=kept.text or "",
        source=start,
        source_gone=kept.record_id is not None and start is None,
        facts=facts(kept),
        paused=kept.paused_at is not None,
        lapsed=lapsed(kept),
        digests=[part(issue, kept) for issue in issues],
        older=found[_SHOWN - 1].id if len(found) > _SHOWN else "",
        ran=ran,
        feed=feeds.path(kept),
        home=feeds.home(space, request),
        typed=values_of(kept) if typed is None else typed,
        problems=_problems(error),
        choices=_choices(space, actor),
    )
