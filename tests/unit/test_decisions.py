"""What brokers already said, as features of the candidates that are left."""

from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from matcher.ranking.decisions import DECISIONS, decision_features


def features(likeness: Sequence[Sequence[float]], grades: Sequence[int]) -> dict[str, list[float]]:
    """By name, one value a candidate."""
    matrix = np.array(likeness, dtype=float).reshape(len(likeness), len(grades))
    found = decision_features(matrix, np.array(grades, dtype=int))
    assert found.shape == (len(likeness), len(DECISIONS))
    assert found.dtype == np.float64
    return dict(zip(DECISIONS, found.T.tolist(), strict=True))


def test_names_are_unique() -> None:
    assert len(set(DECISIONS)) == len(DECISIONS)


def test_where_nothing_was_decided_nothing_is_known() -> None:
    found = features([[], [], []], [])
    assert all(np.isnan(values).all() for values in found.values())
    assert {len(values) for values in found.values()} == {3}


def test_no_candidates_no_features() -> None:
    assert decision_features(np.empty((0, 2)), np.array([1, 4])).shape == (0, len(DECISIONS))


def test_values_by_hand() -> None:
    """One candidate like the accepted one, one like the rejected one, one like nothing."""
    found = features([[0.5, 0.0], [0.0, 0.5], [0.0, 0.0]], [4, 1])
    near, wide = 0.5**4, 0.5**1.5
    expected = {
        "decided_grade": [near * (4 - 1.7) / (near + 0.1), near * (1 - 1.7) / (near + 0.1), 0.0],
        "accepted_similarity": [0.5, 0.0, 0.0],
        "usable_similarity": [0.5, 0.0, 0.0],
        "rejected_distance": [1.0, 0.5, 1.0],
        "decided_contrast": [wide * 1.5 / (wide + 0.5), wide * -1.5 / (wide + 0.5), 0.0],
        "decided_mean": [(5 + 3.4) / 4] * 3,
        "decided_usable": [2.1 / 4] * 3,
        "decided_accepted": [1.25 / 4] * 3,
    }
    assert found.keys() == expected.keys()
    for name, values in expected.items():
        assert found[name] == pytest.approx(values), name


@pytest.mark.parametrize(
    ("grade", "accepted", "usable", "distance"),
    [(4, 0.8, 0.8, 1.0), (3, 0.8, 0.8, 1.0), (2, 0.0, 0.8, 1.0), (1, 0.0, 0.0, 0.2)],
)
def test_3_is_accepted_2_is_usable_and_1_is_rejected(
    grade: int, accepted: float, usable: float, distance: float
) -> None:
    found = features([[0.8]], [grade])
    names = ("accepted_similarity", "usable_similarity", "rejected_distance")
    assert [found[name][0] for name in names] == pytest.approx([accepted, usable, distance])


def test_the_nearest_of_several_counts() -> None:
    found = features([[0.2, 0.9, 0.4]], [3, 3, 1])
    assert found["accepted_similarity"] == [pytest.approx(0.9)]
    assert found["rejected_distance"] == [pytest.approx(0.6)]


@pytest.mark.parametrize("name", ["decided_grade", "decided_contrast"])
def test_near_ones_count_for_more_than_far_ones(name: str) -> None:
    near_good, near_bad = features([[0.9, 0.3], [0.3, 0.9]], [4, 1])[name]
    assert near_good > 0.0 > near_bad


likenesses = st.lists(st.floats(0.0, 1.0), min_size=4, max_size=4)
grades = st.lists(st.integers(1, 4), min_size=4, max_size=4)


@given(others=likenesses, given_=grades, like=st.floats(0.05, 1.0), at=st.integers(0, 3))
def test_like_an_accepted_one_is_never_worse_than_like_a_rejected_one(
    others: list[float], given_: list[int], like: float, at: int
) -> None:
    accepted, rejected = given_[:], given_[:]
    accepted[at], rejected[at] = 4, 1
    likeness = others[:]
    likeness[at] = like
    good, bad = features([likeness], accepted), features([likeness], rejected)
    for name in set(DECISIONS) - {"decided_contrast"}:  # which is relative to the demand's mean
        assert good[name][0] >= bad[name][0] - 1e-12, name
    assert good["decided_grade"][0] > bad["decided_grade"][0]


@given(likeness=likenesses, given_=grades, better=st.integers(0, 3))
def test_a_better_grade_of_one_never_lowers_anything_but_the_contrast(
    likeness: list[float], given_: list[int], better: int
) -> None:
    raised = given_[:]
    raised[better] = min(4, raised[better] + 1)
    before, after = features([likeness], given_), features([likeness], raised)
    for name in set(DECISIONS) - {"decided_contrast"}:
        assert after[name][0] >= before[name][0] - 1e-12, name


@given(likeness=likenesses, given_=grades, order=st.permutations(range(4)))
def test_the_order_of_decisions_does_not_matter(
    likeness: list[float], given_: list[int], order: list[int]
) -> None:
    one = features([likeness], given_)
    other = features([[likeness[i] for i in order]], [given_[i] for i in order])
    for name in DECISIONS:
        assert one[name] == pytest.approx(other[name], abs=1e-12)
