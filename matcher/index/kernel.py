"""Exact top-k by inner product over blocks of documents, compiled.

Block-max pruning (Mallia, Suel, Tonellotto, "Faster Learned Sparse Retrieval with Block-Max
Pruning", SIGIR 2024) with one level more: the bounds of 32 blocks together are looked at first
(Carlson et al., "Dynamic Superblock Pruning for Fast Learned Sparse Retrieval", SIGIR 2025), and
superblocks and blocks wait in one heap, so that the block with the highest bound is always the next
to be scored. A search ends when no bound left reaches the k-th best score. All weights are ≥ 0.
"""

from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from matcher.compiled import compiled
from matcher.index.blocks import STEP, score
from matcher.index.bounds import block_bounds, highest_bound, promising, those_here
from matcher.index.heaps import keep, pop, push, ranking
from matcher.index.postings import BLOCK, Floats, Ints, Postings, Words, group_shift, strongest

SUPER: Final = 32
"""Blocks of a superblock."""
TRIAL: Final = 8
"""Blocks that are scored, and some more for a large k, before it is said how many will be."""


@compiled()
def search(
    terms: Ints,
    weights: Floats,
    k: int,
    passing: Words,
    ranks: Ints,
    most: int,
    *arrays: NDArray[Any],
) -> tuple[Ints, Floats, int, int]:
    """The ``k`` best documents with a score > 0; of equal scores those of the lowest rank.

    ``terms`` (m,) ascend; ``weights`` (m,) are the query's, ≥ 0. Bit d of ``passing[b]`` says
    whether document 64 b + d may be found. ``ranks`` (64 B,) is the order of the documents' ids.
    If more than ``most`` blocks look as if they had to be scored, none is found, in -1 blocks.
    """
    postings = Postings(*arrays)
    order = strongest(weights * postings.scales[terms])
    terms, weights = terms[order], weights[order]
    n_blocks = len(postings.starts) - 1
    n_supers = (n_blocks + SUPER - 1) // SUPER
    rows = postings.rows[terms]
    bounds, present = block_bounds(postings, terms, weights, rows, passing)
    waiting = np.empty(n_supers + n_blocks, dtype=np.float32)
    numbers = np.empty(n_supers + n_blocks, dtype=np.int32)
    size = 0
    for number in range(n_supers):
        highest = highest_bound(bounds, number * SUPER, min((number + 1) * SUPER, n_blocks))
        if highest > 0.0:
            size = push(waiting, numbers, size, highest, number + n_blocks)
    best = np.empty(k, dtype=np.float32)
    found = np.empty(k, dtype=np.int32)
    scores = np.zeros(BLOCK, dtype=np.float64)
    spots = np.empty((STEP, 2), dtype=np.int64)
    here, shares = np.empty(len(terms), dtype=np.int32), np.empty(len(terms), dtype=np.float32)
    shift = group_shift(len(postings.scales), postings.groups.shape[1] - 1)
    count, blocks, touched = 0, 0, 0
    trial = TRIAL + k // (BLOCK // 4)
    while size > 0 and (count < k or waiting[0] >= best[0]):
        number = numbers[0]
        size = pop(waiting, numbers, size)
        least = best[0] if count == k else np.float32(0.0)
        if number >= n_blocks:
            first = (number - n_blocks) * SUPER
            for block in range(first, min(first + SUPER, n_blocks)):
                if bounds[block] > 0.0 and bounds[block] >= least:
                    size = push(waiting, numbers, size, bounds[block], block)
            continue
        several = those_here(postings, terms, weights, rows, number, present[number], here, shares)
        matters, work = score(
            postings,
            here[:several],
            shares[:several],
            shift,
            number,
            passing[number],
            bounds[number],
            least,
            scores,
            spots,
        )
        blocks, touched = blocks + 1, touched + work
        if matters:
            count = keep(scores, number, passing[number], ranks, k, best, found, count)
        if blocks == trial and promising(bounds, best[0] if count == k else np.float32(0.0)) > most:
            return found[:0], best[:0], -1, touched
    order = ranking(best[:count], ranks[found[:count]])
    return found[:count][order], best[:count][order], blocks, touched


@compiled()
def terms_of(
    columns: Ints, frequencies: Ints, asked: Ints, values: NDArray[Any]
) -> tuple[Ints, Floats, int]:
    """The terms of a query that occur, ascending, their weights and the sum of their frequencies.

    ``columns`` (T,) and ``frequencies`` (T,) are the segment's; ``asked`` need not ascend.
    """
    terms, weights = np.empty(len(asked), np.int32), np.empty(len(asked), np.float32)
    count, postings = 0, np.int64(0)
    for i in np.argsort(asked, kind="mergesort"):
        term = np.searchsorted(columns, asked[i])
        if term < len(columns) and columns[term] == asked[i]:
            terms[count], weights[count] = term, values[i]
            postings += frequencies[term]
            count += 1
    return terms[:count], weights[:count], int(postings)
