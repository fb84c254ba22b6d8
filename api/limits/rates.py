"""How often: requests a minute, fewer for logins and for submissions without an account."""

import re
import time
from collections.abc import Callable
from typing import Final

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.errors import Refusal
from api.limits.buckets import Buckets, Taken
from api.limits.callers import Callers, address
from api.limits.refusing import ALWAYS, refuse
from api.policy import Policy
from api.protection import STATIC

LOGINS: Final = frozenset({"/login"})
_KEPT_EDITS: Final = re.compile(r"/demands/[^/]+/edit")
"""From who is not signed in any more: what was typed becomes a draft."""
SUBMISSIONS: Final = frozenset({"/demands/new", "/api/v1/demands", "/api/v1/drafts"})
_PIECE: Final = 8_000
"""Bytes that count as a request, of who has not signed in: long texts take long to look at."""
_UNSAID: Final = 100_000
"""What is supposed of a body that does not say how long it is."""


class Rates:
    """ASGI middleware. Each process counts for itself: N processes let through N times as much."""

    def __init__(
        self, app: ASGIApp, policy: Policy, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._app = app
        self._callers = Callers()
        amounts = {
            "requests": policy.rate,
            "login": policy.rate_login,
            "submission": policy.rate_submission,
        }
        self._buckets = {kind: Buckets(amount, clock) for kind, amount in amounts.items() if amount}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Refuse with 429 who asks too often; tell the others what they have left."""
        kind, caller, cost = self._sort(scope) if _counted(scope) else ("", "", 0)
        if kind not in self._buckets:
            await self._app(scope, receive, send)
            return
        taken = self._buckets[kind].take(caller, cost)
        headers = _headers(kind, self._buckets[kind].per_minute, taken)
        if not taken.allowed:
            sentence = f"请求过于频繁，请 {taken.wait} 秒后再试。"
            error = Refusal(429, sentence, headers | {"Retry-After": str(taken.wait)})
            await refuse(scope, receive, send, f"rate-{kind}", error)
            return

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message).update(headers)
            await send(message)

        await self._app(scope, receive, send_with_headers)
        self._callers.learn(scope)

    def _sort(self, scope: Scope) -> tuple[str, str, int]:
        """Which bucket of whose, and how much is taken from it."""
        path = scope["path"].rstrip("/")
        if scope["method"] == "POST" and path in LOGINS:
            return "login", address(scope), 1  # a session proves nothing about a password
        name, known = self._callers.name(scope)
        makes = path in SUBMISSIONS or _KEPT_EDITS.fullmatch(path)
        if scope["method"] == "POST" and makes and not known:
            return "submission", name, 1
        return "requests", name, 1 if known else _pieces(scope)


def _pieces(scope: Scope) -> int:
    headers = Headers(scope=scope)
    unsaid = str(_UNSAID if "transfer-encoding" in headers else 0)
    size = headers.get("content-length", unsaid)
    return 1 + int(size[:9] if size.isascii() and size.isdigit() else _UNSAID) // _PIECE


def _counted(scope: Scope) -> bool:
    return scope["type"] == "http" and not scope["path"].startswith((*ALWAYS, *STATIC))


def _headers(kind: str, per_minute: int, taken: Taken) -> dict[str, str]:
    """As in the IETF draft "RateLimit header fields for HTTP"."""
    return {
        "RateLimit-Policy": f'"{kind}";q={per_minute};w=60',
        "RateLimit": f'"{kind}";r={taken.left};t={taken.full}',
    }
