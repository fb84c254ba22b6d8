"""Rows by document, in large segments: what the ranking of a long query reads of each candidate.

To put a row together from the postings of its block, as ``rows`` does, all of the block is gone
through; here it stands in one piece, for 8 bytes a posting. What is stored has them beside its
other arrays, so that all processes share one copy.
"""

# mypy: disable-error-code="no-untyped-call"
from typing import Final, NamedTuple, Self

import numpy as np
from numpy.typing import NDArray

from matcher.compiled import compiled
from matcher.index.instructions import prefetch
from matcher.index.postings import Floats, Ints, Longs, Postings, Rows
from matcher.index.rows import gather
from matcher.index.shelf import Arrays, Shelf, fields_of, read_only

_PREFIX: Final = "forward-"
"""Of the names of these arrays among those of a segment."""
_PIECE: Final = 1 << 12
"""Documents whose rows are held at once while all are written."""
AHEAD: Final = 2
"""Rows before its turn at which one is asked for."""
_LINE: Final = 16
"""Terms, or weights, that the processor fetches at once."""


class Forward(NamedTuple):
    """The rows of n documents, P postings in all."""

    starts: Longs
    """(n + 1,): where each row begins."""
    terms: Ints
    """(P,), ascending in each row."""
    weights: Floats
    """(P,)"""

    @classmethod
    def of(cls, postings: Postings, sizes: NDArray[np.uint16]) -> Self:
        """The rows of all documents, which have ``sizes`` (n,) terms each."""
        starts, terms, weights = _piece(postings, sizes, 0, len(sizes))
        return cls(read_only(starts), read_only(terms), read_only(weights))

    @classmethod
    def found(cls, arrays: Arrays) -> Self | None:
        """Those that ``write`` has put on a shelf, if it has."""
        here = fields_of(arrays, _PREFIX, cls._fields)
        return cls(**here) if here else None

    @staticmethod
    def write(postings: Postings, sizes: NDArray[np.uint16], shelf: Shelf) -> None:
        """Put on a shelf what ``of`` makes, holding only some of it at once."""
        starts = np.concatenate([[0], np.cumsum(sizes, dtype=np.int64)])
        shelf.append(f"{_PREFIX}starts", starts)
        for first in range(0, len(sizes), _PIECE):
            _, terms, weights = _piece(postings, sizes, first, first + _PIECE)
            shelf.append(f"{_PREFIX}terms", terms)
            shelf.append(f"{_PREFIX}weights", weights)


def _piece(postings: Postings, sizes: NDArray[np.uint16], first: int, end: int) -> Rows:
    some = sizes[first:end].astype(np.int64)
    rows: Rows = gather(np.arange(first, first + len(some)), some, *postings)
    return rows


@compiled()
def picked(documents: Longs, starts: Longs, terms: Ints, weights: Floats) -> Rows:
    """The rows of some documents: where they begin, terms, weights."""
    forward, ends = Forward(starts, terms, weights), np.zeros(len(documents) + 1, dtype=np.int64)
    for i in range(len(documents)):
        ends[i + 1] = ends[i] + starts[documents[i] + 1] - starts[documents[i]]
    own, values = np.empty(ends[-1], dtype=np.int32), np.empty(ends[-1], dtype=np.float32)
    for i in range(len(documents)):
        ask_for(forward, documents, i + AHEAD)
        first, end = starts[documents[i]], starts[documents[i] + 1]
        own[ends[i] : ends[i + 1]] = terms[first:end]
        values[ends[i] : ends[i + 1]] = weights[first:end]
    return ends, own, values


@compiled()
def ask_for(forward: Forward, documents: Longs, i: int) -> None:
    """Fetch a row, if there is an i-th: those of a block do not follow each other for long."""
    if i < len(documents):
        for at in range(forward.starts[documents[i]], forward.starts[documents[i] + 1], _LINE):
            prefetch(forward.terms, at)
            prefetch(forward.weights, at)


@compiled()
def with_columns(found: Ints, forward: Forward, columns: Ints) -> tuple[Ints, Ints, Floats]:
    """Rows that were read a moment ago, with columns for terms."""
    ends = np.zeros(len(found) + 1, dtype=np.int32)
    for i in range(len(found)):
        ends[i + 1] = ends[i] + forward.starts[found[i] + 1] - forward.starts[found[i]]
    named, values = np.empty(ends[-1], dtype=np.int32), np.empty(ends[-1], dtype=np.float32)
    for i in range(len(found)):
        first, end = forward.starts[found[i]], forward.starts[found[i] + 1]
        terms, row = forward.terms[first:end], named[ends[i] : ends[i + 1]]
        for at in range(len(terms)):
            row[at] = columns[np.uint32(terms[at])]
        values[ends[i] : ends[i + 1]] = forward.weights[first:end]
    return ends, named, values
