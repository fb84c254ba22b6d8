"""Routes that go straight from a body to a response."""

from collections.abc import Callable
from typing import Any, Final, get_type_hints

from fastapi import Request, Response
from pydantic import BaseModel
from pydantic_core import from_json

from api.access.guard import GuardedRoute, Handler

_JSON: Final = "application/json"


class DirectRoute(GuardedRoute):
    """A guarded route whose endpoint makes a response of ``space`` and ``body``, and no more.

    What FastAPI does to find that out with every request takes as long as to look up a key. It
    still documents the route, and answers itself whatever is not the JSON of a body.
    """

    def __init__(self, path: str, endpoint: Callable[..., Response], **options: Any) -> None:  # noqa: ANN401
        self._respond = endpoint
        self._body: type[BaseModel] = get_type_hints(endpoint)["body"]
        super().__init__(path, endpoint, **options)

    def _behind_the_guard(self) -> Handler:
        handle = super()._behind_the_guard()

        async def directly(request: Request) -> Response:
            body = self._read(request, await request.body())
            if body is None:
                return await handle(request)
            return self._respond(request.app.state.workspace, body)

        return directly

    def _read(self, request: Request, content: bytes) -> BaseModel | None:
        """The body, unless it is written in any way that FastAPI may see differently."""
        if request.headers.get("content-type") != _JSON:
            return None
        try:
            return self._body.model_validate(from_json(content))
        except ValueError:  # as errors of validation are, too
            return None
