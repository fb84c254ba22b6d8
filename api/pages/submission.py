"""企业需求填报: the form, kept as a draft until it is sent."""

import json
import logging
from collections.abc import Mapping
from typing import Annotated, Final

from fastapi import APIRouter, Query, Request, Response
from fastapi.responses import RedirectResponse

from api.access.guard import Anyone, AnyoneTyping, GuardedRoute
from api.access.identity import FORM_FIELD
from api.access.parameters import Space
from api.pages import demand_forms as forms
from api.pages.demand_forms import NEW, checked, show
from api.pages.forms import Typed
from api.pages.keeping import form_of, keep, keep_for_login, left_banner, sent_already
from api.security.roles import Actor, Role
from api.security.tokens import new_token
from api.services import sending, unsent
from api.services.drafts import DemandDraft
from api.services.once import Once
from api.services.submission import as_written, submit
from api.services.workspace import Workspace
from api.store import Unsent
from matcher.errors import (
    DraftSent,
    EditConflict,
    NotAllowed,
    NotFound,
    StoreUnavailable,
)

router = APIRouter(include_in_schema=False, route_class=GuardedRoute)
_log = logging.getLogger(__name__)
_GONE: Final = "这份草稿已不在（30 天没有改动，或已被删除），内容都在本页，可以直接提交。"


@router.get("/demands/new")
def empty_form(request: Request, space: Space, actor: Anyone) -> Response:
    """The form; nothing typed yet but who an enterprise said it was the last time."""
    typed = sending.last_contact(space, actor) | {unsent.NUMBER: new_token()}
    return show(request, NEW, typed, {})


@router.post("/demands/new")
def send_form(request: Request, space: Space, actor: AnyoneTyping, typed: Typed) -> Response:
    """Store the demand and go on to its receipt; or show the form again with all that was typed."""
    code = unsent.code_of(space, typed)
    try:
        draft = unsent.opened(space, code) if code else None
    except (NotFound, DraftSent, StoreUnavailable):
        draft = None  # the same number with other content is another demand
    return _answer(request, space, actor, typed, code if draft else "", draft)


@router.get("/demands/drafts/{code}")
def open_draft(
    request: Request,
    space: Space,
    actor: Anyone,
    code: str,
    left: Annotated[bool, Query()] = False,
) -> Response:
    """The form as it was left; after it was sent, its receipt."""
    try:
        draft = unsent.opened(space, code)
    except DraftSent:
        return _to_receipt(as_written(code))
    if edits := draft.typed.get(unsent.EDITS):
        return RedirectResponse(f"/demands/{edits}/edit?draft={as_written(code)}", 303)
    form = form_of(space, code, draft)
    if left and actor.role is Role.visitor:
        typed = {**draft.typed, forms.SIGNED_IN: "1"}  # so that nobody is signed out unawares
        return show(request, form, typed, {}, banner=left_banner(code), saved=draft)
    return show(request, form, draft.typed, {}, saved=draft)


@router.post("/demands/drafts/{code}")
def send_draft(
    request: Request, space: Space, actor: AnyoneTyping, code: str, typed: Typed
) -> Response:
    """Keep or send the draft; or show it again with all that was typed."""
    try:
        draft = unsent.opened(space, code)
    except DraftSent:
        draft = None
    except NotFound:
        if request.state.expired:
            return show(request, NEW, typed, {"": forms.EXPIRED}, 403)
        return show(request, NEW, typed, {"": _GONE}, 404)
    return _answer(request, space, actor, typed, as_written(code), draft)


@router.post("/demands/drafts/{code}/discard")
def discard_draft(space: Space, actor: Anyone, code: str) -> Response:
    """Throw the draft away."""
    unsent.discard(space, code)
    place = "/" if actor.role is Role.enterprise else "/demands/new"
    return RedirectResponse(place, status_code=303)


def _answer(
    request: Request,
    space: Workspace,
    actor: Actor,
    typed: Mapping[str, str],
    code: str,
    draft: Unsent | None,
) -> Response:
    """What the button asks for. ``code`` is empty if nothing was kept or sent yet."""
    form = form_of(space, code, draft)
    if request.state.expired:
        return show(request, form, typed, {"": forms.EXPIRED}, 403)
    if forms.CHECK in typed:
        return show(request, form, typed, {})
    if forms.SAVE in typed:
        return keep(request, space, actor, typed, form)
    given = checked(form.draft, typed)
    if not isinstance(given, DemandDraft):
        return show(request, form, typed, given, 422)
    if _session_ended(actor, typed):
        return keep_for_login(request, space, actor, typed, form)
    try:
        return _to_receipt(_send(space, actor, typed, form.code, given))
    except DraftSent as error:
        banner = sent_already(space, code, error)
        return show(request, form, typed, {}, 409, banner)
    except (EditConflict, NotAllowed, NotFound) as error:
        return show(request, form, typed, {"": str(error)}, 409)
    except StoreUnavailable as error:
        _log.warning("a demand could not be stored: %s", error)
        return show(request, form, typed, {"": forms.NOT_STORED}, 503)


def _send(
    space: Workspace, actor: Actor, typed: Mapping[str, str], code: str, given: DemandDraft
) -> str:
    if not code:
        return submit(space, given, actor, _once(actor, typed))[1]
    if forms.CHANGE in typed:
        return sending.change_sent(space, code, given, actor)
    return sending.send(space, code, given, actor)


def _session_ended(actor: Actor, typed: Mapping[str, str]) -> bool:
    left = forms.SIGNED_IN in typed and actor.role is Role.visitor
    return left and forms.UNSIGNED not in typed


def _to_receipt(code: str) -> Response:
    return RedirectResponse(f"/receipts/{code}", status_code=303)


def _once(actor: Actor, typed: Mapping[str, str]) -> Once | None:
    """The same form with the same content is one demand, however often it is sent."""
    unimportant = (FORM_FIELD, forms.SEEN, forms.SIGNED_IN, forms.UNSIGNED)
    content = {n: v for n, v in sorted(typed.items()) if n not in unimportant}
    number = typed.get(unsent.NUMBER, "")
    return Once.of_form(actor, "form", number, json.dumps(content).encode())
