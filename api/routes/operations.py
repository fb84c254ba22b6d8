"""For those who run the service: ``/metrics`` and ``/version``."""

from datetime import datetime

from fastapi import APIRouter, Request, Response
from prometheus_client import CONTENT_TYPE_LATEST
from pydantic import BaseModel

from api.access.guard import OPERATOR, GuardedRoute
from api.observability.metrics import Metrics
from api.routes.problems import LIMITED
from api.services.about import About

router = APIRouter(
    tags=["运行状态"], route_class=GuardedRoute, dependencies=[OPERATOR], responses=LIMITED
)


class Version(BaseModel):
    """程序、模型和数据库结构的版本，及本进程启动的时间。"""

    version: str
    model: str | None
    # Not "schema": models of pydantic have a method of that name.
    database: str
    started: datetime


@router.get("/version", summary="版本")
def version(request: Request) -> Version:
    """正在运行的程序、模型和数据库结构。"""
    about: About = request.app.state.about
    return Version(
        version=about.version, model=about.model, database=about.schema, started=about.started
    )


@router.get("/metrics", include_in_schema=False)
def metrics(request: Request) -> Response:
    """Figures in the text format of Prometheus."""
    figures: Metrics = request.app.state.metrics
    return Response(figures.exposition(), media_type=CONTENT_TYPE_LATEST)
