"""One line and one measurement for each request, and an id by which its lines are found."""

import logging
import re
import time
from os import urandom
from typing import Any, Final

import structlog
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.headers import header
from api.observability.metrics import Metrics

REQUEST_ID: Final = "x-request-id"
"""In lower case, as servers hand names over."""
UNMATCHED: Final = "unmatched"
_RAW: Final = REQUEST_ID.encode()
PROBES: Final = ("/healthz", "/readyz", "/metrics")
"""Addresses of those who watch over the service, every few seconds."""
_QUIET: Final = frozenset({"/static", "/api/static", *PROBES})
"""Also files, of which a page needs many: that these were answered is worth no line, unless …"""
_SLOW: Final = 0.5
"""… it took so many seconds."""
_ACCEPTABLE: Final = re.compile(r"[A-Za-z0-9._-]{8,64}")
_log: Final = logging.getLogger(__name__)


def template(scope: Scope) -> str:
    """The address as its route declares it: ``/receipts/{code}``, never the code."""
    # What FastAPI leaves behind for a route with all prefixes; Starlette's own has none.
    context = scope.get("fastapi", {}).get("effective_route_context")
    path = getattr(context, "path_format", None) or getattr(scope.get("route"), "path", None)
    return path or _mounted(scope) or UNMATCHED


def _mounted(scope: Scope) -> str:
    """Where files are served from: a mount has moved itself to the root of addresses."""
    before = scope.get("app_root_path")
    return "" if before is None else str(scope["root_path"]).removeprefix(before)


class Requests:
    """ASGI middleware."""

    def __init__(self, app: ASGIApp, metrics: Metrics) -> None:
        self._app = app
        self._metrics = metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Name the request, let it pass, and tell how it went."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        state: dict[str, Any] = scope.setdefault("state", {})
        state["request_id"] = _id(scope)
        # Not unbound again: an unexpected error is logged after this has returned, and a server
        # gives every request a context of its own.
        structlog.contextvars.bind_contextvars(request_id=state["request_id"])
        answer = _Answer(send, state["request_id"])
        began = time.perf_counter()
        self._metrics.in_flight.inc()
        try:
            await self._app(scope, receive, answer.send)
        except Exception:
            answer.status = 500
            raise
        finally:
            self._metrics.in_flight.dec()
            self._tell(scope, answer, time.perf_counter() - began)

    def _tell(self, scope: Scope, answer: "_Answer", seconds: float) -> None:
        method, route, state = scope["method"], template(scope), scope["state"]
        self._metrics.observe(method, route, answer.status, seconds)
        if reason := state.get("refused"):
            self._metrics.refused.labels(reason).inc()
        is_calm = route in _QUIET and answer.status < 400 and seconds < _SLOW
        level = logging.DEBUG if is_calm else logging.INFO
        if not _log.isEnabledFor(level):
            return
        told = {
            "method": method if method.isalpha() and len(method) < 10 else "?",
            "route": route,
            "status": answer.status,
            "milliseconds": round(seconds * 1000, 1),
            "bytes": answer.size,
            "role": state.get("role", "anonymous"),
        }
        _log.log(level, "request", extra=told | ({"refused": reason} if reason else {}))


class _Answer:
    """What was sent. A client that left before any answer has the status 499."""

    def __init__(self, send: Send, request_id: str) -> None:
        self._send = send
        self._id = request_id
        self.status = 499
        self.size = 0

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.status = message["status"]
            message["headers"] = [*message["headers"], (_RAW, self._id.encode())]
        self.size += len(message.get("body", b""))
        await self._send(message)


def _id(scope: Scope) -> str:
    """The caller's own id if it is harmless, or a new one."""
    given = header(scope, _RAW)
    return given if given and _ACCEPTABLE.fullmatch(given) else urandom(16).hex()
