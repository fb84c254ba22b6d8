"""An application asked directly, message by message, without a client in between."""

import asyncio
import json
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from starlette.types import ASGIApp, Message, Scope


@dataclass
class Answer:
    status: int = 0
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes = b""
    error: BaseException | None = None

    @property
    def json(self) -> Any:
        return json.loads(self.body)


def scope_of(
    method: str = "GET",
    path: str = "/",
    headers: Mapping[str, str] | None = None,
    client: str = "10.1.1.1",
) -> Scope:
    return {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": method,
        "path": path,
        "raw_path": path.encode(),
        "root_path": "",
        "query_string": b"",
        "scheme": "http",
        "headers": [(n.lower().encode(), v.encode()) for n, v in (headers or {}).items()],
        "client": (client, 1),
        "server": ("testserver", 80),
    }


async def pieces(*parts: bytes, pause: float = 0) -> AsyncIterator[Message]:
    """A body in parts; with a pause before each."""
    for part in parts:
        await asyncio.sleep(pause)
        yield {"type": "http.request", "body": part, "more_body": True}
    yield {"type": "http.request", "body": b"", "more_body": False}


async def ask(app: ASGIApp, scope: Scope, body: AsyncIterator[Message] | None = None) -> Answer:
    """The whole answer. Errors that reach the server are kept in it."""
    answer, body = Answer(), body or pieces()

    async def receive() -> Message:
        async for message in body:
            return message
        await asyncio.Event().wait()  # the client stays
        raise AssertionError

    async def send(message: Message) -> None:
        if message["type"] == "http.response.start":
            answer.status = message["status"]
            answer.headers = {n.decode().lower(): v.decode() for n, v in message["headers"]}
        else:
            answer.body += message.get("body", b"")

    try:
        await app(scope, receive, send)
    except Exception as error:
        answer.error = error
    return answer
