"""Coarse scores of all documents, no less than the exact ones: compiled.

The bytes of eight common terms are added at once, many documents by one instruction; those of the
other terms one by one, in chunks of documents whose sums stay in the cache.
"""

from typing import Final

import numpy as np

from matcher.compiled import compiled
from matcher.index.bounds import slack
from matcher.index.coarse import Bytes, Coarse
from matcher.index.instructions import prefetch
from matcher.index.lists import CHUNK
from matcher.index.postings import Floats, Ints

_AHEAD: Final = 8
"""Terms before its turn at which one is asked for."""
_ROWS: Final = 8
"""Common terms that are added at once."""


@compiled()
def coarse_scores(coarse: Coarse, terms: Ints, shares: Floats, scores: Floats) -> int:
    """Fill ``scores`` (64 B,); how many codes that took.

    ``shares`` (m,) are what a code of 1 stands for, times the weight in the query.
    """
    touched, rows = 0, coarse.common[terms]
    shares = shares * slack(len(terms))
    common, others = np.flatnonzero(rows >= 0), np.flatnonzero(rows < 0)
    factors, rows = whole_groups(shares[common], rows[common])
    terms, shares = terms[others], shares[others]
    scores[:] = 0.0
    for chunk in range(coarse.starts.shape[1] - 1):
        first = chunk * CHUNK
        part = scores[first : first + CHUNK]
        codes = coarse.dense[:, first : first + CHUNK]
        for i in range(0, len(rows), _ROWS):
            add_rows(part, factors[i : i + _ROWS], codes, rows[i : i + _ROWS])
        touched += len(common) * len(part)
        touched += add_lists(part, shares, coarse, chunk, terms)
    return touched


@compiled()
def whole_groups(factors: Floats, rows: Ints) -> tuple[Floats, Ints]:
    """The same and some that add nothing, so that all of them make groups."""
    missing = -len(rows) % _ROWS
    nothing, again = np.zeros(missing, dtype=np.float32), np.repeat(rows[:1], missing)
    return np.append(factors, nothing), np.append(rows, again)


@compiled(fastmath={"contract"})
def add_rows(sums: Floats, factors: Floats, codes: Bytes, rows: Ints) -> None:
    """Add so many times the codes of each of these rows; reads and writes each sum once."""
    a, b, c, d, e, f, g, h = factors
    one, two, three, four = codes[rows[0]], codes[rows[1]], codes[rows[2]], codes[rows[3]]
    five, six, seven, eight = codes[rows[4]], codes[rows[5]], codes[rows[6]], codes[rows[7]]
    for j in range(len(sums)):
        half = (a * np.float32(one[j]) + b * np.float32(two[j])) + (
            c * np.float32(three[j]) + d * np.float32(four[j])
        )
        sums[j] += half + (
            (e * np.float32(five[j]) + f * np.float32(six[j]))
            + (g * np.float32(seven[j]) + h * np.float32(eight[j]))
        )


@compiled()
def add_lists(sums: Floats, factors: Floats, coarse: Coarse, chunk: int, terms: Ints) -> int:
    """Add so many times the codes of each of these terms in a chunk; how many there are."""
    touched, starts = 0, coarse.starts
    for i in range(len(terms)):
        if i + _AHEAD < len(terms):
            later = terms[i + _AHEAD]
            ask_for(coarse, starts[later, chunk], starts[later, chunk + 1])
        factor, first, end = factors[i], starts[terms[i], chunk], starts[terms[i], chunk + 1]
        places, codes = coarse.places[first:end], coarse.codes[first:end]
        for at in range(len(places)):
            sums[places[at]] += factor * np.float32(codes[at])
        touched += end - first
    return touched


@compiled()
def ask_for(coarse: Coarse, first: int, end: int) -> None:
    """Fetch these postings: those of a term follow each other, but they are long in coming."""
    for at in range(first, end, 32):
        prefetch(coarse.places, at)
    for at in range(first, end, 64):
        prefetch(coarse.codes, at)
