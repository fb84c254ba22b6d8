"""Accounts: made by administrators, never deleted, because the audit log names them."""

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Final

from email_validator import EmailNotValidError, validate_email

from api.security.passwords import check_password, hashed, is_password
from api.security.roles import ACCOUNT_ROLES, ROLE_NAMES, Actor, Role
from api.services.auditing import Action, note
from api.services.workspace import Workspace
from api.store.accounts import Account
from api.store.mapping import new_id
from matcher.errors import InvalidInput, NotFound

_NAME: Final = re.compile(r"[a-z0-9\u4e00-\u9fff][a-z0-9._@\u4e00-\u9fff-]{1,63}")

_TWICE: Final = timedelta(minutes=10)


def as_kept(name: str) -> str:
    """The name of an account as it is stored: people type it in either case."""
    return name.strip().casefold()


def add_account(
    workspace: Workspace,
    actor: Actor,
    name: str,
    role: str,
    password: str,
    organisation: str | None = None,
    email: str = "",
) -> Account:
    """Make an account. Raises InvalidInput for a name in use, or a password easily guessed."""
    kept, email_kept = _checked_name(name), checked_email(email)
    if role not in ACCOUNT_ROLES:
        choices = "、".join(f"{r.value}（{ROLE_NAMES[r]}）" for r in ACCOUNT_ROLES)
        raise InvalidInput.of("role", f"没有这个角色，可选：{choices}。")
    if workspace.store.accounts.named(kept):
        raise InvalidInput.of("name", f"账号“{kept}”已存在，请换一个名称。")
    check_password(password, kept)
    with workspace.store.writing() as unit:
        account = Account(
            new_id("u"),
            kept,
            Role(role),
            hashed(password),
            organisation,
            unit.moment,
            None,
            email_kept,
        )
        workspace.store.accounts.put(unit, account)
        note(workspace.store, unit, actor, Action.account_add, account.id, role=role)
    return account


def account_named(workspace: Workspace, name: str) -> Account:
    """The account with this name. Raises NotFound."""
    account = workspace.store.accounts.named(as_kept(name))
    if account is None:
        raise NotFound(f"没有名为“{name[:40]}”的账号，可用 hongniang users list 查看全部账号。")
    return account


def account_with_id(workspace: Workspace, id_: str) -> Account:
    """The account with this id. Raises NotFound."""
    account = workspace.store.accounts.get(id_)
    if account is None:
        raise NotFound("没有这个账号，请核对编号，或返回账号列表查看。")
    return account


def added_before(workspace: Workspace, name: str, role: str, password: str) -> Account | None:
    """The account that the same request has made already, when its form was sent twice."""
    account = workspace.store.accounts.named(as_kept(name))
    if account is None or account.role != role:
        return None
    is_new = datetime.now(UTC) - account.created_at < _TWICE
    return account if is_new and is_password(password, account.password_hash) else None


def reset_password(workspace: Workspace, actor: Actor, account: Account, new: str) -> None:
    """Set the password of somebody else, who is then signed out. Raises InvalidInput."""
    if actor.account_id == account.id:
        raise InvalidInput.of("password", "自己的密码请在“我的账号”中修改。")
    change_password(workspace, actor, account, new)


def change_password(
    workspace: Workspace, actor: Actor, account: Account, new: str, old: str | None = None
) -> None:
    """Set a password and sign the account out everywhere. ``old`` is asked of its owner."""
    if old is not None and not is_password(old, account.password_hash):
        raise InvalidInput.of("old", "原密码不正确，请重新输入。")
    check_password(new, account.name)
    kept = hashed(new)
    with workspace.store.writing() as unit:
        workspace.store.accounts.change(unit, account.id, password_hash=kept)
        workspace.store.accounts.close_sessions(unit, account.id)
        note(workspace.store, unit, actor, Action.password, account.id)


def set_email(workspace: Workspace, actor: Actor, account: Account, email: str) -> None:
    """Where digests go; nothing typed means nowhere. Raises InvalidInput."""
    kept = checked_email(email)
    with workspace.store.writing() as unit:
        workspace.store.accounts.change(unit, account.id, email=kept)
        note(workspace.store, unit, actor, Action.email, account.id)


def checked_email(typed: str) -> str | None:
    """An address as it is kept, None if nothing was typed. Raises InvalidInput.

    Addresses inside an intranet are as good as others: whether one exists is not asked.
    """
    if not typed.strip():
        return None
    try:
        found = validate_email(
            typed.strip(),
            allow_smtputf8=False,
            check_deliverability=False,
            globally_deliverable=False,
        )
    except EmailNotValidError as error:
        raise InvalidInput.of(
            "email", "邮箱地址不正确，请写成 lin.jing@kjj.example 这样的形式。"
        ) from error
    return found.ascii_email or found.normalized


def set_enabled(workspace: Workspace, actor: Actor, account: Account, enabled: bool) -> Account:
    """Let an account in, or keep it and its keys out from the next request on."""
    if actor.account_id == account.id:
        raise InvalidInput("不能停用自己的账号，请由另一位管理员操作。")
    action = Action.account_enable if enabled else Action.account_disable
    with workspace.store.writing() as unit:
        changed = replace(account, disabled_at=None if enabled else unit.moment)
        workspace.store.accounts.change(unit, account.id, disabled_at=changed.disabled_at)
        workspace.store.accounts.close_sessions(unit, account.id)
        note(workspace.store, unit, actor, action, account.id)
    return changed


def _checked_name(name: str) -> str:
    kept = as_kept(name)
    if not _NAME.fullmatch(kept):
        raise InvalidInput.of(
            "name", "账号名应为 2 到 64 个字母、数字、汉字或 . _ @ -，并以字母、数字或汉字开头。"
        )
    return kept
