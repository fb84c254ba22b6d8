"""Shares made readable: the terms of each candidate folded into phrases."""

from collections.abc import Callable, Sequence
from itertools import pairwise

import numpy as np

from matcher.ranking.nesting import Nesting
from matcher.ranking.shares import Shares
from matcher.records import Phrase
from matcher.text.places import Ints

Spellings = Callable[[Ints, Ints], Sequence[str]]
"""How records first write terms, by the numbers of both; "" where they do not."""


def fold(found: Shares, spellings: Spellings) -> list[tuple[Phrase, ...]]:
    """Put every term under the longest shared term that contains it; shares are only moved.

    The phrases of each candidate come strongest first.
    """
    nesting = Nesting.of(found.names[: found.of_terms.shape[1]])
    order, homes = nesting.homes(found.bounds, found.numbers, found.kinds)
    numbers = found.numbers[order]
    heads, head = np.unique(homes, return_inverse=True)
    shares = np.bincount(head, found.totals[order], len(heads)).tolist()
    members = [found.names[number] for number in numbers[np.argsort(head, kind="stable")].tolist()]
    ends = np.cumsum(np.bincount(head, minlength=len(heads))).tolist()
    names = [tuple(members[start:end]) for start, end in pairwise([0, *ends])]
    records = np.searchsorted(found.bounds, heads, "right") - 1
    texts = [
        text or inside[0]
        for text, inside in zip(spellings(records, numbers[heads]), names, strict=True)
    ]
    phrases = list(map(Phrase, texts, shares, names))
    firsts = np.searchsorted(heads, found.bounds).tolist()
    return [tuple(sorted(phrases[a:b], key=_strongest)) for a, b in pairwise(firsts)]


def _strongest(phrase: Phrase) -> tuple[float, str]:
    return -phrase.share, phrase.text
