"""Which parts of a sum matter most, for many sums at once: compiled."""

# mypy: disable-error-code="no-untyped-call"
from typing import Any, Final

import numpy as np
from numba import types
from numpy.typing import NDArray

from matcher.compiled import compiled

Floats = NDArray[np.float64]
_TABLE: Final = types.Array(types.float64, 2, "C", readonly=True)
_OUT: Final = types.float64[::1]
_NUMBERS: Final = types.int64[::1]


@compiled(types.Tuple((_NUMBERS, _OUT, _OUT, _NUMBERS))(_TABLE, _TABLE))
def strongest(parts: Floats, beside: Floats) -> Any:  # noqa: ANN401 - four arrays
    """Of each of n sums of F ``parts`` (n, F) those that are not 0, the largest in size first.

    Gives which they are, what they are, what stands ``beside`` them (n, F), and where those of each
    sum begin (n + 1,). Of equal size, the first comes first.
    """
    n, width = parts.shape
    found, starts = np.empty(n * width, dtype=np.int64), np.zeros(n + 1, dtype=np.int64)
    values, others = np.empty(n * width), np.empty(n * width)
    count = 0
    for row in range(n):
        for part in range(width):
            value = parts[row, part]
            if value == 0.0:
                continue
            at = count
            while at > starts[row] and abs(values[at - 1]) < abs(value):
                found[at], values[at], others[at] = found[at - 1], values[at - 1], others[at - 1]
                at -= 1
            found[at], values[at], others[at] = part, value, beside[row, part]
            count += 1
        starts[row + 1] = count
    return found[:count], values[:count], others[:count], starts
