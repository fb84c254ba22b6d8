"""Web shapes of matchmaking days (对接会)."""

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Self

from pydantic import BaseModel, ConfigDict, Field

from api.services.day_drafts import DayPlan
from api.services.days import plan_of
from api.store import DayLine, MatchDay, MeetingLine


class MeetingOut(BaseModel):
    """一场会面。slot 和 room 从 0 起；grade 为期望等级 1–4；stands 为假表示有一方已撤回。"""

    demand_id: str
    achievement_id: str
    demand_title: str
    achievement_title: str
    demand_party: str
    achievement_party: str
    slot: int
    room: int
    time: str
    room_name: str
    grade: float
    fixed: bool
    stands: bool

    @classmethod
    def of(cls, line: MeetingLine, plan: DayPlan) -> Self:
        """With the time and the name of the room, as far as the plan still has them."""
        values = {name: getattr(line, name) for name in cls.model_fields if hasattr(line, name)}
        time = plan.clock(line.slot) if line.slot < plan.slots else ""
        room = plan.rooms[line.room] if line.room < len(plan.rooms) else ""
        return cls(**values, time=time, room_name=room)


class UnplacedOut(BaseModel):
    """没有会面的一方，和原因。"""

    party: str
    reason: str


class DaySummary(BaseModel):
    """一次对接会；state 为 draft（草稿）、arranged（已排期）或 published（已发布）。"""

    id: str
    name: str
    date: str
    place: str
    state: str
    meetings: int
    created_at: datetime
    updated_at: datetime

    @classmethod
    def of(cls, line: DayLine) -> Self:
        """As a list shows it."""
        values = {n: getattr(line.day, n) for n in DaySummary.model_fields if n != "meetings"}
        return cls(**values, meetings=line.meetings)


class DayOut(BaseModel):
    """一次对接会：计划、排期结果和未能安排的各方。gap 为距上界的比例，0 为已证明最优。"""

    id: str
    name: str
    date: str
    place: str
    state: str
    plan: DayPlan
    total: Annotated[float | None, Field(description="按优先级加权的期望等级之和")]
    bound: float | None
    gap: float | None
    meetings: list[MeetingOut]
    unplaced: list[UnplacedOut]
    missing: Annotated[list[str], Field(description="未能参加的记录，和原因")]
    job_id: Annotated[str | None, Field(description="后台排期的任务；空为没有在排")]
    arranged_at: datetime | None
    published_at: datetime | None
    created_at: datetime
    updated_at: datetime

    @classmethod
    def of(cls, day: MatchDay, meetings: Sequence[MeetingLine]) -> Self:
        """As the interface shows it."""
        plan = plan_of(day)
        skipped = ("plan", "meetings", "unplaced", "missing")
        values = {name: getattr(day, name) for name in cls.model_fields if name not in skipped}
        return cls(
            **values,
            plan=plan,
            meetings=[MeetingOut.of(one, plan) for one in meetings],
            unplaced=[UnplacedOut(**one) for one in day.unplaced],
            missing=list(day.missing),
        )


class DayPage(BaseModel):
    """一页对接会，新的在前；next_cursor 为空表示已到末页。"""

    items: list[DaySummary]
    next_cursor: str | None


class MoveIn(BaseModel):
    """改到另一时段和场地，均从 0 起；此后重新排期也保持不变。"""

    model_config = ConfigDict(extra="forbid")

    demand: Annotated[str, Field(max_length=64)]
    achievement: Annotated[str, Field(max_length=64)]
    slot: Annotated[int, Field(ge=0, le=1000)]
    room: Annotated[int, Field(ge=0, le=1000)]


class PublishIn(BaseModel):
    """发布，或撤回发布。"""

    model_config = ConfigDict(extra="forbid")

    published: bool
