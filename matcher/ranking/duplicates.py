"""Folds near-identical candidates: the same text posted twice is one answer."""

# mypy: disable-error-code="no-untyped-call"
from collections.abc import Sequence
from typing import Final

import numpy as np
from numba import types
from numpy.typing import NDArray
from scipy.sparse import csr_array

from matcher.compiled import compiled
from matcher.ranking.tally import FLOATS, INTS, Matrix

ALIKE: Final = 0.99
"""Inner product from which two embeddings count as the same text."""
_ROUNDING: Final = 1e-4
"""By how much the squared length of a row may differ from 1."""
_ORDER: Final = types.Array(types.int64, 1, "C", readonly=True)
Ints = NDArray[np.int32]


def distinct(rows: csr_array, order: Sequence[int], k: int) -> list[tuple[int, list[int]]]:
    """The first ``k`` distinct candidates in this order, each with its later twins.

    ``rows`` (n, width) are the embeddings, of unit length, columns ascending. Twins are looked for
    among the first 2 k candidates, and as far down as it takes to find k distinct ones. Each
    candidate is compared with at most k others.
    """
    indptr, indices = (part.astype(np.int32, copy=False) for part in (rows.indptr, rows.indices))
    numbers = np.array(order, dtype=np.int64)
    found: dict[int, list[int]] = {}
    for number, head in zip(
        order, heads(indptr, indices, rows.data, numbers, k).tolist(), strict=False
    ):
        if head == number:
            found[number] = []
        elif head >= 0:
            found[head].append(number)
    return list(found.items())


@compiled()
def is_alike(indptr: Ints, columns: Ints, weights: Matrix, one: int, other: int) -> bool:
    """Whether the inner product of two rows of unit length reaches ``ALIKE``.

    What is left of both rows cannot add more than the product of its lengths, so most pairs are
    told apart by their first few terms.
    """
    i, j = indptr[one], indptr[other]
    total, left, other_left = 0.0, 1.0 + _ROUNDING, 1.0 + _ROUNDING
    while i < indptr[one + 1] and j < indptr[other + 1]:
        ours, theirs = np.float64(weights[i]), np.float64(weights[j])
        if columns[i] == columns[j]:
            total += ours * theirs
            left, other_left = left - ours * ours, other_left - theirs * theirs
            i, j = i + 1, j + 1
            continue
        if columns[i] < columns[j]:
            left, i = left - ours * ours, i + 1
        else:
            other_left, j = other_left - theirs * theirs, j + 1
        if total < ALIKE and left * other_left < (ALIKE - total) ** 2:
            return False
    return total >= ALIKE


@compiled(types.int64[::1](INTS, INTS, FLOATS, _ORDER, types.int64))
def heads(
    indptr: Ints, columns: Ints, weights: Matrix, order: NDArray[np.int64], k: int
) -> NDArray[np.int64]:
    """Of each candidate in ``order``, as far as ``distinct`` looks, the first that is like it.

    That may be itself; -1 if it is like none of the k.
    """
    first = np.full(len(order), -1, np.int64)
    found = np.empty(k, np.int64)
    count = 0
    for at in range(len(order)):
        if at % (2 * k) == 0 and count == k:
            return first[:at]
        for head in found[:count]:
            if is_alike(indptr, columns, weights, order[at], head):
                first[at] = head
                break
        if first[at] < 0 and count < k:
            first[at] = found[count] = order[at]
            count += 1
    return first
