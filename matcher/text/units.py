"""Units of measure as they are written, to dimension and factor. The only import of pint."""

import re
import unicodedata
from functools import cache, lru_cache
from math import isfinite
from threading import Lock
from typing import TYPE_CHECKING, Any, Final, NamedTuple

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
_SLASH: Final = re.compile(r"\s?/")


class Unit(NamedTuple):
    """``value * factor`` is in base units of ``dimension`` (temperature: degrees Celsius)."""

    dimension: str
    factor: float


def unit_end(text: str, start: int) -> int | None:
    """Where the unit that begins at ``start`` of normalised text ends, or None if none does.

    Compounds such as ``w/(m·k)`` are one unit of at most five parts.
    """
    atom = _atom_pattern()
    found = atom.match(text, start)
    if not found:
        return None
    for _ in range(4):
        joint = _JOINT.match(text, found.end())
        further = joint and atom.match(text, joint.end())
        if not joint or not further:
            break
        found = further
    end = found.end()
    if "(" in text[start:end]:
        return end + 1 if text.startswith(")", end) else None
    # A slash that leads to no unit belongs to a unit not known here: N/5cm is not N.
    return None if _SLASH.match(text, end) else end


@cache
def _atom_pattern() -> re.Pattern[str]:
    spelled = {normal(s): barred for s, _, barred in reversed(unit_spellings())}
    longest_first = sorted(spelled, key=lambda s: (-len(s), s))
    return re.compile("|".join(_atom(s, spelled[s]) for s in longest_first))


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
    dimension, factor = str(base.dimensionality), float(base.magnitude)
    return Unit(dimension, factor) if isfinite(factor) and factor > 0 else None
