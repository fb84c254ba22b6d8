"""``/api/v1/users``, ``/api/v1/keys``, ``/api/v1/me`` and ``/api/v1/audit``."""

from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, status
from pydantic import BaseModel, ConfigDict, Field

from api.access.audit import Wanted
from api.access.guard import ADMINISTRATOR, Administrator, GuardedRoute, SignedIn
from api.access.parameters import Before, Limit, Space
from api.security.roles import Role, Scope
from api.services import accounts, keys
from api.store import AuditEntry
from api.store.accounts import Account, Key

router = APIRouter(tags=["账号"], route_class=GuardedRoute)


class UserOut(BaseModel):
    """一个账号。"""

    id: str
    name: str
    role: Role
    organisation: str | None
    created_at: datetime
    disabled_at: datetime | None


class UserIn(BaseModel):
    """新的账号。"""

    model_config = ConfigDict(extra="forbid")

    name: Annotated[str, Field(max_length=64, examples=["lin.jing"])]
    role: Role
    password: Annotated[str, Field(max_length=200)]
    organisation: Annotated[str | None, Field(max_length=200)] = None


class EnabledIn(BaseModel):
    """停用或启用。"""

    model_config = ConfigDict(extra="forbid")

    enabled: bool


class KeyOut(BaseModel):
    """一个密钥，不含密钥本身。"""

    id: str
    name: str
    shown: str
    scopes: list[Scope]
    created_at: datetime
    used_at: datetime | None
    revoked_at: datetime | None

    @classmethod
    def of(cls, key: Key) -> "KeyOut":
        """As JSON carries it."""
        return cls(**{name: getattr(key, name) for name in cls.model_fields})


class KeyIn(BaseModel):
    """新的密钥。"""

    model_config = ConfigDict(extra="forbid")

    name: Annotated[str, Field(max_length=100, examples=["市科技局数据平台"])]
    scopes: Annotated[list[Scope], Field(min_length=1, max_length=100)]


class NewKeyOut(KeyOut):
    """一个新密钥，附只出示这一次的密钥本身。"""

    key: str


class MeOut(BaseModel):
    """调用者。"""

    name: str
    role: Role
    scopes: list[Scope] | None


class AuditOut(BaseModel):
    """一条审计记录。"""

    number: int
    at: datetime
    who: str
    role: str
    address: str
    action: str
    subject: str | None
    details: dict[str, Any]

    @classmethod
    def of(cls, entry: AuditEntry) -> "AuditOut":
        """As JSON carries it."""
        return cls(**{name: getattr(entry, name) for name in cls.model_fields})


@router.get("/me", summary="我是谁")
def who_am_i(actor: SignedIn) -> MeOut:
    """当前登录的账号。"""
    scopes = None if actor.scopes is None else sorted(actor.scopes)
    return MeOut(name=actor.name, role=actor.role, scopes=scopes)


@router.get("/users", summary="列出账号", dependencies=[ADMINISTRATOR])
def list_users(space: Space) -> list[UserOut]:
    """按名称排列。"""
    return [_user(account) for account in space.store.accounts.all()]


@router.post("/users", status_code=status.HTTP_201_CREATED, summary="新增账号")
def add_user(space: Space, actor: Administrator, body: UserIn) -> UserOut:
    """企业、技术经理人或管理员。"""
    account = accounts.add_account(
        space, actor, body.name, body.role, body.password, body.organisation
    )
    return _user(account)


@router.put("/users/{id}/enabled", summary="停用或启用账号")
def enable_user(space: Space, actor: Administrator, id: str, body: EnabledIn) -> UserOut:
    """停用后，登录和密钥立即失效。"""
    account = accounts.account_with_id(space, id)
    return _user(accounts.set_enabled(space, actor, account, body.enabled))


@router.get("/keys", summary="列出我的密钥")
def list_keys(space: Space, actor: SignedIn) -> list[KeyOut]:
    """新的在前。"""
    return [KeyOut.of(key) for key in keys.keys_of(space, actor)]


@router.post("/keys", status_code=status.HTTP_201_CREATED, summary="新建密钥")
def add_key(space: Space, actor: SignedIn, body: KeyIn) -> NewKeyOut:
    """密钥本身只出示这一次。"""
    key, secret = keys.add_key(space, actor, body.name, body.scopes)
    return NewKeyOut(**KeyOut.of(key).model_dump(), key=secret)


@router.delete("/keys/{id}", status_code=status.HTTP_204_NO_CONTENT, summary="撤销密钥")
def revoke_key(space: Space, actor: SignedIn, id: str) -> None:
    """立即失效。"""
    keys.revoke_key(space, actor, id)


@router.get("/audit", summary="审计记录", dependencies=[ADMINISTRATOR])
def audit(
    space: Space,
    wanted: Wanted,
    limit: Limit = 50,
    before: Before = None,
) -> list[AuditOut]:
    """新的在前；只能增加，不能修改或删除。"""
    lines = space.store.audit.page(limit, before, **wanted)
    return [AuditOut.of(entry) for entry in lines]


def _user(account: Account) -> UserOut:
    return UserOut(**{name: getattr(account, name) for name in UserOut.model_fields})
