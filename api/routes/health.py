"""``/healthz``: the process answers. ``/readyz``: it can also match."""

from fastapi import APIRouter
from pydantic import BaseModel

from api.access.parameters import Space
from api.routes.problems import UNAVAILABLE

router = APIRouter(tags=["运行状态"])


class Health(BaseModel):
    """运行状态。"""

    status: str = "ok"


class Readiness(Health):
    """就绪状态，及正在使用的模型和索引规模。"""

    model: str | None
    achievements: int
    demands: int


@router.get("/healthz", summary="进程是否存活")
def health() -> Health:
    """进程能应答即为存活。"""
    return Health()


@router.get("/readyz", summary="能否提供匹配", responses=UNAVAILABLE)
def readiness(space: Space) -> Readiness:
    """模型、索引和数据库都可用时为 200，否则为 503。"""
    engine = space.matchmaker
    space.demands.count()
    return Readiness(
        model=space.model, achievements=len(engine.achievements), demands=len(engine.demands)
    )
