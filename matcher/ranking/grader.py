"""Grades a candidate on the brokers' scale of 1–4, with calibrated probabilities.

Three logistic models, one for each step of the scale (at least 弱相关, 较强相关, 强相关), each a
sum of functions of one feature: piecewise linear and, but for MAY_FALL, never falling. So a grade
can be taken apart feature by feature, and no sign of relevance can count against a candidate.
There are two such sets, for demands about which brokers said something and for others, because
what was said makes everything else count for less.
Source: cumulative logits with unequal slopes, Peterson & Harrell 1990; additive models, Hastie &
Tibshirani 1990.
"""

from dataclasses import dataclass
from functools import cached_property
from itertools import chain
from typing import Final

import numpy as np
from numpy.typing import NDArray

from matcher.ranking.curves import Curves
from matcher.ranking.decisions import DECISIONS
from matcher.ranking.features import CONTENT, Features
from matcher.ranking.grading import graded

NAMES: Final = (*CONTENT, *DECISIONS, "quantity_agreement")
GRADES: Final = (1, 2, 3, 4)
STRONG: Final = 3
"""From this grade on (较强相关) a pairing is worth a broker's call."""
MAY_FALL: Final = frozenset({"described"})
"""What tells kinds of records apart and is no sign of relevance."""
_FIRST_DECISION: Final = len(CONTENT)
Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Steps:
    """The three models. F features; feature j has a function with ``len(knots[j])`` knots.

    ``heights[step][j]`` are its values at the knots; between them it is linear, outside constant,
    and 0 for NaN. ``intercepts`` (3,) are added to the sum.
    """

    knots: tuple[Floats, ...]
    heights: tuple[tuple[Floats, ...], ...]
    intercepts: Floats

    def __post_init__(self) -> None:
        shapes = {tuple(map(len, heights)) for heights in self.heights}
        if len(self.knots) != len(NAMES) or shapes != {tuple(map(len, self.knots))}:
            raise ValueError(f"not the functions of the {len(NAMES)} features: {shapes}")
        if not len(self.heights) == len(self.intercepts) == len(GRADES) - 1:
            raise ValueError("not three steps")
        for name, knots, *heights in zip(NAMES, self.knots, *self.heights, strict=True):
            if not len(knots) or not (np.diff(knots) > 0).all():
                raise ValueError("knots in disorder")
            if name not in MAY_FALL and not all((np.diff(step) >= 0).all() for step in heights):
                raise ValueError("a function that falls")
        numbers = [*self.knots, *chain.from_iterable(self.heights), self.intercepts]
        if not all(np.isfinite(values).all() for values in numbers):
            raise ValueError("not a number")

    def parts(self, features: Features) -> Floats:
        """The value of every function: shape (3, n, F)."""
        return self._curves.values(features)

    def taken_apart(self, features: Features) -> "Parts":
        """What each feature says of n candidates."""
        found = graded(np.ascontiguousarray(features), *self._curves, self.intercepts)
        return Parts(self, features, *found)

    @cached_property
    def intercept(self) -> float:
        """Their mean: the raw score of a candidate to which no feature adds anything."""
        return float(self.intercepts.mean())

    @cached_property
    def _curves(self) -> Curves:
        return Curves.of(self.knots, self.heights)


@dataclass(frozen=True)
class Grader:
    """What was learned: for demands without decisions (``fresh``), and with some (``decided``).

    ``threshold`` is the probability of grade ≥ 3 that the best candidate of a demand has to reach
    for the answer to count as good.
    """

    fresh: Steps
    decided: Steps
    threshold: float

    def steps(self, features: Features) -> Steps:
        """The set that applies: candidates of one demand either all have decisions or none has."""
        is_fresh = not len(features) or np.isnan(features[0, _FIRST_DECISION])
        return self.fresh if is_fresh else self.decided

    def taken_apart(self, features: Features) -> "Parts":
        """What each feature says of n candidates."""
        return self.steps(features).taken_apart(features)

    def probabilities(self, features: Features) -> Floats:
        """The probability of each grade: shape (n, 4), rows add up to 1."""
        return self.taken_apart(features).probabilities


@dataclass(frozen=True)
class Parts:
    """What the functions say of n candidates with these features (n, F)."""

    steps: Steps
    features: Features
    contributions: Floats
    """What each feature adds to the raw score: shape (n, F); see ``raw``."""
    probabilities: Floats
    """The probability of each grade: shape (n, 4), rows add up to 1."""
    expected: Floats
    """The expected grades (n,), as ``expected``."""

    @property
    def raw(self) -> Floats:
        """The raw scores (n,), log odds averaged over the steps: intercept plus contributions."""
        raw: Floats = self.contributions.sum(axis=1) + self.steps.intercept
        return raw


def expected(probabilities: Floats) -> Floats:
    """The mean grade (n,), by which candidates are ordered.

    Added up one by one: a product of matrices gives another last digit if there are more rows.
    """
    mean = np.zeros(len(probabilities))
    for grade, column in zip(GRADES, probabilities.T, strict=True):
        mean += grade * column
    return mean


def displayed(probabilities: Floats) -> NDArray[np.int64]:
    """The median grade (n,), which is off by the least on average."""
    median: NDArray[np.int64] = 1 + (probabilities.cumsum(axis=1) < 0.5).sum(axis=1)
    return np.minimum(median, GRADES[-1])  # rounding may leave the sum short of 0.5 at the end


def strong(probabilities: Floats) -> Floats:
    """The probability (n,) of a grade of at least 3."""
    tail: Floats = probabilities[:, STRONG - 1 :].sum(axis=1)
    return tail


def assemble(content: Features, decided: Features | None = None) -> Features:
    """The features in the order of NAMES; what is not given is unknown (NaN)."""
    features = np.full((content.shape[0], len(NAMES)), np.nan)
    features[:, : len(CONTENT)] = content
    if decided is not None:
        features[:, len(CONTENT) : -1] = decided
    return features
