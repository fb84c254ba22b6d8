"""The rules of the coach as word lists. Each file says how it is written; # begins a comment."""

import re
from functools import cache, partial
from pathlib import Path
from typing import Final, NamedTuple

from matcher.text.lexicon import lines

_lines: Final = partial(lines, Path(__file__).parent)
_SIGN: Final = re.compile(r"\[(\w+)\] (\S+)")


class Sign(NamedTuple):
    """Something that texts can speak of: how people are told of it, and the words that show it."""

    label: str
    words: re.Pattern[str]


class Vagueness(NamedTuple):
    """Words that promise without a measure, and what to write instead."""

    words: re.Pattern[str]
    advice: str


class Property(NamedTuple):
    """How a property is usually required; ``bound`` is ≥, ≤ or, where either may be meant, ~."""

    name: str
    bound: str
    unit: str


@cache
def signs() -> dict[str, Sign]:
    """All signs by name."""
    labels: dict[str, str] = {}
    words: dict[str, list[str]] = {}
    name = ""
    for line in _lines("signs.txt"):
        if heading := _SIGN.fullmatch(line):
            name, labels[heading[1]] = heading[1], heading[2]
        else:
            words.setdefault(name, []).extend(line.split())
    return {name: Sign(labels[name], _any(found)) for name, found in words.items()}


@cache
def vagueness() -> tuple[Vagueness, ...]:
    """All vague words, those of one advice together."""
    found: list[Vagueness] = []
    words: list[str] = []
    for line in _lines("vague.txt"):
        if line.startswith("=> "):
            found.append(Vagueness(_any(words), line.removeprefix("=> ")))
            words = []
        else:
            words.extend(line.split())
    return tuple(found)


@cache
def generic_words() -> frozenset[str]:
    """Words that say nothing of what a demand is about."""
    return frozenset(word for line in _lines("generic.txt") for word in line.split())


@cache
def usual_properties() -> dict[str, Property]:
    """Properties by name."""
    rows = (line.split() for line in _lines("properties.txt"))
    return {name: Property(name, bound, unit) for bound, unit, *names in rows for name in names}


@cache
def property_names() -> re.Pattern[str]:
    """Any of them in normalised text, the longest first."""
    return re.compile("|".join(sorted(usual_properties(), key=lambda name: (-len(name), name))))


def _any(words: list[str]) -> re.Pattern[str]:
    return re.compile("|".join(words))
