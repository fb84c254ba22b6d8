"""Templates, and the few things that they can do with text."""

from collections.abc import Mapping, Sequence
from dataclasses import fields
from functools import cache, partial
from pathlib import Path
from typing import Any, Final

from fastapi import Request
from fastapi.responses import HTMLResponse
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape

from api.access.identity import form_token, give_cookie
from api.pages.contexts.base import Context
from api.pages.navigation import navigation
from api.security.roles import ROLE_NAMES, Actor
from matcher.records import Span

_HOME: Final = Path(__file__).parent
STATIC: Final = _HOME / "static"


def render(request: Request, context: Context, status: int = 200) -> HTMLResponse:
    """The page of a context."""
    values: dict[str, Any] = {f.name: getattr(context, f.name) for f in fields(context)}
    actor: Actor | None = getattr(request.state, "actor", None)
    values |= {
        "here": request.url.path,
        "actor": actor,
        "role_name": ROLE_NAMES[actor.role] if actor else "",
        "places": navigation(actor, request.url.path),
        "form_token": partial(form_token, request),
    }
    page = _environment().get_template(f"{context.template}.html").render(**values)
    # Pages hold confidential texts and receipt codes: nothing in between may keep them.
    response = HTMLResponse(page, status, {"Cache-Control": "no-store"})
    if token := getattr(request.state, "new_token", None):
        give_cookie(request, response, token)
    return response


def filled(template: str, values: Mapping[str, object]) -> str:
    """A template that is no page, such as a feed or a letter."""
    return _environment().get_template(template).render(**values)


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
    environment.globals["dict_of"] = _dict_of
    return environment


def _dict_of(given: Mapping[str, str], **more: object) -> dict[str, object]:
    """What is not empty: for addresses."""
    return {name: value for name, value in {**given, **more}.items() if value}


@cache
def _asset(name: str) -> str:
    """The address of a static file, which changes with its content so that it can be kept."""
    stamp = int((STATIC / name).stat().st_mtime)
    return f"/static/{name}?v={stamp:x}"
