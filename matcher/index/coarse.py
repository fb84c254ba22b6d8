"""Postings by term in half the bytes, for long queries in large segments.

Of the weight of a posting one byte is kept: how many steps of the term's scale it has, rounded up.
Scores that are added up from these are no less than the exact ones, and hardly more.
"""

# mypy: disable-error-code="no-untyped-call"
from typing import Any, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from matcher.compiled import compiled
from matcher.index.lists import CHUNK, end_of, name_postings
from matcher.index.postings import (
    BLOCK,
    Ints,
    Longs,
    Postings,
    group_shift,
)
from matcher.index.transposing import rounded_up

Bytes = NDArray[np.uint8]
_COMMON: Final = 8
"""A term that one document in this many has is kept as a byte for every document."""
_PER_CHUNK: Final = CHUNK // BLOCK


class Coarse(NamedTuple):
    """P postings of T terms, those of D common ones as rows, the others by chunk and term."""

    common: Ints
    """(T,): the row of ``dense`` that has the term's codes, or -1."""
    dense: Bytes
    """(D, 64 B): the code of each document, 0 where the term is absent."""
    starts: Longs
    """(C, T + 1): where the postings of each other term begin."""
    places: NDArray[np.uint16]
    """The document of each of them, counted within its chunk, ascending for each term …"""
    codes: Bytes
    """… and its code, 1 … 255."""

    @classmethod
    def of(cls, postings: Postings, frequencies: Ints) -> "Coarse":
        """The same postings, coarser; ``frequencies`` (T,) says how many each term has."""
        blocks = len(postings.starts) - 1
        is_common = frequencies >= blocks * BLOCK / _COMMON
        common = np.where(is_common, np.cumsum(is_common) - 1, -1).astype(np.int32)
        dense = np.zeros((int(is_common.sum()), blocks * BLOCK), dtype=np.uint8)
        return cls(common, dense, *_filled(common, dense, *postings))


@compiled()
def _filled(
    common: Ints, dense: Bytes, *arrays: NDArray[Any]
) -> tuple[Longs, NDArray[np.uint16], Bytes]:
    """Fill ``dense``; the other arrays of ``Coarse``."""
    postings = Postings(*arrays)
    terms = np.empty(len(postings.weights), dtype=np.int32)
    starts = _counted(postings, common, terms)
    places = np.empty(starts[-1, -1], dtype=np.uint16)
    codes = np.empty(starts[-1, -1], dtype=np.uint8)
    ends = starts.copy()
    for block in range(len(postings.starts) - 1):
        chunk, first = block // _PER_CHUNK, block % _PER_CHUNK * BLOCK
        for at in range(postings.starts[block], end_of(postings, block)):
            term, place = terms[at], postings.places[at]
            code = rounded_up(postings.weights[at], postings.scales[term])
            if common[term] >= 0:
                dense[common[term], block * BLOCK + place] = code
                continue
            to = ends[chunk, term]
            ends[chunk, term] = to + 1
            places[to], codes[to] = first + place, code
    return starts, places, codes


@compiled()
def _counted(postings: Postings, common: Ints, terms: Ints) -> Longs:
    """Write the term of each posting; ``starts`` of ``Coarse``."""
    n_terms, n_blocks = len(postings.scales), len(postings.starts) - 1
    shift = group_shift(n_terms, postings.groups.shape[1] - 1)
    starts = np.zeros((-(-n_blocks // _PER_CHUNK), n_terms + 1), dtype=np.int64)
    for block in range(n_blocks):
        for at in range(postings.starts[block], name_postings(postings, block, shift, terms)):
            starts[block // _PER_CHUNK, terms[at] + 1] += common[terms[at]] < 0
    total = 0
    for chunk in range(len(starts)):
        starts[chunk, 0] = total
        for term in range(n_terms):
            starts[chunk, term + 1] += starts[chunk, term]
        total = starts[chunk, n_terms]
    return starts
