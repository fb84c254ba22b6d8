"""``/healthz``: the process answers. ``/readyz``: it can also match."""

from fastapi import APIRouter
from pydantic import BaseModel

from api.access.guard import ANYONE, GuardedRoute
from api.access.parameters import Space
from api.routes.problems import ALWAYS, problems

router = APIRouter(
    tags=["运行状态"], route_class=GuardedRoute, dependencies=[ANYONE], responses=ALWAYS
)


class Health(BaseModel):
    """运行状态。"""

    status: str = "ok"


@router.get("/healthz", summary="进程是否存活")
def health() -> Health:
    """进程能应答即为存活。"""
    return Health()


@router.get("/readyz", summary="能否提供匹配", responses=problems(503))
def readiness(space: Space) -> Health:
    """模型、索引和数据库都可用时为 200，否则为 503。"""
    space.live.lag()  # asks the engine and the database; either may raise
    return Health()
