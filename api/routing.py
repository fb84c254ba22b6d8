"""Which route an address leads to, looked up instead of tried one after another.

FastAPI asks every router that was included, and each of these all its routes, and asks again once
one has said yes: for the last of our 200 routes that took half of the time of a short request.
"""

from collections.abc import Callable, Iterable
from re import Pattern
from typing import Final, NamedTuple

from fastapi.routing import APIRouter, RouteContext, iter_route_contexts
from starlette.routing import BaseRoute, Match
from starlette.types import ASGIApp, Receive, Scope, Send

from api.access.guard import GuardedRoute

_Kind = tuple[str, int]
"""A method, and how many slashes are in an address: a parameter never holds one."""


class _Door(NamedTuple):
    """What a route is asked, looked up once: FastAPI's own object forwards every question."""

    pattern: Pattern[str]
    matches: Callable[[Scope], tuple[Match, Scope]]
    app: ASGIApp
    route: BaseRoute
    context: RouteContext


class Directory:
    """ASGI application: that of a router, which still answers whatever no route is for.

    Those are other methods, addresses with a slash too many or too few, files, and nonsense.
    """

    def __init__(self, router: APIRouter) -> None:
        """``router`` has all its routes; the order in which it would try them holds here too."""
        self._router: Final = router
        self._doors: Final = _by_kind(router.routes)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer as the router would."""
        door = self._found(scope) if scope["type"] == "http" else None
        if door is None:
            await self._router.app(scope, receive, send)
            return
        _, found = door.matches(scope)
        scope.update(found, router=self._router, route=door.route)
        scope["fastapi"] = {"effective_route_context": door.context}
        await door.app(scope, receive, send)

    def _found(self, scope: Scope) -> _Door | None:
        """That of the first route that fits, unless the application stands below an address."""
        if scope.get("root_path"):
            return None
        path = scope["path"]
        for door in self._doors.get((scope["method"], path.count("/")), ()):
            if door.pattern.match(path):
                return door
        return None


def _by_kind(routes: Iterable[BaseRoute]) -> dict[_Kind, list[_Door]]:
    found: dict[_Kind, list[_Door]] = {}
    for route in iter_route_contexts(list(routes)):
        original = route.original_route
        if isinstance(original, GuardedRoute):
            door = _Door(route.path_regex, route.matches, route.app, original, route)
            for method in route.methods or ():
                found.setdefault((method, str(route.path).count("/")), []).append(door)
    return found
