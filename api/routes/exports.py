"""``/api/v1/exports``: tables as CSV and xlsx, streamed from a file that goes with the answer."""

from typing import Annotated, Any, Final

from fastapi import APIRouter, Query
from fastapi.responses import FileResponse

from api.access.audit import Wanted
from api.access.downloads import MEDIA, Format, download
from api.access.ending import NoDays
from api.access.guard import AuditExporter, Exporter, GuardedRoute
from api.access.parameters import FieldName, Space, TitlePart
from api.access.resources import WantedResources
from api.services import exporting
from api.services.kinds import ACHIEVEMENTS, DEMANDS, RESOURCES
from matcher.checks import MAX_K

_ANSWERS: Final[dict[int | str, dict[str, Any]]] = {
    200: {"content": {kind: {"schema": {"type": "string"}} for kind in MEDIA.values()}}
}
router = APIRouter(
    prefix="/exports",
    tags=["导出"],
    route_class=GuardedRoute,
    responses=_ANSWERS,
    default_response_class=FileResponse,
)


@router.get("/demands.{format}", summary="导出需求")
def export_demands(
    space: Space, actor: Exporter, format: Format, field: FieldName = None, q: TitlePart = ""
) -> FileResponse:
    """全部栏目，含企业名称、联系人和电话；筛选与列表相同；可再次导入。"""
    where = {"field": field} if field else {}
    return download(exporting.records(space, DEMANDS, f".{format}", actor, where, q), format)


@router.get("/achievements.{format}", summary="导出成果")
def export_achievements(
    space: Space, actor: Exporter, format: Format, field: FieldName = None, q: TitlePart = ""
) -> FileResponse:
    """全部栏目，含联系人；筛选与列表相同；可再次导入。"""
    where = {"field": field} if field else {}
    return download(exporting.records(space, ACHIEVEMENTS, f".{format}", actor, where, q), format)


@router.get("/resources.{format}", summary="导出资源")
def export_resources(
    space: Space,
    actor: Exporter,
    format: Format,
    wanted: WantedResources,
    q: TitlePart = "",
) -> FileResponse:
    """全部栏目，含联系人；筛选与列表相同；可再次导入。"""
    written = exporting.records(space, RESOURCES, f".{format}", actor, text=q, narrowed=wanted)
    return download(written, format)


@router.get("/pairings.{format}", summary="导出配对")
def export_pairings(
    space: Space,
    actor: Exporter,
    format: Format,
    demand: Annotated[str, Query(max_length=64, description="需求的编号")],
    days: NoDays,
    k: Annotated[int, Query(ge=1, le=MAX_K, description="条数")] = 50,
) -> FileResponse:
    """为一条需求找到的成果：名次、等级、理由、指标对照和需要留意之处。"""
    written = exporting.pairings(space, demand, k, f".{format}", actor, days.filters)
    return download(written, format)


@router.get("/audit.{format}", summary="导出审计日志")
def export_audit(
    space: Space, actor: AuditExporter, format: Format, wanted: Wanted
) -> FileResponse:
    """符合条件的日志，旧的在前；不写条件即全部。"""
    return download(exporting.audit(space, f".{format}", actor, **wanted), format)
