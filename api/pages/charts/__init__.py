"""Charts drawn on the server: typed numbers in, SVG with a table of the same numbers out.

Pure functions; styled by ``static/charts.css`` alone. Every number that is not zero leads to the
list behind it, both in the picture and in the table.
"""

from api.pages.charts.bars import grouped_bars
from api.pages.charts.data import Chart, Figure, Funnel, HeatMap, Series, Stage
from api.pages.charts.funnel import funnel
from api.pages.charts.heatmap import heat_map
from api.pages.charts.lines import line_chart
from api.pages.charts.stacked import stacked_bars

__all__ = [
    "Chart",
    "Figure",
    "Funnel",
    "HeatMap",
    "Series",
    "Stage",
    "funnel",
    "grouped_bars",
    "heat_map",
    "line_chart",
    "stacked_bars",
]
