"""``/api/v1/topics``: what enterprises ask for and no achievement serves, grouped."""

from typing import Annotated, Literal, Self

from fastapi import APIRouter, Query
from pydantic import BaseModel, ConfigDict, Field

from api.access.guard import GuardedRoute, StaffReader
from api.access.parameters import Space
from api.services import topics
from matcher.calls import Group

router = APIRouter(prefix="/topics", tags=["揭榜挂帅"], route_class=GuardedRoute)


class TopicsQuery(BaseModel):
    """哪些需求，按多相近归为一个主题。"""

    model_config = ConfigDict(extra="forbid")

    below: Annotated[int, Field(ge=2, le=4, description="最好的成果低于这个等级")] = 3
    field: Annotated[str, Field(max_length=50, description="技术领域")] = ""
    province: Annotated[str, Field(max_length=20, description="省份")] = ""
    width: Annotated[
        Literal["fine", "usual", "coarse"], Field(description="归并：细、适中、粗")
    ] = "usual"
    page: Annotated[int, Field(ge=1, le=1000, description="第几页，每页 20 个主题")] = 1

    def wanted(self) -> topics.Wanted:
        """As the service takes it."""
        return topics.Wanted(self.below, self.field, self.province, self.width)


class GroupOut(BaseModel):
    """一个最接近的研究团队：它最好的成果，及其等级。"""

    provider: str
    achievement_id: str
    achievement_title: str
    grade: int | None
    demands: Annotated[int, Field(description="它的成果接近主题中的几条需求")]
    contacts: list[str]

    @classmethod
    def of(cls, group: Group) -> Self:
        """As JSON carries it."""
        best = group.best
        return cls(
            provider=group.provider,
            achievement_id=best.achievement.id,
            achievement_title=best.achievement.title,
            grade=best.grade,
            demands=group.demands,
            contacts=list(group.contacts),
        )


class TopicOut(BaseModel):
    """一个主题：需求最多列出 30 条，size 是总数。"""

    name: list[str]
    demand_ids: list[str]
    size: int
    best_grade: int | None
    groups: list[GroupOut]
    without_indicators: Annotated[list[str], Field(description="没有可测指标的需求")]
    conflicts: Annotated[list[str], Field(description="要求互相矛盾的指标")]
    brokers_only: Annotated[list[str], Field(description="仅经理人可见的需求")]

    @classmethod
    def of(cls, topic: topics.Topic) -> Self:
        """As JSON carries it."""
        return cls(
            name=list(topic.name),
            demand_ids=list(topic.ids),
            size=topic.size,
            best_grade=topic.best,
            groups=[GroupOut.of(group) for group in topic.groups],
            without_indicators=[gap.demand_id for gap in topic.indicators.missing],
            conflicts=[one.name for one in topic.indicators.conflicts],
            brokers_only=list(topic.closed),
        )


class TopicPage(BaseModel):
    """一页主题，需求多的在前；demands 是符合条件的需求总数，grouped 是参与归并的条数。"""

    items: list[TopicOut]
    total: int
    demands: int
    grouped: int


@router.get("", summary="列出没有成果可供的需求主题")
def list_topics(
    space: Space,
    actor: StaffReader,  # noqa: ARG001 - who may call
    wanted: Annotated[TopicsQuery, Query()],
) -> TopicPage:
    """已发布的需求中，成果库达不到等级的，按主题归并；一次最多归并最新的 2000 条。"""
    found = topics.topics(space, wanted.wanted(), wanted.page)
    items = [TopicOut.of(topic) for topic in found.items]
    return TopicPage(items=items, total=found.total, demands=found.demands, grouped=found.grouped)
