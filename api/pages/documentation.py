"""The reference of the JSON interface, its assets served from here."""

from pathlib import Path
from typing import Final

import fastapi_offline
from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, JSONResponse

from api.access.guard import READER, GuardedRoute
from api.pages.contexts.plain import Documentation
from api.pages.rendering import render

router = APIRouter(include_in_schema=False, route_class=GuardedRoute, dependencies=[READER])
ASSETS: Final = Path(fastapi_offline.__file__).parent / "static"


@router.get("/api/docs")
def documentation(request: Request) -> HTMLResponse:
    """Swagger UI on this server's own OpenAPI document."""
    return render(request, Documentation("JSON 接口"))


@router.get("/api/openapi.json")
def document(request: Request) -> JSONResponse:
    """The OpenAPI document."""
    return JSONResponse(request.app.openapi())
