"""Numbers with their units: single values, ranges and tolerances; what is no measurement is out."""

from collections.abc import Iterator
from math import isfinite
from typing import Final, NamedTuple

from matcher.text.lazy import LazyPattern
from matcher.text.normalise import NormalisedText
from matcher.text.terms import PREFIXED, Term, terms
from matcher.text.units import Unit

_RANGE: Final = LazyPattern(r"\s?(?:[-−–—─~～〜∼]{1,2}|至|到)\s?")
_TIMES: Final = LazyPattern(r"\s?[×x*]\s?(?:φ|ø)?")
_RATIO: Final = LazyPattern(r"\s?[/:∶]\s?")
PLAIN: Final = Unit("[number]", 1.0)
"""The unit of numbers that have none."""
_STRONG: Final = LazyPattern(r"%|‰|℄|°|[a-zμω/]{2}")
"""Units so plain that a letter may touch the number: Ra0.4um, COD50mg/l; unlike T300级."""
_NO_MEASURE_AFTER: Final = frozenset("第/·.^_#")
_HALVES: Final = frozenset("上下前后")
_MESH: Final = "[mesh]"


class Measured(NamedTuple):
    """Values at ``[start, end)`` of prepared text, in units as written; low == high for one value.

    ``label`` is where a unit begins that stands before its number (pH, IP, HRC), else ``start``.
    ``is_tolerance`` marks ±5, whose low is -5; ``more`` marks 30多.
    """

    label: int
    start: int
    end: int
    low: float
    high: float
    unit: Unit
    surface: str
    is_tolerance: bool = False
    is_range: bool = False
    is_han: bool = False
    more: bool = False


def measured(original: str, normal: NormalisedText) -> Iterator[Measured]:
    """Everything measured in ``normal``, the prepared text of ``original``, from left to right."""
    found_terms = terms(original, normal)
    at = 0
    while at < len(found_terms):
        taken, found = _read(normal.text, found_terms, at)
        if found and _is_finite(found):
            yield found
        at += taken


def _is_finite(found: Measured) -> bool:
    factor = found.unit.factor
    return isfinite(found.low * factor) and isfinite(found.high * factor)


def _read(text: str, row: list[Term], at: int) -> tuple[int, Measured | None]:
    """How many terms belong together from ``at`` on, and what they say."""
    one = row[at]
    if at + 1 < len(row):
        two = row[at + 1]
        if two.number.start - one.end < 5:
            taken, pair = _together(text, row, at, one, two)
            if taken:
                return taken, pair
    single = _single(one)
    return 1, single if _is_measure(text, one, single) else None


def _together(
    text: str, row: list[Term], at: int, one: Term, two: Term
) -> tuple[int, Measured | None]:
    """No terms if the two do not belong together."""
    gap = text[one.end : two.number.start]
    if _TIMES.fullmatch(gap):
        return _product(text, row, at), None
    pair = _pair(text, gap, one, two)
    if pair:
        return 2, pair if _is_measure(text, one, pair) else None
    return (2, None) if one.unit is None and _RATIO.fullmatch(gap) else (0, None)


def _product(text: str, row: list[Term], at: int) -> int:
    """The terms of 50 mm×50 mm×3 mm: sizes of a thing, not one of its values."""
    count = 1
    while at + count < len(row) and _TIMES.fullmatch(
        text, row[at + count - 1].end, row[at + count].number.start
    ):
        count += 1
    return count


def _pair(text: str, gap: str, one: Term, two: Term) -> Measured | None:
    """A range or a centre with its tolerance; None where the units do not go together."""
    if not (one.unit or two.unit) or (one.unit and two.unit and not _alike(one.unit, two.unit)):
        return None
    if two.unit is None and text[two.end : two.end + 1].isalnum():
        return None  # 3年到5G: the second number counts something else
    last = two if two.unit else one
    shared = last.unit or PLAIN
    if two.number.sign == "±" and not gap.strip():
        return _tolerance(one, two, shared, last.surface)
    second = two.number
    if second.sign == "-" and not gap.strip():
        second = second._replace(value=-second.value, bare=-second.bare, sign="")
    elif not (_RANGE.fullmatch(gap) or (gap == "/" and shared.dimension == _MESH)):
        return None
    first = one.number.value * (one.unit.factor / shared.factor if one.unit else 1.0)
    if one.unit is None and one.number.scale == 1.0 and one.number.bare < second.bare:
        first *= second.scale  # 3~5万元
    low, high = sorted((first, second.value))
    return Measured(
        one.label, one.number.start, two.end, low, high, shared, last.surface,
        is_range=True, is_han=one.number.is_han and second.is_han,
    )  # fmt: skip


def _alike(one: Unit, two: Unit) -> bool:
    return one.dimension == two.dimension


def _tolerance(one: Term, two: Term, shared: Unit, surface: str) -> Measured:
    centre = one.number.value * (one.unit.factor / shared.factor if one.unit else 1.0)
    width = abs(two.number.value)
    start, end = one.number.start, two.end
    low, high = centre - width, centre + width
    return Measured(one.label, start, end, low, high, shared, surface, is_range=True)


def _single(term: Term) -> Measured:
    number, is_tolerance = term.number, term.number.sign == "±"
    low = -number.value if is_tolerance else number.value
    return Measured(
        term.label, number.start, term.end, low, number.value, term.unit or PLAIN, term.surface,
        is_tolerance=is_tolerance, is_han=number.is_han, more=term.more,
    )  # fmt: skip


def _is_measure(text: str, first: Term, found: Measured) -> bool:
    """Whether it is no date, no ordinal, no part of a unit or of a name such as YC-17 or Fe3O4."""
    start, surface = found.start, found.surface
    previous = text[start - 1 : start]
    if surface.startswith("年") and 1900 <= found.high <= 2100 and not found.is_han:
        return False
    if previous in _NO_MEASURE_AFTER:
        return False
    if surface.startswith("年") and previous in _HALVES and found.high < 1:
        return False  # 上半年 is a date too
    if "a" <= previous <= "z" or previous.isdecimal():
        touches = not first.number.sign and bool(_STRONG.search(surface.lower()))
        return touches or found.unit in PREFIXED.values()
    is_named = previous == "-" and text[max(0, start - 2) : start - 1].isalnum()
    return not (is_named and text[start - 2].isascii())
