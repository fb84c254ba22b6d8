"""The page for an error."""

from fastapi import Request
from fastapi.responses import HTMLResponse

from api.pages.contexts.plain import Trouble
from api.pages.rendering import render


def error_page(request: Request, status: int, title: str, detail: str) -> HTMLResponse:
    """One sentence, and the way back."""
    return render(request, Trouble(title, detail), status)
