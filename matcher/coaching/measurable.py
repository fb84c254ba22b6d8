"""指标可测: how many requirements say what is measured, against which bound, in which unit."""

from collections.abc import Iterator
from typing import Final

from matcher.coaching.findings import BEST, Criterion, Evidence, Suggestion
from matcher.coaching.reading import Reading
from matcher.coaching.unmeasured import first_unmeasured
from matcher.coaching.vague import first_vague
from matcher.text.indicators import Requirements
from matcher.text.quantities import Quantity

_FIELDS: Final = ("indicators", "goal")
_POINTS: Final = ((4.0, 5), (3.0, 4), (2.0, 3), (1.0, 2), (0.5, 1))
"""Requirements, half ones included, that are needed for a score."""
_Required = tuple[str, Quantity]


def measurable(reading: Reading) -> Criterion:
    """The criterion of a demand. A vague word among the indicators costs the last point."""
    found = list(_requirements(reading))
    total = sum(_worth(quantity) for _, quantity in found)
    score = next((points for least, points in _POINTS if total >= least), 0)
    vague = first_vague(reading, "indicators")
    score = min(score, BEST - 1) if vague else score
    suggestion = None if score == BEST else vague or _next(reading, found)
    evidence = (Evidence("指标", f, q.span, q.text) for f, q in found)
    return Criterion("indicators", score, suggestion, tuple(evidence))


def _requirements(reading: Reading) -> Iterator[_Required]:
    """What is asked for by name, and what the indicators bound without a name: 15分钟内出数."""
    by_field = {text.field: text.quantities for text in reading.some(*_FIELDS)}
    yield from Requirements.of(by_field).asked
    for quantity in by_field.get("indicators", ()):
        if not quantity.property:
            yield "indicators", quantity


def _worth(quantity: Quantity) -> float:
    """A value that neither has a name nor is a bound may be no more than a condition."""
    return 1.0 if quantity.property or quantity.form != "value" else 0.5


def _next(reading: Reading, found: list[_Required]) -> Suggestion:
    """A property without its value if there is one; else more of what is there, or the pattern."""
    if unmeasured := first_unmeasured(reading):
        return unmeasured
    bounded = [(f, q) for f, q in found if q.form != "value"]
    if bounded:
        field, quantity = next((one for one in bounded if one[1].property), bounded[0])
        like = reading.texts[field].quoted(quantity.span)
        return Suggestion(f"请像{like}这样，再写一两项验收时要测的指标。", "indicators")
    about = f"{reading.title}验收时要测什么？" if reading.title else ""
    wanted = f"{about}请逐条写明指标的名称、上限或下限、数值和单位。"
    return Suggestion(wanted, "indicators")
