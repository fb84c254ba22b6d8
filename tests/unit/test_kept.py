"""Numbers about documents that are worked out once."""

from functools import partial

import numpy as np
from numpy.typing import NDArray

from matcher.index.kept import Keep, Kept, joint

Longs = NDArray[np.int64]
Table = NDArray[np.float64]


def ask(keep: Keep, source: object, documents: list[int]) -> tuple[list[int], list[list[float]]]:
    """Which documents were worked out, and what is known of all that were asked for."""
    worked_out: list[int] = []

    def compute(places: Longs) -> Table:
        numbers = np.array(documents)[places]
        worked_out.extend(numbers.tolist())
        return np.column_stack([numbers, -numbers]).astype(np.float64)

    return worked_out, keep(source, 2, compute).tolist()


def of(kept: Kept, *documents: int) -> Keep:
    return partial(kept.rows, np.array(documents, np.int32))


def test_only_what_nobody_asked_for_before_is_worked_out() -> None:
    kept, source = Kept(10), object()
    assert ask(of(kept, 7, 0), source, [7, 0]) == ([7, 0], [[7, -7], [0, 0]])
    assert ask(of(kept, 3, 7, 9), source, [3, 7, 9]) == ([3, 9], [[3, -3], [7, -7], [9, -9]])
    assert ask(of(kept), source, []) == ([], [])


def test_of_another_source_nothing_is_known() -> None:
    kept = Kept(3)
    assert ask(of(kept, 1), object(), [1])[0] == [1]
    assert ask(of(kept, 1), object(), [1])[0] == [1]


def test_of_several_segments_each_keeps_its_own() -> None:
    one, other, source = Kept(5), Kept(3), object()
    ask(of(one, 2), source, [2])
    parts = [(one, np.array([2, 4], np.int32)), (other, np.array([0, 2, 1], np.int32))]
    both = joint(parts, np.array([3, 0, 2, 1]))  # the last of the other is left out
    assert ask(both, source, [2, 2, 0, 4]) == ([4, 2, 0], [[2, -2], [2, -2], [0, 0], [4, -4]])
    assert ask(of(other, 2, 1), source, [2, 1])[0] == [1]
