"""What features added to grades, as contributions and as what the JSON is made of."""

import numpy as np

from matcher.ranking.contributing import contributions, taken_apart
from matcher.ranking.grader import NAMES, Parts, Steps
from matcher.records import Contribution


def _parts() -> Parts:
    knots = (np.zeros(1),) * len(NAMES)
    steps = Steps(knots, (knots,) * 3, np.zeros(3))
    features, added = np.full((3, len(NAMES)), 0.5), np.zeros((3, len(NAMES)))
    added[0, [1, 4]], added[2, 0] = (0.25, -0.75), 1.0
    return Parts(steps, features, added, np.full((3, 4), 0.25), np.full(3, 2.5))


def test_what_adds_nothing_is_no_contribution() -> None:
    found = contributions(_parts(), 2)
    strongest = (Contribution(NAMES[4], 0.5, -0.75), Contribution(NAMES[1], 0.5, 0.25))
    assert found == [strongest, ()]


def test_contributions_are_taken_apart_whether_made_or_given() -> None:
    for found in contributions(_parts(), 3):
        assert list(taken_apart(found)) == list(taken_apart(tuple(found))) == list(found)
