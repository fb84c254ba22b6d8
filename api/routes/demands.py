"""``/api/v1/demands``."""

from fastapi import APIRouter, Response, status

from api.access import Cursor, FieldName, K, Limit, Space, TitlePart
from api.answers import match_answer
from api.schemas import DemandOut, DemandPage, MatchAnswer, SubmittedOut
from api.services import catalogue
from api.services.drafts import DemandDraft
from api.services.kinds import DEMANDS
from api.services.matching import MatchRequest, match
from api.services.submission import submit

router = APIRouter(prefix="/demands", tags=["需求"])


@router.get("", summary="列出需求")
def list_demands(
    space: Space,
    limit: Limit = 20,
    cursor: Cursor = None,
    field: FieldName = None,
    q: TitlePart = "",
) -> DemandPage:
    """新的在前；按技术领域和名称中的文字筛选。"""
    page = space.demands.page(limit, cursor, {"field": field} if field else None, q)
    items = [DemandOut.of(record) for record in page.items]
    return DemandPage(items=items, next_cursor=page.next_after, total=page.total)


@router.post("", status_code=status.HTTP_201_CREATED, summary="提交需求")
def add_demand(space: Space, draft: DemandDraft) -> SubmittedOut:
    """提交后立即可被匹配；回执码只出示这一次。"""
    demand, receipt = submit(space, draft)
    return SubmittedOut(**DemandOut.of(demand).model_dump(), receipt=receipt)


@router.get("/{id}", summary="查看需求")
def get_demand(space: Space, id: str) -> DemandOut:
    """不含企业名称、联系人和电话。"""
    return DemandOut.of(catalogue.get(space, DEMANDS, id))


@router.put("/{id}", summary="修改需求")
def replace_demand(space: Space, id: str, draft: DemandDraft) -> DemandOut:
    """以新内容整体替换，编号和回执码不变。"""
    return DemandOut.of(catalogue.replace(space, DEMANDS, id, draft))


@router.delete("/{id}", status_code=status.HTTP_204_NO_CONTENT, summary="删除需求")
def remove_demand(space: Space, id: str) -> None:
    """删除后不再被匹配到。"""
    catalogue.remove(space, DEMANDS, id)


@router.get("/{id}/matches", summary="为需求查找成果", response_model=MatchAnswer)
def match_demand(space: Space, id: str, k: K = 10) -> Response:
    """排好序、附理由的成果。"""
    catalogue.get(space, DEMANDS, id)
    result = match(space, MatchRequest(id=id, direction="achievements", k=k))
    return Response(match_answer(result, space.model), media_type="application/json")
