"""Who calls, and how far that reaches."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final


class Role(StrEnum):
    """角色：访客没有登录，其余都有账号。"""

    visitor = "visitor"
    enterprise = "enterprise"
    broker = "broker"
    administrator = "administrator"


class Scope(StrEnum):
    """密钥的用途，以其主人的角色所允许的为限。"""

    read = "read"
    match = "match"
    write = "write"
    import_ = "import"
    export = "export"
    operate = "operate"


ROLE_NAMES: Final[Mapping[Role, str]] = {
    Role.visitor: "访客",
    Role.enterprise: "企业",
    Role.broker: "技术经理人",
    Role.administrator: "管理员",
}
SCOPE_NAMES: Final[Mapping[Scope, str]] = {
    Scope.read: "查看成果和需求",
    Scope.match: "查找配对",
    Scope.write: "新增、修改和删除",
    Scope.import_: "批量导入",
    Scope.export: "导出",
    Scope.operate: "读取运行指标",
}
ACCOUNT_ROLES: Final = (Role.enterprise, Role.broker, Role.administrator)
STAFF: Final = frozenset({Role.broker, Role.administrator})


def role_name(role: str) -> str:
    """The name of a stored role; one that this version does not know stays as it is."""
    return ROLE_NAMES[Role(role)] if role in set(Role) else role


@dataclass(frozen=True, slots=True)
class Actor:
    """Whoever calls. ``scopes`` is None for people, who are limited by their role alone."""

    account_id: str | None
    name: str
    role: Role
    address: str = ""
    scopes: frozenset[Scope] | None = None

    @property
    def is_staff(self) -> bool:
        """Whether this is a broker or an administrator."""
        return self.role in STAFF


SYSTEM: Final = Actor(None, "命令行", Role.administrator, "本机")
"""Whoever can run commands on the server."""


def visitor(address: str = "") -> Actor:
    """Somebody who has not signed in."""
    return Actor(None, ROLE_NAMES[Role.visitor], Role.visitor, address)
