"""Templates, and the few things that they can do with text."""

from collections.abc import Sequence
from dataclasses import fields
from functools import cache
from pathlib import Path
from typing import Any, Final

from fastapi import Request
from fastapi.responses import HTMLResponse
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape

from api.pages.contexts import Context
from matcher.records import Span

_HOME: Final = Path(__file__).parent
STATIC: Final = _HOME / "static"


def render(request: Request, context: Context, status: int = 200) -> HTMLResponse:
    """The page of a context."""
    values: dict[str, Any] = {f.name: getattr(context, f.name) for f in fields(context)}
    page = _environment().get_template(f"{context.template}.html")
    # Pages hold confidential texts and receipt codes: nothing in between may keep them.
    headers = {"Cache-Control": "no-store"}
    return HTMLResponse(page.render(**values, here=request.url.path), status, headers)


def marked(text: str, spans: Sequence[Span] = ()) -> Markup:
    """Text with the spans highlighted and everything escaped."""
    pieces, place = [], 0
    for start, end in spans:
        pieces += [escape(text[place:start]), Markup("<mark>{}</mark>").format(text[start:end])]
        place = end
    return Markup("").join([*pieces, escape(text[place:])])


@cache
def _environment() -> Environment:
    loader = FileSystemLoader(_HOME / "templates")
    environment = Environment(
        loader=loader,
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals["asset"] = _asset
    return environment


@cache
def _asset(name: str) -> str:
    """The address of a static file, which changes with its content so that it can be kept."""
    stamp = int((STATIC / name).stat().st_mtime)
    return f"/static/{name}?v={stamp:x}"
