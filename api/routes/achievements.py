"""``/api/v1/achievements``."""

from fastapi import APIRouter, Response, status

from api.access.direct import RecordRoute
from api.access.editing import Expected, Given, Repeatable, tag
from api.access.ending import Days
from api.access.guard import MATCHER, GuardedRoute, Reader, StaffWriter
from api.access.parameters import Cursor, FieldName, K, Limit, Space, TitlePart
from api.access.threads import in_turns
from api.answers import match_answer
from api.schemas import AchievementDetail, AchievementOut, AchievementPage, MatchAnswer
from api.services import catalogue, visibility
from api.services.drafts import AchievementDraft
from api.services.kinds import ACHIEVEMENTS
from api.services.matching import matching_record

router = APIRouter(prefix="/achievements", tags=["成果"], route_class=GuardedRoute)


@router.get("", summary="列出成果")
def list_achievements(
    space: Space,
    actor: Reader,
    limit: Limit = 20,
    cursor: Cursor = None,
    field: FieldName = None,
    q: TitlePart = "",
) -> AchievementPage:
    """新的在前；按技术领域和名称中的文字筛选。"""
    page = visibility.list_achievements(space, actor, limit, cursor, field, q)
    items = [AchievementOut.of(record) for record in page.items]
    return AchievementPage(items=items, next_cursor=page.next_after, total=page.total)


@router.post("", status_code=status.HTTP_201_CREATED, summary="新增成果")
def add_achievement(
    space: Space, actor: StaffWriter, draft: AchievementDraft, once: Repeatable
) -> AchievementOut:
    """新增后立即可被匹配。"""
    return AchievementOut.of(catalogue.add(space, ACHIEVEMENTS, draft, actor, once))


@router.get("/{id}", summary="查看成果")
def get_achievement(space: Space, actor: Reader, id: str, response: Response) -> AchievementDetail:
    """联系人只给技术经理人看。"""
    stored = catalogue.stored(space, ACHIEVEMENTS, id)
    tag(response, stored.version)
    return AchievementDetail.seen(stored.record, whole=actor.is_staff)


@router.put("/{id}", summary="修改成果")
def replace_achievement(
    space: Space, actor: StaffWriter, id: str, draft: AchievementDraft, expected: Expected
) -> AchievementOut:
    """以新内容整体替换，编号不变；须用 If-Match 带上读取时的 ETag。"""
    changed = catalogue.replace(space, ACHIEVEMENTS, id, draft, actor, expected)
    return AchievementOut.of(changed)


@router.delete("/{id}", status_code=status.HTTP_204_NO_CONTENT, summary="删除成果")
def remove_achievement(space: Space, actor: StaffWriter, id: str, given: Given) -> None:
    """删除后不再被匹配到，可以恢复。"""
    catalogue.remove(space, ACHIEVEMENTS, id, actor, given)


@router.post("/{id}/restore", summary="恢复成果")
def restore_achievement(space: Space, actor: StaffWriter, id: str) -> AchievementOut:
    """恢复已删除的成果。"""
    return AchievementOut.of(catalogue.restore(space, ACHIEVEMENTS, id, actor))


async def match_achievement(space: Space, id: str, days: Days, k: K = 10) -> Response:
    """排好序、附理由的需求。"""
    record = catalogue.get(space, ACHIEVEMENTS, id)
    result = await in_turns(matching_record(space, record, k, days.filters))
    return Response(match_answer(result, space.model), media_type="application/json")


router.add_api_route(
    "/{id}/matches",
    match_achievement,
    summary="为成果查找需求",
    response_model=MatchAnswer,
    dependencies=[MATCHER],
    route_class_override=RecordRoute,
)
