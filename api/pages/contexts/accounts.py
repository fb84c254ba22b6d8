"""Signing in, accounts, the audit log."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import ClassVar

from api.pages.contexts.base import Context
from api.security.roles import ROLE_NAMES, SCOPE_NAMES, Role, Scope
from api.services.auditing import ACTION_NAMES, Action


@dataclass(frozen=True, slots=True)
class Login(Context):
    """账号和密码; ``next`` is where to go then."""

    template: ClassVar[str] = "login"
    next: str
    name: str
    problem: str


@dataclass(frozen=True, slots=True)
class KeyLine:
    """A key in the list of keys; ``revoked`` is empty while it holds."""

    id: str
    name: str
    shown: str
    scopes: str
    created: str
    used: str
    revoked: str


@dataclass(frozen=True, slots=True)
class AccountPage(Context):
    """我的账号; ``secret`` is a new key, shown this once; problems are by form."""

    template: ClassVar[str] = "account"
    name: str
    keys: Sequence[KeyLine]
    secret: str
    problems: Mapping[str, str]
    typed: Mapping[str, str]
    email: str
    scopes: Mapping[Scope, str] = field(default_factory=lambda: SCOPE_NAMES)


@dataclass(frozen=True, slots=True)
class AuditLine:
    """A line of the audit log; ``label`` names the subject, ``href`` shows it, if anything does."""

    number: int
    at: str
    who: str
    role: str
    address: str
    action: str
    subject: str
    label: str
    href: str
    details: str


@dataclass(frozen=True, slots=True)
class AuditPage(Context):
    """审计: newest first; ``before`` leads to older lines, if there are any."""

    template: ClassVar[str] = "audit"
    lines: Sequence[AuditLine]
    typed: Mapping[str, str]
    problem: str
    before: int | None
    actions: Mapping[Action, str] = field(default_factory=lambda: ACTION_NAMES)
    roles: Mapping[Role, str] = field(default_factory=lambda: ROLE_NAMES)
