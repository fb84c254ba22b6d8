"""Cases as people read them; pure, so that what a page says is tested without one."""

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from typing import Final

from api.pages.contexts.base import Fact
from api.pages.contexts.cases import Choices, Moment, Party, Step, Ticket
from api.pages.presenting import facts, moment
from api.services.case_rules import LAST, ORDER, SIGNED, overdue_days, stage_name
from api.services.cases import Happened
from api.services.times import beijing
from api.store import CaseEvent, CaseLine
from matcher.pairing.wording import GRADE_NAMES
from matcher.records import Achievement, Demand
from matcher.values import ENDED, STAGES, written

_WHAT: Final = {
    Happened.opened: "开立对接单",
    Happened.reopened: "重新开立",
    Happened.withdrawn: "采纳被撤回",
    Happened.noted: "备注",
    Happened.planned: "安排下一步",
    Happened.assigned: "改派经理人",
    Happened.contracted: "登记合同",
    Happened.released: "向企业公开",
    Happened.withheld: "停止向企业公开",
}
_ON_PAGE: Final = frozenset({"完成单位", "地区", "技术领域", "所属行业", "成熟度", "价格", "预算"})


def ticket(line: CaseLine, today: date) -> Ticket:
    """A case on the board or in the table, as of a day in Beijing."""
    onward = onward_of(line.stage)
    return Ticket(
        id=line.id,
        version=line.version,
        demand=line.demand_title,
        organisation=line.organisation or "",
        achievement=line.achievement_title,
        provider=line.provider or "",
        grade=line.grade,
        grade_name=GRADE_NAMES.get(line.grade, "") if line.grade else "",
        stage=stage_name(line.stage),
        since=_lasting(line.stage_since, today),
        opened=f"{beijing(line.created_at):%Y-%m-%d}",
        assignee=line.assignee or "",
        next_step=line.next_step,
        next_date=line.next_date or "",
        late=overdue_days(line.next_date, today),
        released=line.released_at is not None,
        contract=contract(line),
        signed_on=line.signed_on or "",
        ended_because=line.ended_because or "",
        onward=onward,
        onward_name=stage_name(onward) if onward else "",
        asks=onward in SIGNED and line.stage not in SIGNED,
    )


def onward_of(stage: str) -> str:
    """The stage that follows; empty behind the last, and after the end."""
    return "" if stage in (LAST, ENDED) else ORDER[ORDER.index(stage) + 1]


def choices(stage: str) -> Choices:
    """Where a case can be brought from this stage."""
    onward = onward_of(stage)
    others = {key: name for key, name in STAGES.items() if key not in (stage, onward)}
    return Choices(
        onward={onward: stage_name(onward)} if onward else {},
        elsewhere=others,
        may_end=stage not in (LAST, ENDED),
        asks=onward in SIGNED and stage not in SIGNED,
    )


def steps(stage: str) -> list[Step]:
    """The way, and how far along it is; of a case that ended nothing is marked."""
    at = ORDER.index(stage) if stage in ORDER else -1
    states = ["done" if i < at else "current" if i == at else "" for i in range(len(ORDER))]
    return [Step(name, state) for name, state in zip(STAGES.values(), states, strict=True)]


def history(events: Sequence[CaseEvent]) -> list[Moment]:
    """The lines of a history, each a few words and what was written."""
    return [
        Moment(moment(e.at or datetime.now(UTC)), e.who, _what(e), e.text or _nothing(e))
        for e in events
    ]


def contract(line: CaseLine) -> str:
    """技术开发 50 万元, or nothing."""
    if line.contract_type is None:
        return ""
    return f"{line.contract_type} {written(line.amount or 0)} 万元"


def parties(line: CaseLine, demand: Demand | None, offer: Achievement | None) -> list[Party]:
    """Both sides with their contacts; a record that was removed has only its name."""
    need = _named({"企业名称": line.organisation})
    who = {"联系人": demand.contact, "电话": demand.phone} if demand else {}
    reach = {"联系人": offer.contact} if offer else {}
    return [
        _party("需求", line.demand_title, demand, need, who),
        _party("成果", line.achievement_title, offer, [], reach),
    ]


def _party(
    noun: str,
    title: str,
    record: Demand | Achievement | None,
    before: list[Fact],
    contacts: Mapping[str, str | None],
) -> Party:
    kind = "demands" if noun == "需求" else "achievements"
    shown = [fact for fact in facts(record) if fact.label in _ON_PAGE] if record else []
    href = f"/{kind}/{record.id}" if record else ""
    return Party(noun, title, href, [*before, *shown], _named(contacts))


def _named(values: Mapping[str, str | None]) -> list[Fact]:
    return [Fact(label, value) for label, value in values.items() if value]


def _what(event: CaseEvent) -> str:
    if event.kind == Happened.moved and event.from_stage and event.to_stage:
        return f"{stage_name(event.from_stage)} → {stage_name(event.to_stage)}"
    known = event.kind in set(Happened) and event.kind != Happened.moved
    return _WHAT[Happened(event.kind)] if known else event.kind


def _nothing(event: CaseEvent) -> str:
    """What an empty text stands for."""
    return {"planned": "不再有下一步", "assigned": "暂无经理人"}.get(event.kind, "")


def _lasting(since: datetime, today: date) -> str:
    days = max(0, (today - beijing(since).date()).days)
    return f"{days} 天" if days else "今天"
