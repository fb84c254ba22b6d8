"""The directory leads wherever the router would: the same route, with the same parameters."""

import asyncio
from collections.abc import Iterator
from typing import Any

import pytest
from fastapi import APIRouter, FastAPI
from fastapi.routing import iter_route_contexts
from starlette.types import Receive, Send

from api.access.guard import GuardedRoute
from api.app import create_app
from api.observability.requests import template
from api.routing import Directory

_STRANGE = (
    ("POST", "/healthz"),
    ("GET", "/nowhere"),
    ("GET", "/healthz/"),
    ("GET", "/demands/a/b/c/d/e/f"),
    ("GET", "/demands//edit"),
    ("GET", "/static/style.css"),
    ("TRACE", "/"),
    ("GET", "/healthz\n"),
    ("GET", "/demands/%0a"),
)


@pytest.fixture(scope="module")
def app() -> FastAPI:
    return create_app(None)  # type: ignore[arg-type]


def asked(app: FastAPI, method: str, path: str, **more: str) -> dict[str, Any]:
    return {"type": "http", "method": method, "path": path, "app": app, "headers": []} | more


async def _nothing(*_: Any) -> dict[str, Any]:
    return {"type": "http.disconnect"}


class Found(Exception):
    """Raised where a route would begin to work."""


def found(leads: Any, scope: dict[str, Any]) -> tuple[Any, ...]:
    """What it leads to, as far as anybody looks at it; nothing for what no route is for."""
    try:
        asyncio.run(leads(scope, _nothing, _nothing))
    except Found:
        return template(scope), scope["route"], scope["endpoint"], scope["path_params"]
    except Exception as error:
        return (type(error), getattr(error, "status_code", None))
    return ()


@pytest.fixture
def stopped(monkeypatch: pytest.MonkeyPatch, app: FastAPI) -> None:
    async def stop(_scope: Any, _receive: Receive, _send: Send) -> None:
        raise Found

    for route in iter_route_contexts(app.routes):
        if isinstance(route.original_route, GuardedRoute):
            monkeypatch.setattr(route._route_context, "app", stop)


def addresses(app: FastAPI) -> Iterator[tuple[str, str]]:
    for route in iter_route_contexts(app.routes):
        for method in route.methods or ():
            path = str(route.path)
            for filling in ("x", "new", "all", "a.b", "demands"):
                yield (
                    method,
                    "".join(
                        part if at % 2 == 0 else filling
                        for at, part in enumerate(path.replace("}", "{").split("{"))
                    ),
                )


@pytest.mark.usefixtures("stopped")
def test_it_leads_where_the_router_would(app: FastAPI) -> None:
    directory = Directory(app.router)
    every = {*addresses(app), *_STRANGE}
    assert len(every) > 400
    for method, path in every:
        mine = found(directory, asked(app, method, path))
        assert mine == found(app.router.app, asked(app, method, path)), (method, path)


@pytest.mark.usefixtures("stopped")
def test_below_another_address_the_router_decides(app: FastAPI) -> None:
    scope = asked(app, "GET", "/below/healthz", root_path="/below")
    assert found(Directory(app.router), scope)[0] == "/healthz"


def test_routes_that_nobody_guards_are_not_in_it() -> None:
    router = APIRouter()
    router.get("/open")(lambda: None)
    assert not Directory(router)._doors
