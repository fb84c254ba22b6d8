"""The documents that pass some filters, by term, once they were asked for often enough.

No bound of a block helps where a filter leaves one document in it: the bounds are those of the
others. So documents strewn at random are gathered in the end, and then gone through alone.
"""

# mypy: disable-error-code="no-untyped-call"
from dataclasses import dataclass
from typing import Any, Final, NamedTuple, Self

import numpy as np
from numpy.typing import NDArray

from matcher.compiled import compiled
from matcher.index.lists import CHUNK, Lists, best_by_term
from matcher.index.postings import BLOCK, Floats, Found, Ints, Longs, Postings, Words, strongest
from matcher.index.rows import gather

_ROW_COST: Final = 6000
"""To gather a row takes as long as to go through so many postings; measured."""


class Narrowed(NamedTuple):
    """Some n documents of a segment as lists of their own, of the U terms that they have."""

    numbers: Ints
    """(n,): what they are in the segment, ascending."""
    terms: Ints
    """(U,): the segment's, ascending."""
    ranks: Ints
    """(n up to whole blocks,): the order of their ids."""
    starts: Longs
    places: NDArray[np.uint16]
    weights: Floats
    """As in ``Lists``."""

    @classmethod
    def of(cls, postings: Postings, numbers: Ints, sizes: Longs, ranks: Ints) -> Self:
        """``sizes`` (n,) are the terms of each; ``ranks`` are those of the whole segment."""
        rows = gather(numbers.astype(np.int64), sizes, *postings)
        padding = np.zeros(-len(numbers) % BLOCK, dtype=np.int32)
        own = np.concatenate([ranks[numbers], padding])
        terms, starts, places, weights = _transposed(*rows, len(postings.scales))
        return cls(numbers, terms, own, starts, places, weights)

    def best(self, terms: Ints, weights: Floats, k: int, passing: Words, scales: Floats) -> Found:
        """What ``kernel.search`` finds among them."""
        return Found(*_search(terms, weights, k, passing, scales, *self))


@dataclass(slots=True)
class Mask:
    """Which documents pass some filters, and what it has taken to search under them."""

    words: Words
    documents: int
    """How many pass."""
    spent: int = 0
    """Postings gone through, or what took as long."""
    narrowed: Narrowed | None = None

    @classmethod
    def of(cls, words: Words) -> Self:
        """A mask under which nobody has searched."""
        return cls(words, int(np.bitwise_count(words).sum()))

    @property
    def is_worn(self) -> bool:
        """Whether to gather the documents that pass would have taken no longer than that."""
        return self.documents > 0 and self.spent >= _ROW_COST * self.documents

    def forget(self) -> None:
        """Go back to what it was when it was new."""
        self.spent, self.narrowed = 0, None


def members(mask: Mask, documents: int) -> Ints:
    """The numbers of the documents that pass, ascending."""
    bits = np.unpackbits(mask.words.view(np.uint8), bitorder="little")
    return np.flatnonzero(bits[:documents]).astype(np.int32)


@compiled()
def _transposed(
    ends: Longs, terms: Ints, weights: Floats, n_terms: int
) -> tuple[Ints, Longs, NDArray[np.uint16], Floats]:
    """The terms of some rows, and their postings as in ``Lists``."""
    numbers = np.zeros(n_terms, dtype=np.int32)
    for term in terms:
        numbers[term] = 1
    known = np.flatnonzero(numbers).astype(np.int32)
    for number in range(len(known)):
        numbers[known[number]] = number
    counts = np.zeros((len(known), (len(ends) + CHUNK - 2) // CHUNK + 1), dtype=np.int64)
    for row in range(len(ends) - 1):
        for at in range(ends[row], ends[row + 1]):
            counts[numbers[terms[at]], row // CHUNK + 1] += 1
    starts = np.cumsum(counts).reshape(counts.shape)
    places, values = np.empty(len(terms), np.uint16), np.empty(len(terms), np.float32)
    to = starts.copy()
    for row in range(len(ends) - 1):
        for at in range(ends[row], ends[row + 1]):
            spot = to[numbers[terms[at]], row // CHUNK]
            to[numbers[terms[at]], row // CHUNK] = spot + 1
            places[spot], values[spot] = row % CHUNK, weights[at]
    return known, starts, places, values


@compiled()
def _search(
    terms: Ints, weights: Floats, k: int, passing: Words, scales: Floats, *arrays: NDArray[Any]
) -> tuple[Ints, Floats, int, int]:
    """The best of the documents that are in ``passing`` too, by their numbers in the segment."""
    narrowed = Narrowed(*arrays)
    order = strongest(weights * scales[terms])
    places = np.searchsorted(narrowed.terms, terms)
    own, shares, count = np.empty_like(terms), np.empty_like(weights), 0
    for i in order:
        if places[i] < len(narrowed.terms) and narrowed.terms[places[i]] == terms[i]:
            own[count], shares[count] = places[i], weights[i]
            count += 1
    lists = Lists(narrowed.starts, narrowed.places, narrowed.weights)
    among = words_among(narrowed.numbers, passing)
    found, scores, blocks, touched = best_by_term(
        lists, own[:count], shares[:count], k, among, narrowed.ranks
    )
    return narrowed.numbers[found], scores, blocks, touched


@compiled()
def words_among(numbers: Ints, passing: Words) -> Words:
    """Which of these documents pass: one bit each."""
    words = np.zeros((len(numbers) + BLOCK - 1) // BLOCK, dtype=np.uint64)
    for i in range(len(numbers)):
        bit = passing[numbers[i] >> 6] >> np.uint64(numbers[i] & 63) & np.uint64(1)
        words[i >> 6] |= bit << np.uint64(i & 63)
    return words
