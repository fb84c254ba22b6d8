"""Which route an address leads to, looked up instead of tried one after another.

FastAPI asks every router that was included, and each of these all its routes, and asks again once
one has said yes: for the last of our 200 routes that took half of the time of a short request.
"""

from collections.abc import Iterable
from typing import Final

from fastapi.routing import APIRouter, RouteContext, iter_route_contexts
from starlette.routing import BaseRoute
from starlette.types import Receive, Scope, Send

from api.access.guard import GuardedRoute

_Kind = tuple[str, int]
"""A method, and how many slashes are in an address: a parameter never holds one."""


class Directory:
    """ASGI application: that of a router, which still answers whatever no route is for.

    Those are other methods, addresses with a slash too many or too few, files, and nonsense.
    """

    def __init__(self, router: APIRouter) -> None:
        """``router`` has all its routes; the order in which it would try them holds here too."""
        self._router: Final = router
        self._routes: Final = _by_kind(router.routes)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer as the router would."""
        route = self._found(scope) if scope["type"] == "http" else None
        if route is None:
            await self._router.app(scope, receive, send)
            return
        _, found = route.matches(scope)
        scope.update(found, router=self._router, route=route.original_route)
        scope["fastapi"] = {"effective_route_context": route}
        await route.app(scope, receive, send)

    def _found(self, scope: Scope) -> RouteContext | None:
        """The first route that fits, unless the application stands below another address."""
        if scope.get("root_path"):
            return None
        path = scope["path"]
        for route in self._routes.get((scope["method"], path.count("/")), ()):
            if route.path_regex.match(path):
                return route
        return None


def _by_kind(routes: Iterable[BaseRoute]) -> dict[_Kind, list[RouteContext]]:
    found: dict[_Kind, list[RouteContext]] = {}
    for route in iter_route_contexts(list(routes)):
        if isinstance(route.original_route, GuardedRoute):
            for method in route.methods or ():
                found.setdefault((method, str(route.path).count("/")), []).append(route)
    return found
