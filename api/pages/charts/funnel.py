"""A funnel: how many come to each stage, and how long they stay before they go on."""

from typing import Final

from markupsafe import Markup

from api.pages.charts.data import Funnel, Stage
from api.pages.charts.drawing import box, canvas, empty, frame, joined, label, linked, value
from api.pages.charts.tables import of_funnel
from api.pages.charts.wording import days, percent

_WIDTH: Final = 360
_NAMES: Final = 60
_LONGEST: Final = 214
_THICK: Final = 30
_STEP: Final = 58


def funnel(data: Funnel) -> Markup:
    """A bar for each stage, the share of the first, and the median of days between them."""
    largest = max((stage.figure.value for stage in data.stages), default=0)
    if not largest:
        return empty(data.title, data.note)
    rows = [_row(data, place, largest) for place in range(len(data.stages))]
    picture = canvas(_WIDTH, _STEP * len(rows) - (_STEP - _THICK) + 24, *rows)
    return frame("funnel", data.title, data.note, Markup(), picture, of_funnel(data))


def _row(data: Funnel, place: int, largest: int) -> Markup:
    stage, top = data.stages[place], _STEP * place + 2
    length = max(_LONGEST * stage.figure.value / largest, 2)
    bar = (
        box(_NAMES, top, length, _THICK, "bar"),
        value(stage.figure, _NAMES + length + 8, top + 20, "value start"),
    )
    share = percent(stage.figure.value, data.stages[0].figure.value)
    return joined(
        [
            label(stage.name, _NAMES - 10, top + 20, "end", _NAMES - 12),
            linked(stage.figure, stage.name, *bar),
            *([label(share, _WIDTH - 2, top + 20, "end soft")] if place else []),
            *_stay(stage, top + _THICK + 17),
        ]
    )


def _stay(stage: Stage, y: float) -> list[Markup]:
    """Below the bar: how long until the next one."""
    if stage.days is None:
        return []
    return [label(f"↓ 停留中位数 {days(stage.days)}", _NAMES, y, "soft")]
