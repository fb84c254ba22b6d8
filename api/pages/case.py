"""One case (对接单): its page, and the forms that bring it on."""

from collections.abc import Callable, Mapping, Sequence
from typing import Final, TypeVar
from urllib.parse import quote

from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse
from pydantic import BaseModel

from api.access.guard import GuardedRoute, StaffReader, StaffTyping
from api.access.parameters import Before, Space
from api.pages import case_views
from api.pages.contexts.cases import CasePage
from api.pages.forms import Typed, version_in
from api.pages.presenting import moment
from api.pages.rendering import render
from api.pages.trying import UNTRIED, Tried, attempt
from api.security.roles import Actor
from api.security.tokens import new_token
from api.services import casework
from api.services.case_drafts import CaseChange, Contract, Move, Note
from api.services.messages import valid
from api.services.once import Once
from api.services.times import today
from api.services.workspace import Workspace
from api.store import CaseEvent, CaseLine
from matcher.values import in_digits

router = APIRouter(include_in_schema=False, route_class=GuardedRoute)
D = TypeVar("D", bound=BaseModel)
_EVENTS: Final = 30
_CONFLICT: Final = (
    "这张对接单刚被别人改过，您填写的内容还没有保存，都在本页。"
    "请核对现在的阶段和历史；再次提交将以本页为准。"
)
_PLAN: Final = ("assignee", "next_step", "next_date")
_LABELS: Final = {
    name: info.title or name
    for draft in (Move, Note, CaseChange)
    for name, info in draft.model_fields.items()
}
_MOVES: Final = frozenset({"onward", "elsewhere", "end"})
"""The forms that move a case; each is sent with its name."""


@router.get("/cases/{id}")
def case(
    request: Request,
    space: Space,
    actor: StaffReader,  # noqa: ARG001 - who may call
    id: str,
    before: Before = None,
) -> Response:
    """Both parties, the history, and what can be done."""
    return _page(request, space, id, before=before)


@router.post("/cases/{id}/move")
def move(request: Request, space: Space, actor: StaffTyping, id: str, typed: Typed) -> Response:
    """To another stage; back to the board if the button was there."""
    name = typed.get("form", "")
    form = name if name in _MOVES else "onward"

    def act() -> None:
        casework.move(space, actor, id, _checked(Move, typed), version_in(typed))

    back = f"/cases?{quote(typed['back'], safe='=&%+')}#case-{id}" if "back" in typed else ""
    return _attempt(request, space, id, form, typed, act, back)


@router.post("/cases/{id}/note")
def note(request: Request, space: Space, actor: StaffTyping, id: str, typed: Typed) -> Response:
    """A line for the history; sent twice, it is there once."""

    def act() -> None:
        text = _checked(Note, typed).text
        number = typed.get("submission", "")
        once = Once.of_form(actor, f"case {id}", number, text.encode())
        casework.add_note(space, actor, id, text, once)

    return _attempt(request, space, id, "note", typed, act)


@router.post("/cases/{id}/plan")
def plan(request: Request, space: Space, actor: StaffTyping, id: str, typed: Typed) -> Response:
    """Who works on it, and what is next."""
    return _change(request, space, actor, id, "plan", typed, _PLAN)


@router.post("/cases/{id}/contract")
def contract(request: Request, space: Space, actor: StaffTyping, id: str, typed: Typed) -> Response:
    """The contract of a case that is signed."""
    return _change(request, space, actor, id, "contract", typed, tuple(Contract.model_fields))


@router.post("/cases/{id}/release")
def release(request: Request, space: Space, actor: StaffTyping, id: str, typed: Typed) -> Response:
    """Whether the enterprise sees it."""
    return _change(request, space, actor, id, "release", typed, ("released",))


def _change(
    request: Request,
    space: Workspace,
    actor: Actor,
    id_: str,
    form: str,
    typed: Mapping[str, str],
    names: tuple[str, ...],
) -> Response:
    def act() -> None:
        draft = _checked(CaseChange, {name: typed.get(name, "") for name in names}, blanks=True)
        casework.change(space, actor, id_, draft, version_in(typed))

    return _attempt(request, space, id_, form, typed, act)


def _attempt(
    request: Request,
    space: Workspace,
    id_: str,
    form: str,
    typed: Mapping[str, str],
    act: Callable[[], None],
    back: str = "",
) -> Response:
    """Do it and go on; or show the page again with what was typed in this form."""

    def is_there() -> bool:
        return space.store.cases.get(id_) is not None

    if tried := attempt(request, typed, act, _CONFLICT, is_there):
        return _page(request, space, id_, form, tried)
    place = "" if form in _MOVES else f"#{form}"
    return RedirectResponse(back or f"/cases/{id_}{place}", status_code=303)


def _checked(draft: type[D], typed: Mapping[str, str], blanks: bool = False) -> D:
    """The draft that was typed; fields left blank count only with ``blanks``.

    Raises InvalidInput.
    """
    given = {n: typed[n] for n in draft.model_fields if n in typed and (typed[n] or blanks)}
    return valid(draft, given)


def _page(
    request: Request,
    space: Workspace,
    id_: str,
    form: str = "",
    tried: Tried = UNTRIED,
    before: int | None = None,
) -> Response:
    """The case; the ``form`` that was ``tried`` as it was typed."""
    line = casework.line(space, id_)
    found = space.store.cases.events(id_, _EVENTS + 1, before)
    demand, offer = space.demands.get(line.demand_id), space.achievements.get(line.achievement_id)
    stored = {
        "plan": {name: getattr(line, name) or "" for name in _PLAN},
        "contract": {
            "contract_type": line.contract_type or "",
            "amount": "" if line.amount is None else in_digits(line.amount),
            "signed_on": line.signed_on or "",
        },
    }
    context = CasePage(
        title=f"对接单：{line.demand_title}",
        ticket=case_views.ticket(line, today()),
        steps=case_views.steps(line.stage),
        parties=case_views.parties(line, demand, offer),
        history=case_views.history(found[:_EVENTS]),
        older=_older(id_, found),
        choices=case_views.choices(line.stage),
        pairing=f"/demands/{line.demand_id}?pin={line.achievement_id}" if demand and offer else "",
        has_contract=line.contract_type is not None,
        released_at=moment(line.released_at) if line.released_at else "",
        people=_people(space, line),
        typed=stored | ({form: tried.typed} if form else {}),
        problems={form: tried.problems} if tried.problems else {},
        labels=_LABELS,
        trouble=tried.trouble,
        submission=new_token(),
    )
    return render(request, context, tried.status)


def _people(space: Workspace, line: CaseLine) -> list[str]:
    """Those who can work on it; and who does, also if that account was disabled since."""
    names = [account.name for account in casework.workers(space)]
    return [*names, *([line.assignee] if line.assignee and line.assignee not in names else [])]


def _older(id_: str, found: Sequence[CaseEvent]) -> str:
    """Where the lines behind those that are shown stand, if there are any."""
    return f"/cases/{id_}?before={found[_EVENTS - 1].number}#history" if found[_EVENTS:] else ""
