"""量: measured requirements and claims found in text, with the property that each belongs to."""

import builtins
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, Literal

from matcher.records import Span
from matcher.text.bounds import Kind, is_present
from matcher.text.context import Context, context, name
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
    ``property`` and ``unit`` are as written; either may be empty. What ``is_present`` is told of
    how things are by now: 还在 80 mg/L, 只有 86%.
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
    is_present: bool = False

    @builtins.property
    def form(self) -> Form:
        """A plain value, a bound on one side, or an interval."""
        if self.low is None:
            return "at most"
        if self.high is None:
            return "at least"
        return "value" if self.low == self.high else "interval"


_SURE_AFTER_CHINESE: Final = frozenset("年天周吨倍斤亩%")
"""Units of one character that 三 may count unasked: 三年, but not 三元, 三方, 三级, 三层."""
_WARM: Final = LazyPattern("[温热烧冷寒冻耐℄]|室外|零下|烘|箱内")
_TURNED: Final = LazyPattern("[角倾转弯旋坡]|方位|俯仰|视场")
_ELECTRIC: Final = LazyPattern("[电耗]")
_NAMES: Final = {"[ingress]": "防护等级", "[acidity]": "pH"}
_ENDS_PLAIN: Final = LazyPattern(r"\s*(?:[,、。;!?)]|\Z)|以|左|之")


def quantities(text: str) -> list[Quantity]:
    """The quantities of ``text`` in order of place, none overlapping another; never raises.

    Takes time linear in the length of ``text``.
    """
    found: list[Quantity] = []
    if not text:
        return found
    for quantity in _read(text, prepared(text)):
        # One character can become several, ㎡ m2: it belongs to the first quantity that has it.
        if not found or quantity.span[0] >= found[-1].span[1]:
            found.append(quantity)
    return found


def _read(original: str, normal: NormalisedText) -> Iterator[Quantity]:
    text, items = normal.text, list(measured(original, normal))
    next_starts = [*(item.start for item in items), len(text)][1:]
    floor, inherited = 0, ""
    for item, next_start in zip(items, next_starts, strict=True):
        around = context(text, floor, item, next_start)
        quantity = None
        if around.is_old:
            inherited = name(original, normal, around) or inherited
        else:
            if _is_worth(around, text):
                quantity = _quantity(original, normal, around, inherited)
            inherited = ""
        if quantity or item.unit is not PLAIN:
            floor = around.end  # a number that counts for nothing is part of the words
        if quantity:
            yield quantity


def _quantity(
    original: str, normal: NormalisedText, around: Context, inherited: str
) -> Quantity | None:
    named = name(original, normal, around) or inherited
    item = _with_degree(around, named, normal.text)
    named = named or _NAMES.get(item.unit.dimension, "")
    if not named and item.unit is PLAIN:
        return None
    direction, is_open = around.direction, around.before.is_open
    if around.before.is_better and (item.is_tolerance or named.endswith(less_is_better())):
        direction = "most"
    low = _clean(item.low * item.unit.factor)
    high = low if item.low == item.high else _clean(item.high * item.unit.factor)
    is_single = not item.is_range and not item.is_tolerance
    start, end = normal.span(around.start, around.end)
    return Quantity(
        property=named,
        low=None if is_single and direction == "most" else low,
        high=None if is_single and direction == "least" else high,
        low_open=is_single and direction == "least" and is_open,
        high_open=is_single and direction == "most" and is_open,
        kind=around.kind,
        dimension=item.unit.dimension,
        unit=item.surface,
        span=(start, end),
        text=original[start:end],
        is_present=is_present(normal.text, around.floor, around.start),
    )


def _clean(value: float) -> float:
    """Twelve digits: 50 mg/L is 0.05, not 0.04999999999999999."""
    return float(f"{value:.12g}")


def _with_degree(around: Context, name: str, text: str) -> Measured:
    """度 is a temperature, an angle or electricity: its property tells which, or its clause."""
    item = around.item
    if WORD_DEGREE not in item.unit.dimension or not item.surface.startswith("度"):
        return item
    for words in (name, text[max(around.floor, item.start - 12) : item.end]):
        for pattern, spelling in ((_WARM, "℃"), (_TURNED, "°"), (_ELECTRIC, "kWh")):
            known = unit(spelling + item.surface[1:]) if pattern.search(words) else None
            if known:
                return item._replace(unit=known)
    return item


def _is_worth(around: Context, text: str) -> bool:
    """No unit asks for a comparison and a name; a small Chinese number of things, for one too."""
    item = around.item
    if item.unit is PLAIN:
        return bool(around.direction and _ENDS_PLAIN.match(text, item.end))
    if not item.is_han or around.direction or item.is_range or item.low >= 100:
        return True
    is_short = len(item.surface) == 1 and item.surface not in _SURE_AFTER_CHINESE
    return item.low != 1 and not is_short
