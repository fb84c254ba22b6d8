"""The terms of a query sentence by sentence: compiled."""

# mypy: disable-error-code="no-untyped-call"
from typing import Any, Final

import numpy as np
from numba import types

from matcher.compiled import compiled
from matcher.ranking.tally import FLOATS, Matrix
from matcher.text.traced import Ints

_INTS: Final = types.Array(types.int64, 1, "C", readonly=True)


@compiled(
    types.float32[:, ::1](_INTS, _INTS, _INTS, _INTS, FLOATS, types.float64), error_model="numpy"
)
def phrased(
    begins: Ints, ends: Ints, starts: Ints, columns: Ints, idf: Matrix, saturation: float
) -> Any:  # noqa: ANN401 - a matrix
    """The weights (s, m) of m columns in s sentences, given where these begin and end.

    ``starts`` (t,) are the places of tokens and ``columns`` (t,) which of the columns they have,
    or -1. A token is in the first sentence that ends behind it, unless it stands between two.
    """
    weights = np.zeros((len(begins), len(idf)), np.float32)
    k, limit, number = np.float32(saturation), np.float32(saturation + 1.0), 0
    for token in range(len(starts)):
        while number and ends[number - 1] > starts[token]:
            number -= 1
        while number < len(ends) and ends[number] <= starts[token]:
            number += 1
        if number < len(ends) and begins[number] <= starts[token] and columns[token] >= 0:
            weights[number, columns[token]] += np.float32(1.0)
    for number in range(len(begins)):
        for column in range(len(idf)):
            count = weights[number, column]
            if count:
                weights[number, column] = count * limit / (count + k) * idf[column]
    return weights
