"""Lines over time, told apart by dashes and by the shapes of their points."""

from typing import Final

from markupsafe import Markup

from api.pages.charts.axes import BOTTOM, HEIGHT, WIDTH, bottom_labels, grid, height_of, slot
from api.pages.charts.data import Chart, Series
from api.pages.charts.drawing import canvas, element, empty, frame, joined, linked
from api.pages.charts.scales import ticks
from api.pages.charts.tables import of_chart

_POINTS: Final = (
    "M-4 0a4 4 0 1 0 8 0a4 4 0 1 0-8 0z",
    "M-4-4h8v8h-8z",
    "M0-5.5L5.5 0L0 5.5L-5.5 0z",
)
"""Circle, square, diamond."""
_REACH: Final = 12
"""Pixels around a point that belong to its link."""


def line_chart(chart: Chart) -> Markup:
    """A line for each of at most three series."""
    if chart.is_empty:
        return empty(chart.title, chart.note)
    scale = ticks(max(max(series.values) for series in chart.series))
    lines = [_line(chart, place, series, scale[-1]) for place, series in enumerate(chart.series)]
    picture = canvas(WIDTH, HEIGHT, grid(scale), *lines, bottom_labels(chart.labels))
    return frame("trend", chart.title, chart.note, _key(chart), picture, of_chart(chart))


def _line(chart: Chart, kind: int, series: Series, largest: int) -> Markup:
    places = []
    for place, number in enumerate(series.values):
        left, width = slot(place, len(chart.labels))
        places.append((left + width / 2, BOTTOM - height_of(number, largest)))
    way = " ".join(f"{x:.1f},{y:.1f}" for x, y in places)
    points = [
        linked(figure, f"{name}，{series.name}", _reach(x, y), _point(kind, x, y))
        for name, figure, (x, y) in zip(chart.labels, series.figures, places, strict=True)
    ]
    return joined([element("polyline", points=way, class_=f"line-{kind}"), *points])


def _reach(x: float, y: float) -> Markup:
    return element("circle", cx=f"{x:.1f}", cy=f"{y:.1f}", r=_REACH, class_="reach")


def _point(kind: int, x: float, y: float) -> Markup:
    moved = f"translate({x:.1f} {y:.1f})"
    return element("path", d=_POINTS[kind], transform=moved, class_=f"point-{kind}")


def _key(chart: Chart) -> Markup:
    entries = [
        element("li", canvas(28, 16, _sample(kind), _point(kind, 14, 8)), series.name)
        for kind, series in enumerate(chart.series)
    ]
    return element("ul", *entries, class_="legend")


def _sample(kind: int) -> Markup:
    return element("polyline", points="0,8 28,8", class_=f"line-{kind}")
