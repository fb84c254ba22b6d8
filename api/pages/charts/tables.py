"""The same numbers as a table: what screen readers, keyboards and print use."""

from collections.abc import Sequence

from markupsafe import Markup

from api.pages.charts.data import Chart, Funnel, HeatMap
from api.pages.charts.drawing import element, number
from api.pages.charts.wording import days, percent


def of_chart(chart: Chart) -> Markup:
    """A row for each label, a column for each series."""
    rows = [
        [name, *(number(series.figures[place]) for series in chart.series)]
        for place, name in enumerate(chart.labels)
    ]
    return _table(chart.title, [chart.heading, *(s.name for s in chart.series)], rows)


def of_heat_map(data: HeatMap) -> Markup:
    """A row for each row of the map, two numbers in each cell."""
    caption = f"{data.title}（每格：{data.measures[0]} / {data.measures[1]}）"
    rows: list[list[str]] = [
        [name, *(element("span", number(a), " / ", number(b)) for a, b in cells)]
        for name, cells in zip(data.rows, data.cells, strict=True)
    ]
    return _table(caption, [data.heading, *data.columns], rows)


def of_funnel(data: Funnel) -> Markup:
    """A row for each stage."""
    first = data.stages[0].figure.value if data.stages else 0
    rows: list[list[str]] = [
        [stage.name, number(stage.figure), percent(stage.figure.value, first), days(stage.days)]
        for stage in data.stages
    ]
    return _table(data.title, ["阶段", "到过", "占第一阶段", "停留中位数"], rows)


def _table(caption: str, heads: Sequence[str], rows: Sequence[Sequence[str]]) -> Markup:
    head = element("tr", *(element("th", name, scope="col") for name in heads))
    body = [
        element("tr", element("th", row[0], scope="row"), *(element("td", c) for c in row[1:]))
        for row in rows
    ]
    title = element("caption", caption)
    parts = (title, element("thead", head), element("tbody", *body))
    return element("table", *parts, class_="list numbers")
