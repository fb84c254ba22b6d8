"""查询回执: what became of a demand, for whoever holds its code."""

from datetime import UTC, datetime, timedelta
from typing import Annotated, Final

from fastapi import APIRouter, Query, Request, Response
from fastapi.responses import RedirectResponse

from api.access.guard import ANYONE, GuardedRoute
from api.access.parameters import Space
from api.pages.contexts.forms import Receipt, ReceiptSearch
from api.pages.rendering import render
from api.services import sending
from api.services.case_listing import released
from api.services.submission import as_written, bare, by_receipt
from api.services.times import beijing
from matcher.errors import NotFound
from matcher.values import CONFIDENTIALITY, PENDING, REVIEW_STATES

router = APIRouter(include_in_schema=False, route_class=GuardedRoute)
_NEW: Final = timedelta(minutes=10)
"""So long the page thanks; reloading it at once is still the first time."""


@router.get("/receipts", dependencies=[ANYONE])
def find_receipt(
    request: Request, space: Space, code: Annotated[str, Query(max_length=200)] = ""
) -> Response:
    """Where a code is typed in; a known one leads to its demand, or to the draft."""
    if not code.strip():
        return render(request, ReceiptSearch("查询回执", "", ""))
    try:
        by_receipt(space, code)
    except NotFound as error:
        if sending.is_waiting(space, code):
            return RedirectResponse(f"/demands/drafts/{as_written(code)}", status_code=303)
        return render(request, ReceiptSearch("查询回执", code, str(error)), 404)
    return RedirectResponse(f"/receipts/{bare(code)}", status_code=303)


@router.get("/receipts/{code}", dependencies=[ANYONE])
def receipt(request: Request, space: Space, code: str) -> Response:
    """How far the demand is, and what happens next; of its texts the title alone."""
    stored = by_receipt(space, code)
    is_new = stored.version == 1 and datetime.now(UTC) - stored.created_at < _NEW
    context = Receipt(
        title="需求已提交" if stored.state == PENDING else f"需求{REVIEW_STATES[stored.state]}",
        code=as_written(code),
        demand_title=stored.record.title,
        submitted=f"{beijing(stored.created_at):%Y年%m月%d日 %H:%M}（北京时间）",
        confidentiality=CONFIDENTIALITY[stored.record.confidentiality],
        state=stored.state,
        state_name=REVIEW_STATES[stored.state],
        note=stored.review_note,
        may_change=sending.may_change(stored),
        is_new=is_new and stored.state == PENDING,
        findable=space.ready,
        released=released(space, stored.record.id),
    )
    return render(request, context)


@router.post("/receipts/{code}/revise", dependencies=[ANYONE])
def revise(space: Space, code: str) -> Response:
    """Open the form with what was sent, to be changed and sent again under the same code."""
    sending.revise(space, code)
    return RedirectResponse(f"/demands/drafts/{as_written(code)}", status_code=303)
