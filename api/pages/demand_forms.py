"""The form of a demand, empty, filled in again, or filled with what is kept."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Final, TypeVar

from fastapi import Request, Response
from pydantic import Field, ValidationError

from api.access.identity import FORM_FIELD
from api.pages.coaching import panel, silent
from api.pages.contexts.forms import STEPS, Banner, DemandForm, first_step
from api.pages.rendering import render
from api.security.roles import Actor, Role
from api.services import sending
from api.services.draft_room import KEPT
from api.services.drafts import DemandDraft, Draft, LongText
from api.services.messages import problems
from api.services.times import clock
from api.services.workspace import Workspace
from api.store import Unsent
from matcher.records import Demand
from matcher.values import MAX_LONG_TEXT

D = TypeVar("D", bound=Draft)
Problems = Mapping[str, str]
"""What is wrong, by field; what concerns no field in particular has the empty name."""
CHECK: Final = "check"
"""The button that asks for the coach's opinion, and sends nothing."""
SAVE: Final = "save"
"""The button that keeps a draft, and sends nothing."""
MINE: Final = "mine"
"""Its value, if what another window saved may go."""
CHANGE: Final = "change-sent"
"""The button that changes what was sent already."""
UNSIGNED: Final = "unsigned"
"""The button that sends without signing in again."""
SIGNED_IN: Final = "signed_in"
"""The field of a form that was served to an enterprise that was signed in."""
SEEN: Final = "seen"
"""The field with the version of the draft that a page was filled with."""
_IN_ORDER: Final = tuple(name for _, names in STEPS for name in names)
_BUTTONS: Final = (FORM_FIELD, CHECK, SAVE, CHANGE, UNSIGNED)
NOT_STORED: Final = "暂时无法保存，您填写的内容都在本页，请稍后再次提交。"
EXPIRED: Final = "页面已过期或浏览器没有保存 Cookie，还没有提交；内容都在本页，请再提交一次。"


class FormDraft(DemandDraft):
    """The rules of a demand, with the shorter texts of the form."""

    problem: Annotated[LongText, Field(title="主要问题", max_length=MAX_LONG_TEXT)]
    indicators: Annotated[LongText, Field(title="技术关键与指标", max_length=MAX_LONG_TEXT)]
    goal: Annotated[LongText, Field(title="预期目标", max_length=MAX_LONG_TEXT)]


@dataclass(frozen=True, slots=True)
class FormOf:
    """One use of the form: its rules, where it is sent, and what the button says."""

    draft: type[DemandDraft]
    action: str
    title: str
    button: str
    longest: int
    remove: str = ""
    """Where the demand can be removed, if there is one yet."""
    code: str = ""
    """Of the draft that the form is, if it is one."""
    keeps: bool = False
    """Whether what is typed can be kept as a draft."""
    note: str = ""
    """Why the demand was returned, if it was."""


NEW: Final = FormOf(
    FormDraft, "/demands/new", "企业技术需求填报", "提交需求", MAX_LONG_TEXT, keeps=True
)


def checked(draft: type[D], typed: Mapping[str, str]) -> D | Problems:
    """The draft that was typed, or what is wrong with it."""
    given = {name: typed[name] for name in draft.model_fields if typed.get(name)}
    try:
        return draft.model_validate(given)
    except ValidationError as error:
        return {p.field.partition(".")[0]: p.message for p in reversed(problems(error.errors()))}


def drafted(request: Request, form: FormOf, typed: Mapping[str, str]) -> DemandDraft | Response:
    """The draft that was typed; or the form again, for what is wrong or for the coach's opinion."""
    if request.state.expired:
        return show(request, form, typed, {"": EXPIRED}, 403)
    if CHECK in typed:
        return show(request, form, typed, {})
    draft = checked(form.draft, typed)
    return draft if isinstance(draft, DemandDraft) else show(request, form, typed, draft, 422)


def as_typed(demand: Demand, version: int) -> dict[str, str]:
    """A stored demand as somebody would have typed it."""
    return sending.as_typed(demand) | {"version": str(version)}


def show(
    request: Request,
    form: FormOf,
    typed: Mapping[str, str],
    found: Problems,
    status: int = 200,
    banner: Banner | None = None,
    saved: Unsent | None = None,
) -> Response:
    """The form as typed. ``typed`` carries the number of the form and the versions too.

    Sent with the button 检查, it also says what the coach thinks of it.
    """
    labels = form.draft.labels()
    space: Workspace = request.app.state.workspace
    actor: Actor = request.state.actor
    context = DemandForm(
        form.title,
        typed={name: v for name, v in typed.items() if name not in _BUTTONS},
        problems={name: found[name] for name in ("", *_IN_ORDER) if name in found},
        labels=labels,
        action=form.action,
        submission=typed.get("submission", ""),
        version=typed.get("version", ""),
        button=form.button,
        remove=form.remove,
        coach=panel(space, typed) if CHECK in typed else silent(),
        checked=CHECK in typed,
        longest=form.longest,
        banner=banner,
        code=form.code,
        seen=saved.version if saved else typed.get(SEEN, ""),
        saved=clock(saved.updated_at) if saved else "",
        keeps=form.keeps,
        kept_days=KEPT.days,
        note=form.note,
        step=first_step(found),
        fresh=not (found or form.code or typed.get("title")),
        signed_in=actor.role is Role.enterprise,
    )
    return render(request, context, status)
