"""The form of a resource: which fields it has follows from the kind, without any script."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from fastapi import Request, Response

from api.pages.contexts.resources import Group, Input, ResourceForm
from api.pages.demand_forms import Problems
from api.pages.rendering import render
from api.pages.resource_facts import labels
from api.services.resource_drafts import ResourceDraft
from matcher import values
from matcher.resources import Resource
from matcher.values import EXPERT, FINANCE, PILOT, POLICY, SCENARIO, in_digits

SWITCH: Final = "switch"
"""The button that shows the fields of another kind, and stores nothing."""
_TICK: Final = "fields-"
_OWN: Final[Mapping[str, Sequence[str]]] = {
    FINANCE: ("category", "amount_min", "amount_max", "term"),
    EXPERT: ("category", "services"),
    PILOT: ("services", "equipment", "scale"),
    SCENARIO: ("industry", "scale"),
    POLICY: ("category", "amount_min", "amount_max", "source"),
}
_ALL: Final = (
    "category",
    "services",
    "equipment",
    "scale",
    "amount_min",
    "amount_max",
    "term",
    "source",
)
"""Fields that some kinds have; of others they are shown where something stands in them."""
_ABOUT: Final = ("title", "provider", "summary", "keywords")
_SCOPE: Final = ("conditions", "fields", "industry", "region", "maturity_min", "maturity_max")
_SINCE: Final = ("valid_from", "valid_until", "contact")
_LONG: Final = frozenset({"summary", "conditions"})
_NUMBERS: Final = frozenset({"amount_min", "amount_max", "term", "maturity_min", "maturity_max"})
_HINTS: Final = {
    "title": "一句话说清是什么，例如：催化材料吨级中试平台",
    "summary": "能提供什么、做过什么；匹配时读这里",
    "keywords": "用顿号或逗号隔开，最多 20 个",
    "services": "用顿号隔开，例如：中试放大、性能评价",
    "equipment": "用顿号隔开，写出型号更好找",
    "scale": "例如：年产 200 吨",
    "category": "例如：信用贷款、教授、后补助",
    "conditions": "其余各栏说不清的条件写在这里",
    "fields": "不勾选即不限",
    "region": "省-市，例如：江苏-苏州；不填即全国",
    "maturity_min": "TRL 1–9，可不填",
    "maturity_max": "TRL 1–9，可不填",
    "amount_min": "万元，可不填",
    "amount_max": "万元，可不填",
    "term": "月，可不填",
    "valid_from": "例如 2026-01-01，可不填",
    "valid_until": "当天仍有效；不填即长期",
    "source": "文号或出处",
    "contact": "只有技术经理人和管理员看得到",
}


@dataclass(frozen=True, slots=True)
class FormOf:
    """One use of the form: where it is sent, what it and its button say."""

    action: str
    title: str
    button: str
    remove: str = ""


def given(typed: Mapping[str, str]) -> dict[str, str]:
    """What was typed, the ticked fields as one text."""
    ticked = "、".join(value for name, value in typed.items() if name.startswith(_TICK))
    return {**typed, "fields": ticked} if ticked else dict(typed)


def as_typed(resource: Resource, version: int) -> dict[str, str]:
    """A stored resource as somebody would have typed it."""
    typed = {name: _written(getattr(resource, name)) for name in ResourceDraft.model_fields}
    return {name: text for name, text in typed.items() if text} | {"version": str(version)}


def show(
    request: Request,
    form: FormOf,
    typed: Mapping[str, str],
    found: Problems,
    status: int = 200,
) -> Response:
    """The form as typed, and what is wrong with it."""
    kind = typed.get("kind", "")
    groups = _groups(kind, typed, found)
    shown = {one.name: one.label for group in groups for one in group.inputs}
    named = {"kind": labels(kind)["kind"], **shown}
    context = ResourceForm(
        title=form.title,
        kind=kind,
        groups=groups,
        problem=found.get("", ""),
        wrong=[(name, label, found[name]) for name, label in named.items() if name in found],
        action=form.action,
        button=form.button,
        submission=typed.get("submission", ""),
        version=typed.get("version", ""),
        remove=form.remove,
        kinds=values.RESOURCE_KINDS,
        kind_problem=found.get("kind", ""),
    )
    return render(request, context, status)


def _groups(kind: str, typed: Mapping[str, str], found: Problems) -> list[Group]:
    own = _OWN.get(kind, ())
    kept = [name for name in _ALL if name not in own and (typed.get(name) or name in found)]
    scope = [name for name in _SCOPE if name not in own]
    named = {
        "内容": _ABOUT,
        f"{values.RESOURCE_KINDS.get(kind, '资源')}的要点": (*own, *kept),
        "适用于": scope,
        "有效期与联系": _SINCE,
    }
    return [
        Group(name, [_input(kind, field, typed, found) for field in fields])
        for name, fields in named.items()
        if fields
    ]


def _input(kind: str, name: str, typed: Mapping[str, str], found: Problems) -> Input:
    return Input(
        name,
        labels(kind)[name],
        _HINTS.get(name, ""),
        _shape(name),
        typed.get(name, ""),
        found.get(name, ""),
        ResourceDraft.model_fields[name].is_required(),
        {"fields": values.FIELDS, "industry": values.INDUSTRIES}.get(name, ()),
    )


def _shape(name: str) -> str:
    if name in _LONG:
        return "long"
    if name in _NUMBERS:
        return "number"
    return {"fields": "ticks", "industry": "choice"}.get(name, "line")


def _written(value: object) -> str:
    if isinstance(value, tuple):
        return "、".join(value)
    if isinstance(value, float):
        return in_digits(value)
    return "" if value is None else str(value)
