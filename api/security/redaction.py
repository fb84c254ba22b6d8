"""The public view of a demand: who sent it is hidden, in its fields and in its texts."""

from collections.abc import Iterator
from dataclasses import replace
from functools import lru_cache
from typing import Final

from api.security.disclosure import Own, found
from matcher.records import Demand

HIDDEN: Final = "〔已隐去〕"
"""Stands where something was hidden; what is on either side of it is looked at apart."""


@lru_cache(maxsize=4096)  # lists show the same demands again and again
def public_demand(demand: Demand) -> Demand:
    """The same demand without organisation, contact and phone, and with public texts.

    A keyword of which nothing remains is left out. Never raises; its own answer it returns equal.
    """
    own = Own.of(demand)
    keywords = ((word, public_text(word, own)) for word in demand.keywords)
    return replace(
        demand,
        title=public_text(demand.title, own),
        problem=public_text(demand.problem, own),
        indicators=public_text(demand.indicators, own),
        goal=public_text(demand.goal, own),
        keywords=tuple(
            public for word, public in keywords if public == word or _says_something(public)
        ),
        organisation=None,
        contact=None,
        phone=None,
    )


def public_title(demand: Demand) -> str:
    """The title of the same: what a list or a search of many shows; nothing is kept."""
    return public_text(demand.title, Own.of(demand))


def public_text(text: str, own: Own | None = None) -> str:
    """``text`` with ``HIDDEN`` in place of all that gives somebody away; any text, never raises.

    Hiding again changes nothing, and a text in which nothing is found is returned as it is.
    """
    return HIDDEN.join(_joined(text.split(HIDDEN), own))


def _joined(parts: list[str], own: Own | None) -> Iterator[str]:
    """The parts that remain of each part, once nothing is found in any of them.

    What surrounds a place decides what it is, so whatever is left of a part is looked at again.
    """
    waiting = parts[::-1]
    while waiting:
        part = waiting.pop()
        rest = _rest(part, own)
        if len(rest) == 1:
            yield part
        else:
            waiting.extend(reversed(rest))


def _rest(text: str, own: Own | None) -> list[str]:
    """What stands between the places that give somebody away; those that touch count as one."""
    rest: list[str] = []
    at = 0
    for place in found(text, own):
        start, end = place.span
        if start > at or not rest:
            rest.append(text[at:start])
        at = end
    return [*rest, text[at:]]


def _says_something(keyword: str) -> bool:
    return any(map(str.isalnum, keyword.replace(HIDDEN, "")))
