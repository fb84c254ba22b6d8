"""Near-identical candidates folded into the best of them."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.sparse import csr_array

from matcher.ranking.duplicates import ALIKE, distinct, heads

DEGREES_ALIKE = np.degrees(np.arccos(ALIKE))  # 8.11: the angle between what is just alike


def at_angles(*degrees: float) -> csr_array:
    """Unit vectors in a plane."""
    radians = np.radians(degrees)
    return csr_array(np.column_stack([np.cos(radians), np.sin(radians)]).astype(np.float32))


@pytest.mark.parametrize(
    ("angles", "k", "groups"),
    [
        ([], 3, []),
        ([0], 3, [(0, [])]),
        ([0, 90, 45], 2, [(0, []), (1, [])]),
        ([0, 0, 90, 0], 2, [(0, [1, 3]), (2, [])]),
        ([0, 0, 0], 5, [(0, [1, 2])]),
        ([0, 7, 9], 5, [(0, [1]), (2, [])]),
        # a chain: the second is like the first, the third like the second only
        ([0, 6, 12], 5, [(0, [1]), (2, [])]),
        ([6, 0, 12], 5, [(0, [1, 2])]),
        ([0, 12, 6], 5, [(0, [2]), (1, [])]),  # like both: it goes to the better one
        # once k are found, what follows closely may still be a twin, but no new answer
        ([0, 90, 45, 0, 90], 2, [(0, [3]), (1, [])]),
        ([0, 0], 1, [(0, [1])]),
    ],
)
def test_groups(angles: list[float], k: int, groups: list[tuple[int, list[int]]]) -> None:
    assert distinct(at_angles(*angles), range(len(angles)), k) == groups


def test_the_angles_of_these_tests_lie_around_the_boundary() -> None:
    assert 7 < DEGREES_ALIKE < 9


def test_the_order_decides_who_is_the_best_of_them() -> None:
    rows = at_angles(0, 90, 1, 89)
    assert distinct(rows, [2, 3, 0, 1], 5) == [(2, [0]), (3, [1])]
    assert distinct(rows, [1, 0, 3, 2], 5) == [(1, [3]), (0, [2])]


def test_twins_keep_the_order() -> None:
    assert distinct(at_angles(0, 3, 1, 2), [0, 3, 1, 2], 2) == [(0, [3, 1, 2])]


@given(
    angles=st.lists(st.sampled_from([0, 6, 12, 18, 30, 45, 60, 90]), max_size=40),
    k=st.integers(1, 10),
    seed=st.randoms(use_true_random=False),
)
def test_groups_are_what_comparing_one_by_one_gives(angles: list[int], k: int, seed: Any) -> None:
    order = list(range(len(angles)))
    seed.shuffle(order)
    found = distinct(at_angles(*angles), order, k)
    heads: list[int] = []
    for number in order:
        if len(heads) < k and all(abs(angles[number] - angles[h]) > DEGREES_ALIKE for h in heads):
            heads.append(number)
    assert [head for head, _ in found] == heads
    place = {number: i for i, number in enumerate(order)}
    taken = [number for _, twins in found for number in twins]
    assert len(taken) == len(set(taken))
    assert not set(taken) & set(heads)
    for head, twins in found:
        assert [place[t] for t in twins] == sorted(place[t] for t in twins)
        for twin in twins:
            assert place[twin] > place[head]
            # It goes to the first that it is like.
            like = [h for h in heads if abs(angles[twin] - angles[h]) < DEGREES_ALIKE]
            assert like[0] == head
    # Among the first 2 k no twin is missed.
    for number in set(order[: 2 * k]) - set(heads):
        if any(
            abs(angles[number] - angles[h]) < DEGREES_ALIKE and place[h] < place[number]
            for h in heads
        ):
            assert number in taken


@pytest.mark.parametrize("k", [1, 5, 50])
def test_no_further_is_looked_than_it_takes(k: int) -> None:
    """All different: the first 2 k are enough. All alike: every one is compared, with one head."""
    n = 1000
    same = csr_array(np.tile(np.array([[1.0, 0.0]], dtype=np.float32), (n, 1)))
    different = csr_array(np.eye(n, dtype=np.float32))
    assert [len(looked_at(rows, k)) for rows in (same, different)] == [n if k > 1 else 2, 2 * k]
    assert set(looked_at(same, k)) == {0}


def looked_at(rows: csr_array, k: int) -> list[int]:
    parts = (part.astype(np.int32) for part in (rows.indptr, rows.indices))
    found: list[int] = heads(*parts, rows.data, np.arange(rows.shape[0]), k).tolist()
    return found


@pytest.mark.parametrize("apart", [0.05, 0.2, 0.4])
def test_long_rows_are_alike_where_their_product_says_so(apart: float) -> None:
    generator = np.random.default_rng(int(1000 * apart))
    rows = generator.random((60, 300)) * (generator.random((60, 300)) < 0.5)
    rows[1:] = np.abs(rows[0] + apart * generator.normal(size=(59, 1)) * rows[1:])
    rows /= np.linalg.norm(rows, axis=1, keepdims=True)
    alike = (rows @ rows[0] >= ALIKE).tolist()
    found = distinct(csr_array(rows.astype(np.float32)), range(60), 60)
    assert found[0] == (0, [number for number in range(1, 60) if alike[number]])
