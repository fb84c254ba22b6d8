"""Piecewise linear functions of features, many at once: compiled."""

# mypy: disable-error-code="no-untyped-call"
from collections.abc import Sequence
from typing import Final, NamedTuple, Self

import numpy as np
from numba import types
from numpy.typing import NDArray

from matcher.compiled import compiled

Floats = NDArray[np.float64]
TABLE: Final = types.Array(types.float64, 2, "C", readonly=True)
KNOTS: Final = types.Array(types.float64, 1, "C", readonly=True)
STARTS: Final = types.Array(types.int64, 1, "C", readonly=True)


class Curves(NamedTuple):
    """S functions of each of F features; the S of feature j have the same ``len(knots[j])`` knots.

    Between knots they are linear, outside constant, and 0 for NaN. All knots stand in one row,
    those of feature j from ``starts[j]`` to ``starts[j + 1]``, and so do the heights (S, knots).
    """

    starts: NDArray[np.int64]
    knots: Floats
    heights: Floats

    @classmethod
    def of(cls, knots: Sequence[Floats], heights: Sequence[Sequence[Floats]]) -> Self:
        """From the knots by feature, and the heights by function and feature."""
        rows = [np.concatenate(row) for row in heights]
        return cls(np.cumsum([0, *map(len, knots)]), np.concatenate(knots), np.array(rows))

    def values(self, features: Floats) -> Floats:
        """The values (S, n, F) for n candidates with these features (n, F)."""
        values: Floats = _values(np.ascontiguousarray(features), *self)
        return values.transpose(1, 0, 2)


@compiled(error_model="numpy")
def heights_at(
    features: Floats, starts: NDArray[np.int64], knots: Floats, heights: Floats, values: Floats
) -> None:
    """Write the ``values`` (S, F) for one candidate: as ``np.interp``, to the last digit."""
    for feature in range(len(features)):
        x, first, last = features[feature], starts[feature], starts[feature + 1] - 1
        if np.isnan(x):
            values[:, feature] = 0.0
            continue
        at = first
        while at < last and x >= knots[at + 1]:
            at += 1
        for step in range(len(heights)):
            value = heights[step, at]
            if at < last and x > knots[at]:
                rise = heights[step, at + 1] - value
                value += rise / (knots[at + 1] - knots[at]) * (x - knots[at])
            values[step, feature] = value


@compiled(types.float64[:, :, ::1](TABLE, STARTS, KNOTS, TABLE))
def _values(features: Floats, starts: NDArray[np.int64], knots: Floats, heights: Floats) -> Floats:
    values = np.empty((len(features), len(heights), features.shape[1]))
    for row in range(len(features)):
        heights_at(features[row], starts, knots, heights, values[row])
    return values
