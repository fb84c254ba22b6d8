"""采纳 or 不合适: what brokers say of pairings, and what ranking learns from it."""

from dataclasses import dataclass
from types import MappingProxyType
from typing import Annotated, Final

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, model_validator
from pydantic_core import PydanticCustomError

from api.security.roles import Actor
from api.services import catalogue
from api.services.auditing import Action, note
from api.services.cases import open_case, withdraw_case
from api.services.choices import OneOf
from api.services.drafts import clean_text
from api.services.kinds import ACHIEVEMENTS, DEMANDS
from api.services.workspace import Workspace
from api.store import Decision
from api.store.decisions import Side
from matcher.errors import NotFound
from matcher.records import Achievement, Demand
from matcher.values import REJECTIONS

ACCEPTED: Final = "accepted"
REJECTED: Final = "rejected"
VERDICTS: Final = MappingProxyType({ACCEPTED: "采纳", REJECTED: "不合适"})
LONGEST_NOTE: Final = 500
_LEARNED: Final = {
    "领域不符": 1,
    "其他": 1,
    "优势不明": 2,
    "描述不清": 2,
    "已有方案": 2,
    "尚不成熟": 3,
    "商业路径不明": 3,
    "价格不合": 3,
}
"""Grades that rejections teach: a price that does not suit says nothing against the subject."""


def _text(value: object) -> object:
    cleaned = clean_text(value)
    return None if cleaned == "" else cleaned


class DecisionDraft(BaseModel):
    """What somebody says of one pairing, and how it was shown to them."""

    model_config = ConfigDict(extra="forbid")

    verdict: Annotated[str, OneOf(*VERDICTS), Field(title="判断")]
    reason: Annotated[
        Annotated[str, OneOf(*REJECTIONS)] | None, BeforeValidator(_text), Field(title="原因")
    ] = None
    note: Annotated[
        str,
        BeforeValidator(lambda value: clean_text(value) or ""),
        Field(title="备注", max_length=LONGEST_NOTE),
    ] = ""
    position: Annotated[
        Annotated[int, Field(ge=1, le=1000)] | None, BeforeValidator(_text), Field(title="名次")
    ] = None
    shown_grade: Annotated[
        Annotated[int, Field(ge=1, le=4)] | None, BeforeValidator(_text), Field(title="显示的等级")
    ] = None
    asked: Annotated[str, OneOf("demand", "achievement"), Field(title="从哪一方查找")] = "demand"

    @model_validator(mode="after")
    def _reasoned(self) -> "DecisionDraft":
        if self.verdict == REJECTED and self.reason is None:
            raise PydanticCustomError("reason", "不合适须选一个原因")
        return self

    @property
    def grade(self) -> int:
        """1 … 4: what ranking learns from it."""
        return 4 if self.verdict == ACCEPTED else _LEARNED[self.reason or "其他"]


@dataclass(frozen=True, slots=True)
class Decided:
    """A decision beside the record that it is about."""

    decision: Decision
    record: Achievement | Demand


def decide(
    workspace: Workspace, actor: Actor, demand_id: str, achievement_id: str, draft: DecisionDraft
) -> Decision:
    """Say something of a pairing, in place of what was said before. Raises NotFound.

    To accept it is to open its case.
    """
    catalogue.get(workspace, DEMANDS, demand_id)
    catalogue.get(workspace, ACHIEVEMENTS, achievement_id)
    decisions = workspace.store.decisions
    with workspace.store.writing() as unit:
        decision = Decision(
            id=decisions.new_id(),
            demand_id=demand_id,
            achievement_id=achievement_id,
            verdict=draft.verdict,
            reason=draft.reason if draft.verdict == REJECTED else None,
            note=draft.note,
            grade=draft.grade,
            asked=draft.asked,
            position=draft.position,
            shown_grade=draft.shown_grade,
            model=workspace.model,
            account_id=actor.account_id,
            at=unit.moment,
            withdrawn_at=None,
        )
        before = decisions.add(unit, decision)
        if draft.verdict == ACCEPTED:
            open_case(workspace, unit, actor, demand_id, achievement_id)
        elif before == ACCEPTED:
            withdraw_case(workspace, unit, actor, demand_id, achievement_id)
        details = {"achievement": achievement_id, "verdict": draft.verdict}
        note(workspace.store, unit, actor, Action.decide, demand_id, **details)
    return decision


def withdraw(workspace: Workspace, actor: Actor, id_: str) -> Decision:
    """Take a decision back, whoever made it, and a case that nobody has worked on with it.

    Raises NotFound if it no longer stands.
    """
    with workspace.store.writing() as unit:
        decision = workspace.store.decisions.withdraw(unit, id_)
        if decision is None:
            raise NotFound("这条判断已撤回或被新的判断取代，请刷新页面查看现在的结果。")
        if decision.verdict == ACCEPTED:
            pairing = decision.demand_id, decision.achievement_id
            withdraw_case(workspace, unit, actor, *pairing)
        details = {"achievement": decision.achievement_id, "verdict": decision.verdict}
        note(workspace.store, unit, actor, Action.withdraw, decision.demand_id, **details)
    return decision


def decided(workspace: Workspace, record: Demand | Achievement) -> list[Decided]:
    """What was decided on the pairings of a record, newest first; records gone are left out."""
    side: Side = "demand_id" if isinstance(record, Demand) else "achievement_id"
    made = workspace.store.decisions.of(side, record.id)
    others = [d.achievement_id if isinstance(record, Demand) else d.demand_id for d in made]
    table = workspace.achievements if isinstance(record, Demand) else workspace.demands
    records = table.get_many(others) if others else {}
    return [Decided(d, records[o]) for d, o in zip(made, others, strict=True) if o in records]
