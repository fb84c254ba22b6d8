"""Sign in, sign out, and one's own account: password and keys."""

from collections.abc import Mapping
from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request, Response
from fastapi.responses import RedirectResponse

from api.access.guard import Anyone, GuardedRoute, SignedIn
from api.access.identity import COOKIE, give_cookie
from api.access.parameters import Space
from api.pages.addresses import local
from api.pages.contexts.accounts import AccountPage, KeyLine, Login
from api.pages.forms import Typed
from api.pages.presenting import moment
from api.pages.rendering import render
from api.security.roles import SCOPE_NAMES, Actor, Scope
from api.services import accounts, keys, signing_in
from api.services.wishes import mailbox
from api.services.workspace import Workspace
from api.store.accounts import Key
from matcher.errors import InvalidInput, NotSignedIn, TooManyAttempts

router = APIRouter(include_in_schema=False, route_class=GuardedRoute)


async def _next(next: Annotated[str, Query(max_length=2000)] = "") -> str:
    """Where to go after signing in: a page of ours, and nothing else."""
    return local(next)


Next = Annotated[str, Depends(_next)]


@router.get("/login")
def login_form(request: Request, _: Anyone, next: Next) -> Response:
    """Name and password."""
    return render(request, Login("登录", next, "", ""))


@router.post("/login")
def login(request: Request, space: Space, actor: Anyone, typed: Typed, next: Next) -> Response:
    """Go where one wanted to; or say what is wrong, the name still typed."""
    name = typed.get("name", "")
    try:
        token, _ = signing_in.sign_in(space, name, typed.get("password", ""), actor.address)
    except (NotSignedIn, TooManyAttempts) as error:
        status = 429 if isinstance(error, TooManyAttempts) else 401
        page = render(request, Login("登录", next, name[:64], str(error)), status)
        if isinstance(error, TooManyAttempts):
            page.headers["Retry-After"] = str(error.seconds)
        return page
    response = RedirectResponse(next, status_code=303)
    give_cookie(request, response, token)
    return response


@router.post("/logout")
def logout(request: Request, space: Space, actor: SignedIn) -> Response:
    """Back to the start, as a visitor."""
    if request.state.token:
        signing_in.sign_out(space, actor, request.state.token)
    response = RedirectResponse("/", status_code=303)
    response.delete_cookie(COOKIE)
    return response


@router.get("/account")
def account(request: Request, space: Space, actor: SignedIn) -> Response:
    """The password, and the keys for programs."""
    return _account(request, space, actor)


@router.post("/account/password")
def password(request: Request, space: Space, actor: SignedIn, typed: Typed) -> Response:
    """Set a new password; one has to sign in again, everywhere."""
    mine = space.store.accounts.get(actor.account_id or "")
    assert mine is not None  # noqa: S101 - or the session would not have held
    try:
        if typed.get("new") != typed.get("again"):
            raise InvalidInput("两次输入的新密码不一样，请重新输入。")
        accounts.change_password(space, actor, mine, typed.get("new", ""), typed.get("old", ""))
    except InvalidInput as error:
        return _account(request, space, actor, {"password": str(error)}, status=422)
    return RedirectResponse("/login", status_code=303)


@router.post("/account/email")
def email(request: Request, space: Space, actor: SignedIn, typed: Typed) -> Response:
    """Where digests go from now on."""
    mine = space.store.accounts.get(actor.account_id or "")
    assert mine is not None  # noqa: S101 - or the session would not have held
    try:
        accounts.set_email(space, actor, mine, typed.get("email", ""))
    except InvalidInput as error:
        return _account(request, space, actor, {"email": str(error)}, status=422, typed=typed)
    return RedirectResponse("/account", status_code=303)


@router.post("/account/keys")
def add_key(request: Request, space: Space, actor: SignedIn, typed: Typed) -> Response:
    """Show the new key, this once."""
    scopes = [scope for scope in Scope if f"scope-{scope}" in typed]
    try:
        _, secret = keys.add_key(space, actor, typed.get("name", ""), scopes)
    except InvalidInput as error:
        return _account(request, space, actor, {"key": str(error)}, status=422, typed=typed)
    return _account(request, space, actor, secret=secret)


@router.post("/account/keys/{id}/revoke")
def revoke_key(space: Space, actor: SignedIn, id: str) -> Response:
    """Back to the list, the key now useless."""
    keys.revoke_key(space, actor, id)
    return RedirectResponse("/account", status_code=303)


def _account(
    request: Request,
    space: Workspace,
    actor: Actor,
    problems: Mapping[str, str] = {},
    secret: str = "",
    status: int = 200,
    typed: Mapping[str, str] = {},
) -> Response:
    lines = [key_line(key) for key in keys.keys_of(space, actor)]
    address = typed.get("email", mailbox(space, actor.account_id))
    context = AccountPage("我的账号", actor.name, lines, secret, problems, typed, address)
    return render(request, context, status)


def key_line(key: Key) -> KeyLine:
    """A key in a list of keys."""
    return KeyLine(
        key.id,
        key.name,
        key.shown,
        "、".join(SCOPE_NAMES[Scope(scope)] for scope in key.scopes),
        moment(key.created_at),
        moment(key.used_at) if key.used_at else "从未使用",
        moment(key.revoked_at) if key.revoked_at else "",
    )
