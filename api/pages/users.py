"""账号 and 密钥 of everybody, for administrators."""

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Final

from fastapi import APIRouter, Query, Request, Response
from fastapi.responses import RedirectResponse

from api.access.guard import Administrator, GuardedRoute
from api.access.parameters import Space
from api.pages.accounts import key_line
from api.pages.contexts.users import KeysPage, OwnedKeyLine, UserLine, UserPage, UsersPage
from api.pages.forms import Typed
from api.pages.presenting import moment
from api.pages.rendering import render
from api.security.passwords import new_password
from api.security.roles import Actor, role_name
from api.services import accounts, keys
from api.services.workspace import Workspace
from api.store.accounts import Account
from api.store.directory import Wanted
from matcher.errors import InvalidInput

router = APIRouter(include_in_schema=False, route_class=GuardedRoute)
_PER_PAGE: Final = 30
_STATES: Final = {"enabled": True, "disabled": False}
_FIELDS: Final = ("name", "organisation", "role", "password")


@router.get("/admin/users")
def users(
    request: Request,
    space: Space,
    actor: Administrator,
    q: Annotated[str, Query(max_length=100)] = "",
    role: Annotated[str, Query(max_length=20)] = "",
    state: Annotated[str, Query(max_length=20)] = "",
    after: Annotated[str, Query(max_length=64)] = "",
) -> Response:
    """The list by name, narrowed by what is asked."""
    wanted = {"q": q, "role": role, "state": state}
    return _list(request, space, actor, wanted, after)


@router.post("/admin/users")
def add_user(request: Request, space: Space, actor: Administrator, typed: Typed) -> Response:
    """Show the new account, and once its password if that was not chosen."""
    chosen = typed.get("password", "")
    password = chosen or typed.get("suggestion", "")
    name, role = typed.get("name", ""), typed.get("role", "")
    try:
        account = accounts.added_before(space, name, role, password)
        if account is None:
            organisation = typed.get("organisation", "").strip()[:200] or None
            account = accounts.add_account(space, actor, name, role, password, organisation)
    except InvalidInput as error:
        return _list(request, space, actor, {}, "", typed, error)
    if chosen:
        return RedirectResponse(f"/admin/users/{account.id}", status_code=303)
    return _one(request, space, actor, account, secret=password, is_new=True)


@router.get("/admin/users/{id}")
def one_user(request: Request, space: Space, actor: Administrator, id: str) -> Response:
    """One account and its keys."""
    return _one(request, space, actor, accounts.account_with_id(space, id))


@router.post("/admin/users/{id}/disable")
def disable(request: Request, space: Space, actor: Administrator, id: str) -> Response:
    """Keep the account and its keys out."""
    return _enabled(request, space, actor, id, False)


@router.post("/admin/users/{id}/enable")
def enable(request: Request, space: Space, actor: Administrator, id: str) -> Response:
    """Let the account in again."""
    return _enabled(request, space, actor, id, True)


@router.post("/admin/users/{id}/password")
def password(
    request: Request, space: Space, actor: Administrator, id: str, typed: Typed
) -> Response:
    """Set a new password, and show it once if it was not chosen."""
    account = accounts.account_with_id(space, id)
    chosen = typed.get("password", "")
    new = chosen or typed.get("suggestion", "")
    try:
        accounts.reset_password(space, actor, account, new)
    except InvalidInput as error:
        return _one(request, space, actor, account, problem=str(error))
    if chosen:
        return RedirectResponse(f"/admin/users/{id}", status_code=303)
    return _one(request, space, actor, account, secret=new)


@router.get("/admin/keys")
def all_keys(
    request: Request,
    space: Space,
    actor: Administrator,  # noqa: ARG001 - who may call
    all: bool = False,
    before: Annotated[str | None, Query(max_length=64, pattern="^[!-~]*$")] = None,
) -> Response:
    """Everybody's keys, newest first."""
    found = space.store.directory.keys(_PER_PAGE + 1, before, valid=not all)
    shown = found[:_PER_PAGE]
    lines = [
        OwnedKeyLine(o.owner, f"/admin/users/{o.key.account_id}", key_line(o.key)) for o in shown
    ]
    older = shown[-1].key.id if len(found) > _PER_PAGE else ""
    return render(request, KeysPage("密钥", lines, all, older))


@router.post("/admin/keys/{id}/revoke")
def revoke_key(space: Space, actor: Administrator, id: str, typed: Typed) -> Response:
    """Back to where the key was listed, the key now useless."""
    key = keys.revoke_any(space, actor, id)
    to = f"/admin/users/{key.account_id}" if "user" in typed else "/admin/keys"
    return RedirectResponse(to, status_code=303)


def _enabled(request: Request, space: Workspace, actor: Actor, id_: str, enabled: bool) -> Response:
    account = accounts.account_with_id(space, id_)
    try:
        if (account.disabled_at is None) is not enabled:
            accounts.set_enabled(space, actor, account, enabled)
    except InvalidInput as error:
        return _one(request, space, actor, account, problem=str(error))
    return RedirectResponse(f"/admin/users/{id_}", status_code=303)


def _list(
    request: Request,
    space: Workspace,
    actor: Actor,
    wanted: Mapping[str, str],
    after: str,
    typed: Mapping[str, str] = {},
    error: InvalidInput | None = None,
) -> Response:
    state, role = _STATES.get(wanted.get("state", "")), wanted.get("role") or None
    asked = Wanted(wanted.get("q", ""), role, state)
    found = space.store.directory.page(_PER_PAGE + 1, after, asked)
    shown = found[:_PER_PAGE]
    context = UsersPage(
        title="账号",
        lines=[user_line(one.account, one.seen_at, actor) for one in shown],
        total=space.store.directory.count(asked),
        wanted=wanted,
        next_after=shown[-1].account.name if len(found) > _PER_PAGE else "",
        typed={name: typed.get(name, "") for name in _FIELDS if name != "password"},
        problems=_problems(error),
        suggestion=new_password(),
    )
    return render(request, context, 422 if error else 200)


def _one(
    request: Request,
    space: Workspace,
    actor: Actor,
    account: Account,
    problem: str = "",
    secret: str = "",
    is_new: bool = False,
) -> Response:
    line = user_line(account, space.store.directory.seen(account.id), actor)
    lines = [key_line(key) for key in space.store.accounts.keys(account.id)]
    context = UserPage("账号", line, lines, problem, new_password(), secret, is_new)
    return render(request, context, 422 if problem else 200)


def user_line(account: Account, seen_at: datetime | None, reader: Actor) -> UserLine:
    """An account as administrators read it."""
    return UserLine(
        id=account.id,
        href=f"/admin/users/{account.id}",
        name=account.name,
        role=role_name(account.role),
        organisation=account.organisation or "",
        created=moment(account.created_at),
        seen=moment(seen_at) if seen_at else "从未",
        is_enabled=account.disabled_at is None,
        is_own=account.id == reader.account_id,
    )


def _problems(error: InvalidInput | None) -> dict[str, str]:
    """By field; what is of no field of the form stands above it."""
    if error is None:
        return {}
    found = {p.field if p.field in _FIELDS else "": p.message for p in error.problems}
    return found or {"": str(error)}
