"""The weights of a query's terms in the candidates' embeddings: compiled."""

# mypy: disable-error-code="no-untyped-call"
from typing import Any, Final

import numpy as np
from numba import types
from numpy.typing import NDArray

from matcher.compiled import compiled
from matcher.ranking.tally import FLOATS, INTS, Matrix

_SIEVE: Final = np.uint32(16383)
"""A mask of the last digits of columns: queries have some hundreds of them."""
_COLUMNS: Final = types.Array(types.int64, 1, "C", readonly=True)
_OUT: Final = types.float32[:, ::1]


@compiled(types.UniTuple(_OUT, 2)(INTS, INTS, FLOATS, _COLUMNS, types.int32[::1]))
def sought(
    indptr: NDArray[np.int32],
    columns: NDArray[np.int32],
    weights: Matrix,
    wanted: NDArray[np.int64],
    place: NDArray[np.int32],
) -> Any:  # noqa: ANN401 - two matrices
    """The weights (n, m) of n CSR rows in the columns ``wanted`` (m,) of their two blocks.

    ``place`` : zeros of shape (width of a block,); they are zeros again at the end.
    """
    n, width = len(indptr) - 1, np.int32(len(place))
    title = np.zeros((n, len(wanted)), np.float32)
    whole = np.zeros((n, len(wanted)), np.float32)
    # Most columns are not wanted: a small table tells so without reading from a large one. What
    # passes it is listed without a branch, which nobody could foretell.
    sieve = np.zeros(_SIEVE + np.uint32(1), np.uint8)
    for number in range(len(wanted)):
        place[wanted[number]] = number + 1
        sieve[wanted[number] & _SIEVE] = 1
    passed = np.empty((np.diff(indptr).max() if n else 0) + 1, np.int32)
    for row in range(n):
        middle, end, count = indptr[row], indptr[row + 1], 0
        while middle < end and columns[middle] < width:
            passed[count] = middle
            count += sieve[np.uint32(columns[middle]) & _SIEVE]
            middle += 1
        for at in passed[:count]:
            if place[columns[at]]:
                title[row, place[columns[at]] - 1] = weights[at]
        count = 0
        for at in range(middle, end):
            # Unsigned: of others it would be asked each time whether they count from the end.
            passed[count] = at
            count += sieve[np.uint32(columns[at] - width) & _SIEVE]
        for at in passed[:count]:
            if place[columns[at] - width]:
                whole[row, place[columns[at] - width] - 1] = weights[at]
    place[wanted] = 0
    return title, whole
