"""What brokers already said about a demand, as features of its other candidates.

The strongest evidence there is: an achievement like one that was accepted is likely to be good, one
like a rejected one is not. All NaN for a demand about which nothing was said.
"""

from collections.abc import Mapping
from typing import Final

import numpy as np
from numpy.typing import NDArray

from matcher.ranking.features import Features

Grades = Mapping[str, int]
"""Achievement id → grade 1 … 4 (无相关 弱相关 较强相关 强相关)."""
DECISIONS: Final = (
    "decided_grade",
    "accepted_similarity",
    "usable_similarity",
    "rejected_distance",
    "decided_contrast",
    "decided_mean",
    "decided_usable",
    "decided_accepted",
)
_USUAL: Final = 1.7
"""The mean grade of labelled pairs: what a candidate gets that resembles nothing decided."""
_ACCEPTED, _USABLE, _REJECTED = 3, 2, 1


def decision_features(likeness: NDArray[np.floating], grades: NDArray[np.int64]) -> Features:
    """Features of n candidates: float64, shape (n, len(DECISIONS)).

    ``likeness`` (n, m) holds the inner products with the m achievements that were decided on,
    ``grades`` (m,) their grades. A candidate that was itself decided on should not be asked about.

    The kernel mean of grades (Nadaraya 1964, Watson 1964) near the candidate; likeness to the
    nearest accepted (≥ 3) and usable (≥ 2) one, distance to the nearest rejected one (1); the
    kernel mean against the demand's own mean; and the demand's mean grade and shares of usable and
    accepted ones, each drawn towards what is usual by two pseudo-decisions.
    """
    n, m = likeness.shape
    if not m:
        return np.full((n, len(DECISIONS)), np.nan)
    near, wide = likeness**4, likeness**1.5
    of_demand = (
        (grades.sum() + 2 * _USUAL) / (m + 2),
        ((grades >= _USABLE).sum() + 1.1) / (m + 2),
        ((grades >= _ACCEPTED).sum() + 0.25) / (m + 2),
    )
    columns = (
        near @ (grades - _USUAL) / (near.sum(axis=1) + 0.1),
        _nearest(likeness, grades >= _ACCEPTED),
        _nearest(likeness, grades >= _USABLE),
        1.0 - _nearest(likeness, grades == _REJECTED),
        wide @ (grades - grades.mean()) / (wide.sum(axis=1) + 0.5),
        *(np.full(n, value) for value in of_demand),
    )
    return np.column_stack(columns)


def _nearest(likeness: NDArray[np.floating], chosen: NDArray[np.bool_]) -> NDArray[np.floating]:
    """The highest likeness to a chosen one; 0 if there is none."""
    nearest: NDArray[np.floating] = likeness[:, chosen].max(axis=1, initial=0.0)
    return nearest
