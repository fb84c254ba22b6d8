"""Numbers about the documents of a segment, kept for whoever works them out."""

from collections.abc import Callable, Sequence
from functools import partial
from itertools import pairwise
from typing import NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

from matcher.index.postings import Ints, Longs

Table = NDArray[np.float64]
Compute = Callable[[Longs], Table]
"""Works out the rows of some of the documents at hand, given by their places among these."""


class Keep(Protocol):
    """The numbers of the documents at hand, those that nobody has asked for yet by ``compute``."""

    def __call__(self, source: object, width: int, compute: Compute) -> Table:
        """A row (width,) for each document; ``source`` is what they depend on besides it."""
        ...


class _Known(NamedTuple):
    source: object
    is_known: NDArray[np.bool_]
    table: Table


class Kept:
    """A row of numbers for each of ``size`` documents, of the last source that was asked about.

    Threads may ask at once: a row counts as known after it has been written, always the same.
    """

    def __init__(self, size: int) -> None:
        self._size = size
        self._known: _Known | None = None

    def rows(self, documents: Ints, source: object, width: int, compute: Compute) -> Table:
        """As ``Keep``, of these documents."""
        known = self._known
        if known is None or known.source is not source:
            # Written to, so that its memory is taken at once and not page by page for days.
            empty = np.zeros(self._size, np.bool_), np.full((self._size, width), 0.0)
            known = self._known = _Known(source, *empty)
        new = np.flatnonzero(~known.is_known[documents])
        if len(new):
            known.table[documents[new]] = compute(new)
            known.is_known[documents[new]] = True
        return known.table[documents]


def joint(parts: Sequence[tuple[Kept, Ints]], order: Longs) -> Keep:
    """What is kept of documents of several segments, which are counted through, in this order."""
    ends = np.cumsum([0, *(len(documents) for _, documents in parts)]).tolist()

    def rows(source: object, width: int, compute: Compute) -> Table:
        table = np.empty((len(order), width))
        for (kept, documents), (first, end) in zip(parts, pairwise(ends), strict=True):
            own = np.flatnonzero((first <= order) & (order < end))
            some = partial(_some, compute, own)
            table[own] = kept.rows(documents[order[own] - first], source, width, some)
        return table

    return rows


def _some(compute: Compute, own: Longs, places: Longs) -> Table:
    return compute(own[places])
