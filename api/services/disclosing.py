"""What in a demand, as it is being typed, would give its enterprise away."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from api.security.disclosure import Own, found
from matcher.records import Demand, Span

FIELDS: Final = ("title", "problem", "indicators", "goal", "keywords")
"""What the public may read of a demand."""
_WHO: Final = ("organisation", "contact", "phone")
LONGEST: Final = 5_000
"""Characters of a field that are looked at."""


@dataclass(frozen=True, slots=True)
class Giveaway:
    """One place: in which field, where, what it says, and what to write instead."""

    field: str
    span: Span
    text: str
    advice: str


def giveaways_of(demand: Demand) -> list[Giveaway]:
    """The same of a demand that was sent in; places in keywords count in ``joined`` ones."""
    typed = {name: getattr(demand, name) or "" for name in (*FIELDS, *_WHO)}
    return list(giveaways(typed | {"keywords": joined(demand.keywords)}))


def joined(keywords: Sequence[str]) -> str:
    """Keywords as one text."""
    return "、".join(keywords)


def giveaways(typed: Mapping[str, str]) -> Iterator[Giveaway]:
    """All places, field by field in reading order; nothing is stored."""
    own = Own(typed.get("organisation"), typed.get("contact"), typed.get("phone"))
    for field in FIELDS:
        text = typed.get(field, "")[:LONGEST]
        for place in found(text, own):
            start, end = place.span
            yield Giveaway(field, place.span, text[start:end], place.advice)
