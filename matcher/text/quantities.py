"""量: measured requirements and claims found in text, with the property that each belongs to."""

import builtins
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, Literal, NamedTuple

from matcher.records import Span
from matcher.text import bounds, properties
from matcher.text.bounds import Before, Direction, Kind
from matcher.text.lazy import LazyPattern
from matcher.text.lexicon.measures import less_is_better
from matcher.text.measured import PLAIN, Measured, measured
from matcher.text.normalise import NormalisedText
from matcher.text.numerals import prepared
from matcher.text.units import WORD_DEGREE, unit

Form = Literal["value", "at least", "at most", "interval"]


@dataclass(frozen=True, slots=True)
class Quantity:
    """A quantity at ``span`` of the original text, of which ``text`` is that part.

    ``low`` and ``high`` are in base units of ``dimension`` (SI; degrees Celsius for temperatures,
    per cent for shares, yuan for money); None means unbounded, equal means a plain value. ``open``
    bounds do not belong to it. ``kind`` tells a level from a change: 提高到95% and 提高30%.
    ``property`` and ``unit`` are as written; either may be empty.
    """

    property: str
    low: float | None
    high: float | None
    low_open: bool
    high_open: bool
    kind: Kind
    dimension: str
    unit: str
    span: Span
    text: str

    @builtins.property
    def form(self) -> Form:
        """A plain value, a bound on one side, or an interval."""
        if self.low is None:
            return "at most"
        if self.high is None:
            return "at least"
        return "value" if self.low == self.high else "interval"


_FROM: Final = LazyPattern(r"(?:由|从|自)(?![于动主然控行身来])[^\d、。;!?\n]{0,10}\Z")
_TO_NEW: Final = LazyPattern(
    r"[^\d、。;!?\n]{0,8}?(?:到|至|为|成|→)[^\d、。;!?\n]{0,3}\Z|\s?→\s?\Z"
)
_PER: Final = LazyPattern(r"每([^\s\d每、。]{1,4})\Z")
_SURE_AFTER_CHINESE: Final = frozenset("年天周吨倍斤亩%")
"""Units of one character that 三 may count unasked: 三年, but not 三元, 三方, 三级, 三层."""
_WARM: Final = LazyPattern("[温热烧冷寒冻耐℄]|室外|零下|烘|箱内")
_TURNED: Final = LazyPattern("[角倾转弯旋坡]|方位|俯仰|视场")
_ELECTRIC: Final = LazyPattern("[电耗]")
_NAMES: Final = {"[ingress]": "防护等级", "[acidity]": "pH"}
_ACTIONS: Final = (
    "完成", "实现", "达到", "建成", "形成", "投产", "验收", "解决", "进行", "可", "能", "不", "就",
    "出", "内", "为", "是", "有", "和", "与", "及", "或", "也", "都", "的",
)  # fmt: skip
"""Beginnings of words after a quantity that do not name it."""
_ENDS_PLAIN: Final = LazyPattern(r"\s*(?:[,、。;!?)]|\Z)|以|左|之")


def quantities(text: str) -> list[Quantity]:
    """The quantities of ``text`` in order of place, none overlapping another; never raises.

    Takes time linear in the length of ``text``.
    """
    found: list[Quantity] = []
    for quantity in _read(text, prepared(text)):
        # One character can become several, ㎡ m2: it belongs to the first quantity that has it.
        if not found or quantity.span[0] >= found[-1].span[1]:
            found.append(quantity)
    return found


def _read(original: str, normal: NormalisedText) -> Iterator[Quantity]:
    items = list(measured(original, normal))
    next_starts = [*(item.start for item in items), len(normal.text)][1:]
    floor, inherited = 0, ""
    for item, next_start in zip(items, next_starts, strict=True):
        context = _context(original, normal, floor, item, next_start)
        name = context.name or inherited
        floor, inherited = context.end, ""
        if context.is_old:
            inherited = name
        elif quantity := _quantity(original, normal, context, name):
            yield quantity


class _Context(NamedTuple):
    """A measured value with the words around it; ``[start, end)`` holds the comparisons too."""

    item: Measured
    floor: int
    start: int
    end: int
    before: Before
    after: Direction
    kind: Kind
    name: str
    is_old: bool


