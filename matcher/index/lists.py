"""Exact top-k by going through all postings of a query's terms: compiled.

A long query, a demand of a few hundred terms, gives nearly every block a bound that cannot be
passed over, and to find its terms in each block is then what takes the time. So the postings of a
segment of moderate size are kept by term as well, in chunks of documents whose scores fit into the
cache of a core.
"""

# mypy: disable-error-code="no-untyped-call"
from typing import Any, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from matcher.compiled import compiled
from matcher.index.blocks import highest_of_all
from matcher.index.heaps import keep, ranking
from matcher.index.postings import (
    BLOCK,
    Floats,
    Ints,
    Longs,
    Postings,
    Words,
    group_shift,
    strongest,
)

CHUNK: Final = 1 << 14
"""Documents of a chunk."""
PER_CHUNK: Final = CHUNK // BLOCK
"""Blocks of one."""


class Lists(NamedTuple):
    """P postings of T terms in C chunks, by term and of each by chunk."""

    starts: Longs
    """(T, C + 1): where those of each chunk begin, and behind the last, where that ends."""
    places: NDArray[np.uint16]
    """(P,): the document of each, counted within its chunk, ascending for each term."""
    weights: Floats
    """(P,)"""

    @classmethod
    def of(cls, postings: Postings) -> "Lists":
        """The same postings in another order."""
        return cls(*listed(*postings))


@compiled()
def listed(*arrays: NDArray[Any]) -> tuple[Longs, NDArray[np.uint16], Floats]:
    """The arrays of ``Lists``."""
    postings = Postings(*arrays)
    terms = np.empty(len(postings.weights), dtype=np.int32)
    starts = counted(postings, np.ones(len(postings.scales), dtype=np.bool_), terms)
    total = starts[-1, -1] if starts.size else 0
    places = np.empty(total, dtype=np.uint16)
    weights = np.empty(total, dtype=np.float32)
    ends = starts.copy()
    for block in range(len(postings.starts) - 1):
        chunk, first = block // PER_CHUNK, block % PER_CHUNK * BLOCK
        for at in range(postings.starts[block], end_of(postings, block)):
            to = ends[terms[at], chunk]
            ends[terms[at], chunk] = to + 1
            places[to] = first + postings.places[at]
            weights[to] = postings.weights[at]
    return starts, places, weights


@compiled()
def counted(postings: Postings, is_listed: NDArray[np.bool_], terms: Ints) -> Longs:
    """Write the term of each posting; ``starts`` (T, C + 1) of lists of those terms alone."""
    n_terms, n_blocks = len(postings.scales), len(postings.starts) - 1
    shift = group_shift(n_terms, postings.groups.shape[1] - 1)
    counts = np.zeros((n_terms, -(-n_blocks // PER_CHUNK) + 1), dtype=np.int64)
    for block in range(n_blocks):
        for at in range(postings.starts[block], name_postings(postings, block, shift, terms)):
            counts[terms[at], block // PER_CHUNK + 1] += is_listed[terms[at]]
    return np.cumsum(counts).reshape(counts.shape)


@compiled()
def end_of(postings: Postings, block: int) -> int:
    """Where the postings of a block end; behind those of the last one is padding."""
    return int(postings.starts[block] + postings.groups[block, -1, 1])


@compiled()
def name_postings(postings: Postings, block: int, shift: int, terms: Ints) -> int:
    """Write the term of each posting of a block; where they end."""
    groups, first, group, run = postings.groups[block], postings.runs[block], 0, 0
    end = end_of(postings, block)
    for at in range(postings.starts[block], end):
        while groups[group + 1, 0] <= run:
            group += 1
        terms[at] = (group << shift) + postings.terms[first + run]
        run += int(postings.ends[at >> 6] >> np.uint64(at & 63) & np.uint64(1))
    return end


@compiled()
def search_lists(
    terms: Ints,
    weights: Floats,
    k: int,
    passing: Words,
    ranks: Ints,
    scales: Floats,
    *arrays: NDArray[Any],
) -> tuple[Ints, Floats, int, int]:
    """What ``kernel.search`` finds: products are added in the same order, so to the same sums."""
    order = strongest(weights * scales[terms])
    return best_by_term(Lists(*arrays), terms[order], weights[order], k, passing, ranks)


@compiled()
def best_by_term(
    lists: Lists, terms: Ints, weights: Floats, k: int, passing: Words, ranks: Ints
) -> tuple[Ints, Floats, int, int]:
    """The same for terms in order, the strongest first."""
    best = np.empty(k, dtype=np.float32)
    found = np.empty(k, dtype=np.int32)
    scores = np.empty(CHUNK, dtype=np.float64)
    count, blocks, touched = 0, 0, 0
    for chunk in range(lists.starts.shape[1] - 1):
        touched += add_up(lists, chunk, terms, weights, scores)
        first = chunk * PER_CHUNK
        for block in range(first, min(first + PER_CHUNK, len(passing))):
            part = scores[(block - first) * BLOCK : (block - first + 1) * BLOCK]
            blocks += 1
            if passing[block] and (count < k or np.float32(highest_of_all(part)) >= best[0]):
                count = keep(part, block, passing[block], ranks, k, best, found, count)
    order = ranking(best[:count], ranks[found[:count]])
    return found[:count][order], best[:count][order], blocks, touched


@compiled()
def add_up(
    lists: Lists, chunk: int, terms: Ints, weights: Floats, scores: NDArray[np.float64]
) -> int:
    """Fill ``scores`` with the exact scores of a chunk; how many postings that took."""
    scores[:] = 0.0
    touched, places, values = 0, lists.places, lists.weights
    for i in range(len(terms)):
        weight = np.float64(weights[i])
        first, end = lists.starts[terms[i], chunk], lists.starts[terms[i], chunk + 1]
        for at in range(first, end):
            scores[places[at]] += weight * values[at]
        touched += end - first
    return touched
