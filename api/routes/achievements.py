"""``/api/v1/achievements``."""

from fastapi import APIRouter, Response, status

from api.access import Cursor, FieldName, K, Limit, Space, TitlePart
from api.answers import match_answer
from api.schemas import AchievementOut, AchievementPage, MatchAnswer
from api.services import catalogue
from api.services.drafts import AchievementDraft
from api.services.kinds import ACHIEVEMENTS
from api.services.matching import MatchRequest, match

router = APIRouter(prefix="/achievements", tags=["成果"])


@router.get("", summary="列出成果")
def list_achievements(
    space: Space,
    limit: Limit = 20,
    cursor: Cursor = None,
    field: FieldName = None,
    q: TitlePart = "",
) -> AchievementPage:
    """新的在前；按技术领域和名称中的文字筛选。"""
    page = space.achievements.page(limit, cursor, {"field": field} if field else None, q)
    items = [AchievementOut.of(record) for record in page.items]
    return AchievementPage(items=items, next_cursor=page.next_after, total=page.total)


@router.post("", status_code=status.HTTP_201_CREATED, summary="新增成果")
def add_achievement(space: Space, draft: AchievementDraft) -> AchievementOut:
    """新增后立即可被匹配。"""
    return AchievementOut.of(catalogue.add(space, ACHIEVEMENTS, draft))


@router.get("/{id}", summary="查看成果")
def get_achievement(space: Space, id: str) -> AchievementOut:
    """不含联系人。"""
    return AchievementOut.of(catalogue.get(space, ACHIEVEMENTS, id))


@router.put("/{id}", summary="修改成果")
def replace_achievement(space: Space, id: str, draft: AchievementDraft) -> AchievementOut:
    """以新内容整体替换，编号不变。"""
    return AchievementOut.of(catalogue.replace(space, ACHIEVEMENTS, id, draft))


@router.delete("/{id}", status_code=status.HTTP_204_NO_CONTENT, summary="删除成果")
def remove_achievement(space: Space, id: str) -> None:
    """删除后不再被匹配到。"""
    catalogue.remove(space, ACHIEVEMENTS, id)


@router.get("/{id}/matches", summary="为成果查找需求", response_model=MatchAnswer)
def match_achievement(space: Space, id: str, k: K = 10) -> Response:
    """排好序、附理由的需求。"""
    catalogue.get(space, ACHIEVEMENTS, id)
    result = match(space, MatchRequest(id=id, direction="demands", k=k))
    return Response(match_answer(result, space.model), media_type="application/json")
