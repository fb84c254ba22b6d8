"""How like candidates are to some of them: compiled."""

# mypy: disable-error-code="no-untyped-call"
import numpy as np
from numba import types
from numpy.typing import NDArray
from scipy.sparse import csr_array

from matcher.compiled import compiled
from matcher.ranking.tally import FLOATS, INTS, Matrix
from matcher.scratch import zeros


def likeness(rows: csr_array, chosen: NDArray[np.int64], weights: Matrix) -> Matrix:
    """The inner products (n,) of ``rows`` (n, width) with the weighted sum of those ``chosen``.

    ``weights`` is float32 (n,).
    """
    indptr, indices = (part.astype(np.int32, copy=False) for part in (rows.indptr, rows.indices))
    with zeros(rows.shape[1], np.float32) as middle:
        products: Matrix = _likeness(indptr, indices, rows.data, chosen, weights, middle)
    return products


@compiled(types.float32[::1](INTS, INTS, FLOATS, types.int64[::1], FLOATS, types.float32[::1]))
def _likeness(
    indptr: NDArray[np.int32],
    columns: NDArray[np.int32],
    data: Matrix,
    chosen: NDArray[np.int64],
    weights: Matrix,
    middle: Matrix,
) -> Matrix:
    """``middle`` : zeros of shape (width,); they are zeros again at the end."""
    # Unsigned: of other numbers it would be asked each time whether they count from the end.
    for row in chosen:
        for at in range(indptr[row], indptr[row + 1]):
            middle[np.uint64(columns[at])] += data[at] * weights[row]
    n = len(weights)
    products = np.zeros(n + 1, np.float32)
    for row in range(0, n, 2):  # two at once, for each addition waits for the one before
        one, other = np.uint64(indptr[row]), np.uint64(indptr[row + 1])
        end = np.uint64(indptr[min(row + 2, n)])
        both = min(other - one, end - other)
        total = other_total = np.float32(0.0)
        for at in range(both):
            total += data[one + at] * middle[np.uint64(columns[one + at])]
            other_total += data[other + at] * middle[np.uint64(columns[other + at])]
        for at in range(one + both, other):
            total += data[at] * middle[np.uint64(columns[at])]
        for at in range(other + both, end):
            other_total += data[at] * middle[np.uint64(columns[at])]
        products[row], products[row + 1] = total, other_total
    for row in chosen:
        for at in range(indptr[row], indptr[row + 1]):
            middle[columns[at]] = 0.0
    return products[:n]
