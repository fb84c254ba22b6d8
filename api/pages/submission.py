"""企业需求填报: the form, kept as a draft until it is sent."""

import json
import logging
from collections.abc import Mapping
from dataclasses import replace
from typing import Annotated, Final

from fastapi import APIRouter, Query, Request, Response
from fastapi.responses import RedirectResponse

from api.access.guard import Anyone, AnyoneTyping, GuardedRoute
from api.access.identity import FORM_FIELD
from api.access.parameters import Space
from api.pages import demand_forms as forms
from api.pages.contexts.forms import Banner
from api.pages.demand_forms import NEW, FormOf, checked, show
from api.pages.forms import Typed
from api.security.roles import Actor, Role
from api.security.tokens import new_token
from api.services import sending, unsent
from api.services.drafts import DemandDraft
from api.services.once import Once
from api.services.submission import as_written, submit
from api.services.workspace import Workspace
from api.store import Unsent
from matcher.errors import (
    DraftConflict,
    DraftSent,
    EditConflict,
    InvalidInput,
    NotAllowed,
    NotFound,
    StoreUnavailable,
)

router = APIRouter(include_in_schema=False, route_class=GuardedRoute)
_log = logging.getLogger(__name__)
_LONGEST: Final = 5000
_GONE: Final = "这份草稿已不在（30 天没有改动，或已被删除），内容都在本页，可以直接提交。"
_LEFT: Final = "登录已过期，还没有提交；您填写的内容已存为草稿。"


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
    form = _form(space, code, draft)
    if left and actor.role is Role.visitor:
        typed = {**draft.typed, forms.SIGNED_IN: "1"}  # so that nobody is signed out unawares
        return show(request, form, typed, {}, banner=_left(code), saved=draft)
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
    form = _form(space, code, draft)
    if request.state.expired:
        return show(request, form, typed, {"": forms.EXPIRED}, 403)
    if forms.CHECK in typed:
        return show(request, form, typed, {})
    if forms.SAVE in typed:
        return _keep(request, space, actor, typed, form)
    given = checked(form.draft, typed)
    if not isinstance(given, DemandDraft):
        return show(request, form, typed, given, 422)
    if _session_ended(actor, typed):
        return _keep_for_login(request, space, actor, typed, form)
    try:
        return _to_receipt(_send(space, actor, typed, form.code, given))
    except DraftSent as error:
        banner = _sent(space, code, error)
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


def _keep(
    request: Request, space: Workspace, actor: Actor, typed: Mapping[str, str], form: FormOf
) -> Response:
    """Keep a draft, if no other window has saved something else meanwhile."""
    seen = None if typed[forms.SAVE] == forms.MINE else typed.get(forms.SEEN, "")
    try:
        code = _kept(space, actor, typed, form.code, seen)
    except DraftSent as error:
        return show(request, form, typed, {}, 409, _sent(space, form.code, error))
    except DraftConflict as error:
        return show(request, form, typed, {}, 409, _conflict(form.code, error))
    except InvalidInput as error:
        return show(request, form, typed, {"": str(error)}, 422)
    except StoreUnavailable:
        return show(request, form, typed, {"": forms.NOT_STORED}, 503)
    return RedirectResponse(f"/demands/drafts/{code}", status_code=303)


def _keep_for_login(
    request: Request, space: Workspace, actor: Actor, typed: Mapping[str, str], form: FormOf
) -> Response:
    """Keep what somebody sent whose session has ended, and ask what to do."""
    try:
        code = _kept(space, actor, typed, form.code, None)
    except DraftSent as error:
        return show(request, form, typed, {}, 409, _sent(space, form.code, error))
    except (InvalidInput, StoreUnavailable):
        return show(request, form, typed, {"": forms.NOT_STORED}, 503)
    return RedirectResponse(f"/demands/drafts/{code}?left=1", status_code=303)


def _kept(
    space: Workspace, actor: Actor, typed: Mapping[str, str], code: str, seen: str | None
) -> str:
    if not code:
        return unsent.begin(space, typed, actor)[0]
    unsent.save(space, code, typed, actor, seen)
    return code


def _session_ended(actor: Actor, typed: Mapping[str, str]) -> bool:
    left = forms.SIGNED_IN in typed and actor.role is Role.visitor
    return left and forms.UNSIGNED not in typed


def _form(space: Workspace, code: str, draft: Unsent | None) -> FormOf:
    """The form of a new demand, of a draft, or of a demand that is being revised."""
    if not code:
        return NEW
    action = f"/demands/drafts/{as_written(code)}"
    if draft is None or not draft.demand_id:
        return replace(NEW, action=action, code=as_written(code))
    stored = space.demands.by_receipt(draft.receipt_hash)
    note = stored.review_note if stored else ""
    revised = replace(NEW, draft=DemandDraft, longest=_LONGEST, title="修改需求", button="重新提交")
    return replace(revised, action=action, code=as_written(code), note=note)


def _to_receipt(code: str) -> Response:
    return RedirectResponse(f"/receipts/{code}", status_code=303)


def _conflict(code: str, error: DraftConflict) -> Banner:
    return Banner(
        f"{error}两边的内容都还在，请选择以哪一边为准。",
        (f"/demands/drafts/{code}", "载入那边的内容"),
        (forms.SAVE, forms.MINE, "用本页的内容"),
    )


def _sent(space: Workspace, code: str, error: DraftSent) -> Banner:
    stored = space.demands.by_receipt(unsent.key_of(code))
    receipt = (f"/receipts/{as_written(code)}", "查看已提交的需求")
    if stored is None or not sending.may_change(stored):
        return Banner(f"{error}它已经发布，如需更正，请联系技术经理人。", receipt)
    button = (forms.CHANGE, "1", "用本页的内容修改它")
    return Banner(f"{error}它还没有发布，可以用本页的内容修改。", receipt, button)


def _left(code: str) -> Banner:
    login = (f"/login?next=/demands/drafts/{as_written(code)}", "登录后继续")
    return Banner(_LEFT, login, (forms.UNSIGNED, "1", "不登录直接提交"))


def _once(actor: Actor, typed: Mapping[str, str]) -> Once | None:
    """The same form with the same content is one demand, however often it is sent.

    With other content it is another one: people go back, change a word and send it again.
    """
    submission = typed.get(unsent.NUMBER, "")
    if not submission:
        return None
    unimportant = (FORM_FIELD, forms.SEEN, forms.SIGNED_IN, forms.UNSIGNED)
    content = {n: v for n, v in sorted(typed.items()) if n not in unimportant}
    once = Once.of(actor, "form", submission, json.dumps(content).encode())
    return Once(f"{once.key}\n{once.content_hash}", once.content_hash)
