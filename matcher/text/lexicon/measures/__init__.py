"""Word lists about measuring. A folder of its own: models name the hash of the lists above it."""

from functools import cache, partial
from pathlib import Path
from typing import Final

from matcher.text.lexicon import lines

_lines: Final = partial(lines, Path(__file__).parent)


@cache
def unit_definitions() -> tuple[str, ...]:
    """Definitions in the language of pint, for what pint does not know."""
    return _lines("definitions.txt")


@cache
def unit_spellings() -> tuple[tuple[str, str, str], ...]:
    """``(spelling, pint expression, characters that must not follow)`` for every spelling."""
    found: list[tuple[str, str, str]] = []
    for line in _lines("units.txt"):
        expression, *spellings = line.split()
        parts = (spelling.partition("!") for spelling in spellings)
        found.extend((spelling, expression, barred) for spelling, _, barred in parts)
    return tuple(found)


@cache
def synonyms() -> dict[str, str]:
    """Names of properties that mean one thing, each with the first of its group."""
    groups = (line.split() for line in _lines("synonyms.txt"))
    return {name: group[0] for group in groups for name in group}


@cache
def generic_properties() -> frozenset[str]:
    """Names too general to stand for a longer name that ends with them."""
    return frozenset(word for line in _lines("generic.txt") for word in line.split())


@cache
def less_is_better() -> tuple[str, ...]:
    """Endings of properties of which people want less."""
    return tuple(word for line in _lines("less_is_better.txt") for word in line.split())


@cache
def more_is_better() -> tuple[str, ...]:
    """Endings of properties of which people want more."""
    return tuple(word for line in _lines("more_is_better.txt") for word in line.split())


@cache
def company_words() -> tuple[str, ...]:
    """Words in names of what a company tells of itself: 注册资金, 专利."""
    return tuple(word for line in _lines("company.txt") for word in line.split())
