"""A heat map of what is wanted against what there is: 缺口 stands out."""

from typing import Final

from markupsafe import Markup

from api.pages.charts.data import Figure, HeatMap
from api.pages.charts.drawing import (
    box,
    canvas,
    empty,
    frame,
    joined,
    label,
    legend,
    linked,
    value,
)
from api.pages.charts.scales import lean, level
from api.pages.charts.tables import of_heat_map

_NAMES: Final = 130
_WIDE: Final = 98
_HIGH: Final = 46
_HEAD: Final = 30
_MARKS: Final = {2: "▲▲", 1: "▲", 0: "", -1: "▽", -2: "▽▽"}
_CLASSES: Final = {2: "gap-2", 1: "gap-1", 0: "even", -1: "rich-1", -2: "rich-2"}
_MEANINGS: Final = {2: "缺口大", 1: "有缺口", 0: "相当", -1: "较充足", -2: "充足"}


def heat_map(data: HeatMap) -> Markup:
    """Cells with both numbers, coloured and marked by how far the two part.

    See ``scales.lean``: a gap is a cell that has more of all demands than of all achievements.
    """
    if not any(data.totals):
        return empty(data.title, data.note)
    leans = [[lean(a.value, b.value, data.totals) for a, b in row] for row in data.cells]
    largest = max(abs(value) for row in leans for value in row)
    levels = [[level(value, largest) for value in row] for row in leans]
    width, height = _NAMES + _WIDE * len(data.columns), _HEAD + _HIGH * len(data.rows)
    heads = [
        label(name, _NAMES + _WIDE * (place + 0.5), _HEAD - 11, "middle", _WIDE - 8)
        for place, name in enumerate(data.columns)
    ]
    rows = [_row(data, place, steps) for place, steps in enumerate(levels)]
    picture = canvas(width, height, *heads, *rows)
    return frame("heat", data.title, data.note, _key(), picture, of_heat_map(data))


def _row(data: HeatMap, place: int, levels: list[int]) -> Markup:
    top, name = _HEAD + _HIGH * place, data.rows[place]
    cells = [
        _cell(data, (name, data.columns[column]), cell, step, (_NAMES + _WIDE * column, top))
        for column, (cell, step) in enumerate(zip(data.cells[place], levels, strict=True))
    ]
    return joined([label(name, _NAMES - 10, top + 27, "end", _NAMES - 14), *cells])


def _cell(
    data: HeatMap,
    names: tuple[str, str],
    figures: tuple[Figure, Figure],
    step: int,
    corner: tuple[int, int],
) -> Markup:
    (left, top), (wanted, there) = corner, figures
    class_ = _CLASSES[step] if wanted.value or there.value else "none"
    shape = box(left + 1, top + 1, _WIDE - 2, _HIGH - 2, class_)
    if class_ == "none":
        return shape
    first, second = (f"{names[0]}，{names[1]}，{measure}" for measure in data.measures)
    middle = left + _WIDE / 2
    mark = [label(_MARKS[step], middle, top + 37, "mark")] if step else []
    return joined(
        [
            shape,
            linked(wanted, first, value(wanted, middle - 6, top + 20, "value end")),
            label("/", middle, top + 20, "slash"),
            linked(there, second, value(there, middle + 6, top + 20, "value start")),
            *mark,
        ]
    )


def _key() -> Markup:
    entries = [(_CLASSES[step], f"{_MARKS[step]} {_MEANINGS[step]}".strip()) for step in _MARKS]
    return legend(entries)
