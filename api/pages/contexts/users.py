"""Administration of accounts and keys."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import ClassVar

from api.pages.contexts.accounts import KeyLine
from api.pages.contexts.base import Context
from api.security.roles import ACCOUNT_ROLES, ROLE_NAMES, Role


def _roles() -> dict[Role, str]:
    return {role: ROLE_NAMES[role] for role in ACCOUNT_ROLES}


@dataclass(frozen=True, slots=True)
class UserLine:
    """An account; ``is_own`` is that of the reader."""

    id: str
    href: str
    name: str
    role: str
    organisation: str
    created: str
    seen: str
    is_enabled: bool
    is_own: bool


@dataclass(frozen=True, slots=True)
class UsersPage(Context):
    """账号: a page of the list, and the form for a new one.

    ``problems`` are by field; ``suggestion`` is the password if none is chosen; ``next_after`` is
    empty on the last page.
    """

    template: ClassVar[str] = "admin/users"
    lines: Sequence[UserLine]
    total: int
    wanted: Mapping[str, str]
    next_after: str
    typed: Mapping[str, str]
    problems: Mapping[str, str]
    suggestion: str
    roles: Mapping[Role, str] = field(default_factory=_roles)


@dataclass(frozen=True, slots=True)
class UserPage(Context):
    """One account with its keys; ``secret`` is a new password, shown this once."""

    template: ClassVar[str] = "admin/user"
    line: UserLine
    keys: Sequence[KeyLine]
    problem: str
    suggestion: str
    secret: str
    is_new: bool


@dataclass(frozen=True, slots=True)
class OwnedKeyLine:
    """A key of anybody's."""

    owner: str
    href: str
    key: KeyLine


@dataclass(frozen=True, slots=True)
class KeysPage(Context):
    """密钥 of everybody, newest first; ``before`` leads to older ones."""

    template: ClassVar[str] = "admin/keys"
    lines: Sequence[OwnedKeyLine]
    with_revoked: bool
    before: str
