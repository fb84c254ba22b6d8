"""The loops over every occurrence of a term, compiled. The only import of numba for embeddings.

What is compiled is kept on disk and loaded from there, so that only the first process waits.
"""

# mypy: disable-error-code="no-untyped-call"
import math
from typing import Final

import numpy as np
from numba import types
from numpy.typing import NDArray

from matcher.compiled import compiled

_LONG: Final = types.int64
_DOUBLE: Final = types.float64
_INTS: Final = types.int32[::1]
_LONGS: Final = types.int64[::1]
_FLOATS: Final = types.float32[::1]
_RUNS: Final = types.int64[:, ::1]
_FLAGS: Final = types.boolean[::1]
_IDF: Final = types.Array(types.float32, 1, "C", readonly=True)  # as mapped from a bundle
_ROWS: Final = types.Tuple((_INTS, _FLOATS, _INTS))

Rows = tuple[NDArray[np.int32], NDArray[np.float32], NDArray[np.int32]]
"""Columns, weights and row bounds, as a CSR array has them."""


@compiled(_LONG(_INTS, _LONG, _INTS, _RUNS, _FLOATS, _FLOATS))
def _count(
    columns: NDArray[np.int32],
    end: int,
    numbers: NDArray[np.int32],
    runs: NDArray[np.int64],
    factors: NDArray[np.float32],
    counts: NDArray[np.float32],
) -> int:
    """Add what occurs in the runs to ``counts`` and each new column to ``columns``."""
    for run in range(len(runs)):
        for place in range(runs[run, 0], runs[run, 1]):
            column = numbers[place]
            if counts[column] == 0.0:
                columns[end] = column
                end += 1
            counts[column] += factors[run]
    return end


@compiled(
    _LONG(_INTS, _FLOATS, _LONG, _LONG, _LONG, _FLOATS, _IDF, _DOUBLE, _DOUBLE),
)
def _weigh(
    columns: NDArray[np.int32],
    weights: NDArray[np.float32],
    start: int,
    stop: int,
    offset: int,
    counts: NDArray[np.float32],
    idf: NDArray[np.float32],
    saturation: float,
    length: float,
) -> int:
    """Turn the columns counted from ``start`` to ``stop`` into a block of this length."""
    columns[start:stop].sort()
    end, squares = start, 0.0
    for place in range(start, stop):
        column = columns[place]
        count = counts[column]
        if count != 0.0:  # as fields of no weight leave it, and a column met for the second time
            counts[column] = 0.0
            weight = count * (saturation + 1.0) / (count + saturation) * idf[column]
            squares += weight * weight
            columns[end] = column + offset
            weights[end] = weight
            end += 1
    for place in range(start, end):
        weights[place] *= length / math.sqrt(squares) if squares > 0.0 else 1.0
    return end


@compiled(
    _ROWS(_INTS, _RUNS, _LONGS, _FLOATS, _FLAGS, _IDF, _DOUBLE, _DOUBLE, _FLOATS),
)
def weighted_rows(
    numbers: NDArray[np.int32],
    runs: NDArray[np.int64],
    records: NDArray[np.int64],
    factors: NDArray[np.float32],
    titles: NDArray[np.bool_],
    idf: NDArray[np.float32],
    saturation: float,
    title_scale: float,
    counts: NDArray[np.float32],
) -> Rows:
    """Embed records whose ``Occurrences`` are columns: two blocks, sorted, of unit length.

    ``counts`` : zeros of shape (width of a block,); they are zeros again at the end.
    """
    columns = np.empty(2 * len(numbers), np.int32)
    weights = np.empty(2 * len(numbers), np.float32)
    bounds = np.zeros(len(records), np.int32)
    end = 0
    for record in range(len(records) - 1):
        begin, first, last = end, records[record], records[record + 1]
        for run in range(first, last):
            if titles[run]:
                end = _count(columns, end, numbers, runs[run : run + 1], factors[run:], counts)
        if end == begin:  # a record without a title is compared by its whole text in both blocks
            end = _count(columns, end, numbers, runs[first:last], factors[first:], counts)
        end = _weigh(columns, weights, begin, end, 0, counts, idf, saturation, title_scale)
        middle = end
        end = _count(columns, end, numbers, runs[first:last], factors[first:], counts)
        end = _weigh(columns, weights, middle, end, len(counts), counts, idf, saturation, 1.0)
        squares = 0.0
        for place in range(begin, end):
            squares += weights[place] * weights[place]
        for place in range(begin, end):
            weights[place] /= math.sqrt(squares) if squares > 0.0 else 1.0
        bounds[record + 1] = end
    return columns[:end].copy(), weights[:end].copy(), bounds


@compiled(_LONGS(_INTS, _RUNS, _LONGS, _LONG))
def document_frequencies(
    numbers: NDArray[np.int32],
    runs: NDArray[np.int64],
    records: NDArray[np.int64],
    width: int,
) -> NDArray[np.int64]:
    """In how many records each of ``width`` numbers occurs."""
    frequencies = np.zeros(width, np.int64)
    latest = np.full(width, -1, np.int32)
    for record in range(len(records) - 1):
        for run in range(records[record], records[record + 1]):
            for place in range(runs[run, 0], runs[run, 1]):
                number = numbers[place]
                if latest[number] != record:
                    latest[number] = record
                    frequencies[number] += 1
    return frequencies
