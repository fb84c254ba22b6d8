"""Exact top-k for a long query in a large segment: coarse scores first, exact ones where it counts.

The rows of the k documents with the best coarse scores, which ranking asks for in any case, give
their exact scores. Few others have a coarse score that reaches the worst of these; they are looked
for by block.
"""

# mypy: disable-error-code="no-untyped-call"
from typing import Any

import numpy as np
from numpy.typing import NDArray

from matcher.compiled import compiled
from matcher.index.adding import coarse_scores
from matcher.index.blocks import STEP, highest_of, score
from matcher.index.coarse import Coarse
from matcher.index.heaps import keep, ranking, rise
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
from matcher.index.rows import gather, taken


@compiled()
def search_coarse(
    terms: Ints,
    weights: Floats,
    k: int,
    passing: Words,
    ranks: Ints,
    sizes: NDArray[np.uint16],
    columns: Ints,
    *arrays: NDArray[Any],
) -> tuple[Ints, Floats, int, int, tuple[Ints, Ints, Floats]]:
    """What ``kernel.search`` finds, and the rows of that: where they begin, columns, weights.

    ``sizes`` (n,) and ``columns`` (T,) are those of the segment. ``arrays`` are those of
    ``Coarse``, then those of ``Postings``.
    """
    own, stored = arrays[:5], arrays[5:]
    coarse, postings = Coarse(*own), Postings(*stored)
    shares = weights * postings.scales[terms]
    order = strongest(shares)
    terms, weights = terms[order], weights[order]
    scores = np.empty(coarse.dense.shape[1], dtype=np.float32)
    touched = coarse_scores(coarse, terms, shares[order], scores)
    best, found = np.empty(k, dtype=np.float32), np.empty(k, dtype=np.int32)
    chosen, bounds = likeliest(scores, passing, ranks, best, found)
    rows = gather(chosen, sizes[chosen].astype(np.int64), *stored)
    exact = exact_scores(*rows, terms, weights, len(postings.scales))
    count = put(chosen, exact, ranks, best, found)
    others = without(passing, chosen, scores, bounds)
    count, blocks, work = look_up(
        postings, terms, weights, bounds, others, ranks, best, found, count
    )
    order = ranking(best[:count], ranks[found[:count]])
    found, best = found[:count][order], best[:count][order]
    kept = taken(found, chosen, rows, sizes, columns, *stored)
    return found, best, blocks, touched + work, kept


@compiled()
def likeliest(
    scores: Floats, passing: Words, ranks: Ints, best: Floats, found: Ints
) -> tuple[Longs, Floats]:
    """The documents that may be found with the best of these scores, and the best of each block.

    As many as ``best`` (k,) has room for, which is room to work in, as ``found`` is.
    """
    bounds, count = np.empty(len(passing), dtype=np.float32), 0
    for block in range(len(passing)):
        part = scores[block * BLOCK : (block + 1) * BLOCK]
        bounds[block] = highest_of(part, passing[block])
        if count < len(best) or bounds[block] >= best[0]:
            count = keep(part, block, passing[block], ranks, len(best), best, found, count)
    return found[:count].astype(np.int64), bounds


@compiled()
def exact_scores(
    ends: Longs, columns: Ints, values: Floats, terms: Ints, weights: Floats, n_terms: int
) -> NDArray[np.float64]:
    """The scores of some rows, their products added up in the order of ``terms``."""
    places = np.full(n_terms, len(terms), dtype=np.int64)  # one behind the last for the others
    places[terms] = np.arange(len(terms))
    factors = np.append(weights.astype(np.float64), 0.0)
    products = np.empty(len(factors), dtype=np.float64)
    scores = np.zeros(len(ends) - 1, dtype=np.float64)
    for row in range(len(scores)):
        products[:] = 0.0
        for at in range(ends[row], ends[row + 1]):
            place = places[columns[at]]
            products[place] = factors[place] * values[at]
        for product in products:
            scores[row] += product
    return scores


@compiled()
def put(
    documents: Longs, scores: NDArray[np.float64], ranks: Ints, best: Floats, found: Ints
) -> int:
    """Make a heap of the documents whose score is above 0; its size."""
    count = 0
    for i in range(len(documents)):
        value = np.float32(scores[i])
        if value > 0.0:
            best[count], found[count] = value, documents[i]
            rise(best, found, ranks, count)
            count += 1
    return count


@compiled()
def without(passing: Words, chosen: Longs, scores: Floats, bounds: Floats) -> Words:
    """Which others may be found; ``bounds`` become theirs."""
    others = passing.copy()
    for document in chosen:
        others[document >> 6] &= ~(np.uint64(1) << np.uint64(document & 63))
    for block in chosen // BLOCK:
        bounds[block] = highest_of(scores[block * BLOCK : (block + 1) * BLOCK], others[block])
    return others


@compiled()
def look_up(
    postings: Postings,
    terms: Ints,
    weights: Floats,
    bounds: Floats,
    others: Words,
    ranks: Ints,
    best: Floats,
    found: Ints,
    count: int,
) -> tuple[int, int, int]:
    """Put into the heap what is better in blocks whose bounds reach it; its size, and the work."""
    blocks, touched, k = 0, 0, len(best)
    scores, spots = np.empty(BLOCK, dtype=np.float64), np.empty((STEP, 2), dtype=np.int64)
    shift = group_shift(len(postings.scales), postings.groups.shape[1] - 1)
    for block in range(len(bounds)):
        if bounds[block] <= 0.0 or (count == k and bounds[block] < best[0]):
            continue
        # No document's bound is a sum over terms, so nothing is known of what is left.
        all_of_it = np.float32(np.inf)
        least, may = np.float32(0.0), others[block]
        _, work = score(
            postings, terms, weights, shift, block, may, all_of_it, least, scores, spots
        )
        blocks, touched = blocks + 1, touched + work
        count = keep(scores, block, may, ranks, k, best, found, count)
    return count, blocks, touched
