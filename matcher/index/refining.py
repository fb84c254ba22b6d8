"""Exact top-k for a long query in a large segment: coarse scores first, exact ones where it counts.

The rows of the documents with the best coarse scores, nearly all of which ranking asks for in any
case, give their exact scores. Hardly any other has a coarse score that reaches the k-th best of
these; such are looked for by block.
"""

# mypy: disable-error-code="no-untyped-call"
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from matcher.compiled import compiled
from matcher.index.adding import coarse_scores
from matcher.index.blocks import STEP, highest_of, highest_of_all, score
from matcher.index.coarse import Coarse
from matcher.index.forward import AHEAD, Forward, ask_for, with_columns
from matcher.index.heaps import keep, offer, pop, push, ranking
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

_SPARE: Final = 16
"""For so many documents wanted, the row of one more is looked at: a coarse score may be deceptive.
To look for it by block takes longer."""
_ROWS: Final = 8
"""Rows whose scores are added up at once."""


@compiled()
def search_coarse(
    terms: Ints,
    weights: Floats,
    k: int,
    passing: Words,
    ranks: Ints,
    columns: Ints,
    *arrays: NDArray[Any],
) -> tuple[Ints, Floats, int, int, tuple[Ints, Ints, Floats]]:
    """What ``kernel.search`` finds, and the rows of that: where they begin, columns, weights.

    ``columns`` (T,) are those of the segment. ``arrays`` are those of ``Coarse``, of ``Forward``,
    then of ``Postings``.
    """
    own, rows, stored = arrays[:5], arrays[5:8], arrays[8:]
    coarse, forward, postings = Coarse(*own), Forward(*rows), Postings(*stored)
    shares = weights * postings.scales[terms]
    order = strongest(shares)
    terms, weights = terms[order], weights[order]
    scores = np.empty(coarse.dense.shape[1], dtype=np.float32)
    touched = coarse_scores(coarse, terms, shares[order], scores)
    chosen, bounds = likeliest(scores, passing, ranks, k + k // _SPARE)
    exact = exact_scores(chosen, forward, terms, weights, len(postings.scales))
    best, found, count = np.empty(k, dtype=np.float32), np.empty(k, dtype=np.int32), 0
    for i in range(len(chosen)):
        if exact[i] > 0.0:
            count = offer(np.float32(exact[i]), chosen[i], ranks, k, best, found, count)
    others = without(passing, chosen, scores, bounds)
    count, blocks, work = look_up(
        postings, terms, weights, bounds, others, ranks, best, found, count
    )
    order = ranking(best[:count], ranks[found[:count]])
    found, best = found[:count][order], best[:count][order]
    return found, best, blocks, touched + work, with_columns(found, forward, columns)


@compiled()
def likeliest(scores: Floats, passing: Words, ranks: Ints, k: int) -> tuple[Longs, Floats]:
    """The k documents that may be found with the best of these scores, ascending.

    And the best score of each block.
    """
    best, found, count = np.empty(k, dtype=np.float32), np.empty(k, dtype=np.int32), 0
    parts, bounds = scores.reshape(-1, BLOCK), np.empty(len(passing), dtype=np.float32)
    waiting, numbers, size = np.empty_like(bounds), np.empty(len(bounds), dtype=np.int32), 0
    for block in range(len(bounds)):
        if passing[block] == ~np.uint64(0):
            bounds[block] = highest_of_all(parts[block])
        else:
            bounds[block] = highest_of(parts[block], passing[block])
        size = push(waiting, numbers, size, bounds[block], block)
    while size > 0 and (count < k or waiting[0] >= best[0]):
        block = numbers[0]
        size = pop(waiting, numbers, size)
        count = keep(parts[block], block, passing[block], ranks, k, best, found, count)
    return np.sort(found[:count]).astype(np.int64), bounds


@compiled()
def exact_scores(
    documents: Longs, forward: Forward, terms: Ints, weights: Floats, n_terms: int
) -> NDArray[np.float64]:
    """The scores of some documents, their products added up in the order of ``terms``."""
    places = np.full(n_terms, len(terms), dtype=np.uint32)  # one behind the last for the others
    for i in range(len(terms)):
        places[terms[i]] = i
    factors = np.append(weights.astype(np.float64), 0.0)
    scores = np.zeros(len(documents) + _ROWS, dtype=np.float64)
    products = np.empty((len(factors), _ROWS), dtype=np.float64)
    for first in range(0, len(documents), _ROWS):
        products[:] = 0.0
        for i in range(min(_ROWS, len(documents) - first)):
            ask_for(forward, documents, first + i + AHEAD)
            document = documents[first + i]
            row = slice(forward.starts[document], forward.starts[document + 1])
            own, weight = forward.terms[row], forward.weights[row]
            for at in range(len(own)):
                place = places[np.uint32(own[at])]
                products[place, np.uint32(i)] = factors[place] * weight[at]
        sums = scores[first : first + _ROWS]
        for place in range(len(factors)):
            for i in range(_ROWS):
                sums[i] += products[place, i]
    return scores[: len(documents)]


@compiled()
def without(passing: Words, chosen: Longs, scores: Floats, bounds: Floats) -> Words:
    """Which others may be found; ``bounds`` become theirs."""
    others, parts = passing.copy(), scores.reshape(-1, BLOCK)
    for document in chosen:
        others[document >> 6] &= ~(np.uint64(1) << np.uint64(document & 63))
    block = -1
    for document in chosen:
        if document // BLOCK != block:
            block = document // BLOCK
            bounds[block] = highest_of(parts[block], others[block])
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
