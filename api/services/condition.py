"""Checks of an open workspace: what it keeps, and whether it can serve."""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Final

from api.security.roles import Role
from api.services.findings import Finding, bad, good
from api.services.kinds import KINDS
from api.services.workspace import Workspace
from api.store.inspection import Inspection
from api.store.revision import newest_revision

_FAST: Final = timedelta(minutes=1)
"""How far clocks of several machines may be apart."""
_SILENT: Final = timedelta(minutes=15)
"""Jobs say that they are alive every few seconds."""
_NEARLY: Final = 0.9
"""From which part of the room for drafts on somebody should look."""
_MANY: Final = 1_000_000
_BEHIND: Final = 10.0
"""Seconds; a process that serves is less than one behind."""


def _database(workspace: Workspace) -> Finding:
    counted = _counted([kind.table(workspace).count() for kind in KINDS.values()])
    return good("数据库", f"{workspace.place}：{counted}，结构为最新（{newest_revision()}）。")


def _writing(workspace: Workspace) -> Finding:
    _inspection(workspace).write()
    return good("写入", "数据库可以写入。")


def _audit(workspace: Workspace) -> Finding:
    if _inspection(workspace).is_audit_protected():
        return good("审计日志", "只能追加，数据库会拒绝修改和删除。")
    return bad(
        "审计日志",
        "数据库没有拒绝修改或删除，可能有人删除了触发器，请核查数据库的操作者，"
        "并用备份恢复到新的数据库。",
    )


def _clock(workspace: Workspace) -> Finding:
    newest = _inspection(workspace).newest()
    ahead = newest - datetime.now(UTC) if newest else timedelta(0)
    if newest is None or ahead <= _FAST:
        return good("时钟", "没有来自将来的记录。")
    return bad(
        "时钟",
        f"最新的记录写于 {newest.astimezone():%Y-%m-%d %H:%M}，晚于本机现在的时间，"
        "请用网络对时（NTP）校准各台机器的时钟。",
    )


def _administrators(workspace: Workspace) -> Finding:
    count = sum(
        account.role == Role.administrator and account.disabled_at is None
        for account in workspace.store.accounts.all()
    )
    if count:
        return good("管理员", f"可用的管理员账号 {count} 个。")
    return bad(
        "管理员",
        "没有可用的管理员账号，请运行 hongniang users add admin --role administrator 建立一个。",
    )


def _model(workspace: Workspace) -> Finding:
    manifest = workspace.registry.verify()
    return good("模型", f"{workspace.registry.current()} 完好，训练于 {manifest.created}。")


def _index(workspace: Workspace) -> Finding:
    """Opening the index has brought it up to date, or made it."""
    found = [len(kind.library(workspace)) for kind in KINDS.values()]
    kept = [kind.table(workspace).findable() for kind in KINDS.values()]
    if found == kept:
        return good("匹配", f"索引中有{_counted(found)}。")
    return bad(
        "匹配",
        f"索引中有{_counted(found)}，而数据库中有{_counted(kept)}；若刚才没有导入或填报，"
        f"请停止服务，删除目录 {workspace.folder / 'index'} 后重新启动。",
    )


def _lag(workspace: Workspace) -> Finding:
    lag = workspace.live.lag()
    if lag.seconds <= _BEHIND:
        return good("同步", f"索引落后数据库 {lag.changes} 处改动。")
    return bad(
        "同步",
        f"索引落后数据库 {lag.changes} 处改动，最早的已等待 {lag.seconds:.0f} 秒，"
        "请稍后再查；若没有减少，请重新启动服务并查看日志。",
    )


def _jobs(workspace: Workspace) -> Finding:
    jobs = _inspection(workspace).unfinished()
    silent = datetime.now(UTC) - jobs.heard if jobs.heard else timedelta(0)
    if silent <= _SILENT:
        return good("后台任务", f"未完成的任务 {jobs.count} 个。")
    return bad(
        "后台任务",
        f"{jobs.count} 个任务未完成，且 {silent // timedelta(minutes=1)} 分钟没有进展，"
        "请确认服务正在运行，它会接手这些任务。",
    )


def _counted(counts: Sequence[int]) -> str:
    """成果 168 条，需求 64 条，资源 0 条."""
    named = zip(KINDS.values(), counts, strict=True)
    return "，".join(f"{kind.label} {count} 条" for kind, count in named)


def _inspection(workspace: Workspace) -> Inspection:
    return Inspection(workspace.store.database)


def _drafts(workspace: Workspace) -> Finding:
    room = workspace.draft_room
    count = workspace.store.drafts.count_of_nobody(room.most or _MANY)
    if not room.most or count < _NEARLY * room.most:
        return good("草稿", f"未登录者的草稿 {count} 份。")
    return bad(
        "草稿",
        f"未登录者的草稿已有 {count} 份，上限为 {room.most} 份，满后新的不再保存，仍可直接提交；"
        "请确认没有人用程序反复填报，确有需要再调高 HONGNIANG_MAX_DRAFTS。",
    )


_QUICK: Final = frozenset({"管理员", "匹配", "同步", "后台任务", "草稿"})
CHECKS: Final[Sequence[tuple[str, Callable[[Workspace], Finding]]]] = (
    ("数据库", _database),
    ("写入", _writing),
    ("审计日志", _audit),
    ("时钟", _clock),
    ("管理员", _administrators),
    ("模型", _model),
    ("匹配", _index),
    ("同步", _lag),
    ("后台任务", _jobs),
    ("草稿", _drafts),
)
"""In the order in which one thing needs the other; the subject is for checks that cannot end."""
QUICK: Final = tuple(one for one in CHECKS if one[0] in _QUICK)
"""Those that write nothing and take no time, once an engine is at work."""
