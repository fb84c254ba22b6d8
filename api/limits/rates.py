"""How often: requests a minute, fewer for logins and for submissions without an account."""

import re
import time
from collections.abc import Callable
from typing import Final, NamedTuple

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.errors import Refusal
from api.headers import header
from api.limits.buckets import Buckets, Taken
from api.limits.callers import Callers, address, credential
from api.limits.refusing import refuse
from api.observability.requests import PROBES
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


class _Asked(NamedTuple):
    """What is taken from which bucket of whose; ``given`` is the credential."""

    kind: str
    caller: str
    cost: int
    given: str | None


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
        self._asks_all = bool(policy.rate or policy.rate_submission)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Refuse with 429 who asks too often; tell the others what they have left."""
        asked = self._sorted(scope) if _counted(scope) else None
        if asked is None or asked.kind not in self._buckets:
            await self._app(scope, receive, send)
            return
        kind, bucket = asked.kind, self._buckets[asked.kind]
        taken = bucket.take(asked.caller, asked.cost)
        headers = _headers(kind, bucket.per_minute, taken)
        if not taken.allowed:
            sentence = f"请求过于频繁，请 {taken.wait} 秒后再试。"
            error = Refusal(429, sentence, headers | {"Retry-After": str(taken.wait)})
            await refuse(scope, receive, send, f"rate-{kind}", error)
            return

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = [*message["headers"], *Headers(headers).raw]
            await send(message)

        await self._app(scope, receive, send_with_headers)
        self._callers.learn(scope, asked.given)

    def _sorted(self, scope: Scope) -> _Asked | None:
        """None where only logins are counted, and this is none."""
        path, posts = scope["path"].rstrip("/"), scope["method"] == "POST"
        signs_in = posts and path in LOGINS
        if not (signs_in or self._asks_all):
            return None
        given = credential(scope)
        if signs_in:  # a session proves nothing about a password
            return _Asked("login", address(scope), 1, given)
        name, known = self._callers.name(scope, given)
        if posts and not known and _makes_a_draft(path):
            return _Asked("submission", name, 1, given)
        return _Asked("requests", name, 1 if known else _pieces(scope), given)


def _makes_a_draft(path: str) -> bool:
    return path in SUBMISSIONS or _KEPT_EDITS.fullmatch(path) is not None


def _pieces(scope: Scope) -> int:
    size = header(scope, b"content-length")
    if size is None:
        size = str(0 if header(scope, b"transfer-encoding") is None else _UNSAID)
    return 1 + int(size[:9] if size.isascii() and size.isdigit() else _UNSAID) // _PIECE


def _counted(scope: Scope) -> bool:
    return scope["type"] == "http" and not scope["path"].startswith((*PROBES, *STATIC))


def _headers(kind: str, per_minute: int, taken: Taken) -> dict[str, str]:
    """As in the IETF draft "RateLimit header fields for HTTP"."""
    return {
        "RateLimit-Policy": f'"{kind}";q={per_minute};w=60',
        "RateLimit": f'"{kind}";r={taken.left};t={taken.full}',
    }
