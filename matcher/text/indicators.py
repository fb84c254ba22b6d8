"""指标: every requirement of a demand beside the claim of an achievement that answers it."""

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Final

from matcher.records import Verdict
from matcher.text import properties
from matcher.text.comparison import compare
from matcher.text.lexicon.measures import company_words
from matcher.text.naming import traces
from matcher.text.quantities import Quantity, quantities

FIELDS: Final = ("indicators", "goal", "problem", "title", "text")
"""The fields of a demand that hold requirements, the ones meant for them first."""
STATED: Final = ("indicators", "goal")
"""Of these the ones in which a demand states what it requires.

There even 还有 80% is a requirement: what is to be left after a while.
"""
_MOST_REQUIREMENTS: Final = 1000
_MOST_CLAIMS: Final = 50_000
_MOST_TO_COMPARE: Final = 32
"""Claims of one kind that a requirement is held against; the first ones in the text count."""

_Key = tuple[str, str, str]
_Claim = tuple[str, Quantity]


@dataclass(frozen=True, slots=True)
class Indicator:
    """A requirement, the claim that comes closest to it if there is one, and the verdict."""

    required: Quantity
    required_field: str
    claimed: Quantity | None
    claimed_field: str | None
    verdict: Verdict


@dataclass(frozen=True, slots=True)
class Requirements:
    """What a demand asks for, each with its field.

    These are the quantities of ``indicators``, ``goal``, ``problem``, ``title`` and ``text`` that
    have a property, each once, at most 1,000; what a company tells of itself (注册资金) is left
    out, and so is what a problem tells of the present (还在 80 mg/L). ``keys`` are what the claims
    that answer each have in common with it, ``traces`` those of all their properties,
    ``unanswered`` their indicators where nothing answers.
    """

    asked: tuple[tuple[str, Quantity], ...]
    unanswered: tuple[Indicator, ...]
    keys: tuple[_Key, ...]
    traces: frozenset[str]

    @classmethod
    def of(cls, fields: Mapping[str, Sequence[Quantity]]) -> "Requirements":
        """Those among the quantities of a demand's fields."""
        asked = tuple(_requirements(fields))
        named = (traces(quantity.property, quantity.dimension) for _, quantity in asked)
        keys = tuple(_key(quantity) for _, quantity in asked)
        none = tuple(Indicator(one, field, None, None, "unknown") for field, one in asked)
        return cls(asked, none, keys, frozenset().union(*named))

    def beside(self, claimed: Mapping[str, Sequence[Quantity]]) -> list[Indicator]:
        """The indicators of a pairing from the claims of each field: unmet, met, then unknown.

        Unknown ones with a claim stand before those without. Requirements are held against at most
        32 claims each, out of the first 50,000: the cost grows with the sum of both sides, not with
        their product.
        """
        claims = _by_key(claimed, frozenset(self.keys))
        found = [
            _answered(one, claims[key]) if key in claims else one
            for one, key in zip(self.unanswered, self.keys, strict=True)
        ]
        return sorted(found, key=_rank)


def indicators(
    required: Mapping[str, Sequence[Quantity]], claimed: Mapping[str, Sequence[Quantity]]
) -> list[Indicator]:
    """The indicators of a pairing from the quantities of each field of both sides."""
    return Requirements.of(required).beside(claimed)


def indicators_of_texts(
    demand_texts: Mapping[str, str], achievement_texts: Mapping[str, str]
) -> list[Indicator]:
    """The indicators of two records given as field → text."""
    return indicators(
        {field: quantities(text) for field, text in demand_texts.items() if field in FIELDS},
        {field: quantities(text) for field, text in achievement_texts.items()},
    )


def _requirements(fields: Mapping[str, Sequence[Quantity]]) -> Iterator[_Claim]:
    seen: set[tuple[object, ...]] = set()
    for field in FIELDS:
        for quantity in fields.get(field, ()):
            if not quantity.property or _of_company().search(quantity.property):
                continue
            if quantity.is_present and field not in STATED:
                continue
            identity = _identity(quantity)
            if identity not in seen:
                seen.add(identity)
                yield field, quantity
            if len(seen) >= _MOST_REQUIREMENTS:
                return


@cache
def _of_company() -> re.Pattern[str]:
    return re.compile("|".join(map(re.escape, company_words())))


def _identity(quantity: Quantity) -> tuple[object, ...]:
    """What makes two requirements the same, wherever and however they are written."""
    return (
        properties.canonical(quantity.property),
        quantity.low,
        quantity.high,
        quantity.low_open,
        quantity.high_open,
        quantity.kind,
        quantity.dimension,
    )


def _key(quantity: Quantity) -> _Key:
    """Two quantities that can be compared share it: the same names end in the same characters."""
    return quantity.dimension, quantity.kind, properties.canonical(quantity.property)[-2:]


def _by_key(
    fields: Mapping[str, Sequence[Quantity]], wanted: Collection[_Key]
) -> dict[_Key, list[_Claim]]:
    claims: dict[_Key, list[_Claim]] = defaultdict(list)
    for field, quantity in _first(fields):
        if quantity.property and (key := _key(quantity)) in wanted:
            kept = claims[key]
            if len(kept) < _MOST_TO_COMPARE:
                kept.append((field, quantity))
    return claims


def _first(fields: Mapping[str, Sequence[Quantity]]) -> Iterable[_Claim]:
    count = 0
    for field, found in fields.items():
        for quantity in found:
            count += 1
            if count > _MOST_CLAIMS:
                return
            yield field, quantity


def _answered(unanswered: Indicator, claims: Sequence[_Claim]) -> Indicator:
    required = unanswered.required
    candidates = [
        (compare(required, claim), claim_field, claim)
        for claim_field, claim in claims
        if properties.same(required.property, claim.property)
    ]
    if not candidates:
        return unanswered
    verdict, claim_field, claim = min(candidates, key=lambda one: _distance(required, one))
    return Indicator(required, unanswered.required_field, claim, claim_field, verdict)


def _distance(required: Quantity, candidate: tuple[Verdict, str, Quantity]) -> tuple[int, int]:
    """The very property first, then the claim that settles most; ties keep the order of text."""
    verdict, _, claim = candidate
    one, other = properties.canonical(required.property), properties.canonical(claim.property)
    return abs(len(one) - len(other)), ("met", "unmet", "unknown").index(verdict)


def _rank(indicator: Indicator) -> int:
    if indicator.verdict == "unknown":
        return 2 if indicator.claimed else 3
    return 0 if indicator.verdict == "unmet" else 1
