"""The rows of documents, gathered from the postings of their blocks."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from matcher.compiled import compiled
from matcher.index.instructions import matches, ones, prefetch
from matcher.index.postings import BLOCK, Floats, Ints, Longs, Postings, group_shift


@compiled()
def gather(documents: Longs, sizes: Longs, *arrays: NDArray[Any]) -> tuple[Longs, Ints, Floats]:
    """The rows of documents, which have ``sizes`` terms each: where they begin, terms, weights.

    The terms of a row ascend.
    """
    postings = Postings(*arrays)
    shift = group_shift(len(postings.scales), postings.groups.shape[1] - 1)
    ends = np.zeros(len(documents) + 1, dtype=np.int64)
    ends[1:] = np.cumsum(sizes)
    terms = np.empty(ends[-1], dtype=np.int32)
    weights = np.empty(ends[-1], dtype=np.float32)
    for i in range(len(documents)):
        row = slice(ends[i], ends[i + 1])
        gather_one(postings, documents[i], shift, terms[row], weights[row])
    return ends, terms, weights


@compiled()
def gather_one(postings: Postings, document: int, shift: int, terms: Ints, weights: Floats) -> None:
    """Fill the row of one document: its postings are found among those of its block, 64 at once."""
    block, place = document // BLOCK, document % BLOCK
    places, ends, values = postings.places, postings.ends, postings.weights
    stored, base = postings.terms, postings.runs[block]
    spots = np.empty(len(terms), dtype=np.int64)
    begin, run, count = postings.starts[block], np.int64(0), 0
    skipped = np.uint64(begin & 63)
    for word in range(begin >> 6, (postings.starts[block + 1] + 63) >> 6):
        bits, borders = matches(places, word << 6, place) >> skipped, ends[word] >> skipped
        first, skipped = (word << 6) + np.int64(skipped), np.uint64(0)
        while bits != 0 and count < len(terms):
            below = (bits & (~bits + np.uint64(1))) - np.uint64(1)
            terms[count] = run + ones(borders & below)
            spots[count] = first + ones(below)
            prefetch(values, spots[count])
            prefetch(stored, base + terms[count])
            count += 1
            bits &= bits - np.uint64(1)
        run += ones(borders)
    for i in range(count):
        weights[i] = values[spots[i]]
    name_terms(postings, block, shift, terms)


@compiled()
def name_terms(postings: Postings, block: int, shift: int, runs: Ints) -> None:
    """Put the terms of these runs of a block, ascending, in their place."""
    groups, stored, base = postings.groups[block], postings.terms, postings.runs[block]
    group = 0
    for i in range(len(runs)):
        run = runs[i]
        while groups[group + 1, 0] <= run:
            group += 1
        runs[i] = (group << shift) + stored[base + run]
