"""How large, and how slow: the body of a request."""

import asyncio
from collections.abc import Mapping
from typing import Final

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.errors import Refusal
from api.limits.refusing import refuse
from api.policy import Policy

_MB: Final = 1_000_000
_SLOWEST: Final = 16_000
"""Bytes a second that a long body must keep to."""
_SAFE: Final = frozenset({"GET", "HEAD", "OPTIONS"})


def uploads(policy: Policy) -> dict[str, int]:
    """Beginnings of addresses that take files → their largest body in bytes."""
    largest = policy.max_upload * _MB
    return {"/api/v1/imports": largest, "/imports": largest}


class Bodies:
    """ASGI middleware.

    A body is read whole before anything is done with it, so that a slow client keeps no place
    among those at work. Files are too large for that: they are passed on as they arrive.
    """

    def __init__(self, app: ASGIApp, policy: Policy) -> None:
        self._app = app
        self._largest = policy.max_body * _MB
        self._uploads: Mapping[str, int] = uploads(policy)
        self._timeout = policy.body_timeout

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Refuse with 413 what is too large, with 408 what is too slow."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        prefix = next((p for p in self._uploads if scope["path"].startswith(p)), None)
        largest = self._largest if prefix is None else self._uploads[prefix]
        paced = _Paced(receive, largest, self._timeout)
        try:
            if scope["method"] not in _SAFE:
                _check_length(Headers(scope=scope), largest)
                paced.begin(await _whole(paced) if prefix is None else None)
        except Refusal as error:
            await refuse(scope, receive, send, f"body-{error.status_code}", error)
            return
        await self._app(scope, paced, send)


class _Paced:
    """``receive`` for one request: counts what comes and how long that takes."""

    def __init__(self, receive: Receive, largest: int, timeout: float) -> None:
        self._receive = receive
        self._largest = largest
        self._left = timeout
        self._received = 0
        self._complete = False
        self._kept: Message | None = None

    def begin(self, whole: Message | None) -> None:
        """Give this message first."""
        self._kept = whole

    async def __call__(self) -> Message:
        """The next message. Raises Refusal."""
        if self._kept is not None:
            kept, self._kept = self._kept, None
            return kept
        if self._complete:
            return await self._receive()  # waits for the client to leave, however long that takes
        message = await self._in_time()
        arrived = len(message.get("body", b""))
        self._received += arrived
        self._left += arrived / _SLOWEST
        self._complete = not message.get("more_body", False)
        if self._received > self._largest:
            raise _too_large(self._largest)
        return message

    async def _in_time(self) -> Message:
        clock = asyncio.get_running_loop().time
        began = clock()
        try:
            async with asyncio.timeout(self._left):
                return await self._receive()
        except TimeoutError:
            raise Refusal(408, "内容传送太慢，已停止接收，请检查网络后再试。") from None
        finally:
            self._left -= clock() - began


async def _whole(receive: _Paced) -> Message:
    """All of a body as one message, or that the client left."""
    pieces = []
    while (message := await receive())["type"] == "http.request":
        pieces.append(message.get("body", b""))
        if not message.get("more_body", False):
            return {"type": "http.request", "body": b"".join(pieces), "more_body": False}
    return message


def _check_length(headers: Headers, largest: int) -> None:
    length = headers.get("content-length", "0")
    if not (length.isascii() and length.isdigit()):
        raise Refusal(400, "请求声明的长度无效。")
    if int(length) > largest:
        raise _too_large(largest)


def _too_large(largest: int) -> Refusal:
    return Refusal(413, f"内容超过 {largest // _MB} MB，请删减后再试。")
