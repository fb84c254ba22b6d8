"""What the demands of a topic ask for in numbers, where they differ, and what none of them says."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from math import inf
from typing import Final, Literal

from matcher.coaching.measurable import measurable
from matcher.coaching.reading import Reading
from matcher.records import Demand
from matcher.text import properties
from matcher.text.comparison import excludes
from matcher.text.indicators import STATED, Requirements
from matcher.text.lexicon.measures import less_is_better, more_is_better
from matcher.text.quantities import Quantity, quantities

_MEASURABLE: Final = 2
"""Points of 5 for measurable indicators from which on a demand can be called for."""
Side = Literal["least", "most", ""]
"""Whether a requirement is one from below, from above, or neither."""


@dataclass(frozen=True, slots=True)
class Asked:
    """One requirement of one demand, ``text`` as written there."""

    demand_id: str
    text: str
    quantity: Quantity


@dataclass(frozen=True, slots=True)
class Indicator:
    """One property with all that is asked of it, in the order of the demands.

    ``strictest`` and ``loosest`` are given where several bounds from one side differ. ``conflict``:
    two demands bound it so that no value can meet both.
    """

    name: str
    asked: tuple[Asked, ...]
    strictest: Asked | None = None
    loosest: Asked | None = None
    conflict: bool = False

    @property
    def differs(self) -> bool:
        """Whether not all of them ask for the same."""
        first = self.asked[0].quantity
        return any((a.quantity.low, a.quantity.high) != (first.low, first.high) for a in self.asked)


@dataclass(frozen=True, slots=True)
class Missing:
    """A demand that says too little in numbers, and one sentence on what to ask for."""

    demand_id: str
    advice: str


@dataclass(frozen=True, slots=True)
class Indicators:
    """The indicators of a topic, those of most demands first, and what is missing."""

    found: tuple[Indicator, ...]
    missing: tuple[Missing, ...]

    @property
    def conflicts(self) -> tuple[Indicator, ...]:
        """Those on which demands contradict each other."""
        return tuple(one for one in self.found if one.conflict)


def indicators(demands: Sequence[Demand]) -> Indicators:
    """Of any number of demands; never raises."""
    groups: list[list[Asked]] = []
    read = [_read(demand) for demand in demands]
    for asked in (asked for found, _ in read for asked in found):
        alike = next((group for group in groups if _same(group[0].quantity, asked.quantity)), None)
        if alike is None:
            groups.append([asked])
        else:
            alike.append(asked)
    groups.sort(key=lambda group: -len({one.demand_id for one in group}))
    missing = (gap for _, gap in read if gap)
    return Indicators(tuple(map(_indicator, groups)), tuple(missing))


@lru_cache(maxsize=4096)  # lists of topics show the same demands again and again
def _read(demand: Demand) -> tuple[tuple[Asked, ...], Missing | None]:
    return tuple(_asked(demand)), _missing(demand)


def _asked(demand: Demand) -> Iterable[Asked]:
    texts = demand.texts()
    by_field = {name: quantities(texts[name]) for name in STATED}
    return (Asked(demand.id, q.text, q) for _, q in Requirements.of(by_field).asked)


def _same(one: Quantity, other: Quantity) -> bool:
    alike = one.dimension == other.dimension and one.kind == other.kind
    return alike and properties.same(one.property, other.property)


def _missing(demand: Demand) -> Missing | None:
    judged = measurable(Reading.of(demand.texts(), frozenset()))
    if judged.score >= _MEASURABLE or judged.suggestion is None:
        return None
    return Missing(demand.id, judged.suggestion.text)


def _indicator(group: Sequence[Asked]) -> Indicator:
    name, asked = group[0].quantity.property, tuple(group)
    conflict = any(_contradict(a, b) for n, a in enumerate(group) for b in group[n + 1 :])
    sides = {_side(one.quantity) for one in group}
    if conflict or len(sides) != 1 or "" in sides:
        return Indicator(name, asked, conflict=conflict)
    ordered = sorted(group, key=_bound)
    if "least" in sides:
        ordered.reverse()
    if _bound(ordered[0]) == _bound(ordered[-1]):
        return Indicator(name, asked)
    return Indicator(name, asked, strictest=ordered[0], loosest=ordered[-1])


def _contradict(one: Asked, other: Asked) -> bool:
    """Whether two demands bound one property so that no value can meet both.

    Plain values contradict nothing: two plants of 1,500 t and 5,000 t are of two sizes.
    """
    forms = {one.quantity.form, other.quantity.form}
    if one.demand_id == other.demand_id or "value" in forms:
        return False
    return excludes(one.quantity, other.quantity)


def _side(quantity: Quantity) -> Side:
    if quantity.form == "at least":
        return "least"
    if quantity.form == "at most":
        return "most"
    name = properties.canonical(quantity.property)
    if quantity.form != "value":
        return ""
    if name.endswith(more_is_better()):
        return "least"
    return "most" if name.endswith(less_is_better()) else ""


def _bound(asked: Asked) -> float:
    """The number that is bounded: of a plain value both ends are equal."""
    low, high = asked.quantity.low, asked.quantity.high
    return low if low is not None else high if high is not None else inf
