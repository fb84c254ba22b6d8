"""What the compiled code of an index reads: the postings of a segment by block, and their sizes."""

from typing import Any, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from matcher.compiled import compiled

BLOCK: Final = 64
"""Documents of a block: the bits of one word of a mask."""

Floats = NDArray[np.float32]
Ints = NDArray[np.int32]
Longs = NDArray[np.int64]
Scores = NDArray[np.floating[Any]]
Real = float | np.floating[Any]
Words = NDArray[np.uint64]
"""One bit a document, a block to a word, or one bit a posting."""
Rows = tuple[Longs, Ints, Floats]
"""Where each row begins and, behind the last, where that ends; terms, weights."""


class Postings(NamedTuple):
    """What the kernel reads. T terms, B blocks, G groups of terms, R runs, P postings.

    A run is what one term has in one block. Runs are stored by block and, in it, by term; the
    postings of a run follow each other in order of document.
    """

    runs: NDArray[np.int64]
    """(B + 1,): where the runs of each block begin."""
    starts: NDArray[np.int64]
    """(B + 1,): where the postings of each block begin."""
    groups: NDArray[np.uint16]
    """(B, G + 1, 2): where the runs and postings of each group begin, from those of the block."""
    terms: NDArray[np.uint16]
    """(R + 32,): each run's term, counted from the first of its group; the rest is padding."""
    places: NDArray[np.uint8]
    """(P,): the document of each posting, counted within its block."""
    ends: NDArray[np.uint64]
    """(P / 64 + 1,): one bit a posting, set for the last posting of each run."""
    weights: NDArray[np.float32]
    """(P,)"""
    scales: NDArray[np.float32]
    """(T,): a bound of 1 stands for this weight."""
    rows: NDArray[np.int32]
    """(T,): the row of ``dense`` that has the term's bounds, or -1: they are sparse."""
    dense: NDArray[np.uint8]
    """(D, B): bounds on the weights of frequent terms by block, rounded up; 0 where absent."""
    sparse: NDArray[np.int64]
    """(T + 1,): where the bounds of each other term begin."""
    blocks: NDArray[np.uint16]
    """The blocks in which a term occurs, ascending …"""
    bounds: NDArray[np.uint8]
    """… and the bounds on its weights there."""


class Found(NamedTuple):
    """The k best of a search, best first, and the work that it took."""

    documents: NDArray[np.int32]
    scores: NDArray[np.float32]
    blocks: int
    postings: int
    rows: tuple[Ints, Ints, Floats] | None = None
    """Where their rows begin, columns and weights, if the search had to know them."""


@compiled()
def group_shift(terms: int, groups: int) -> int:
    """Bits of a term within its group: the fewest that leave no more groups than there are."""
    shift = 0
    while ((terms - 1) >> shift) >= groups:
        shift += 1
    return shift


@compiled()
def strongest(shares: Floats) -> Longs:
    """The order that puts the terms first which can give most; of equal ones it changes none."""
    return np.argsort(-shares, kind="mergesort")
