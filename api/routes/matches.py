"""``/api/v1/matches``."""

from fastapi import APIRouter, Response

from api.access.direct import DirectRoute
from api.access.guard import MATCHER
from api.access.parameters import Space
from api.access.threads import in_turns
from api.answers import match_answer
from api.schemas import MatchAnswer, MatchIn
from api.services.matching import matching

router = APIRouter(
    prefix="/matches", tags=["匹配"], route_class=DirectRoute, dependencies=[MATCHER]
)


@router.post("", summary="查找配对", response_model=MatchAnswer)
async def find_matches(space: Space, body: MatchIn) -> Response:
    """从一段文字或一条记录出发，返回排好序、附理由的配对。"""
    result = await in_turns(matching(space, body.request()))
    return Response(match_answer(result, space.model), media_type="application/json")
