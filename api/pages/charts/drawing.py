"""Elements of SVG and HTML as escaped text, and what all charts have around them."""

from collections.abc import Sequence
from typing import Final

from markupsafe import Markup, escape

from api.pages.charts.data import Figure
from api.pages.charts.wording import exact, fitted, short

_EMPTY_TAGS: Final = frozenset({"rect", "line", "path", "circle", "polyline"})
_EMPTY: Final = "这段时间里还没有可以统计的数据。"
_AIDS: Final = "{}：图形，内容与后面的数据表相同，可左右滚动"


def element(tag: str, *inside: str, **attributes: str | float) -> Markup:
    """An element with everything escaped; ``class_`` is class, ``view_Box`` viewBox."""
    named = "".join(
        f' {name.rstrip("_").replace("_B", "B").replace("_", "-")}="{escape(value)}"'
        for name, value in attributes.items()
    )
    if tag in _EMPTY_TAGS:
        return Markup(f"<{tag}{named}/>")  # noqa: S704
    return Markup(f"<{tag}{named}>{''.join(map(escape, inside))}</{tag}>")  # noqa: S704


def joined(parts: Sequence[Markup]) -> Markup:
    """Several elements as one text."""
    return Markup("").join(parts)


def label(text: str, x: float, y: float, class_: str, width: float | None = None) -> Markup:
    """Text at a point; what is wider than ``width`` pixels is cut, and whole when pointed at."""
    shown = text if width is None else fitted(text, width)
    whole = [element("title", text)] if shown != text else []
    return element("text", *whole, shown, x=_px(x), y=_px(y), class_=class_)


def box(x: float, y: float, width: float, height: float, class_: str) -> Markup:
    """A rectangle."""
    sizes = {"width": _px(width), "height": _px(height)}
    return element("rect", x=_px(x), y=_px(y), class_=class_, **sizes)


def segment(x1: float, y1: float, x2: float, y2: float, class_: str) -> Markup:
    """A straight line."""
    return element("line", x1=_px(x1), y1=_px(y1), x2=_px(x2), y2=_px(y2), class_=class_)


def linked(figure: Figure, name: str, *shapes: Markup) -> Markup:
    """Shapes that lead to what the figure counts, and say it when they are pointed at.

    Not a stop of the tab key, as the link in the table is: some charts have hundreds.
    """
    said = element("title", f"{name}：{exact(figure.value)}")
    if not (figure.href and figure.value):
        return element("g", said, *shapes)
    return element("a", said, *shapes, href=figure.href, tabindex="-1")


def number(figure: Figure) -> Markup:
    """A figure in a table."""
    text = exact(figure.value)
    return element("a", text, href=figure.href) if figure.href and figure.value else escape(text)


def value(figure: Figure, x: float, y: float, class_: str = "value") -> Markup:
    """A figure in a picture."""
    return label(short(figure.value), x, y, class_)


def canvas(width: float, height: float, *shapes: Markup) -> Markup:
    """The picture, hidden from screen readers, which have the table."""
    sizes = {"width": _px(width), "height": _px(height)}
    around = f"0 0 {_px(width)} {_px(height)}"
    return element("svg", *shapes, view_Box=around, aria_hidden="true", **sizes)


def legend(entries: Sequence[tuple[str, str]]) -> Markup:
    """Names beside samples: (class of the sample, name)."""
    lines = [
        element("li", canvas(16, 16, box(1, 1, 14, 14, class_)), name) for class_, name in entries
    ]
    return element("ul", *lines, class_="legend")


def frame(kind: str, title: str, note: str, key: Markup, picture: Markup, table: Markup) -> Markup:
    """A chart with its title, legend, picture and table; ``kind`` is its class."""
    scrolled = {"tabindex": "0", "role": "group", "aria_label": _AIDS.format(title)}
    summary = element("summary", "数据表", element("span", f"：{title}", class_="unseen"))
    return element(
        "figure",
        _caption(title, note),
        key,
        element("div", picture, class_="picture", **scrolled),
        element("details", summary, element("div", table, class_="wide")),
        class_=f"chart {kind}",
    )


def empty(title: str, note: str) -> Markup:
    """A chart without anything to draw."""
    said = element("p", _EMPTY, class_="notice")
    return element("figure", _caption(title, note), said, class_="chart")


def _caption(title: str, note: str) -> Markup:
    below = [element("p", note, class_="hint")] if note else []
    return element("figcaption", element("h2", title), *below)


def _px(value: float) -> str:
    return f"{value:.1f}".removesuffix(".0")
