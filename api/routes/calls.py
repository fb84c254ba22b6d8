"""``/api/v1/calls``: open calls (揭榜挂帅), and the topics that they could be about."""

from datetime import datetime
from enum import StrEnum
from typing import Annotated, Any, Final, Literal, Self

from fastapi import APIRouter, Query, Response, status
from pydantic import BaseModel, ConfigDict, Field

from api.access.downloads import attachment
from api.access.editing import Expected, Repeatable, tag
from api.access.guard import Exporter, GuardedRoute, StaffReader, StaffWriter
from api.access.parameters import Cursor, Limit, Space
from api.files.documents import FORMATS, MEDIA, file_name
from api.services import calls, topics
from api.services.call_drafts import CallChange, CallStart
from api.store import Call
from matcher.calls import FIELDS, Group

_FILES: Final[dict[int | str, dict[str, Any]]] = {
    200: {"content": {media: {"schema": {"type": "string"}} for media in MEDIA.values()}}
}
router = APIRouter(prefix="/calls", tags=["揭榜挂帅"], route_class=GuardedRoute)


class Format(StrEnum):
    """文件格式。"""

    docx = "docx"
    md = "md"


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


class CallOut(BaseModel):
    """一份榜单；gaps 是“【待补充：…】”的处数。"""

    id: str
    title: str
    demand_ids: list[str]
    fields: dict[str, str]
    state: str
    gaps: int
    who: str
    version: int
    created_at: datetime
    updated_at: datetime

    @classmethod
    def of(cls, call: Call) -> Self:
        """As JSON carries it."""
        values = {name: getattr(call, name) for name in Call.__slots__}
        values |= {"demand_ids": list(call.demand_ids), "gaps": calls.gaps(call)}
        return cls(**values | {"fields": {name: call.fields.get(name, "") for name in FIELDS}})


class CallPage(BaseModel):
    """一页榜单，新的在前；next_cursor 为空表示已到末页。"""

    items: list[CallOut]
    next_cursor: str | None
    total: int


@router.get("/topics", summary="列出没有成果可供的需求主题")
def list_topics(
    space: Space,
    actor: StaffReader,  # noqa: ARG001 - who may call
    wanted: Annotated[TopicsQuery, Query()],
) -> TopicPage:
    """已发布的需求中，成果库达不到等级的，按主题归并；一次最多归并最新的 2000 条。"""
    found = topics.topics(space, wanted.wanted(), wanted.page)
    items = [TopicOut.of(topic) for topic in found.items]
    return TopicPage(items=items, total=found.total, demands=found.demands, grouped=found.grouped)


@router.get("", summary="列出榜单")
def list_calls(
    space: Space,
    actor: StaffReader,  # noqa: ARG001 - who may call
    limit: Limit = 20,
    cursor: Cursor = None,
) -> CallPage:
    """新的在前。"""
    found, total = space.store.calls.page(limit + 1, cursor)
    items = [CallOut.of(call) for call in found[:limit]]
    return CallPage(
        items=items, next_cursor=items[-1].id if len(found) > limit else None, total=total
    )


@router.post("", status_code=status.HTTP_201_CREATED, summary="起草榜单")
def make_call(
    space: Space, actor: StaffWriter, start: CallStart, once: Repeatable, response: Response
) -> CallOut:
    """只写入需求的公开内容，需求没有说的标为“【待补充：…】”。"""
    call = calls.make(space, actor, start.demand_ids, once)
    tag(response, call.version)
    return CallOut.of(call)


@router.get("/{id}", summary="查看榜单")
def get_call(space: Space, actor: StaffReader, id: str, response: Response) -> CallOut:  # noqa: ARG001
    """名称、各项文字和状态。"""
    call = calls.get(space, id)
    tag(response, call.version)
    return CallOut.of(call)


@router.put("/{id}", summary="修改榜单")
def change_call(
    space: Space,
    actor: StaffWriter,
    id: str,
    change: CallChange,
    expected: Expected,
    response: Response,
) -> CallOut:
    """全部内容一并给出；须用 If-Match 带上 ETag。"""
    call = calls.change(space, actor, id, change, expected)
    tag(response, call.version)
    return CallOut.of(call)


@router.delete("/{id}", status_code=status.HTTP_204_NO_CONTENT, summary="删除榜单")
def delete_call(space: Space, actor: StaffWriter, id: str, expected: Expected) -> None:
    """须用 If-Match 带上 ETag。"""
    calls.remove(space, actor, id, expected)


@router.get("/{id}/file.{format}", summary="下载榜单", response_class=Response, responses=_FILES)
def call_file(space: Space, actor: Exporter, id: str, format: Format) -> Response:
    """Word 文档（docx）或 Markdown（md）。"""
    call = calls.get(space, id)
    content = FORMATS[format](calls.document(space, actor, call, format))
    return attachment(content, MEDIA[format], file_name(call.title, format))
