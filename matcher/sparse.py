"""Sparse rows out of parts that are known to fit each other."""

from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

_NO_ROWS: Final = vars(csr_array((0, 0), dtype=np.float32))
"""All attributes of a matrix."""


def rows_of(
    weights: NDArray[np.float32],
    columns: NDArray[np.int32],
    bounds: NDArray[np.integer[Any]],
    width: int,
) -> csr_array:
    """N rows of that width, ``bounds`` (n + 1,); SciPy would go through all of it once more."""
    made, shape = csr_array.__new__(csr_array), (len(bounds) - 1, width)
    parts = {"data": weights, "indices": columns, "indptr": bounds}
    vars(made).update(_NO_ROWS, _shape=shape, **parts)  # as it is made from a pickle
    return made
