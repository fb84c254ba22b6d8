"""Graders with functions that can be worked out by hand."""

from collections.abc import Mapping, Sequence

import numpy as np

from matcher.ranking.grader import NAMES, Grader, Steps

Points = Mapping[str, tuple[Sequence[float], Sequence[float]]]
"""Feature → knots, and the heights there; features not named say nothing."""


def steps(points: Points | None = None, intercepts: Sequence[float] = (1.0, -1.0, -3.0)) -> Steps:
    """Three steps with the same functions, so that only the intercepts tell them apart."""
    points = points or {}
    nothing = ((0.0, 1.0), (0.0, 0.0))
    knots = tuple(np.array(points.get(name, nothing)[0], dtype=float) for name in NAMES)
    heights = tuple(np.array(points.get(name, nothing)[1], dtype=float) for name in NAMES)
    return Steps(knots, (heights,) * 3, np.array(intercepts, dtype=float))


def grader(
    points: Points | None = None,
    decided: Points | None = None,
    threshold: float = 0.0,
    intercepts: Sequence[float] = (1.0, -1.0, -3.0),
) -> Grader:
    """One set of functions for fresh demands, one for decided ones (the same, if not given)."""
    return Grader(
        steps(points, intercepts),
        steps(points if decided is None else decided, intercepts),
        threshold,
    )


def assert_same(one: Grader | None, other: Grader | None) -> None:
    """Equal in every digit."""
    assert one is not None
    assert other is not None
    assert one.threshold == other.threshold
    for ours, theirs in ((one.fresh, other.fresh), (one.decided, other.decided)):
        np.testing.assert_array_equal(ours.intercepts, theirs.intercepts)
        pairs = zip(ours.knots, theirs.knots, strict=True)
        assert all(np.array_equal(a, b) for a, b in pairs)
        assert len(ours.heights) == len(theirs.heights)
        for our_step, their_step in zip(ours.heights, theirs.heights, strict=True):
            assert all(map(np.array_equal, our_step, their_step))
