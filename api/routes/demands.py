"""``/api/v1/demands``."""

from fastapi import APIRouter, Response, status

from api.access.editing import Expected, Given, Repeatable, tag
from api.access.guard import MATCHER, Anyone, GuardedRoute, Reader, StaffWriter, Writer
from api.access.parameters import Cursor, FieldName, K, Limit, Space, TitlePart
from api.answers import match_answer
from api.schemas import DemandDetail, DemandOut, DemandPage, MatchAnswer, SubmittedOut
from api.services import catalogue
from api.services.drafts import DemandDraft
from api.services.kinds import DEMANDS
from api.services.matching import MatchRequest, match
from api.services.submission import submit
from api.services.visibility import editable_demand, list_demands, seen_demand

router = APIRouter(prefix="/demands", tags=["需求"], route_class=GuardedRoute)


@router.get("", summary="列出需求")
def list_(
    space: Space,
    actor: Reader,
    limit: Limit = 20,
    cursor: Cursor = None,
    field: FieldName = None,
    q: TitlePart = "",
) -> DemandPage:
    """新的在前；按技术领域和名称中的文字筛选。企业只看得到公开需求，其中的单位信息已隐去。"""
    page = list_demands(space, actor, limit, cursor, field, q)
    items = [DemandOut.of(record) for record in page.items]
    return DemandPage(items=items, next_cursor=page.next_after, total=page.total)


@router.post("", status_code=status.HTTP_201_CREATED, summary="提交需求")
def add_demand(space: Space, actor: Anyone, draft: DemandDraft, once: Repeatable) -> SubmittedOut:
    """无需登录。提交后立即可被匹配；凭回执码查询进展。"""
    demand, receipt = submit(space, draft, actor, once)
    return SubmittedOut(**DemandOut.of(demand).model_dump(), receipt=receipt)


@router.get("/{id}", summary="查看需求")
def get_demand(space: Space, actor: Reader, id: str, response: Response) -> DemandDetail:
    """企业名称、联系人和电话只给技术经理人和提交者看。"""
    seen = seen_demand(space, actor, id)
    tag(response, seen.version)
    return DemandDetail.seen(seen.demand, seen.whole)


@router.put("/{id}", summary="修改需求")
def replace_demand(
    space: Space, actor: Writer, id: str, draft: DemandDraft, expected: Expected
) -> DemandOut:
    """以新内容整体替换，编号和回执码不变；须用 If-Match 带上读取时的 ETag。"""
    editable_demand(space, actor, id)
    return DemandOut.of(catalogue.replace(space, DEMANDS, id, draft, actor, expected))


@router.delete("/{id}", status_code=status.HTTP_204_NO_CONTENT, summary="删除需求")
def remove_demand(space: Space, actor: Writer, id: str, given: Given) -> None:
    """删除后不再被匹配到；技术经理人可以恢复。"""
    editable_demand(space, actor, id)
    catalogue.remove(space, DEMANDS, id, actor, given)


@router.post("/{id}/restore", summary="恢复需求")
def restore_demand(space: Space, actor: StaffWriter, id: str) -> DemandOut:
    """恢复已删除的需求。"""
    return DemandOut.of(catalogue.restore(space, DEMANDS, id, actor))


@router.get(
    "/{id}/matches", summary="为需求查找成果", response_model=MatchAnswer, dependencies=[MATCHER]
)
def match_demand(space: Space, id: str, k: K = 10) -> Response:
    """排好序、附理由的成果。"""
    catalogue.get(space, DEMANDS, id)
    result = match(space, MatchRequest(id=id, direction="achievements", k=k))
    return Response(match_answer(result, space.model), media_type="application/json")
