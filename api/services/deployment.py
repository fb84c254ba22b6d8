"""Checks of the machine and of settings that must fit each other."""

import shutil
import socket
import stat
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address, ip_network
from pathlib import Path
from typing import Final

from api.security.keyfile import keyfile
from api.services import post_check
from api.services.findings import Finding, bad, good
from api.settings import Settings

_LEAST_FREE: Final = 1_000_000_000
"""Bytes: a new index and the old one lie side by side, and so do databases that grow."""
OLDEST_BACKUP: Final = timedelta(hours=36)
"""One a day, with time for one that runs late."""


def findings(settings: Settings) -> list[Finding]:
    """Disk, secret, backups, who can reach the service and how, letters, and the port."""
    found = [disk(settings.data), _secret(settings)]
    if settings.backups is not None:
        found.append(_backups(settings.backups))
    reach = list(_reach(settings)) or [good("访问", "监听地址、主机名、代理和 https 的设置相符。")]
    return [*found, *reach, post_check.finding(settings), _port(settings)]


def disk(folder: Path) -> Finding:
    """Whether there is room left where the data lies."""
    try:
        free = shutil.disk_usage(folder).free
    except OSError as error:
        return bad("磁盘", f"无法查看 {folder} 所在的磁盘（{error.strerror}），请检查数据目录。")
    if free >= _LEAST_FREE:
        return good("磁盘", f"剩余空间 {free / 1e9:.1f} GB。")
    return bad("磁盘", f"剩余空间只有 {free / 1e6:.0f} MB，请腾出至少 1 GB。")


def _secret(settings: Settings) -> Finding:
    if settings.secret.get_secret_value():
        return good("密钥", "使用设置 HONGNIANG_SECRET。")
    path = keyfile(settings.data)
    try:
        mode = stat.S_IMODE(path.stat().st_mode)
    except OSError as error:
        return bad("密钥", f"无法查看密钥文件 {path}（{error.strerror}），请检查数据目录。")
    if mode & 0o077 == 0:
        return good("密钥", f"{path} 只有本用户可读。")
    return bad("密钥", f"其他用户可以读取 {path}，请运行 chmod 600 {path}。")


def _backups(folder: Path) -> Finding:
    try:
        files = [path.stat() for path in folder.glob("[!.]*") if path.is_file()]
    except OSError as error:
        return bad("备份", f"无法查看备份目录 {folder}（{error.strerror}），请检查权限。")
    newest = max((file.st_mtime for file in files if file.st_size), default=None)
    if newest is None:
        return bad("备份", f"目录 {folder} 中没有备份，请定时运行 hongniang backup。")
    age = datetime.now(UTC) - datetime.fromtimestamp(newest, UTC)
    hours = age // timedelta(hours=1)
    if age <= OLDEST_BACKUP:
        return good("备份", f"最近一次备份在 {max(0, hours)} 小时前。")
    return bad("备份", f"最近一次备份已是 {hours} 小时前，请检查定时备份是否还在运行。")


def _reach(settings: Settings) -> Iterator[Finding]:
    proxies = settings.trusted_proxies
    is_public = settings.https or not all(map(_is_local, settings.hosts))
    if not _is_local(settings.host) and not settings.hosts:
        yield bad(
            "主机名",
            f"监听 {settings.host} 而没有写明主机名，请设置 HONGNIANG_HOSTS，例如 kjj.example。",
        )
    if is_public and not proxies:
        yield bad(
            "反向代理",
            "服务对外开放而没有写明反向代理，所有人会被当作同一来源，登录也不算 https；"
            "请把代理的地址设为 HONGNIANG_TRUSTED_PROXIES，例如 127.0.0.1。",
        )
    if any(ip_network(proxy, strict=False).prefixlen == 0 for proxy in proxies):
        yield bad(
            "反向代理",
            "HONGNIANG_TRUSTED_PROXIES 包含所有地址，任何人都可冒充来源，请只写代理的地址。",
        )
    if proxies and not settings.https:
        yield bad(
            "https",
            "经反向代理访问而未声明只用 https，请在代理启用 https 后设置 HONGNIANG_HTTPS=true。",
        )


def _is_local(host: str) -> bool:
    try:
        return ip_address(host.strip("[]")).is_loopback
    except ValueError:  # a name
        return host.lower() == "localhost"


def _port(settings: Settings) -> Finding:
    address = f"{settings.host}:{settings.port}"
    try:
        taken = _answers(settings.host, settings.port)
    except OSError as error:
        return bad("端口", f"无法使用地址 {address}：{error.strerror}，请检查设置。")
    if taken:
        return good("端口", f"{address} 已有程序在监听；若不是本服务，请换用 --port。")
    return good("端口", f"{address} 空闲。")


def _answers(host: str, port: int) -> bool:
    """Whether somebody listens there. Raises OSError for an address that cannot be."""
    [(family, kind, protocol, _, address), *_] = socket.getaddrinfo(
        host, port, type=socket.SOCK_STREAM
    )
    with socket.socket(family, kind, protocol) as probe:
        probe.settimeout(1.0)
        return probe.connect_ex(address) == 0
