"""``/api/v1/demands``."""

from typing import Annotated

from fastapi import APIRouter, Query, Response, status

from api.access.direct import RecordRoute
from api.access.editing import Expected, Given, Repeatable, tag
from api.access.ending import NoDays
from api.access.guard import MATCHER, Anyone, GuardedRoute, Reader, StaffWriter, Writer
from api.access.parameters import Cursor, FieldName, K, Limit, Space, TitlePart
from api.access.threads import in_turns
from api.answers import match_answer
from api.schemas import (
    DemandDetail,
    DemandOut,
    DemandPage,
    MatchAnswer,
    ReviewIn,
    ReviewState,
    SubmittedOut,
)
from api.services import catalogue
from api.services.drafts import DemandDraft
from api.services.kinds import DEMANDS
from api.services.matching import matching_record
from api.services.reviewing import review
from api.services.submission import submit
from api.services.visibility import editable_demand, list_demands, seen_demand
from matcher.values import PUBLISHED

router = APIRouter(prefix="/demands", tags=["需求"], route_class=GuardedRoute)


@router.get("", summary="列出需求")
def list_(
    space: Space,
    actor: Reader,
    limit: Limit = 20,
    cursor: Cursor = None,
    field: FieldName = None,
    q: TitlePart = "",
    state: Annotated[ReviewState | None, Query(description="审核状态，只供技术经理人筛选")] = None,
) -> DemandPage:
    """新的在前；按技术领域和名称中的文字筛选。企业只看得到已发布的公开需求，单位信息已隐去。"""
    page = list_demands(space, actor, limit, cursor, field, q, state)
    items = [DemandOut.of(record) for record in page.items]
    return DemandPage(items=items, next_cursor=page.next_after, total=page.total)


@router.post("", status_code=status.HTTP_201_CREATED, summary="提交需求")
def add_demand(space: Space, actor: Anyone, draft: DemandDraft, once: Repeatable) -> SubmittedOut:
    """无需登录，由技术经理人审核后公开；经理人录入的直接发布。凭回执码查询进展。"""
    demand, receipt = submit(space, draft, actor, once)
    state = DEMANDS.sent(actor).get("state", PUBLISHED)
    shown = DemandOut.of(demand).model_dump()
    return SubmittedOut.model_validate(shown | {"receipt": receipt, "state": state})


@router.get("/{id}", summary="查看需求")
def get_demand(space: Space, actor: Reader, id: str, response: Response) -> DemandDetail:
    """企业名称、联系人、电话和审核意见只给技术经理人和提交者看。"""
    seen = seen_demand(space, actor, id)
    tag(response, seen.version)
    return DemandDetail.seen(seen)


@router.put("/{id}", summary="修改需求")
def replace_demand(
    space: Space, actor: Writer, id: str, draft: DemandDraft, expected: Expected
) -> DemandOut:
    """以新内容整体替换，编号和回执码不变；须用 If-Match 带上读取时的 ETag。企业修改后重新审核。"""
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


@router.post("/{id}/review", summary="审核需求")
def review_demand(
    space: Space,
    actor: StaffWriter,
    id: str,
    body: ReviewIn,
    expected: Expected,
    response: Response,
) -> DemandDetail:
    """发布，或附理由退回；须用 If-Match 带上读取时的 ETag。退回的需求不再被匹配到。"""
    review(space, actor, body.verdict, id, expected, body.note)
    seen = seen_demand(space, actor, id)
    tag(response, seen.version)
    return DemandDetail.seen(seen)


async def match_demand(space: Space, id: str, days: NoDays, k: K = 10) -> Response:
    """排好序、附理由的成果。"""
    record = catalogue.get(space, DEMANDS, id)
    result = await in_turns(matching_record(space, record, k, days.filters))
    return Response(match_answer(result, space.model), media_type="application/json")


router.add_api_route(
    "/{id}/matches",
    match_demand,
    summary="为需求查找成果",
    response_model=MatchAnswer,
    dependencies=[MATCHER],
    route_class_override=RecordRoute,
)
