"""The plane that bars and lines are drawn on: sizes in pixels, grid, and labels below."""

from collections.abc import Sequence
from math import ceil
from typing import Final

from markupsafe import Markup

from api.pages.charts.drawing import joined, label, segment
from api.pages.charts.wording import short, width_of

WIDTH: Final = 512
HEIGHT: Final = 250
LEFT: Final = 42
TOP: Final = 16
BOTTOM: Final = 218
_RIGHT: Final = 506


def slot(place: int, count: int) -> tuple[float, float]:
    """Left edge and width of what belongs to one of ``count`` labels."""
    width = (_RIGHT - LEFT) / count
    return LEFT + width * place, width


def height_of(value: int, largest: int) -> float:
    """How high a bar is."""
    return (BOTTOM - TOP) * value / largest


def grid(scale: Sequence[int]) -> Markup:
    """Lines at round numbers."""
    lines = []
    for number in scale:
        y = BOTTOM - height_of(number, scale[-1])
        lines += [
            segment(LEFT, y, _RIGHT, y, "gridline"),
            label(short(number), LEFT - 6, y + 4, "end"),
        ]
    return joined(lines)


def bottom_labels(labels: Sequence[str]) -> Markup:
    """As many labels as there is room for, each below the middle of its slot."""
    width = slot(0, len(labels))[1]
    widest = max(map(width_of, labels))
    every = 1 if len(labels) <= 2 else ceil((min(widest, 120) + 6) / width)
    shown = []
    for place, name in enumerate(labels):
        left = slot(place, len(labels))[0]
        if place % every == 0:
            shown.append(label(name, left + width / 2, BOTTOM + 19, "middle", every * width - 4))
    return joined(shown)
