"""What in a demand, as it is being typed, would give its enterprise away."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from api.security.disclosure import Own, found
from matcher.records import Span

FIELDS: Final = ("title", "problem", "indicators", "goal", "keywords")
"""What the public may read of a demand."""
LONGEST: Final = 5_000
"""Characters of a field that are looked at."""


@dataclass(frozen=True, slots=True)
class Giveaway:
    """One place: in which field, where, what it says, and what to write instead."""

    field: str
    span: Span
    text: str
    advice: str


def giveaways(typed: Mapping[str, str]) -> Iterator[Giveaway]:
    """All places, field by field in reading order; nothing is stored."""
    own = Own(typed.get("organisation"), typed.get("contact"), typed.get("phone"))
    for field in FIELDS:
        text = typed.get(field, "")[:LONGEST]
        for place in found(text, own):
            start, end = place.span
            yield Giveaway(field, place.span, text[start:end], place.advice)
