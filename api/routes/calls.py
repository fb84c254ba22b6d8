"""``/api/v1/calls``: open calls (揭榜挂帅), drafted, edited, and taken along."""

from datetime import datetime
from enum import StrEnum
from typing import Any, Final, Self

from fastapi import APIRouter, Response, status
from pydantic import BaseModel

from api.access.downloads import attachment
from api.access.editing import Expected, Repeatable, tag
from api.access.guard import Exporter, GuardedRoute, StaffReader, StaffWriter
from api.access.parameters import Cursor, Limit, Space
from api.files.documents import FORMATS, MEDIA, file_name
from api.services import calls
from api.services.call_drafts import CallChange, CallStart
from api.store import Call
from matcher.calls import FIELDS

_FILES: Final[dict[int | str, dict[str, Any]]] = {
    200: {"content": {media: {"schema": {"type": "string"}} for media in MEDIA.values()}}
}
router = APIRouter(prefix="/calls", tags=["揭榜挂帅"], route_class=GuardedRoute)


class Format(StrEnum):
    """文件格式。"""

    docx = "docx"
    md = "md"


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
