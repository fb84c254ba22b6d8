"""``/api/v1/decisions``: what brokers say of pairings."""

from datetime import datetime
from typing import Annotated, Self

from fastapi import APIRouter, Query, status
from pydantic import BaseModel, Field

from api.access.guard import GuardedRoute, StaffReader, StaffWriter
from api.access.parameters import Space
from api.services import decisions
from api.services.decisions import DecisionDraft
from api.store import Decision
from api.store.decisions import Side
from matcher.errors import InvalidQuery

router = APIRouter(prefix="/decisions", tags=["判断"], route_class=GuardedRoute)
_Id = Annotated[str, Field(min_length=1, max_length=40)]


class DecisionIn(DecisionDraft):
    """对一个配对的判断；position 和 shown_grade 说明它当时排在第几、显示什么等级。"""

    demand: Annotated[_Id, Field(description="需求编号")]
    achievement: Annotated[_Id, Field(description="成果编号")]


class DecisionOut(BaseModel):
    """一条有效的判断；grade 是排序从中学到的等级。"""

    id: str
    demand: str
    achievement: str
    verdict: str
    reason: str | None
    note: str
    grade: int
    position: int | None
    who: str | None
    at: datetime

    @classmethod
    def of(cls, decision: Decision, who: str | None) -> Self:
        """The shape of a decision."""
        return cls(
            id=decision.id,
            demand=decision.demand_id,
            achievement=decision.achievement_id,
            verdict=decision.verdict,
            reason=decision.reason,
            note=decision.note,
            grade=decision.grade,
            position=decision.position,
            who=who,
            at=decision.at,
        )


@router.post("", status_code=status.HTTP_201_CREATED, summary="判断配对")
def decide(space: Space, actor: StaffWriter, body: DecisionIn) -> DecisionOut:
    """采纳（accepted）或不合适（rejected，附原因），取代对同一配对的上一条判断；排序随即改进。"""
    made = decisions.decide(space, actor, body.demand, body.achievement, body)
    return DecisionOut.of(made, actor.name)


@router.get("", summary="列出判断")
def list_(
    space: Space,
    actor: StaffReader,  # noqa: ARG001 - says who may call
    demand: Annotated[str | None, Query(max_length=40)] = None,
    achievement: Annotated[str | None, Query(max_length=40)] = None,
) -> list[DecisionOut]:
    """一条需求或一项成果上有效的判断，新的在前；demand 和 achievement 二者只给其一。"""
    asked: dict[Side, str | None] = {"demand_id": demand, "achievement_id": achievement}
    given = [(side, id_) for side, id_ in asked.items() if id_ is not None]
    if len(given) != 1:
        raise InvalidQuery.of("demand", "请给出 demand 或 achievement，二者只选其一。")
    found = space.store.decisions.of(*given[0])
    return [DecisionOut.of(decision, decision.who) for decision in found]


@router.delete("/{id}", status_code=status.HTTP_204_NO_CONTENT, summary="撤回判断")
def withdraw(space: Space, actor: StaffWriter, id: str) -> None:
    """撤回后这条判断不再影响排序。"""
    decisions.withdraw(space, actor, id)
