"""The form of a demand, empty, filled in again, or filled with what is stored."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from fastapi import Request, Response
from pydantic import ValidationError

from api.access.identity import FORM_FIELD
from api.pages.contexts.forms import DemandForm
from api.pages.rendering import render
from api.services.disclosing import giveaways
from api.services.drafts import DemandDraft
from api.services.messages import problems
from matcher.records import Demand

Problems = Mapping[str, str]
"""What is wrong, by field; what concerns no field in particular has the empty name."""
CHECK: Final = "check"
"""The button that asks what would give the enterprise away, and sends nothing."""
NOT_STORED: Final = "暂时无法保存，您填写的内容都在本页，请稍后再次提交。"
EXPIRED: Final = "页面已过期或浏览器没有保存 Cookie，还没有提交；内容都在本页，请再提交一次。"


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


def checked(draft: type[DemandDraft], typed: Mapping[str, str]) -> DemandDraft | Problems:
    """The draft that was typed, or what is wrong with it."""
    given = {name: typed[name] for name in draft.model_fields if typed.get(name)}
    try:
        return draft.model_validate(given)
    except ValidationError as error:
        return {p.field.partition(".")[0]: p.message for p in reversed(problems(error.errors()))}


def show(
    request: Request,
    form: FormOf,
    typed: Mapping[str, str],
    found: Problems,
    status: int = 200,
) -> Response:
    """The form as typed. ``typed`` carries the number of the submission and the version too.

    Sent with the button 检查, it also says what would give the enterprise away.
    """
    labels = form.draft.labels()
    checking = CHECK in typed
    context = DemandForm(
        form.title,
        typed={name: v for name, v in typed.items() if name not in (FORM_FIELD, CHECK)},
        problems={name: found[name] for name in ("", *labels) if name in found},
        labels=labels,
        action=form.action,
        submission=typed.get("submission", ""),
        version=typed.get("version", ""),
        button=form.button,
        remove=form.remove,
        giveaways=list(giveaways(typed)) if checking else [],
        checked=checking,
        longest=form.longest,
    )
    return render(request, context, status)


def as_typed(demand: Demand, version: int) -> dict[str, str]:
    """A stored demand as somebody would have typed it."""
    values = {name: getattr(demand, name) for name in DemandDraft.model_fields}
    values["keywords"] = "、".join(demand.keywords)
    if demand.budget is not None:
        values["budget"] = f"{demand.budget:g}"
    typed = {name: str(value) for name, value in values.items() if value is not None}
    return typed | {"version": str(version)}
