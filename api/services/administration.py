"""What an administrator wants to know at a glance."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

from api.observability.metrics import Lag
from api.services import condition, deployment
from api.services.auditing import Action
from api.services.diagnosis import asked
from api.services.findings import Finding, bad, good
from api.services.workspace import Workspace
from api.store import Job
from api.store.directory import Wanted
from matcher.errors import BundleError

_JOBS: Final = 5
_LOOKED_AT: Final = 50


@dataclass(frozen=True, slots=True)
class Overview:
    """The service at a glance; ``model`` and ``lag`` are of the process that is asked."""

    achievements: int
    demands: int
    resources: int
    accounts: int
    model: str | None
    lag: Lag | None
    backup_at: datetime | None
    jobs: Sequence[Job]
    findings: Sequence[Finding]


def overview(workspace: Workspace) -> Overview:
    """Ask for all of it; nothing is loaded, written or read through."""
    store = workspace.store
    backups = store.audit.page(1, action=Action.backup)
    backup_at = backups[0].at if backups else None
    return Overview(
        achievements=store.achievements.count(),
        demands=store.demands.count(),
        resources=store.resources.count(),
        accounts=store.directory.count(Wanted(enabled=True)),
        model=workspace.model,
        lag=workspace.lag(),
        backup_at=backup_at,
        jobs=[job for job in store.jobs.newest(_LOOKED_AT) if not job.is_finished][:_JOBS],
        findings=_findings(workspace, backup_at),
    )


def _findings(workspace: Workspace, backup_at: datetime | None) -> list[Finding]:
    """What is wrong first."""
    checks = condition.QUICK if workspace.model else condition.QUICK[:1]
    found = [
        *(asked(subject, check, workspace) for subject, check in checks),
        asked("模型", _model, workspace),
        deployment.disk(workspace.folder),
        _backup(backup_at),
    ]
    return sorted(found, key=lambda finding: finding.good)


def _model(workspace: Workspace) -> Finding:
    try:
        current = workspace.registry.newest()
        manifest = workspace.registry.glance(current) if workspace.registry.names() else None
    except BundleError as error:
        return bad("模型", str(error))
    if workspace.model is None:
        return bad("模型", "本进程还没有载入模型，第一次查找配对时载入；若一直如此，请查看日志。")
    if manifest is None:
        return good("模型", "使用随程序提供的模型；数据齐备后可运行 hongniang fit 训练自己的模型。")
    return good("模型", f"{current} 与当前环境相符。")


def _backup(at: datetime | None) -> Finding:
    if at is None:
        return bad("备份", "还没有备份的记录，请定时运行 hongniang backup。")
    age = datetime.now(UTC) - at
    hours = max(0, age // timedelta(hours=1))
    if age <= deployment.OLDEST_BACKUP:
        return good("备份", f"最近一次备份在 {hours} 小时前。")
    return bad("备份", f"最近一次备份已是 {hours} 小时前，请检查定时备份是否还在运行。")
