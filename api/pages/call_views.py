"""Topics and calls as their pages show them."""

from typing import Final

from api.pages.contexts.base import Line
from api.pages.contexts.calls import CallLine, FieldView, GroupView, IndicatorRow, TopicView
from api.pages.hrefs import address
from api.pages.presenting import line, moment
from api.services import calls
from api.services.topics import Topic
from api.store import Call
from matcher.calls import FIELDS, GAP, Group
from matcher.calls.indicators import Indicator
from matcher.pairing.wording import GRADE_NAMES
from matcher.values import CALL_STATES, FINAL

SEPARATOR: Final = "."
"""Between ids in an address."""
_TITLES: Final = 3
_GROUPS: Final = 2
_HINTS: Final = {
    "problem": "背景、要解决的问题和预期目标。",
    "indicators": "验收时要测的指标，尽量有数值和单位。",
    "deadline": "从立项起几个月，或截止日期。",
    "ownership": "知识产权归谁，怎样使用，收益怎样分。",
    "funding": "企业出资和财政支持各多少万元，怎样拨付。",
    "eligibility": "揭榜单位的类型、团队、业绩和技术成熟度。",
    "issuer": "发榜单位、联系人和电话；企业名称须征得企业同意才写。",
}
_FEWEST_ROWS, _MOST_ROWS = 3, 16
_ROW: Final = 42
"""Characters of a row of a text area, roughly."""


def ids_in(text: str) -> list[str]:
    """Those that an address or a form names."""
    return [id_ for id_ in text.split(SEPARATOR) if id_]


def topic_view(topic: Topic) -> TopicView:
    """A topic in the list."""
    ids = SEPARATOR.join(topic.ids)
    return TopicView(
        href=address("/calls/topic", ids=ids),
        name=topic.title,
        size=topic.size,
        best=best_name(topic),
        titles=[demand.title for demand in topic.demands[:_TITLES]],
        groups=[group_view(group, topic) for group in topic.groups[:_GROUPS]],
        missing=_missing(topic),
        closed=len(topic.closed),
        ids=ids,
    )


def best_name(topic: Topic) -> str:
    """The best grade found so far."""
    return GRADE_NAMES[topic.best] if topic.best else "尚未检索"


def group_view(group: Group, topic: Topic) -> GroupView:
    """A research group beside a topic."""
    best = group.best
    reach = f"接近 {group.demands} 条需求" if len(topic.demands) > 1 else ""
    return GroupView(
        provider=group.provider,
        grade=best.grade,
        grade_name=GRADE_NAMES[best.grade] if best.grade else "",
        said=reach,
        achievements=[line(near.achievement) for near in group.achievements[:_TITLES]],
        contacts="、".join(group.contacts),
    )


def indicator_row(indicator: Indicator, topic: Topic) -> IndicatorRow:
    """One property; demands are numbered as in the list above it."""
    number = {id_: place for place, id_ in enumerate(topic.ids, start=1)}
    asked = [f"需求{number[one.demand_id]}：{one.text}" for one in indicator.asked]
    strict, loose = indicator.strictest, indicator.loosest
    between = f"最严 {strict.text}，最宽 {loose.text}" if strict and loose else ""
    return IndicatorRow(indicator.name, asked, between, indicator.conflict)


def missing_lines(topic: Topic) -> list[Line]:
    """Demands that say too little in numbers, each with what to ask for."""
    titles = {demand.id: demand.title for demand in topic.demands}
    return [
        Line(f"/demands/{gap.demand_id}", titles[gap.demand_id], [gap.advice])
        for gap in topic.indicators.missing
    ]


def call_line(call: Call) -> CallLine:
    """A call in a list."""
    left = calls.gaps(call)
    facts = [f"{len(call.demand_ids)} 条需求", f"{call.who}，{moment(call.updated_at)}"]
    return CallLine(
        href=f"/calls/{call.id}",
        title=call.title,
        state=CALL_STATES[call.state],
        is_final=call.state == FINAL,
        facts=[*facts, *([f"{left} 处待补充"] if left else [])],
    )


def field_views(typed: dict[str, str]) -> list[FieldView]:
    """The texts of a call, each as high as it is long."""
    return [
        FieldView(name, label, _HINTS[name], _rows(typed.get(name, "")), _gaps(typed, name))
        for name, label in FIELDS.items()
    ]


def _gaps(typed: dict[str, str], name: str) -> int:
    return typed.get(name, "").count(GAP)


def _rows(text: str) -> int:
    needed = sum(1 + len(line) // _ROW for line in text.split("\n"))
    return min(max(needed + 1, _FEWEST_ROWS), _MOST_ROWS)


def _missing(topic: Topic) -> list[str]:
    """What a call would have to ask for."""
    without = len(topic.indicators.missing)
    no_budget = sum(demand.budget is None for demand in topic.demands)
    no_date = sum(not demand.deadline for demand in topic.demands)
    several = len(topic.demands) > 1
    return [
        f"{number} 条{said}" if several else said
        for number, said in ((without, "缺可测指标"), (no_budget, "缺预算"), (no_date, "缺时限"))
        if number
    ] + [f"“{one.name}”互相矛盾" for one in topic.indicators.conflicts[:_TITLES]]
