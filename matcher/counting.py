"""The loops over every occurrence of a term, compiled. The only import of numba for embeddings.

What is compiled is kept on disk and loaded from there, so that only the first process waits.
"""

# mypy: disable-error-code="untyped-decorator, no-untyped-call"
import math
from typing import Final

import numpy as np
from numba import njit, types
from numpy.typing import NDArray

_INTS: Final = types.int32[::1]
_LONGS: Final = types.int64[::1]
_FLOATS: Final = types.float32[::1]
_RUNS: Final = types.int64[:, ::1]
_FLAGS: Final = types.boolean[::1]
_IDF: Final = types.Array(types.float32, 1, "C", readonly=True)  # as mapped from a bundle
_ROWS: Final = types.Tuple((_INTS, _FLOATS, _INTS))

Rows = tuple[NDArray[np.int32], NDArray[np.float32], NDArray[np.int32]]
"""Columns, weights and row bounds, as a CSR array has them."""


@njit(
    _ROWS(_INTS, _RUNS, _LONGS, _FLOATS, _FLAGS, _IDF, types.float64, types.float64, _FLOATS),
    cache=True,
    nogil=True,
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
        untitled = True
        for run in range(first, last):
            if titles[run] and runs[run, 0] < runs[run, 1]:
                untitled = False
        for block in range(2):
            # A record without a title is compared by its whole text in both blocks.
            only_titles = block == 0 and not untitled
            start, squares = end, 0.0
            for run in range(first, last):
                if only_titles and not titles[run]:
                    continue
                for place in range(runs[run, 0], runs[run, 1]):
                    column = numbers[place]
                    if counts[column] == 0.0:
                        columns[end] = column
                        end += 1
                    counts[column] += factors[run]
            columns[start:end].sort()
            stop, end = end, start
            for place in range(start, stop):
                column = columns[place]
                count = counts[column]
                if count != 0.0:  # nor was it the same column before
                    counts[column] = 0.0
                    weight = count * (saturation + 1.0) / (count + saturation) * idf[column]
                    squares += weight * weight
                    columns[end] = column + block * len(counts)
                    weights[end] = weight
                    end += 1
            if squares > 0.0:
                scale = (title_scale if block == 0 else 1.0) / math.sqrt(squares)
                for place in range(start, end):
                    weights[place] *= scale
        squares = 0.0
        for place in range(begin, end):
            squares += weights[place] * weights[place]
        if squares > 0.0:
            for place in range(begin, end):
                weights[place] /= math.sqrt(squares)
        bounds[record + 1] = end
    return columns[:end].copy(), weights[:end].copy(), bounds


@njit(_LONGS(_INTS, _RUNS, _LONGS, types.int64), cache=True, nogil=True)
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
