"""Resources as people read them: what each kind is looked at for, and in which words."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Final

from api.pages.contexts.base import Fact
from api.pages.contexts.resources import Cell, ResourceState
from api.pages.presenting import price
from api.services.resource_drafts import ResourceDraft
from matcher.resources import Resource
from matcher.values import EXPERT, FINANCE, PILOT, POLICY, RESOURCE_KINDS, SCENARIO

_FIELDS: Final = ResourceDraft.labels()
_OTHERWISE: Final[Mapping[str, Mapping[str, str]]] = {
    FINANCE: {"category": "产品类型", "provider": "金融机构"},
    EXPERT: {"keywords": "研究方向", "provider": "所在单位", "category": "职称或身份"},
    PILOT: {"services": "能力", "provider": "平台单位"},
    SCENARIO: {"industry": "行业", "provider": "需求方", "conditions": "条件"},
    POLICY: {
        "conditions": "适用对象与条件",
        "category": "支持方式",
        "provider": "发布部门",
        "source": "文号",
    },
}
"""What a field is called of one kind, where that differs."""
_COLUMNS: Final[Mapping[str, Sequence[str]]] = {
    FINANCE: ("amount", "term", "stage"),
    EXPERT: ("keywords", "provider", "services"),
    PILOT: ("services", "equipment", "scale"),
    SCENARIO: ("industry", "provider", "conditions"),
    POLICY: ("conditions", "category"),
    "": ("kind", "fields"),
}
"""What the list of a kind shows besides name, region and validity; ``""`` is the list of all."""
_NAMES: Final = {
    "kind": "类别",
    "amount": "额度",
    "stage": "适用阶段",
    "validity": "有效期",
    "region": "地区",
}
_LONGEST: Final = 60
_SOON: Final = 30
"""Days before the last one from which a list says that it is near."""


def labels(kind: str) -> Mapping[str, str]:
    """Field → what it is called of this kind."""
    return {**_FIELDS, **_NAMES, **_OTHERWISE.get(kind, {})}


def columns(kind: str) -> list[str]:
    """The heads of a list of this kind, or of all."""
    named = labels(kind)
    return [named[name] for name in (*_COLUMNS[kind], "region", "validity")]


def cells(resource: Resource, kind: str) -> list[Cell]:
    """What stands below these heads."""
    named = labels(kind)
    names = (*_COLUMNS[kind], "region", "validity")
    return [Cell(named[name], _clipped(_READ[name](resource)) or "—") for name in names]


def facts(resource: Resource) -> list[Fact]:
    """All values of a resource but its texts and contact; those that are not known left out."""
    named = labels(resource.kind)
    shown = ((name, read(resource)) for name, read in _READ.items() if name not in _ELSEWHERE)
    return [Fact(named[name], value) for name, value in shown if value]


def state(resource: Resource, today: date) -> ResourceState:
    """Whether it can be had today; both its first and its last day count."""
    day = today.isoformat()
    if resource.valid_until and resource.valid_until < day:
        return ResourceState("ended", "已过期")
    if resource.valid_from and resource.valid_from > day:
        return ResourceState("waiting", "未生效")
    if resource.valid_until:
        left = (date.fromisoformat(resource.valid_until) - today).days
        if left <= _SOON:
            return ResourceState("waiting", f"还剩 {left} 天" if left else "今天截止")
    return ResourceState("good", "有效")


def _amount(resource: Resource) -> str:
    low, high = resource.amount_min, resource.amount_max
    return "" if low is None and high is None else price(low, high)


def _stage(resource: Resource) -> str:
    low, high = resource.maturity_min, resource.maturity_max
    if low is not None and high is not None:
        return f"TRL {low}" if low == high else f"TRL {low}–{high}"
    if low is not None:
        return f"TRL {low} 起"
    return f"TRL {high} 以内" if high is not None else ""


def _validity(resource: Resource) -> str:
    first, last = resource.valid_from, resource.valid_until
    if first and last:
        return f"{first} 至 {last}"
    if first:
        return f"{first} 起"
    return f"{last} 止" if last else "长期"


def _clipped(text: str) -> str:
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"


_READ: Final[Mapping[str, Callable[[Resource], str]]] = {
    "kind": lambda r: RESOURCE_KINDS[r.kind],
    "provider": lambda r: r.provider or "",
    "category": lambda r: r.category or "",
    "amount": _amount,
    "term": lambda r: f"{r.term} 个月" if r.term else "",
    "services": lambda r: "、".join(r.services),
    "equipment": lambda r: "、".join(r.equipment),
    "scale": lambda r: r.scale or "",
    "keywords": lambda r: "、".join(r.keywords),
    "fields": lambda r: "、".join(r.fields) or "不限",
    "industry": lambda r: r.industry or "",
    "region": lambda r: r.region or "全国",
    "stage": _stage,
    "validity": _validity,
    "source": lambda r: r.source or "",
    "conditions": lambda r: r.conditions,
}
"""What is shown of a resource, in the order of its page."""
_ELSEWHERE: Final = frozenset({"kind", "conditions"})
"""What stands elsewhere on its page."""