def _context(
    original: str, normal: NormalisedText, floor: int, item: Measured, next_start: int
) -> _Context:
    text = normal.text
    before = bounds.before(text, floor, item.start)
    direction, end = bounds.after(text, item.end)
    kind, words_end = bounds.change(text, floor, before.start)
    if kind == "value":
        item, words_end = _per(text, floor, item, words_end)
    if item.unit.dimension != "[acidity]":  # pH is a unit and a property at once
        words_end = min(words_end, item.label)
    old = _old_value(text, floor, before.start, end, next_start)
    first, last = properties.before(text, floor, words_end if old is None else old)
    if first == last and old is None:
        first, last = _name_after(text, item, end)
    name = _written(original, normal, first, last)
    start = min(before.start, item.label)
    return _Context(item, floor, start, end, before, direction, kind, name, old is not None)


def _old_value(text: str, floor: int, start: int, end: int, next_start: int) -> int | None:
    """Where 从78% begins if a new value follows (提高到93%): what was, and no longer is."""
    window = max(floor, start - 14)
    leads = _FROM.search(text[window:start])
    if leads is None or not _TO_NEW.match(text[end : min(next_start, end + 14)]):
        return None
    return window + leads.start()


def _written(original: str, normal: NormalisedText, first: int, last: int) -> str:
    if first == last:
        return ""
    start, end = normal.span(first, last)
    return " ".join(original[start:end].split())


def _per(text: str, floor: int, item: Measured, end: int) -> tuple[Measured, int]:
    """每小时2吨 is 2吨/小时: the unit with what it is divided by, and where that word begins."""
    match = _PER.search(text[max(floor, end - 5) : end])
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


def _quantity(
    original: str, normal: NormalisedText, context: _Context, name: str
) -> Quantity | None:
    item = _with_degree(context, name, normal.text)
    name = name or _NAMES.get(item.unit.dimension, "")
    direction = context.before.direction or context.after or ("least" if item.more else "")
    if not _is_worth(item, direction, name, normal.text):
        return None
    if context.before.is_better and (item.is_tolerance or name.endswith(less_is_better())):
        direction = "most"
    low = _clean(item.low * item.unit.factor)
    high = low if item.low == item.high else _clean(item.high * item.unit.factor)
    is_single = not item.is_range and not item.is_tolerance
    start, end = normal.span(context.start, context.end)
    return Quantity(
        property=name,
        low=None if is_single and direction == "most" else low,
        high=None if is_single and direction == "least" else high,
        low_open=is_single and direction == "least" and context.before.is_open,
        high_open=is_single and direction == "most" and context.before.is_open,
        kind=context.kind,
        dimension=item.unit.dimension,
        unit=item.surface,
        span=(start, end),
        text=original[start:end],
    )


def _clean(value: float) -> float:
    """Twelve digits: 50 mg/L is 0.05, not 0.04999999999999999."""
    return float(f"{value:.12g}")


def _with_degree(context: _Context, name: str, text: str) -> Measured:
    """度 is a temperature, an angle or electricity: its property tells which, or its clause."""
    item = context.item
    if WORD_DEGREE not in item.unit.dimension or not item.surface.startswith("度"):
        return item
    for words in (name, text[max(context.floor, item.start - 12) : item.end]):
        for pattern, spelling in ((_WARM, "℃"), (_TURNED, "°"), (_ELECTRIC, "kWh")):
            known = unit(spelling + item.surface[1:]) if pattern.search(words) else None
            if known:
                return item._replace(unit=known)
    return item


def _is_worth(item: Measured, direction: Direction, name: str, text: str) -> bool:
    """No unit asks for a comparison and a name; a small Chinese number of things, for one too."""
    if item.unit is PLAIN:
        return bool(direction and name and _ENDS_PLAIN.match(text, item.end))
    if not item.is_han or direction or item.is_range or item.low >= 100:
        return True
    is_short = len(item.surface) == 1 and item.surface not in _SURE_AFTER_CHINESE
    return item.low != 1 and not is_short
