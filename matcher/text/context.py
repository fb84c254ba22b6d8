"""The words around a measured value: its comparison, its kind and the name it goes by."""

from typing import Final, NamedTuple

from matcher.text import bounds, properties
from matcher.text.bounds import Before, Direction, Kind
from matcher.text.lazy import LazyPattern
from matcher.text.measured import Measured
from matcher.text.normalise import NormalisedText
from matcher.text.units import unit

_FROM: Final = LazyPattern(r"(?:由|从|自)(?![于动主然控行身来])[^\d、。;!?\n]{0,10}\Z")
_TO_NEW: Final = LazyPattern(
    r"[^\d、。;!?\n]{0,8}?(?:到|至|为|成|→)[^\d、。;!?\n]{0,3}\Z|\s?→\s?\Z"
)
_PER: Final = LazyPattern(r"每([^\s\d每、。]{1,4})\Z")
_ACTIONS: Final = (
    "完成", "实现", "达到", "建成", "形成", "投产", "验收", "解决", "进行", "可", "能", "不", "就",
    "出", "内", "为", "是", "有", "和", "与", "及", "或", "也", "都", "的",
)  # fmt: skip
"""Beginnings of words after a quantity that do not name it."""


class Context(NamedTuple):
    """A measured value with the words around it; ``[start, end)`` holds the comparisons too.

    Words from ``floor`` to ``named`` lead up to it. What ``is_old`` is followed by what is new.
    """

    item: Measured
    floor: int
    named: int
    start: int
    end: int
    before: Before
    direction: Direction
    kind: Kind
    is_old: bool


def context(text: str, floor: int, item: Measured, next_start: int) -> Context:
    """The context of ``item`` between ``floor``, where words are taken, and the next value."""
    before = bounds.before(text, floor, item.start)
    after, end = bounds.after(text, item.end)
    kind, named = bounds.change(text, floor, before.start)
    if kind == "value":
        item, named = _per(text, floor, item, named)
    if item.unit.dimension != "[acidity]":  # pH is a unit and a property at once
        named = min(named, item.label)
    old = _old_value(text, floor, before.start, end, next_start)
    direction = before.direction or after or ("least" if item.more else "")
    start, is_old = min(before.start, item.label), old is not None
    named = named if old is None else old
    return Context(item, floor, named, start, end, before, direction, kind, is_old)


def name(original: str, normal: NormalisedText, around: Context) -> str:
    """What goes by the value, as written; empty if nothing does."""
    text = normal.text
    first, last = properties.before(text, around.floor, around.named)
    if first == last and not around.is_old:
        first, last = _name_after(text, around.item, around.end)
    if first == last:
        return ""
    start, end = normal.span(first, last)
    return " ".join(original[start:end].split())


def _old_value(text: str, floor: int, start: int, end: int, next_start: int) -> int | None:
    """Where 从78% begins if a new value follows (提高到93%): what was, and no longer is."""
    leads = _FROM.search(text, max(floor, start - 14), start)
    if leads is None or not _TO_NEW.match(text, end, min(next_start, end + 14)):
        return None
    return leads.start()


def _per(text: str, floor: int, item: Measured, end: int) -> tuple[Measured, int]:
    """每小时2吨 is 2吨/小时: the unit with what it is divided by, and where that word begins."""
    per = text.rfind("每", max(floor, end - 5), end)
    match = _PER.match(text, per, end) if per >= 0 else None
    divided = match and item.surface and unit(f"{item.surface}/{match[1]}")
    if not match or not divided:
        return item, end
    surface = f"{item.surface}/{match[1]}"
    return item._replace(unit=divided, surface=surface), end - len(match.group())


def _name_after(text: str, item: Measured, end: int) -> tuple[int, int]:
    first, last = properties.after(text, end)
    is_action = text.startswith(_ACTIONS, first)
    is_time = item.unit.dimension == "[time]" and not text.startswith("的", end)
    return (end, end) if is_action or is_time else (first, last)
