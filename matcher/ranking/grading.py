"""From features to grades, for many candidates at once: compiled."""

# mypy: disable-error-code="no-untyped-call"
import math
from typing import Any, Final

import numpy as np
from numba import types
from numpy.typing import NDArray

from matcher.compiled import compiled
from matcher.ranking.curves import KNOTS, STARTS, TABLE, Floats, heights_at

_OUT: Final = types.float64[:, ::1]
_NUMBERS: Final = types.float64[::1]


@compiled()
def total(parts: Floats, sums: Floats) -> float:
    """The sum of fewer than 128 numbers, added up as NumPy does: eight ``sums`` side by side."""
    even = len(parts) // 8 * 8
    sums[:] = 0.0
    for at in range(even):
        sums[at & 7] += parts[at]
    whole = (sums[0] + sums[1]) + (sums[2] + sums[3])
    whole += (sums[4] + sums[5]) + (sums[6] + sums[7])
    for part in parts[even:]:
        whole += part
    return float(whole)


@compiled(
    types.Tuple((_OUT, _OUT, _NUMBERS))(TABLE, STARTS, KNOTS, TABLE, KNOTS), error_model="numpy"
)
def graded(
    features: Floats,
    starts: NDArray[np.int64],
    knots: Floats,
    heights: Floats,
    intercepts: Floats,
) -> Any:  # noqa: ANN401 - three arrays
    """Of n candidates with F features, by the ``Curves`` and ``intercepts`` (S,) of S steps.

    Gives the mean of the steps feature by feature (n, F), the probabilities of the S + 1 grades
    (n, S + 1), and the expected grades (n,).
    """
    n, steps = len(features), len(intercepts)
    values, sums = np.empty((steps, features.shape[1])), np.empty(8)
    contributions, expected = np.empty(features.shape), np.zeros(n)
    probabilities = np.empty((n, steps + 1))
    for row in range(n):
        heights_at(features[row], starts, knots, heights, values)
        reached = 1.0  # the first surely
        for step in range(steps):
            chance = 1.0 / (1.0 + math.exp(-(total(values[step], sums) + intercepts[step])))
            harder = min(reached, chance)  # 4 cannot be likelier than 3
            probabilities[row, step] = reached - harder
            reached = harder
        probabilities[row, steps] = reached
        for feature in range(features.shape[1]):
            mean = 0.0
            for step in range(steps):
                mean += values[step, feature]
            contributions[row, feature] = mean / steps
        for grade in range(steps + 1):
            expected[row] += (grade + 1) * probabilities[row, grade]
    return contributions, probabilities, expected
