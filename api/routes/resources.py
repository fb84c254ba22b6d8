"""``/api/v1/resources``: for brokers and administrators alone."""

from fastapi import APIRouter, Response, status

from api.access.editing import Expected, Given, Repeatable, tag
from api.access.guard import GuardedRoute, StaffReader, StaffWriter
from api.access.parameters import Cursor, Limit, Space, TitlePart
from api.access.resources import WantedResources
from api.schemas_resources import ResourceOut, ResourcePage
from api.services import catalogue
from api.services.kinds import RESOURCES
from api.services.resource_drafts import ResourceDraft

router = APIRouter(prefix="/resources", tags=["资源"], route_class=GuardedRoute)


@router.get("", summary="列出资源")
def list_resources(
    space: Space,
    _: StaffReader,
    wanted: WantedResources,
    limit: Limit = 20,
    cursor: Cursor = None,
    q: TitlePart = "",
) -> ResourcePage:
    """新的在前；按类别、技术领域、地区、有效日期和名称中的文字筛选。"""
    page = space.resources.page(limit, cursor, text=q, narrowed=wanted)
    items = [ResourceOut.of(record) for record in page.items]
    return ResourcePage(items=items, next_cursor=page.next_after, total=page.total)


@router.post("", status_code=status.HTTP_201_CREATED, summary="新增资源")
def add_resource(
    space: Space, actor: StaffWriter, draft: ResourceDraft, once: Repeatable
) -> ResourceOut:
    """新增后立即可被找到。"""
    return ResourceOut.of(catalogue.add(space, RESOURCES, draft, actor, once))


@router.get("/{id}", summary="查看资源")
def get_resource(space: Space, _: StaffReader, id: str, response: Response) -> ResourceOut:
    """一项资源的全部内容。"""
    stored = catalogue.stored(space, RESOURCES, id)
    tag(response, stored.version)
    return ResourceOut.of(stored.record)


@router.put("/{id}", summary="修改资源")
def replace_resource(
    space: Space, actor: StaffWriter, id: str, draft: ResourceDraft, expected: Expected
) -> ResourceOut:
    """以新内容整体替换，编号不变；须用 If-Match 带上读取时的 ETag。"""
    return ResourceOut.of(catalogue.replace(space, RESOURCES, id, draft, actor, expected))


@router.delete("/{id}", status_code=status.HTTP_204_NO_CONTENT, summary="删除资源")
def remove_resource(space: Space, actor: StaffWriter, id: str, given: Given) -> None:
    """删除后不再被找到，可以恢复。"""
    catalogue.remove(space, RESOURCES, id, actor, given)


@router.post("/{id}/restore", summary="恢复资源")
def restore_resource(space: Space, actor: StaffWriter, id: str) -> ResourceOut:
    """恢复已删除的资源。"""
    return ResourceOut.of(catalogue.restore(space, RESOURCES, id, actor))
