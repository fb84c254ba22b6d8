"""Coarse scores of all documents, no less than the exact ones: compiled.

The bytes of four common terms are added at once, many documents by one instruction; those of the
other terms one by one, in chunks of documents whose sums stay in the cache.
"""

from typing import Final

import numpy as np

from matcher.compiled import compiled
from matcher.index.bounds import add_scaled, slack
from matcher.index.coarse import Bytes, Coarse
from matcher.index.instructions import prefetch
from matcher.index.lists import CHUNK
from matcher.index.postings import Floats, Ints

_AHEAD: Final = 2
"""Terms before its turn at which one is asked for."""


@compiled()
def coarse_scores(coarse: Coarse, terms: Ints, shares: Floats, scores: Floats) -> int:
    """Fill ``scores`` (64 B,); how many codes that took.

    ``shares`` (m,) are what a code of 1 stands for, times the weight in the query.
    """
    touched, rows = 0, coarse.common[terms]
    shares = shares * slack(len(terms))
    common, others = np.flatnonzero(rows >= 0), np.flatnonzero(rows < 0)
    scores[:] = 0.0
    for chunk in range(len(coarse.starts)):
        first = chunk * CHUNK
        part = scores[first : first + CHUNK]
        codes = coarse.dense[:, first : first + CHUNK]
        add_rows(part, shares[common], codes, rows[common])
        touched += len(common) * len(part)
        touched += add_lists(part, shares[others], coarse, chunk, terms[others])
    return touched


@compiled()
def add_rows(sums: Floats, factors: Floats, codes: Bytes, rows: Ints) -> None:
    """Add so many times the codes of each of these rows, four at once."""
    whole = len(rows) // 4 * 4
    for i in range(0, whole, 4):
        add_four(sums, factors[i : i + 4], codes, rows[i : i + 4])
    for i in range(whole, len(rows)):
        add_scaled(sums, factors[i], codes[rows[i]])


@compiled()
def add_four(sums: Floats, factors: Floats, codes: Bytes, rows: Ints) -> None:
    """Read and write each sum once for four rows; the compiler adds sixteen of them at once."""
    a, b, c, d = factors[0], factors[1], factors[2], factors[3]
    one, two, three, four = codes[rows[0]], codes[rows[1]], codes[rows[2]], codes[rows[3]]
    for j in range(len(sums)):
        pair = a * np.float32(one[j]) + b * np.float32(two[j])
        sums[j] += pair + (c * np.float32(three[j]) + d * np.float32(four[j]))


@compiled()
def add_lists(sums: Floats, factors: Floats, coarse: Coarse, chunk: int, terms: Ints) -> int:
    """Add so many times the codes of each of these terms in a chunk; how many there are."""
    touched, starts = 0, coarse.starts[chunk]
    for i in range(len(terms)):
        if i + _AHEAD < len(terms):
            ask_for(coarse, starts[terms[i + _AHEAD]], starts[terms[i + _AHEAD] + 1])
        factor, first, end = factors[i], starts[terms[i]], starts[terms[i] + 1]
        places, codes = coarse.places[first:end], coarse.codes[first:end]
        for at in range(len(places)):
            sums[places[at]] += factor * np.float32(codes[at])
        touched += end - first
    return touched


@compiled()
def ask_for(coarse: Coarse, first: int, end: int) -> None:
    """Fetch these postings: most are few, and behind each other only in their own list."""
    for at in range(first, end, 32):
        prefetch(coarse.places, at)
    for at in range(first, end, 64):
        prefetch(coarse.codes, at)
