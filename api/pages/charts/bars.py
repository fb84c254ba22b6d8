"""Grouped bars, lying, so that long labels have room."""

from typing import Final

from markupsafe import Markup

from api.pages.charts.data import Chart
from api.pages.charts.drawing import box, canvas, empty, frame, joined, label, legend, linked, value
from api.pages.charts.tables import of_chart

_NAMES: Final = 124
_LONGEST: Final = 326
_WIDTH: Final = 512
_THICK: Final = 15
_GAP: Final = 12


def grouped_bars(chart: Chart) -> Markup:
    """For each label a bar of each series, all on one scale."""
    if chart.is_empty:
        return empty(chart.title, chart.note)
    largest = max(max(series.values) for series in chart.series)
    high = _THICK * len(chart.series) + _GAP
    groups = [_group(chart, place, largest, high) for place in range(len(chart.labels))]
    picture = canvas(_WIDTH, high * len(chart.labels) + _GAP, *groups)
    samples = [(f"kind-{place}", series.name) for place, series in enumerate(chart.series)]
    return frame("bars", chart.title, chart.note, legend(samples), picture, of_chart(chart))


def _group(chart: Chart, place: int, largest: int, high: int) -> Markup:
    top, name = _GAP + high * place, chart.labels[place]
    middle = top + (high - _GAP) / 2
    bars = [label(name, _NAMES - 10, middle + 4.5, "end", _NAMES - 12)]
    for row, series in enumerate(chart.series):
        figure, y = series.figures[place], top + _THICK * row
        length = max(_LONGEST * figure.value / largest, 1)
        shapes = (
            box(_NAMES, y, length, _THICK - 2, f"kind-{row}"),
            value(figure, _NAMES + length + 6, y + _THICK - 4, "value start"),
        )
        bars.append(linked(figure, f"{name}，{series.name}", *shapes))
    return joined(bars)
