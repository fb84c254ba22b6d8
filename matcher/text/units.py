"""Units of measure as they are written, to dimension and factor. The only import of pint."""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Mapping
from functools import cache, lru_cache
from math import isfinite
from threading import Lock
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from matcher.text.lazy import LazyPattern
from matcher.text.lexicon.measures import unit_definitions, unit_spellings

if TYPE_CHECKING:
    from pint import UnitRegistry

WORD_DEGREE: Final = "[word_degree]"
"""Dimension of 度 before its property has told what it counts."""
_ONE_AT_A_TIME: Final = Lock()
"""Of several threads that ask first, one builds the registry."""
_ONLY_IN_COMPOUNDS: Final = frozenset("KUSB")
"""4K and 7S are no temperatures and conductances; W/K and S/cm are what they look like."""
_PART: Final = re.compile(
    r"([/每]?)[\s·*⋅•.(]*([^\W\d_每]+(?:\.?%)?|%[a-zA-Z]*|[‰°′″℄]C?)(?:\^?([-−]?[1-4]))?\)?"
)
_JOINT: Final = re.compile(r"\s?[/每·*⋅•.]\s?\(?")


class Unit(NamedTuple):
    """``value * factor`` is in base units of ``dimension`` (temperature: degrees Celsius)."""

    dimension: str
    factor: float


def unit_end(text: str, start: int) -> int | None:
    """Where the unit that begins at ``start`` of normalised text ends, or None if none does.

    Compounds such as ``w/(m·k)`` are one unit of at most five parts.
    """
    end = _atom_end(text, start)
    if end is None:
        return None
    for _ in range(4):
        joint = _JOINT.match(text, end)
        if joint is None:
            break
        further = _atom_end(text, joint.end())
        if further is None:
            break
        end = further
    else:
        joint = _JOINT.match(text, end)
    if "(" in text[start:end]:
        return end + 1 if text.startswith(")", end) else None
    # A slash that leads to no unit belongs to a unit not known here: N/5cm is not N.
    return None if joint and "/" in joint[0] else end


def _atom_end(text: str, start: int) -> int | None:
    pattern = _atom_patterns().get(text[start : start + 1])
    found = pattern.match(text, start) if pattern else None
    return found.end() if found else None


@cache
def _atom_patterns() -> dict[str, LazyPattern]:
    """By first character: to try hundreds of spellings in a row takes longer than all the rest."""
    spelled = {normal(s): barred for s, _, barred in reversed(unit_spellings())}
    sources: dict[str, list[str]] = defaultdict(list)
    for spelling in sorted(spelled, key=lambda s: (-len(s), s)):
        sources[spelling[0]].append(_atom(spelling, spelled[spelling]))
    return {first: LazyPattern("|".join(some)) for first, some in sources.items()}


def _atom(spelling: str, barred: str) -> str:
    text = re.escape(spelling)
    if spelling[-1].isascii() or spelling[-1] in "ωåμ":
        power = "" if spelling[-1] in "%0123456789" else r"(?:\^?[-−]?[1-4])?+"
        boundary = "" if spelling[-1] == "%" else r"(?![a-zω0-9])(?!-[a-z])"
        return text + power + boundary
    return f"{text}(?![{barred}])" if barred else text


def normal(spelling: str) -> str:
    """A spelling as normalised text shows it."""
    return unicodedata.normalize("NFKC", spelling).lower()


@lru_cache(maxsize=4096)
def unit(surface: str) -> Unit | None:
    """The unit written ``surface``, its capitals kept; None when it is none or not finite."""
    text = unicodedata.normalize("NFKC", surface).strip()
    if text in _ONLY_IN_COMPOUNDS:
        return None
    whole = _atoms().get(text)
    expression = whole or _compound(text)
    return _from_pint(expression) if expression else None


def _compound(text: str) -> str | None:
    """``W/(m·K)`` as pint reads it: after a slash all units divide."""
    factors, divides = [], False
    for slash, name, power in _PART.findall(text):
        divides = divides or bool(slash)
        expression = _atoms().get(name + power) or _spelled(name)
        power = "" if name + power in _atoms() else power
        if expression is None:
            return None
        exponent = int(power.replace("−", "-") or 1) * (-1 if divides else 1)
        factors.append(f"({expression})**({exponent})")
    return "*".join(factors) or None


def _spelled(name: str) -> str | None:
    """One unit. Single letters keep their case: 5G is not five grams."""
    exact = _atoms().get(name)
    return exact if exact or len(name) == 1 else _atoms_in_lower_case().get(name.lower())


@cache
def _atoms() -> dict[str, str]:
    return {unicodedata.normalize("NFKC", s): e for s, e, _ in reversed(unit_spellings())}


@cache
def _atoms_in_lower_case() -> dict[str, str]:
    return {normal(s): e for s, e, _ in reversed(unit_spellings())}


@cache
def _registry() -> "UnitRegistry[Any]":
    """The units of pint and ours; built on first need because it takes some 150 ms."""
    import pint

    registry: UnitRegistry[Any] = pint.UnitRegistry()
    registry.load_definitions(list(unit_definitions()))
    return registry


@lru_cache(maxsize=4096)
def _from_pint(expression: str) -> Unit | None:
    with _ONE_AT_A_TIME:
        base = _registry().parse_expression(expression).to_base_units()
    dimension, factor = _named(base.dimensionality), float(base.magnitude)
    return Unit(dimension, factor) if isfinite(factor) and factor > 0 else None


def _named(powers: Mapping[str, Any]) -> str:
    """A dimension: the same however a unit is written, as pint's own words for it are not."""
    ordered = ((name, float(power)) for name, power in sorted(powers.items()))
    parts = (name if power == 1.0 else f"{name} ** {power:g}" for name, power in ordered)
    return " * ".join(parts) or "dimensionless"
