"""Web shapes of cases (对接单)."""

from datetime import datetime
from typing import Annotated, Self

from pydantic import BaseModel, Field

from api.services.case_listing import CaseFilters
from api.services.case_rules import overdue_days, stage_name
from api.services.times import today
from api.store import CaseEvent, CaseLine


class CaseSummary(BaseModel):
    """一张对接单。金额单位为万元；overdue_days 为下一步逾期的天数，按北京时间。"""

    id: str
    demand_id: str
    demand_title: str
    organisation: str | None
    achievement_id: str
    achievement_title: str
    provider: str | None
    grade: Annotated[int | None, Field(description="采纳时所示的等级 1–4")]
    stage: str
    stage_name: str
    stage_since: datetime
    ended_because: str | None
    assignee: str | None
    next_step: str
    next_date: str | None
    overdue_days: int
    contract_type: str | None
    amount: float | None
    signed_on: str | None
    released_at: Annotated[datetime | None, Field(description="何时向企业公开；空为未公开")]
    created_at: datetime
    updated_at: datetime

    @classmethod
    def of(cls, line: CaseLine) -> Self:
        """As the interface shows it."""
        shown = {name: getattr(line, name) for name in cls.model_fields if hasattr(line, name)}
        late = overdue_days(line.next_date, today())
        return cls(**shown, stage_name=stage_name(line.stage), overdue_days=late)


class EventOut(BaseModel):
    """历史中的一条：谁在何时做了什么；stage 只在阶段变动时有。"""

    number: int
    at: datetime
    who: str
    kind: str
    from_stage: str | None
    to_stage: str | None
    text: str

    @classmethod
    def of(cls, event: CaseEvent) -> Self:
        """As the interface shows it."""
        return cls(**{name: getattr(event, name) for name in cls.model_fields})


class CaseDetail(CaseSummary):
    """一张对接单及其最近的历史，新的在前。"""

    events: list[EventOut]

    @classmethod
    def with_history(cls, line: CaseLine, events: list[CaseEvent]) -> Self:
        """Both together."""
        return cls(**CaseSummary.of(line).model_dump(), events=[EventOut.of(one) for one in events])


class CasePage(BaseModel):
    """一页对接单，新的在前；next_cursor 为空表示已到末页。"""

    items: list[CaseSummary]
    next_cursor: str | None
    total: int


class CaseListQuery(CaseFilters):
    """筛选与分页。"""

    limit: Annotated[int, Field(ge=1, le=100, description="每页条数")] = 20
    cursor: Annotated[str | None, Field(max_length=64, description="上一页的 next_cursor")] = None
