"""The words of the diagnosis. Each file says how it is written; # begins a comment."""

import re
from collections.abc import Iterator
from functools import cache, partial
from pathlib import Path
from typing import Final, NamedTuple

from matcher.text.lexicon import lines

_lines: Final = partial(lines, Path(__file__).parent)
_HEADING: Final = re.compile(r"\[(\w+)(?: (demand|achievement|both))?\] ?(\S*)")


class Spoken(NamedTuple):
    """Something that texts may say: whose texts are read, how people are told, and the words."""

    side: str
    label: str
    words: re.Pattern[str]


class Denied(NamedTuple):
    """What takes words back, if it ends where they begin or begins where they end."""

    before: re.Pattern[str]
    after: re.Pattern[str]


@cache
def spoken() -> dict[str, Spoken]:
    """All signs in words, by name."""
    return {
        name: Spoken(side, label, re.compile("|".join(words)))
        for name, side, label, words in _sections("signs.txt")
    }


@cache
def denied() -> Denied:
    """What takes words back."""
    found = {name: "|".join(words) for name, _, _, words in _sections("denied.txt")}
    return Denied(re.compile(f"(?:{found['before']})$"), re.compile(found["after"]))


@cache
def steering() -> dict[str, str]:
    """For each blocker the words by which resources for anybody are looked for."""
    return {label: " ".join(words) for _, _, label, words in _sections("steering.txt")}


@cache
def novelty() -> dict[str, re.Pattern[str]]:
    """What tells a policy for first sets, and an achievement and a demand that may be about one."""
    return {name: re.compile("|".join(words)) for name, _, _, words in _sections("novelty.txt")}


def rows(name: str) -> Iterator[list[str]]:
    """The rows of a table, as its columns between bars."""
    return ([cell.strip() for cell in line.split("|")] for line in _lines(name))


def _sections(name: str) -> Iterator[tuple[str, str, str, list[str]]]:
    """Name, side and label of each heading, with the words beneath it."""
    sections: list[tuple[str, str, str, list[str]]] = []
    for line in _lines(name):
        if heading := _HEADING.fullmatch(line):
            sections.append((heading[1], heading[2] or "", heading[3], []))
        else:
            sections[-1][-1].extend(line.split())
    return iter(sections)
