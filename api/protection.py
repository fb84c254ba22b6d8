"""What holds for every request: its address and origin, and the headers of its answer."""

import re
from collections.abc import Collection
from typing import Final

from starlette.datastructures import Headers
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.headers import header
from api.policy import Policy

STATIC: Final = ("/static/", "/api/static/")
"""Addresses of files that are the same for everybody, and worth keeping."""
_SAFE: Final = frozenset({"GET", "HEAD", "OPTIONS"})
_PORT: Final = re.compile(r":\d*\Z", re.ASCII)
_HEADERS: Final = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
        "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    ),
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}
_KEPT_BY: Final = b"cache-control"
_NOBODY: Final = (_KEPT_BY, b"no-store")
_ONLY_HTTPS: Final = {"Strict-Transport-Security": "max-age=31536000"}
"""For a year. Other names of the same domain may belong to others: they are left alone."""


def headers_of(policy: Policy) -> dict[str, str]:
    """The headers that every answer carries."""
    return _HEADERS | (_ONLY_HTTPS if policy.https else {})


class Protection:
    """ASGI middleware."""

    def __init__(self, app: ASGIApp, policy: Policy, hosts: Collection[str] = ()) -> None:
        """``hosts`` are the names by which the server may be addressed; empty means any."""
        self._app = app
        self._hosts = hosts
        self._headers = Headers(headers_of(policy)).raw
        self._names = frozenset(name for name, _ in self._headers)
        self._origins = policy.cors_origins

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Refuse strange names and writes from other sites; add the headers."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        is_static = scope["path"].startswith(STATIC)

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                found = [pair for pair in message["headers"] if pair[0] not in self._names]
                found += self._headers
                if not is_static and _KEPT_BY not in dict(found):
                    found.append(_NOBODY)  # it depends on who asks, and may hold texts or codes
                message["headers"] = found
            await send(message)

        refusal = self._strange(scope) or self._foreign(scope)
        if refusal:
            scope.setdefault("state", {})["refused"] = "origin"
        await (refusal or self._app)(scope, receive, send_with_headers)

    def _strange(self, scope: Scope) -> JSONResponse | None:
        """Refuse other names: a page elsewhere could make its name point here (DNS rebinding)."""
        name = _PORT.sub("", (header(scope, b"host") or "").lower())
        if not self._hosts or name in self._hosts:
            return None
        return _problem(400, "请用启动时显示的地址访问本服务。")

    def _foreign(self, scope: Scope) -> JSONResponse | None:
        """Refuse writes from other sites, but for those that are named."""
        if scope["method"] in _SAFE or header(scope, b"sec-fetch-site") != "cross-site":
            return None
        if "*" in self._origins or header(scope, b"origin") in self._origins:
            return None
        return _problem(403, "不接受来自其他网站的提交，请在本站页面上操作。")


def _problem(status: int, detail: str) -> JSONResponse:
    body = {"type": "/problems/refused", "title": "请求被拒绝", "status": status, "detail": detail}
    return JSONResponse(body | {"errors": []}, status, media_type="application/problem+json")
