"""Answers of the middleware, in the shapes of all error answers."""

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.types import Receive, Scope, Send

from api.errors import refused


async def refuse(
    scope: Scope, receive: Receive, send: Send, reason: str, error: HTTPException
) -> None:
    """Answer with an error; ``reason`` is a word for the metrics."""
    scope.setdefault("state", {})["refused"] = reason
    await refused(Request(scope), error)(scope, receive, send)
