"""``/api/v1/demands/{id}/pairings/{achievement}/support``: what a pairing lacks, who can help."""

from typing import Annotated, Literal, Self

from fastapi import APIRouter, Query
from pydantic import BaseModel, Field

from api.access.guard import MATCHER, GuardedRoute
from api.access.parameters import Space
from api.services.support import RESOURCES_SHOWN, support
from matcher.pairing.evidence import Evidence
from matcher.pairing.offers import Offer
from matcher.pairing.path import STEPS, Standing
from matcher.pairing.plan import SupportPlan
from matcher.pairing.support import Blocker
from matcher.values import RESOURCE_KINDS

router = APIRouter(
    prefix="/demands", tags=["匹配"], route_class=GuardedRoute, dependencies=[MATCHER]
)
_Span = tuple[int, int]


class EvidenceOut(BaseModel):
    """一处依据：引文（span 为所引分句，mark 为其中的词，均为原文字符位置），或字段的值。"""

    party: Annotated[Literal["demand", "achievement"], Field(description="出自哪一方")]
    field: str
    text: Annotated[str, Field(description="引文或值；没有填写时为空")]
    span: _Span | None
    mark: _Span | None

    @classmethod
    def of(cls, evidence: Evidence) -> Self:
        """The shape of one place."""
        return cls(**evidence._asdict())


class FindingOut(BaseModel):
    """一条迹象；rule 是 docs/诊断规则.md 中的规则名。"""

    rule: str
    likelihood: Literal["likely", "possible"]
    sentence: str
    evidence: list[EvidenceOut]


class ConditionOut(BaseModel):
    """资源的一项硬条件；unknown 表示双方没有写明，需确认。"""

    name: Literal["stage", "amount", "region", "fields", "validity", "novelty"]
    state: Literal["met", "unknown"]
    text: str


class OfferOut(BaseModel):
    """一项可用的资源：为什么是它，条件怎样满足。score 只用于排序，不是可能性。"""

    resource: str
    kind: str
    kind_name: str
    title: str
    provider: str | None
    score: float
    because: str
    phrases: list[str]
    conditions: list[ConditionOut]

    @classmethod
    def of(cls, offer: Offer) -> Self:
        """The shape of an offer, without the contact."""
        resource = offer.resource
        return cls(
            resource=resource.id,
            kind=resource.kind,
            kind_name=RESOURCE_KINDS[resource.kind],
            title=resource.title,
            provider=resource.provider,
            score=offer.score,
            because=offer.because,
            phrases=[phrase.text for phrase in offer.phrases],
            conditions=[ConditionOut.model_validate(c._asdict()) for c in offer.conditions],
        )


class BlockerOut(BaseModel):
    """六类卡点之一：likely 较可能、possible 可能、none 未见迹象；不是结论。"""

    name: str
    likelihood: Literal["likely", "possible", "none"]
    findings: list[FindingOut]
    offers: list[OfferOut]

    @classmethod
    def of(cls, blocker: Blocker, offers: list[OfferOut]) -> Self:
        """The shape of a blocker with the resources for it."""
        findings = [
            {
                "rule": finding.rule,
                "likelihood": finding.likelihood,
                "sentence": f"{finding.says}。",
                "evidence": [EvidenceOut.of(place) for place in finding.evidence],
            }
            for finding in blocker.findings
        ]
        return cls.model_validate(
            {
                "name": blocker.name,
                "likelihood": blocker.likelihood,
                "findings": findings,
                "offers": offers,
            }
        )


class PathOut(BaseModel):
    """四步路径上的位置；step 为空表示成熟度未注明，missing 是离需求要求还差几步。"""

    maturity: int | None
    step: str | None
    wanted: str | None
    missing: int
    takes: str
    links: Annotated[list[str], Field(description="下一步涉及五位一体中的哪些环节")]

    @classmethod
    def of(cls, standing: Standing) -> Self:
        """The shape of a place on the path."""
        return cls(
            maturity=standing.maturity,
            step=None if standing.at is None else STEPS[standing.at].name,
            wanted=None if standing.wanted is None else STEPS[standing.wanted].name,
            missing=standing.missing,
            takes=f"{standing.takes}。",
            links=list(standing.links),
        )


class SupportOut(BaseModel):
    """一对需求与成果还缺什么、谁能补上。amount 是报价高出预算的部分（万元），未知为空。"""

    demand: str
    achievement: str
    amount: float | None
    path: PathOut
    blockers: Annotated[list[BlockerOut], Field(description="六类，次序固定")]

    @classmethod
    def of(cls, plan: SupportPlan) -> Self:
        """The shape of a plan."""
        offers = {one.blocker: [OfferOut.of(offer) for offer in one.offers] for one in plan.help}
        return cls(
            demand=plan.pair.demand.id,
            achievement=plan.pair.achievement.id,
            amount=plan.need.amount,
            path=PathOut.of(plan.standing),
            blockers=[BlockerOut.of(b, offers.get(b.name, [])) for b in plan.diagnosis.blockers],
        )


@router.get("/{id}/pairings/{achievement}/support", summary="配对还缺什么")
def get_support(
    space: Space,
    id: str,
    achievement: str,
    k: Annotated[int, Query(ge=1, le=10, description="每类卡点最多几项资源")] = RESOURCES_SHOWN,
) -> SupportOut:
    """六类卡点的迹象与依据，能补上的资源，以及在四步路径上的位置；只列条件符合或待确认的资源。"""
    return SupportOut.of(support(space, id, achievement, k))
