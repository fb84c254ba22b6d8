"""Shares made readable: the terms of each candidate folded into phrases."""

from collections.abc import Callable, Sequence
from functools import cache
from itertools import pairwise

import numpy as np

from matcher.ranking.made import Made
from matcher.ranking.nesting import Nesting
from matcher.ranking.shares import Floats, Shares
from matcher.records import Phrase
from matcher.text.places import Ints

Spellings = Callable[[Ints, Ints], Sequence[str]]
"""How records first write terms, by the numbers of both; "" where they do not."""


class Phrases(Made[Phrase]):
    """The phrases of one candidate; ``shares`` are theirs."""

    def __init__(
        self, make: Callable[[int], Phrase], numbers: Sequence[int], shares: Sequence[float]
    ) -> None:
        super().__init__(make, numbers)
        self.shares = shares


def rest(phrases: Sequence[Phrase], shown: int) -> float:
    """What all but the first ``shown`` add up to."""
    if isinstance(phrases, Phrases):
        return sum(phrases.shares[shown:])
    return sum(phrase.share for phrase in phrases[shown:])


def fold(found: Shares, spellings: Spellings) -> list[Phrases]:
    """Put every term under the longest shared term that contains it; shares are only moved.

    The phrases of each candidate come strongest first, equal ones in order of their texts.
    """
    nesting = Nesting.of(found.names[: found.of_terms.shape[1]])
    order, homes = nesting.homes(found.bounds, found.numbers, found.kinds)
    numbers = found.numbers[order]
    heads = np.flatnonzero(homes == np.arange(len(homes)))
    head = np.searchsorted(heads, homes)
    shares = np.bincount(head, found.totals[order], len(heads)).astype(np.float64)
    members = numbers[np.argsort(head, kind="stable")].tolist()
    ends = [0, *np.cumsum(np.bincount(head, minlength=len(heads))).tolist()]
    records = np.searchsorted(found.bounds, heads, "right") - 1
    spelled, values, names = spellings(records, numbers[heads]), shares.tolist(), found.names

    @cache
    def phrase(at: int) -> Phrase:
        inside = tuple(names[number] for number in members[ends[at] : ends[at + 1]])
        return Phrase(spelled[at] or inside[0], values[at], inside)

    ranked = _strongest(records, shares, phrase)
    values_ranked = shares[ranked].tolist()
    firsts = np.searchsorted(heads, found.bounds).tolist()
    numbers_ranked = ranked.tolist()
    return [Phrases(phrase, numbers_ranked[a:b], values_ranked[a:b]) for a, b in pairwise(firsts)]


def _strongest(records: Ints, shares: Floats, phrase: Callable[[int], Phrase]) -> Ints:
    """The order of phrases in each record."""
    order = np.lexsort((-shares, records))
    tied = (np.diff(records[order]) == 0) & (np.diff(shares[order]) == 0.0)
    begins = np.flatnonzero(tied & ~np.append(False, tied[:-1]))
    lasts = np.flatnonzero(tied & ~np.append(tied[1:], False)) + 1
    for first, last in zip(begins.tolist(), lasts.tolist(), strict=True):
        alike = order[first : last + 1].tolist()
        order[first : last + 1] = sorted(alike, key=lambda at: phrase(at).text)
    return order
