"""Terms: every number of a text with the unit behind it, or before it as in pH 7 and IP67."""

from typing import Final, NamedTuple

from matcher.text.lazy import LazyPattern
from matcher.text.normalise import NormalisedText
from matcher.text.numerals import Number, numbers
from matcher.text.units import Unit, unit, unit_end

_PREFIX: Final = LazyPattern(
    r"(?<![a-z])(ph|ip|hrc|hv|hbw?)(?:值|等级)?\s?(?:[:=为在]|控制在|达到?)?\s?\Z"
)
PREFIXED: Final = {
    "ph": Unit("[acidity]", 1.0),
    "ip": Unit("[ingress]", 1.0),
    "hrc": Unit("[rockwell_c]", 1.0),
    "hv": Unit("[vickers]", 1.0),
    "hb": Unit("[brinell]", 1.0),
    "hbw": Unit("[brinell]", 1.0),
}
_PERCENT: Final = Unit("[proportion]", 1.0)


class Term(NamedTuple):
    """A number, its unit if it has one, where both end and where a unit before it begins."""

    label: int
    number: Number
    end: int
    unit: Unit | None
    surface: str = ""
    more: bool = False


def terms(original: str, normal: NormalisedText) -> list[Term]:
    """The terms of ``normal``, the prepared text of ``original``, none inside another's unit."""
    found: list[Term] = []
    floor = 0
    for number in numbers(normal.text):
        if number.start >= floor:  # the 千 of 3千克 is no number
            found.append(_term(original, normal, number, floor))
            floor = found[-1].end
    return found


def _term(original: str, normal: NormalisedText, number: Number, floor: int) -> Term:
    text, start = normal.text, number.end
    if number.unit:
        return Term(number.start, number, start, _PERCENT, number.unit)
    more = text.startswith(("余", "多"), start)
    start += more
    start += text.startswith(" ", start)
    end = unit_end(text, start)
    if end is not None:
        surface = _original(original, normal, start, end)
        known = unit(surface)
        if known is not None:
            return Term(number.start, number, end, known, surface, more)
    return _labelled(original, normal, number, floor)


def _labelled(original: str, normal: NormalisedText, number: Number, floor: int) -> Term:
    """A number whose unit stands before it, or that has none."""
    window = max(floor, number.start - 12)
    words = normal.text[window : number.start]
    label = _PREFIX.search(words) if "h" in words or "p" in words else None
    if label is None or (label[1] == "ip" and not 10 <= number.value < 70):
        return Term(number.start, number, number.end, None)
    start, end = window + label.start(1), window + label.end(1)
    surface = _original(original, normal, start, end)
    return Term(start, number, number.end, PREFIXED[label[1]], surface)


def _original(original: str, normal: NormalisedText, start: int, end: int) -> str:
    first, last = normal.span(start, end)
    return original[first:last]
