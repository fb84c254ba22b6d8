"""管理: the service at a glance, for administrators."""

from collections.abc import Sequence
from typing import Final

from fastapi import APIRouter, Request, Response

from api.access.guard import ADMINISTRATOR, GuardedRoute
from api.access.parameters import Space
from api.pages.contexts.admin import AdminStart, FindingLine, Tile
from api.pages.jobs import job_line
from api.pages.presenting import moment
from api.pages.rendering import render
from api.services.administration import Overview, overview
from api.services.findings import Finding

router = APIRouter(include_in_schema=False, route_class=GuardedRoute, dependencies=[ADMINISTRATOR])
_PLACES: Final = {
    "管理员": "/admin/users",
    "模型": "/admin/models",
    "匹配": "/admin/models",
    "后台任务": "/imports",
    "备份": "/audit?action=backup",
}
"""Where something can be done about a finding."""


@router.get("/admin")
def admin(request: Request, space: Space) -> Response:
    """Figures, findings, and what is under way."""
    return render(request, admin_context(overview(space)))


def admin_context(seen: Overview) -> AdminStart:
    """The overview as the page shows it."""
    return AdminStart(
        title="管理",
        tiles=_tiles(seen),
        wrong=_lines(seen.findings, good=False),
        right=_lines(seen.findings, good=True),
        jobs=[job_line(job) for job in seen.jobs],
    )


def _tiles(seen: Overview) -> list[Tile]:
    lag = seen.lag
    behind = "未载入" if lag is None else f"{lag.changes:,} 处"
    age = "" if lag is None or not lag.changes else f"最早的已等待 {lag.seconds:.0f} 秒"
    backup = moment(seen.backup_at) if seen.backup_at else "从未"
    return [
        Tile("成果", f"{seen.achievements:,}", "项", "/achievements"),
        Tile("需求", f"{seen.demands:,}", "条", "/demands"),
        Tile("资源", f"{seen.resources:,}", "项", "/resources"),
        Tile("可用账号", f"{seen.accounts:,}", "个", "/admin/users?state=enabled"),
        Tile("在用模型", seen.model or "未载入", "", "/admin/models"),
        Tile("索引落后", behind, age or "数据库的改动", "/admin/models"),
        Tile("最近备份", backup, "", "/audit?action=backup"),
    ]


def _lines(findings: Sequence[Finding], good: bool) -> list[FindingLine]:
    return [
        FindingLine(one.subject, one.good, one.message, _PLACES.get(one.subject, ""))
        for one in findings
        if one.good is good
    ]
