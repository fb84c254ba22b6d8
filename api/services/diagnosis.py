"""What an administrator would check by hand: one finding for each thing that can be wrong."""

import socket
from collections.abc import Callable
from dataclasses import dataclass

from api.services.workspace import Workspace
from api.settings import Settings
from matcher.errors import HongniangError


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was checked."""

    subject: str
    good: bool
    message: str


def diagnose(settings: Settings, opened: Callable[[Settings], Workspace]) -> list[Finding]:
    """Check the data folder, the records, the model, the search, and the port."""
    findings = [_port(settings)]
    try:
        workspace = opened(settings)
    except HongniangError as error:
        return [Finding("数据目录", False, str(error)), *findings]
    try:
        checks = {"数据库": _records, "模型": _model, "匹配": _matching}
        found = [_finding(subject, check, workspace) for subject, check in checks.items()]
    finally:
        workspace.close()
    folder = Finding("数据目录", True, f"{settings.data.absolute()} 可读写。")
    return [folder, *found, *findings]


def _finding(subject: str, check: Callable[[Workspace], str], workspace: Workspace) -> Finding:
    try:
        return Finding(subject, True, check(workspace))
    except HongniangError as error:
        return Finding(subject, False, str(error))


def _records(workspace: Workspace) -> str:
    offers, needs = workspace.achievements.count(), workspace.demands.count()
    return f"{workspace.place}：成果 {offers} 条，需求 {needs} 条。"


def _model(workspace: Workspace) -> str:
    manifest = workspace.registry.verify()
    return f"{workspace.registry.current()} 完好，训练于 {manifest.created}。"


def _matching(workspace: Workspace) -> str:
    engine = workspace.matchmaker
    return f"索引中有成果 {len(engine.achievements)} 条，需求 {len(engine.demands)} 条。"


def _port(settings: Settings) -> Finding:
    address = f"{settings.host}:{settings.port}"
    try:
        taken = _answers(settings.host, settings.port)
    except OSError as error:
        return Finding("端口", False, f"无法使用地址 {address}：{error.strerror}，请检查设置。")
    if taken:
        return Finding("端口", True, f"{address} 已有程序在监听；若不是本服务，请换用 --port。")
    return Finding("端口", True, f"{address} 空闲。")


def _answers(host: str, port: int) -> bool:
    """Whether somebody listens there. Raises OSError for an address that cannot be."""
    [(family, kind, protocol, _, address), *_] = socket.getaddrinfo(
        host, port, type=socket.SOCK_STREAM
    )
    with socket.socket(family, kind, protocol) as probe:
        probe.settimeout(1.0)
        return probe.connect_ex(address) == 0
