"""Web shapes of resources (资源)."""

from typing import Annotated, Literal, Self

from pydantic import BaseModel, Field

from matcher.resources import Resource
from matcher.values import RESOURCE_KINDS

KindName = Literal["finance", "expert", "pilot", "scenario", "policy"]
"""The keys of ``values.RESOURCE_KINDS``."""


class ResourceOut(BaseModel):
    """一项资源。额度单位为万元，期限为月；fields、region 为空即不限。"""

    id: str
    kind: KindName
    kind_name: str
    title: str
    summary: str
    conditions: str
    keywords: list[str]
    provider: str | None
    category: str | None
    services: list[str]
    equipment: list[str]
    scale: str | None
    fields: Annotated[list[str], Field(description="技术领域；空为不限")]
    industry: str | None
    region: Annotated[str | None, Field(description="地区；空为全国")]
    maturity_min: int | None
    maturity_max: int | None
    amount_min: float | None
    amount_max: float | None
    term: int | None
    valid_from: str | None
    valid_until: Annotated[str | None, Field(description="截止日期，当天仍有效")]
    source: str | None
    contact: str | None

    @classmethod
    def of(cls, record: Resource) -> Self:
        """All of it: whoever sees resources at all is staff."""
        own = {n: getattr(record, n) for n in cls.model_fields if hasattr(record, n)}
        return cls(**own, kind_name=RESOURCE_KINDS[record.kind])


class ResourcePage(BaseModel):
    """一页资源，新的在前；next_cursor 为空表示已到末页。"""

    items: list[ResourceOut]
    next_cursor: str | None
    total: int
