"""How large, and how slow: the body of a request."""

import asyncio
from typing import Final

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.errors import Refusal
from api.headers import header
from api.limits.refusing import refuse
from api.policy import Policy

_MB: Final = 1_000_000
_SLOWEST: Final = 16_000
"""Bytes a second that a long body must keep to."""
WHOLE: Final = "hongniang.whole"
"""In the scope, if the server has all of the body: nobody need watch how long it takes."""
_SAFE: Final = frozenset({"GET", "HEAD", "OPTIONS"})
UPLOADS: Final = ("/api/v1/imports", "/imports")
"""Beginnings of addresses that take files."""


class Bodies:
    """ASGI middleware.

    A body is read whole before anything is done with it, so that a slow client keeps no place
    among those at work. Files are too large for that: they are passed on as they arrive.
    """

    def __init__(self, app: ASGIApp, policy: Policy) -> None:
        self._app = app
        self._largest = policy.max_body * _MB
        self._largest_file = policy.max_upload * _MB
        self._timeout = policy.body_timeout

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Refuse with 413 what is too large, with 408 what is too slow."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        try:
            given = await self._given(scope, receive)
        except Refusal as error:
            await refuse(scope, receive, send, f"body-{error.status_code}", error)
            return
        await self._app(scope, given, send)

    async def _given(self, scope: Scope, receive: Receive) -> Receive:
        """What the application receives from. Raises Refusal."""
        takes_files = scope["path"].startswith(UPLOADS)
        largest = self._largest_file if takes_files else self._largest
        if scope["method"] not in _SAFE:
            _check_length(scope, largest)
            if not takes_files:
                whole = receive() if WHOLE in scope else _whole(self._paced(receive, largest))
                return _after(await whole, receive, largest)
        return self._paced(receive, largest)

    def _paced(self, receive: Receive, largest: int) -> "_Paced":
        return _Paced(receive, largest, self._timeout)


class _Paced:
    """``receive`` for one request: counts what comes and how long that takes."""

    def __init__(self, receive: Receive, largest: int, timeout: float) -> None:
        self._receive = receive
        self._largest = largest
        self._left = timeout
        self._received = 0
        self._complete = False

    async def __call__(self) -> Message:
        """The next message. Raises Refusal."""
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


def _after(whole: Message, receive: Receive, largest: int) -> Receive:
    """``receive`` once a whole body is there: gives it, then waits for the client to leave."""
    if len(whole.get("body", b"")) > largest:
        raise _too_large(largest)
    kept = [whole]

    async def given() -> Message:
        return kept.pop() if kept else await receive()

    return given


def _check_length(scope: Scope, largest: int) -> None:
    length = header(scope, b"content-length")
    if length is None:
        return
    if not (length.isascii() and length.isdigit()):
        raise Refusal(400, "请求声明的长度无效。")
    if int(length) > largest:
        raise _too_large(largest)


def _too_large(largest: int) -> Refusal:
    return Refusal(413, f"内容超过 {largest // _MB} MB，请删减后再试。")
