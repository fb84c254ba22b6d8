"""Shares made readable: the terms of each candidate folded into phrases."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

import numpy as np

from matcher.ranking.made import Made
from matcher.ranking.marks import Marks
from matcher.ranking.nesting import Nested
from matcher.ranking.shares import Shares
from matcher.records import Phrase
from matcher.text.places import Ints


class Phrases(Made[Phrase]):
    """The phrases of one candidate, their ``texts`` and ``shares`` at hand."""

    def __init__(
        self,
        make: Callable[[int], Phrase],
        numbers: Sequence[int],
        texts: Sequence[str],
        shares: Sequence[float],
    ) -> None:
        super().__init__(make, numbers)
        self.texts, self.shares = texts, shares


def texts_and_shares(phrases: Sequence[Phrase]) -> tuple[Sequence[str], Sequence[float]]:
    """What most readers look at, without the phrases themselves."""
    if isinstance(phrases, Phrases):
        return phrases.texts, phrases.shares
    return [phrase.text for phrase in phrases], [phrase.share for phrase in phrases]


@dataclass(frozen=True)
class _Folded:
    """The h phrases of all candidates; ``heads`` (h,) says which of those in ``nested`` each is."""

    texts: list[str]
    shares: list[float]
    heads: Sequence[int]
    nested: Nested
    found: Shares

    def phrase(self, at: int) -> Phrase:
        return Phrase(self.texts[at], self.shares[at], self._terms[self.heads[at]])

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
    nested = Nested.of(marks.places.wanted, found.bounds, found.parts, found.totals)
    texts, shares = _texts(found, nested.heads, marks), nested.shares.tolist()
    ends, heads = nested.bounds.tolist(), range(len(texts))
    make = _Folded(texts, shares, _in_order(nested, texts, shares, ends), nested, found).phrase
    return [Phrases(make, heads[a:b], texts[a:b], shares[a:b]) for a, b in pairwise(ends)]


def _in_order(
    nested: Nested, texts: list[str], shares: Sequence[float], ends: Sequence[int]
) -> Sequence[int]:
    """Which head each phrase is, when equal ones of a record are in order of their ``texts``."""
    tied = np.flatnonzero(nested.is_tied).tolist()
    if not tied:
        return range(len(texts))
    heads = list(range(len(texts)))
    for record in tied:
        begin, end = ends[record : record + 2]
        heads[begin:end] = sorted(heads[begin:end], key=lambda at: (-shares[at], texts[at]))
        texts[begin:end] = [texts[at] for at in heads[begin:end]]
    return heads


def _texts(found: Shares, heads: Ints, marks: Marks) -> list[str]:
    """The terms that stand for phrases, as their records write them first."""
    parts = found.parts[heads]
    texts = marks.spelled(parts[:, 1])
    if len(found.names) > len(marks.terms):
        for at in np.flatnonzero(parts[:, 1] < 0).tolist():
            texts[at] = found.names[parts[at, 0]]
    return texts
