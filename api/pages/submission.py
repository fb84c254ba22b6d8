"""企业需求填报: the form, and the receipt that follows it."""

import logging
from collections.abc import Mapping
from datetime import timedelta, timezone
from typing import Annotated, Final

from fastapi import APIRouter, Query, Request, Response
from fastapi.responses import RedirectResponse
from pydantic import Field, ValidationError

from api.access.parameters import Space
from api.pages.contexts import DemandForm, Receipt, ReceiptSearch
from api.pages.forms import Typed
from api.pages.rendering import render
from api.services.drafts import DemandDraft, LongText
from api.services.messages import problems
from api.services.submission import as_written, bare, by_receipt, submit
from matcher.errors import NotFound, StoreUnavailable
from matcher.values import CONFIDENTIALITY, MAX_LONG_TEXT

router = APIRouter(include_in_schema=False)
_log = logging.getLogger(__name__)
_BEIJING: Final = timezone(timedelta(hours=8))
_NOT_STORED: Final = "暂时无法保存，您填写的内容都在本页，请稍后再次提交。"


class FormDraft(DemandDraft):
    """The rules of a demand, with the shorter texts of the form."""

    problem: Annotated[LongText, Field(title="主要问题", max_length=MAX_LONG_TEXT)]
    indicators: Annotated[LongText, Field(title="技术关键与指标", max_length=MAX_LONG_TEXT)]
    goal: Annotated[LongText, Field(title="预期目标", max_length=MAX_LONG_TEXT)]


@router.get("/demands/new")
def empty_form(request: Request) -> Response:
    """The form, nothing typed yet."""
    return _form(request, {}, {})


@router.post("/demands/new")
def send_form(request: Request, space: Space, typed: Typed) -> Response:
    """Store the demand and go on to its receipt; or show the form again with all that was typed."""
    given = {name: typed[name] for name in FormDraft.model_fields if typed.get(name)}
    try:
        draft = FormDraft.model_validate(given)
    except ValidationError as error:
        found = {p.field.partition(".")[0]: p.message for p in reversed(problems(error.errors()))}
        return _form(request, typed, found, 422)
    try:
        _, code = submit(space, draft)
    except StoreUnavailable as error:
        _log.warning("a demand could not be stored: %s", error)
        return _form(request, typed, {"": _NOT_STORED}, 503)
    return RedirectResponse(f"/receipts/{code}", status_code=303)


@router.get("/receipts")
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


@router.get("/receipts/{code}")
def receipt(request: Request, space: Space, code: str) -> Response:
    """What became of a demand, for whoever holds its code."""
    stored = by_receipt(space, code)
    demand, submitted = stored.record, stored.created_at
    context = Receipt(
        title="需求已提交",
        code=as_written(code),
        demand_title=demand.title,
        submitted=f"{submitted.astimezone(_BEIJING):%Y年%m月%d日 %H:%M}（北京时间）",
        confidentiality=CONFIDENTIALITY[demand.confidentiality],
        findable=space.ready,
    )
    return render(request, context)


def _form(
    request: Request, typed: Mapping[str, str], found: Mapping[str, str], status: int = 200
) -> Response:
    """The form as typed; a problem of no field in particular has the empty name."""
    labels = FormDraft.labels()
    in_order = {name: found[name] for name in ("", *labels) if name in found}
    context = DemandForm("企业技术需求填报", typed, in_order, labels)
    return render(request, context, status)
