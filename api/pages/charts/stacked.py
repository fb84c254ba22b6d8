"""Stacked bars over time: what each month's total is made of."""

from typing import Final

from markupsafe import Markup

from api.pages.charts.axes import BOTTOM, HEIGHT, WIDTH, bottom_labels, grid, height_of, slot
from api.pages.charts.data import Chart
from api.pages.charts.drawing import box, canvas, empty, frame, joined, label, legend, linked, value
from api.pages.charts.scales import ticks
from api.pages.charts.tables import of_chart
from api.pages.charts.wording import short

_ROOM: Final = 15
"""Pixels that a number inside a bar needs."""
_SHARE: Final = 0.72
_WIDEST: Final = 64


def stacked_bars(chart: Chart) -> Markup:
    """A bar for each label, the first of at most five series at its bottom."""
    if chart.is_empty:
        return empty(chart.title, chart.note)
    totals = [sum(values) for values in zip(*(s.values for s in chart.series), strict=True)]
    scale = ticks(max(totals))
    bars = [_bar(chart, place, total, scale[-1]) for place, total in enumerate(totals)]
    picture = canvas(WIDTH, HEIGHT, grid(scale), *bars, bottom_labels(chart.labels))
    samples = [(f"step-{place}", series.name) for place, series in enumerate(chart.series)]
    return frame("time", chart.title, chart.note, legend(samples), picture, of_chart(chart))


def _bar(chart: Chart, place: int, total: int, largest: int) -> Markup:
    left, width = slot(place, len(chart.labels))
    wide, middle, y = min(width * _SHARE, _WIDEST), left + width / 2, float(BOTTOM)
    parts = []
    for step, series in enumerate(chart.series):
        figure = series.figures[place]
        if not figure.value:
            continue
        high = height_of(figure.value, largest)
        y -= high
        shapes = [box(middle - wide / 2, y, wide, high, f"step-{step}")]
        if high >= _ROOM:
            shapes.append(value(figure, middle, y + high / 2 + 4.5, f"value middle on-{step}"))
        parts.append(linked(figure, f"{chart.labels[place]}，{series.name}", *shapes))
    above = [label(short(total), middle, y - 4, "middle total")] if total else []
    return joined([*parts, *above])
