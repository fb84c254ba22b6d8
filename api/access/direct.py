"""Routes that go straight from what was sent to a response.

What FastAPI does with every request to find out what an endpoint is given takes as long as to look
up a key. It still documents these routes, and answers itself whatever is asked in another way.
"""

import re
from collections.abc import Callable, Coroutine
from typing import Any, Final, get_type_hints

from fastapi import Request, Response
from pydantic import BaseModel
from pydantic_core import from_json

from api.access.ending import Ending
from api.access.guard import GuardedRoute, Handler
from matcher.checks import MAX_K

Endpoint = Callable[..., Coroutine[Any, Any, Response]]
_JSON: Final = "application/json"
_K: Final = re.compile(rb"k=([1-9]\d{0,3})")


class _Direct(GuardedRoute):
    """A guarded route that keeps its endpoint as it is written."""

    takes_turns = True

    def __init__(self, path: str, endpoint: Endpoint, **options: Any) -> None:  # noqa: ANN401
        self._respond = endpoint
        super().__init__(path, endpoint, **options)


class DirectRoute(_Direct):
    """One whose endpoint makes a response of ``space`` and ``body``, and no more."""

    def __init__(self, path: str, endpoint: Endpoint, **options: Any) -> None:  # noqa: ANN401
        self._body: type[BaseModel] = get_type_hints(endpoint)["body"]
        super().__init__(path, endpoint, **options)

    def _behind_the_guard(self) -> Handler:
        handle = super()._behind_the_guard()

        async def directly(request: Request) -> Response:
            body = self._read(request, await request.body())
            if body is None:
                return await handle(request)
            return await self._respond(request.app.state.workspace, body)

        return directly

    def _read(self, request: Request, content: bytes) -> BaseModel | None:
        """The body, unless it is written in any way that FastAPI may see differently."""
        if request.headers.get("content-type") != _JSON:
            return None
        try:
            return self._body.model_validate(from_json(content))
        except ValueError:  # as errors of validation are, too
            return None


class RecordRoute(_Direct):
    """The same of ``space``, the ``id`` of the address, ``days`` and ``k``, if k alone is asked."""

    def _behind_the_guard(self) -> Handler:
        handle = super()._behind_the_guard()

        async def directly(request: Request) -> Response:
            asked = _K.fullmatch(request.scope["query_string"])
            if asked is None or int(asked[1]) > MAX_K:
                return await handle(request)
            space, id_ = request.app.state.workspace, request.path_params["id"]
            return await self._respond(space, id_, Ending(), int(asked[1]))

        return directly
