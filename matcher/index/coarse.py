"""Postings by term in half the bytes, for long queries in large segments.

Of the weight of a posting one byte is kept: how many steps of the term's scale it has, rounded up.
Scores that are added up from these are no less than the exact ones, and hardly more.
What is stored has them beside its other arrays, so that all processes share one copy.
"""

from typing import Any, Final, NamedTuple, Self

import numpy as np
from numpy.typing import NDArray

from matcher.compiled import compiled
from matcher.index.lists import PER_CHUNK, counted, end_of
from matcher.index.postings import BLOCK, Ints, Longs, Postings
from matcher.index.shelf import Arrays, Shelf, fields_of, read_only
from matcher.index.transposing import rounded_up

Bytes = NDArray[np.uint8]
_PREFIX: Final = "coarse-"
"""Of the names of these arrays among those of a segment."""
_COMMON: Final = 8
"""A term that one document in this many has is kept as a byte for every document."""


class Coarse(NamedTuple):
    """P postings of T terms, those of D common ones as rows, the others by term and chunk."""

    common: Ints
    """(T,): the row of ``dense`` that has the term's codes, or -1."""
    dense: Bytes
    """(D, 64 B): the code of each document, 0 where the term is absent."""
    starts: Longs
    """(T, C + 1): where the postings of each other term begin in each chunk."""
    places: NDArray[np.uint16]
    """The document of each of them, counted within its chunk, ascending for each term …"""
    codes: Bytes
    """… and its code, 1 … 255."""

    @classmethod
    def of(cls, postings: Postings, frequencies: Ints) -> Self:
        """The same postings, coarser; ``frequencies`` (T,) says how many each term has."""
        blocks = len(postings.starts) - 1
        is_common = frequencies >= blocks * BLOCK / _COMMON
        common = np.where(is_common, np.cumsum(is_common) - 1, -1).astype(np.int32)
        dense = np.zeros((int(is_common.sum()), blocks * BLOCK), dtype=np.uint8)
        made: tuple[NDArray[Any], ...] = (common, dense, *_filled(common, dense, *postings))
        return cls(*map(read_only, made))

    @classmethod
    def found(cls, arrays: Arrays) -> Self | None:
        """Those that ``put`` has put on a shelf, if it has."""
        here = fields_of(arrays, _PREFIX, cls._fields)
        return cls(**here) if here else None

    def put(self, shelf: Shelf) -> None:
        """Put all arrays on a shelf."""
        for name, array in self._asdict().items():
            shelf.append(_PREFIX + name, array)


@compiled()
def _filled(
    common: Ints, dense: Bytes, *arrays: NDArray[Any]
) -> tuple[Longs, NDArray[np.uint16], Bytes]:
    """Fill ``dense``; the other arrays of ``Coarse``."""
    postings = Postings(*arrays)
    terms = np.empty(len(postings.weights), dtype=np.int32)
    starts = counted(postings, common < 0, terms)
    total = starts[-1, -1] if starts.size else 0
    places, codes = np.empty(total, dtype=np.uint16), np.empty(total, dtype=np.uint8)
    ends = starts.copy()
    for block in range(len(postings.starts) - 1):
        chunk, first = block // PER_CHUNK, block % PER_CHUNK * BLOCK
        for at in range(postings.starts[block], end_of(postings, block)):
            term, place = terms[at], postings.places[at]
            code = rounded_up(postings.weights[at], postings.scales[term])
            if common[term] >= 0:
                dense[common[term], block * BLOCK + place] = code
                continue
            to = ends[term, chunk]
            ends[term, chunk] = to + 1
            places[to], codes[to] = first + place, code
    return starts, places, codes
