"""Keeps the form of a demand as a draft, and says so where something stands in the way."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from fastapi import Request, Response
from fastapi.responses import RedirectResponse

from api.pages import demand_forms as forms
from api.pages.contexts.forms import Banner
from api.pages.demand_forms import NEW, FormOf, show
from api.security.roles import Actor
from api.services import sending, unsent
from api.services.drafts import DemandDraft
from api.services.submission import as_written
from api.services.workspace import Workspace
from api.store import Unsent
from matcher.errors import DraftConflict, DraftSent, DraftsFull, InvalidInput, StoreUnavailable

_LONGEST: Final = 5000
_LEFT: Final = "登录已过期，还没有提交；您填写的内容已存为草稿。"


def form_of(space: Workspace, code: str, draft: Unsent | None) -> FormOf:
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


def keep(
    request: Request, space: Workspace, actor: Actor, typed: Mapping[str, str], form: FormOf
) -> Response:
    """Keep a draft, if no other window has saved something else meanwhile."""
    seen = None if typed[forms.SAVE] == forms.MINE else typed.get(forms.SEEN, "")
    try:
        code = _kept(space, actor, typed, form.code, seen)
    except DraftSent as error:
        return show(request, form, typed, {}, 409, sent_already(space, form.code, error))
    except DraftConflict as error:
        return show(request, form, typed, {}, 409, _conflict(form.code, error))
    except InvalidInput as error:
        return show(request, form, typed, {"": str(error)}, 422)
    except DraftsFull as error:
        return show(request, form, typed, {"": str(error)}, 503)
    except StoreUnavailable:
        return show(request, form, typed, {"": forms.NOT_STORED}, 503)
    return RedirectResponse(f"/demands/drafts/{code}", status_code=303)


def keep_for_login(
    request: Request, space: Workspace, actor: Actor, typed: Mapping[str, str], form: FormOf
) -> Response:
    """Keep what somebody sent whose session has ended, and ask what to do."""
    try:
        code = _kept(space, actor, typed, form.code, None)
    except DraftSent as error:
        return show(request, form, typed, {}, 409, sent_already(space, form.code, error))
    except (DraftsFull, InvalidInput, StoreUnavailable):
        return show(request, form, typed, {"": forms.NOT_STORED}, 503)
    return RedirectResponse(f"/demands/drafts/{code}?left=1", status_code=303)


def sent_already(space: Workspace, code: str, error: DraftSent) -> Banner:
    """What to do about a draft that was sent before with other content."""
    stored = space.demands.by_receipt(unsent.key_of(code))
    receipt = (f"/receipts/{as_written(code)}", "查看已提交的需求")
    if stored is None or not sending.may_change(stored):
        return Banner(f"{error}它已经发布，如需更正，请联系技术经理人。", receipt)
    button = (forms.CHANGE, "1", "用本页的内容修改它")
    return Banner(f"{error}它还没有发布，可以用本页的内容修改。", receipt, button)


def left_banner(code: str) -> Banner:
    """What to do about a form whose sender is no longer signed in."""
    login = (f"/login?next=/demands/drafts/{as_written(code)}", "登录后继续")
    return Banner(_LEFT, login, (forms.UNSIGNED, "1", "不登录直接提交"))


def _kept(
    space: Workspace, actor: Actor, typed: Mapping[str, str], code: str, seen: str | None
) -> str:
    if not code:
        return unsent.begin(space, typed, actor)[0]
    unsent.save(space, code, typed, actor, seen)
    return code


def _conflict(code: str, error: DraftConflict) -> Banner:
    return Banner(
        f"{error}两边的内容都还在，请选择以哪一边为准。",
        (f"/demands/drafts/{code}", "载入那边的内容"),
        (forms.SAVE, forms.MINE, "用本页的内容"),
    )
