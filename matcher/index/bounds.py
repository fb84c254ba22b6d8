"""What no document of a block exceeds, for all blocks at once, and which terms a block has."""

from typing import Final

import numpy as np
from numpy.typing import NDArray

from matcher.compiled import compiled
from matcher.index.instructions import prefetch
from matcher.index.postings import Floats, Ints, Postings, Real, Words

TILE: Final = 4096
"""Blocks whose bounds are added up at once."""


@compiled()
def block_bounds(
    postings: Postings, terms: Ints, weights: Floats, rows: Ints, passing: Words
) -> tuple[Floats, Words]:
    """What no document of each block exceeds, 0 where none may be found, and sparse terms in it.

    Bit i % 64 of the word of a block is set if the i-th term occurs there.
    """
    bounds = np.zeros(len(postings.starts) - 1, dtype=np.float32)
    present = np.zeros(len(bounds), dtype=np.uint64)
    for i in range(len(terms)):
        if rows[i] < 0:
            prefetch(postings.blocks, postings.sparse[terms[i]])
            prefetch(postings.bounds, postings.sparse[terms[i]])
    for i in range(len(terms)):
        factor, bit = weights[i] * postings.scales[terms[i]], np.uint64(1) << np.uint64(i & 63)
        for at in range(postings.sparse[terms[i]], postings.sparse[terms[i] + 1]):
            bounds[postings.blocks[at]] += factor * np.float32(postings.bounds[at])
            present[postings.blocks[at]] |= bit
    for first in range(0, len(bounds), TILE):
        part = bounds[first : first + TILE]
        for i in range(len(terms)):
            if rows[i] >= 0:
                factor = weights[i] * postings.scales[terms[i]]
                add_scaled(part, factor, postings.dense[rows[i], first : first + TILE])
    lost = slack(len(terms))
    for block in range(len(bounds)):
        bounds[block] = bounds[block] * lost if passing[block] != 0 else np.float32(0.0)
    return bounds, present


@compiled()
def add_scaled(sums: Floats, factor: Real, codes: NDArray[np.uint8]) -> None:
    """Add so many times the factor."""
    for j in range(len(sums)):
        sums[j] += factor * np.float32(codes[j])


@compiled(fastmath={"nnan", "nsz"})
def highest_bound(bounds: Floats, first: int, last: int) -> Real:
    """The highest of some."""
    highest = np.float32(0.0)
    for block in range(first, last):
        highest = max(highest, bounds[block])
    return highest


@compiled()
def promising(bounds: Floats, least: Real) -> int:
    """How many bounds, of those above 0, reach ``least``."""
    count = 0
    for block in range(len(bounds)):
        count += bounds[block] >= least and bounds[block] > 0.0
    return count


@compiled()
def those_here(
    postings: Postings,
    terms: Ints,
    weights: Floats,
    rows: Ints,
    block: int,
    present: np.uint64,
    here: Ints,
    shares: Floats,
) -> int:
    """Put the terms that may occur in a block, and their weights, to the front; how many."""
    count = 0
    for i in range(len(terms)):
        if rows[i] >= 0:
            is_here = postings.dense[rows[i], block] != 0
        else:
            is_here = (present >> np.uint64(i & 63)) & np.uint64(1) != 0
        if is_here:
            here[count], shares[count] = terms[i], weights[i]
            count += 1
    return count


@compiled()
def slack(terms: int) -> np.float32:
    """What sums of this many float32 products may have lost by rounding, as a factor."""
    return np.float32(1.0 + (terms + 8) * 2.0**-23)
