"""``/api/v1/coach``."""

from typing import Annotated, Literal

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict, Field

from api.access.guard import AnyoneTyping, GuardedRoute
from api.access.parameters import Space
from api.routes.disclosures import DisclosureOut, DisclosuresIn
from api.services.coaching import Advice, advice
from matcher.coaching.findings import Criterion
from matcher.text.quantities import Form, Quantity

router = APIRouter(prefix="/coach", tags=["需求"], route_class=GuardedRoute)
Short = Annotated[str, Field(max_length=200)]


class CoachIn(DisclosuresIn):
    """正在填写的需求；各项都可以留空。"""

    model_config = ConfigDict(extra="forbid")

    field: Annotated[Short, Field(description="已选的技术领域，只影响相关成果的估计")] = ""
    industry: Annotated[Short, Field(description="已选的所属行业，只影响相关成果的估计")] = ""
    budget: Annotated[Short, Field(description="预算，照填写的样子")] = ""
    deadline: Annotated[Short, Field(description="期望完成日期，照填写的样子")] = ""


class EvidenceOut(BaseModel):
    """得分的一处依据：作为什么（现状、期限……）、所在字段、起止位置和原文。"""

    sign: str
    field: str
    start: int
    end: int
    text: str


class SuggestionOut(BaseModel):
    """一句具体的建议：写到哪个字段，说的是其中哪一处（没有具体位置时为空）。"""

    text: str
    field: str
    start: int | None
    end: int | None


class CriterionOut(BaseModel):
    """一个方面的得分（0–5）、依据和建议；满分时没有建议。"""

    name: Literal["problem", "indicators", "goal", "context"]
    label: str
    score: Annotated[int, Field(ge=0, le=5)]
    suggestion: SuggestionOut | None
    evidence: list[EvidenceOut]


class QuantityOut(BaseModel):
    """识别出的一个量：指标名、形式、单位（可能为空）、所在字段、起止位置和原文。

    low 和 high 用国际单位（温度为摄氏度，份额为百分之一，金额为元），空为没有这一侧的界限。
    """

    property: str
    form: Form
    low: float | None
    high: float | None
    unit: str
    field: str
    start: int
    end: int
    text: str


class CoachOut(BaseModel):
    """填写时的提示。没有把握的建议、暂时无法估计的数为空。"""

    score: Annotated[int, Field(ge=0, le=20, description="四项之和")]
    criteria: list[CriterionOut]
    quantities: list[QuantityOut]
    keywords: Annotated[list[str], Field(max_length=5, description="建议的关键词")]
    field: Annotated[str | None, Field(description="建议的技术领域")]
    industry: Annotated[str | None, Field(description="建议的所属行业")]
    related: Annotated[int | None, Field(ge=0, description="库中可能相关的成果，约多少项")]
    disclosures: list[DisclosureOut]


@router.post("", summary="填写需求时的提示")
def coach_demand(space: Space, body: CoachIn, _: AnyoneTyping) -> CoachOut:
    """四个方面的得分和建议、识别出的量、建议的关键词和分类、可能相关的成果数；不保存任何内容。"""
    return _out(advice(space, body.model_dump()))


def _out(given: Advice) -> CoachOut:
    return CoachOut(
        score=given.coaching.score,
        criteria=[_criterion(criterion) for criterion in given.coaching.criteria],
        quantities=[_quantity(field, quantity) for field, quantity in given.coaching.quantities],
        keywords=list(given.keywords),
        field=given.field,
        industry=given.industry,
        related=given.related,
        disclosures=[
            DisclosureOut(
                field=place.field,
                start=place.span[0],
                end=place.span[1],
                text=place.text,
                advice=place.advice,
            )
            for place in given.giveaways
        ],
    )


def _criterion(given: Criterion) -> CriterionOut:
    proposed = given.suggestion
    start, end = (proposed and proposed.span) or (None, None)
    return CriterionOut(
        name=given.name,
        label=given.label,
        score=given.score,
        suggestion=proposed
        and SuggestionOut(text=proposed.text, field=proposed.field, start=start, end=end),
        evidence=[
            EvidenceOut(sign=e.sign, field=e.field, start=e.span[0], end=e.span[1], text=e.text)
            for e in given.evidence
        ],
    )


def _quantity(field: str, given: Quantity) -> QuantityOut:
    start, end = given.span
    return QuantityOut(
        property=given.property,
        form=given.form,
        low=given.low,
        high=given.high,
        unit=given.unit,
        field=field,
        start=start,
        end=end,
        text=given.text,
    )
