"""What holds for every request: its address, origin and size, and the headers of its answer."""

from collections.abc import Collection
from typing import Final

from starlette.datastructures import Headers, MutableHeaders
from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

LARGEST_BODY: Final = 2_000_000
"""Bytes."""
_SAFE: Final = frozenset({"GET", "HEAD", "OPTIONS"})
HEADERS: Final = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
        "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
}


class Protection:
    """ASGI middleware."""

    def __init__(self, app: ASGIApp, hosts: Collection[str] = ()) -> None:
        """``hosts`` are the names by which the server may be addressed; empty means any."""
        self._app = app
        self._hosts = hosts

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Refuse writes from other sites and bodies that are too large; add the headers."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message).update(HEADERS)
            await send(message)

        headers = Headers(scope=scope)
        refusal = self._strange(headers) or _refusal(scope["method"], headers)
        await (refusal or self._app)(scope, _counted(receive), send_with_headers)

    def _strange(self, headers: Headers) -> JSONResponse | None:
        """Refuse other names: a page elsewhere could make its name point here (DNS rebinding)."""
        name = headers.get("host", "").lower().rsplit(":", 1)[0]
        if not self._hosts or name in self._hosts:
            return None
        return _problem(400, "请用启动时显示的地址访问本服务。")


def _counted(receive: Receive) -> Receive:
    """``receive`` that stops at a body that is too large and did not say so."""
    received = 0

    async def receive_some() -> Message:
        nonlocal received
        message = await receive()
        received += len(message.get("body", b""))
        if received > LARGEST_BODY:
            raise HTTPException(413)
        return message

    return receive_some


def _refusal(method: str, headers: Headers) -> JSONResponse | None:
    if method in _SAFE:
        return None
    if headers.get("sec-fetch-site") == "cross-site":
        return _problem(403, "不接受来自其他网站的提交，请在本站页面上操作。")
    length = headers.get("content-length", "0")
    if not (length.isascii() and length.isdigit()):
        return _problem(400, "请求声明的长度无效。")
    if int(length) > LARGEST_BODY:
        return _problem(413, f"内容超过 {LARGEST_BODY // 1_000_000} MB，请删减后再试。")
    return None


def _problem(status: int, detail: str) -> JSONResponse:
    body = {"type": "/problems/refused", "title": "请求被拒绝", "status": status, "detail": detail}
    return JSONResponse(body | {"errors": []}, status, media_type="application/problem+json")
