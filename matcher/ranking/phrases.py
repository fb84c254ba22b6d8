"""Shares made readable: the terms of each candidate folded into phrases."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import Final

import numpy as np

from matcher.ranking.made import Made
from matcher.ranking.marks import Marks
from matcher.ranking.nesting import Nested
from matcher.ranking.shares import Shares
from matcher.records import Phrase
from matcher.text.traced import Ints

AT_HAND: Final = 12
"""Phrases of a candidate that an answer shows one by one."""


class Phrases(Made[Phrase]):
    """The phrases of one candidate, of which the strongest are at hand."""

    def __init__(
        self,
        folded: "_Folded",
        numbers: range,
        texts: Sequence[str],
        shares: Sequence[float],
        rest: float,
    ) -> None:
        super().__init__(folded.phrase, numbers)
        self.folded, self.strongest = folded, (texts, shares, rest)
        self.at = slice(numbers.start, numbers.stop)


def texts_and_shares(phrases: Sequence[Phrase]) -> tuple[Sequence[str], Sequence[float]]:
    """What most readers look at, without the phrases themselves."""
    if isinstance(phrases, Phrases):
        return phrases.folded.read(phrases.at)
    return [phrase.text for phrase in phrases], [phrase.share for phrase in phrases]


def strongest(phrases: Sequence[Phrase]) -> tuple[Sequence[str], Sequence[float], float]:
    """The same of the first ``AT_HAND``, and what the shares of the others add up to."""
    if isinstance(phrases, Phrases):
        return phrases.strongest
    texts, shares = texts_and_shares(phrases)
    return texts[:AT_HAND], shares[:AT_HAND], sum(shares[AT_HAND:])


@dataclass(frozen=True)
class _Folded:
    """The h phrases of all candidates, their texts and shares made when somebody looks."""

    nested: Nested
    found: Shares
    marks: Marks

    def phrase(self, at: int) -> Phrase:
        return Phrase(self.texts[at], self.shares[at], self._terms[self._heads[at]])

    def read(self, at: slice) -> tuple[list[str], list[float]]:
        """The texts and shares of one candidate, without those of the others."""
        nested = self.nested
        texts = self.texts[at] if nested.is_tied.any() else self.spelled(nested.heads[at])
        return texts, nested.shares[at].tolist()

    def spelled(self, heads: Ints) -> list[str]:
        """Terms that stand for phrases, as their records write them first."""
        parts = self.found.parts[heads]
        texts = self.marks.spelled(parts[:, 1])
        if len(self.found.names) > len(self.marks.terms):
            for at in np.flatnonzero(parts[:, 1] < 0).tolist():
                texts[at] = self.found.names[parts[at, 0]]
        return texts

    @cached_property
    def shares(self) -> list[float]:
        found: list[float] = self.nested.shares.tolist()
        return found

    @cached_property
    def texts(self) -> list[str]:
        return [self._spelled[at] for at in self._heads]

    @cached_property
    def _spelled(self) -> list[str]:
        return self.spelled(self.nested.heads)

    @cached_property
    def _heads(self) -> list[int]:
        """Which of the heads each phrase is, equal ones of a record in order of their texts."""
        heads, shares, ends = list(range(len(self.shares))), self.shares, self.nested.bounds
        tied = np.flatnonzero(self.nested.is_tied)
        texts = self._spelled if len(tied) else []
        for begin, end in zip(ends[tied].tolist(), ends[tied + 1].tolist(), strict=True):
            heads[begin:end] = sorted(heads[begin:end], key=lambda at: (-shares[at], texts[at]))
        return heads

    @cached_property
    def _terms(self) -> list[tuple[str, ...]]:
        """What is under each head, longest first."""
        members = self.nested.order[np.argsort(self.nested.homes, kind="stable")]
        names = [self.found.names[number] for number in self.found.parts[members, 0].tolist()]
        ends = np.bincount(self.nested.homes).cumsum().tolist()
        return [tuple(names[start:end]) for start, end in pairwise([0, *ends])]


def fold(found: Shares, marks: Marks) -> list[Phrases]:
    """Put every term under the longest shared term that contains it; shares are only moved.

    The phrases of each candidate come strongest first, equal ones in order of their texts.
    """
    nested = Nested.of(marks.places.wanted, found.bounds, found.parts, found.totals, AT_HAND)
    folded, first = _Folded(nested, found, marks), nested.first
    shares = nested.shares[first].tolist()
    if nested.is_tied.any():
        texts = [folded.texts[at] for at in first.tolist()]
    else:
        texts = folded.spelled(nested.heads[first])
    phrases, start = [], 0
    for (a, b), rest in zip(pairwise(nested.bounds.tolist()), nested.rests.tolist(), strict=True):
        end = start + min(b - a, AT_HAND)
        phrases.append(Phrases(folded, range(a, b), texts[start:end], shares[start:end], rest))
        start = end
    return phrases
