"""``create_app``: wires routes and pages to a workspace. Nothing is built at import."""

from collections.abc import AsyncIterator, Collection, Sequence
from contextlib import ExitStack, asynccontextmanager
from functools import cache, partial
from importlib.metadata import version
from typing import Any, Final

from fastapi import APIRouter, FastAPI
from fastapi.middleware.gzip import GZipMiddleware
from fastapi.staticfiles import StaticFiles
from starlette.routing import BaseRoute

from api import errors
from api.access.allowed import SCHEMES
from api.middleware import surround
from api.observability.metrics import Metrics
from api.pages import documentation, letters, rendering
from api.pages.routers import ROUTERS
from api.policy import UNLIMITED, Policy
from api.routes import health, operations
from api.routes.version_1 import version_1
from api.routing import Directory
from api.schemas import Problem
from api.services.about import About
from api.services.day_arranging import carry_out
from api.services.digests import run_due
from api.services.following import following
from api.services.importing import run
from api.services.jobs import ARRANGE, IMPORT, JobRunner
from api.services.mailing import Mailer
from api.services.ticking import Ticker
from api.services.workspace import Workspace

_DIGESTS: Final = 10.0
_MAIL: Final = 5.0
"""Seconds between two looks for subscriptions that are due, and for digests to mail."""
_ABOUT: Final = "为科技成果与企业需求牵线：排好序、讲清理由的配对。错误一律为 RFC 9457 格式。"


def create_app(
    workspace: Workspace,
    hosts: Collection[str] = (),
    policy: Policy = UNLIMITED,
    carries_out_jobs: bool = False,
) -> FastAPI:
    """The web application on an opened workspace, which stays the caller's to close.

    ``hosts`` are the names by which it may be addressed; empty means any. ``policy`` is what
    callers may do. Jobs wait until a process of the service ``carries_out_jobs``.
    """
    app = FastAPI(
        title="红娘 Hongniang",
        version=version("hongniang"),
        description=_ABOUT,
        openapi_url=None,  # served by the pages, to those who are signed in
        docs_url=None,
        redoc_url=None,
        telemetry={"tracing": False, "metrics": False, "logs": False},  # we have our own
        lifespan=_lifespan,
    )
    app.state.workspace = workspace
    app.state.carries_out_jobs = carries_out_jobs
    app.state.about = About(workspace)
    app.state.metrics = Metrics(app.state.about.sources)
    surround(app, policy, hosts, app.state.metrics)
    errors.register(app)
    app.router.routes.extend(_routes())
    # Only files are packed: the size of a packed page would tell of the secrets in it (BREACH).
    for path, folder in (("/static", rendering.STATIC), ("/api/static", documentation.ASSETS)):
        app.mount(path, GZipMiddleware(StaticFiles(directory=folder)), name=path)
    app.router.middleware_stack = Directory(app.router)
    app.openapi = lambda: _completed(FastAPI.openapi(app))  # type: ignore[method-assign]
    return app


@cache
def _routes() -> Sequence[BaseRoute]:
    """All but the files: made once, for what is worked out of them takes half a second."""
    whole = APIRouter()
    for router in (version_1(), health.router, operations.router, *ROUTERS):
        whole.include_router(router)
    return whole.routes


@asynccontextmanager
async def _lifespan(app: FastAPI) -> AsyncIterator[None]:
    """While the application serves, its process follows the database, and may carry out jobs."""
    space: Workspace = app.state.workspace
    with following(space) as app.state.follower, ExitStack() as at_work:
        if app.state.carries_out_jobs:
            at_work.enter_context(JobRunner(space, {IMPORT: run, ARRANGE: carry_out}))
            at_work.enter_context(Ticker("digests", partial(run_due, space), _DIGESTS))
            mailer = Mailer(space, letters.letter)
            at_work.enter_context(Ticker("mail", mailer.step, _MAIL))
        yield


def _completed(document: dict[str, Any]) -> dict[str, Any]:
    """Add what no route names as its own: the shape of error answers, and what lets callers in."""
    shape = Problem.model_json_schema(ref_template="#/components/schemas/{model}")
    components = document.setdefault("components", {})
    components.setdefault("schemas", {}).update(shape.pop("$defs", {}) | {"Problem": shape})
    components["securitySchemes"] = SCHEMES
    return document
