"""``/api/v1/market``: supply against demand, for brokers."""

from typing import Annotated

from fastapi import APIRouter, Query

from api.access.guard import STAFF_READER, GuardedRoute
from api.access.parameters import Space
from api.schemas_market import MarketOut
from api.services.market import market
from api.services.periods import MONTH, span_of

router = APIRouter(
    prefix="/market", tags=["供需图谱"], route_class=GuardedRoute, dependencies=[STAFF_READER]
)
_Month = Annotated[str, Query(pattern=MONTH, description="月份，如 2026-03；空为不限")]


@router.get("", summary="供需图谱")
def get_market(space: Space, since: _Month = "", until: _Month = "") -> MarketOut:
    """按技术领域和地区统计成果、需求、缺口和满足率，与上期相比；首月和末月都包括在内，按北京时间。"""
    return MarketOut.of(market(space, span_of(since, until)))
