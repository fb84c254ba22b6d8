"""企业需求填报: the form, and the receipt that follows it."""

import json
import logging
from collections.abc import Mapping
from typing import Annotated, Final

from fastapi import APIRouter, Query, Request, Response
from fastapi.responses import RedirectResponse
from pydantic import Field

from api.access.guard import ANYONE, AnyoneTyping, GuardedRoute
from api.access.identity import FORM_FIELD
from api.access.parameters import Space
from api.pages.contexts.forms import Receipt, ReceiptSearch
from api.pages.demand_forms import CHECK, EXPIRED, NOT_STORED, FormOf, checked, show
from api.pages.forms import Typed
from api.pages.rendering import render
from api.security.roles import Actor
from api.security.tokens import new_token
from api.services.drafts import DemandDraft, LongText
from api.services.once import Once
from api.services.submission import as_written, bare, by_receipt, submit
from api.services.times import beijing
from matcher.errors import NotFound, StoreUnavailable
from matcher.values import CONFIDENTIALITY, MAX_LONG_TEXT

router = APIRouter(include_in_schema=False, route_class=GuardedRoute)
_log = logging.getLogger(__name__)


class FormDraft(DemandDraft):
    """The rules of a demand, with the shorter texts of the form."""

    problem: Annotated[LongText, Field(title="主要问题", max_length=MAX_LONG_TEXT)]
    indicators: Annotated[LongText, Field(title="技术关键与指标", max_length=MAX_LONG_TEXT)]
    goal: Annotated[LongText, Field(title="预期目标", max_length=MAX_LONG_TEXT)]


_FORM: Final = FormOf(FormDraft, "/demands/new", "企业技术需求填报", "提交需求", MAX_LONG_TEXT)


@router.get("/demands/new", dependencies=[ANYONE])
def empty_form(request: Request) -> Response:
    """The form, nothing typed yet."""
    return show(request, _FORM, {"submission": new_token()}, {})


@router.post("/demands/new")
def send_form(request: Request, space: Space, actor: AnyoneTyping, typed: Typed) -> Response:
    """Store the demand and go on to its receipt; or show the form again with all that was typed."""
    if request.state.expired:
        return show(request, _FORM, typed, {"": EXPIRED}, 403)
    if CHECK in typed:
        return show(request, _FORM, typed, {})
    draft = checked(FormDraft, typed)
    if not isinstance(draft, DemandDraft):
        return show(request, _FORM, typed, draft, 422)
    try:
        _, code = submit(space, draft, actor, _once(actor, typed))
    except StoreUnavailable as error:
        _log.warning("a demand could not be stored: %s", error)
        return show(request, _FORM, typed, {"": NOT_STORED}, 503)
    return RedirectResponse(f"/receipts/{code}", status_code=303)


@router.get("/receipts", dependencies=[ANYONE])
def find_receipt(
    request: Request, space: Space, code: Annotated[str, Query(max_length=200)] = ""
) -> Response:
    """Where a code is typed in; a known one leads to its demand."""
    if not code.strip():
        return render(request, ReceiptSearch("查询回执", "", ""))
    try:
        by_receipt(space, code)
    except NotFound as error:
        return render(request, ReceiptSearch("查询回执", code, str(error)), 404)
    return RedirectResponse(f"/receipts/{bare(code)}", status_code=303)


@router.get("/receipts/{code}", dependencies=[ANYONE])
def receipt(request: Request, space: Space, code: str) -> Response:
    """What became of a demand, for whoever holds its code."""
    stored = by_receipt(space, code)
    context = Receipt(
        title="需求已提交",
        code=as_written(code),
        demand_title=stored.record.title,
        submitted=f"{beijing(stored.created_at):%Y年%m月%d日 %H:%M}（北京时间）",
        confidentiality=CONFIDENTIALITY[stored.record.confidentiality],
        findable=space.ready,
    )
    return render(request, context)


def _once(actor: Actor, typed: Mapping[str, str]) -> Once | None:
    """The same form with the same content is one demand, however often it is sent.

    With other content it is another one: people go back, change a word and send it again.
    """
    submission = typed.get("submission", "")
    if not submission:
        return None
    content = json.dumps({n: v for n, v in sorted(typed.items()) if n != FORM_FIELD}).encode()
    once = Once.of(actor, "form", submission, content)
    return Once(f"{once.key}\n{once.content_hash}", once.content_hash)
