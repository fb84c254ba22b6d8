"""From a request to who sends it: a key, a session, or nobody."""

from typing import Final

from fastapi import Request, Response
from starlette.datastructures import FormData
from starlette.exceptions import HTTPException

from api.security.roles import Actor, visitor
from api.security.tokens import new_token
from api.services import keys, signing_in
from api.services.workspace import Workspace
from matcher.errors import InvalidInput, NotSignedIn

COOKIE: Final = "hongniang"
"""Holds a session's token, or of visitors one that only binds forms to the browser."""
FORM_FIELD: Final = "form_token"
FORM_HEADER: Final = "X-Form-Token"
_FORMS: Final = ("application/x-www-form-urlencoded", "multipart/form-data")


def identified(request: Request) -> Actor:
    """Who calls. Raises NotSignedIn for a key that does not hold; a bad cookie is a visitor's."""
    request.state.token, request.state.has_session = None, False
    authorization = request.headers.get("authorization")
    if authorization is not None:
        return _with_key(request, authorization)
    if COOKIE in request.cookies:
        return _in_session(request)
    return visitor(address(request))


def _with_key(request: Request, authorization: str) -> Actor:
    space: Workspace = request.app.state.workspace
    scheme, _, key = authorization.partition(" ")
    if scheme.lower() != "bearer":
        raise NotSignedIn("请用 Authorization: Bearer 标头带上密钥。")
    return keys.whose(space, key.strip(), address(request))


def _in_session(request: Request) -> Actor:
    space: Workspace = request.app.state.workspace
    token = space.signing.token(request.cookies[COOKIE])
    request.state.token = token
    actor = signing_in.who(space, token, address(request)) if token else None
    request.state.has_session = actor is not None
    return actor or visitor(address(request))


def address(request: Request) -> str:
    """Where a request comes from, as the proxy that is trusted says."""
    return request.client.host if request.client else ""


async def is_from_here(request: Request, actor: Actor, files: int = 0, fields: int = 100) -> bool:
    """Whether a write comes from one of our pages, and not from one elsewhere.

    Browsers send cookies on their own, so a page elsewhere could use them. Keys they do not, and
    a visitor's cookie opens nothing in JSON: both need no token. Forms always do,
    and may carry so many ``files`` and ``fields``.
    """
    if actor.scopes is not None:
        return True
    if request.url.path.startswith("/api/"):
        return not request.state.has_session or _holds(request, request.headers.get(FORM_HEADER))
    return _holds(request, await _typed_token(request, files, fields))


async def _typed_token(request: Request, files: int, fields: int) -> str | None:
    value = (await sent_form(request, files, fields)).get(FORM_FIELD)
    return value if isinstance(value, str) else None


async def typed_in(request: Request, fields: int) -> list[tuple[str, str]]:
    """What was typed in a form, to be shown again; nothing if it cannot be read."""
    try:
        items = (await sent_form(request, 0, fields)).multi_items()
    except (InvalidInput, HTTPException):
        return []
    return [(whole(n), whole(v)) for n, v in items if isinstance(v, str) and n != FORM_FIELD]


def whole(text: str) -> str:
    """Without halves of characters, which some encodings can carry and no page can show."""
    return text.encode("utf-8", "replace").decode()


async def sent_form(request: Request, files: int = 0, fields: int = 100) -> FormData:
    """The form that was sent, read once; an empty one if it was none. Raises InvalidInput."""
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind not in _FORMS:
        return FormData()
    try:
        return await request.form(max_files=files, max_fields=fields)
    except (LookupError, ValueError) as error:  # an encoding that is unknown or does not fit
        raise InvalidInput("无法读取提交的内容，请刷新页面后重新填写。") from error


def _holds(request: Request, given: str | None) -> bool:
    space: Workspace = request.app.state.workspace
    token: str | None = request.state.token
    return token is not None and space.signing.is_form_token(given or "", token)


def form_token(request: Request) -> str:
    """The token for the forms of a page; a browser without a cookie gets one with the page."""
    space: Workspace = request.app.state.workspace
    token: str | None = getattr(request.state, "token", None)
    if token is None:
        token = request.state.token = request.state.new_token = new_token()
    return space.signing.form_token(token)


def give_cookie(request: Request, response: Response, token: str) -> None:
    """Send a token to the browser: signed, out of reach for scripts, and not to other sites."""
    space: Workspace = request.app.state.workspace
    response.set_cookie(
        COOKIE,
        space.signing.cookie(token),
        httponly=True,
        samesite="lax",
        secure=request.app.state.https or request.url.scheme == "https",
        max_age=int(signing_in.LONGEST.total_seconds()),
    )
