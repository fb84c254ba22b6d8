"""Numbers and labels as charts write them."""

from typing import Final
from unicodedata import east_asian_width

_EM: Final = 13.0
"""Pixels of a full-width character in a chart."""
_NARROW: Final = 0.58
_UNITS: Final = ((100_000_000, "亿"), (10_000, "万"))


def exact(value: int) -> str:
    """12,345."""
    return f"{value:,}"


def short(value: int) -> str:
    """At most five signs up to a billion: 999, 9,999, 1.2万, 35万, 1.2亿."""
    for size, unit in _UNITS:
        if value >= size:
            whole = value / size
            digits = f"{whole:.1f}" if whole < 10 else f"{whole:,.0f}"
            return f"{digits.removesuffix('.0')}{unit}"
    return exact(value)


def days(value: float | None) -> str:
    """A stay of so many days; a dash if nobody has gone on yet."""
    if value is None:
        return "—"
    if value < 1:
        return "不到 1 天"
    return f"{value:.1f}".removesuffix(".0") + " 天"


def percent(part: int, whole: int) -> str:
    """A share in whole percent; a dash of nothing."""
    return f"{round(100 * part / whole)}%" if whole else "—"


def width_of(text: str) -> float:
    """About how many pixels a label takes."""
    return sum(_EM if east_asian_width(c) in "WF" else _EM * _NARROW for c in text)


def fitted(text: str, width: float) -> str:
    """The text, cut with an ellipsis if it is wider than so many pixels."""
    if width_of(text) <= width:
        return text
    kept, left = "", width - _EM
    for sign in text:
        left -= width_of(sign)
        if left < 0:
            break
        kept += sign
    return f"{kept}…"
