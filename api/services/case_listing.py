"""Which cases are listed: one set of filters for the board, the table, JSON and the ledger."""

from dataclasses import dataclass, replace
from datetime import date
from typing import Annotated, Final

from pydantic import BaseModel, BeforeValidator, Field

from api.security.roles import Actor
from api.services.case_drafts import BlankIsNone, ContractType, Stage
from api.services.case_rules import stage_name
from api.services.choices import OneOf
from api.services.drafts import Date
from api.services.times import day_begins, day_ends, today
from api.services.workspace import Workspace
from api.store import CaseLine, CaseQuery
from matcher.values import ENDED, FIELDS, STAGES

ME: Final = "me"
NOBODY: Final = "-"
PER_LANE: Final = 30
"""Cases of one stage on the board; the others are in the table."""
_ENDED_FOR_ENTERPRISES: Final = "已结束"
_MOST_RELEASED: Final = 100


class CaseFilters(BaseModel):
    """筛选对接单；各项之间为“且”。"""

    stage: Annotated[Stage | None, BlankIsNone, Field(description="阶段")] = None
    assignee: Annotated[
        Annotated[str, Field(max_length=100)] | None,
        BlankIsNone,
        Field(description="经理人的账号名；me 为自己，- 为暂无"),
    ] = None
    demand: Annotated[
        Annotated[str, Field(max_length=64)] | None, BlankIsNone, Field(description="需求的编号")
    ] = None
    overdue: Annotated[
        bool, BeforeValidator(lambda value: value or False), Field(description="只看逾期的")
    ] = False
    field: Annotated[
        Annotated[str, OneOf(*FIELDS)] | None, BlankIsNone, Field(description="技术领域")
    ] = None
    region: Annotated[
        Annotated[str, Field(max_length=100)] | None,
        BlankIsNone,
        Field(description="企业所在地；“江苏”包含“江苏-苏州”"),
    ] = None
    contract_type: Annotated[ContractType, Field(description="合同类型")] = None
    since: Annotated[Date, Field(description="推荐日期不早于")] = None
    until: Annotated[Date, Field(description="推荐日期不晚于")] = None

    def query(self, actor: Actor) -> CaseQuery:
        """As the store takes them, for whoever asks."""
        named = {ME: actor.name, NOBODY: ""}
        return CaseQuery(
            stage=self.stage,
            assignee=named.get(self.assignee, self.assignee) if self.assignee else None,
            demand_id=self.demand,
            field=self.field,
            region=self.region,
            contract_type=self.contract_type,
            overdue_on=today().isoformat() if self.overdue else None,
            since=day_begins(date.fromisoformat(self.since)) if self.since else None,
            until=day_ends(date.fromisoformat(self.until)) if self.until else None,
        )


@dataclass(frozen=True, slots=True)
class Lane:
    """One stage on the board: how many cases there are, and the most pressing of them."""

    stage: str
    count: int
    lines: list[CaseLine]


@dataclass(frozen=True, slots=True)
class Released:
    """What an enterprise sees of a case: who offers what, and how far it is. Never a note."""

    achievement_title: str
    provider: str | None
    stage: str


def board(workspace: Workspace, wanted: CaseQuery) -> tuple[list[Lane], int]:
    """The stages in order, what is due first on top; and how many cases have ended."""
    lists = workspace.store.case_lists
    counts = lists.counts(replace(wanted, stage=None))
    lanes = []
    for stage in STAGES:
        within = replace(wanted, stage=stage)
        lines = (
            lists.page(within, PER_LANE, order="due", falling=False) if counts.get(stage) else []
        )
        lanes.append(Lane(stage, counts.get(stage, 0), lines))
    return lanes, counts.get(ENDED, 0)


def released(workspace: Workspace, demand_id: str) -> list[Released]:
    """What its enterprise may see of the cases of a demand, oldest first."""
    wanted = CaseQuery(demand_id=demand_id, released=True)
    found = workspace.store.case_lists.page(wanted, _MOST_RELEASED, falling=False)
    return [Released(one.achievement_title, one.provider, _told(one.stage)) for one in found]


def _told(stage: str) -> str:
    return _ENDED_FOR_ENTERPRISES if stage == ENDED else stage_name(stage)
