"""Markdown of our own documents as HTML that fits into a page."""

from functools import cache

from markdown_it import MarkdownIt
from markdown_it.token import Token
from markupsafe import Markup

_LOWEST = 6


def as_html(text: str, under: int = 2) -> Markup:
    """Headings come to stand below one of level ``under``; HTML in the text is shown, not used."""
    tokens = _reader().parse(text)
    for token in tokens:
        if token.type in {"heading_open", "heading_close"}:
            token.tag = f"h{min(_LOWEST, int(token.tag[1]) + under)}"
    return Markup(_rendered(tokens))  # noqa: S704 - the library has escaped it


def _rendered(tokens: list[Token]) -> str:
    reader = _reader()
    return str(reader.renderer.render(tokens, reader.options, {}))


@cache
def _reader() -> MarkdownIt:
    """Without HTML and with tables."""
    return MarkdownIt("js-default", {"html": False, "linkify": False})
