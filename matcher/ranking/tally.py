"""What ranking needs of the candidates' embeddings, in one pass over their entries: compiled."""

# mypy: disable-error-code="no-untyped-call"
from typing import Any, Final, NamedTuple

import numpy as np
from numba import types
from numpy.typing import NDArray

from matcher.compiled import compiled

Matrix = NDArray[np.float32]
Numbers = NDArray[np.float64]
KINDS: Final = 3
_SIEVE: Final = np.uint32(16383)
"""A mask of the last digits of columns: queries have some hundreds of them."""
_ONE: Final = np.uint32(1)
_HIGHEST: Final = np.uint32(0xFFFFFFFF)
INTS: Final = types.Array(types.int32, 1, "C", readonly=True)
FLOATS: Final = types.Array(types.float32, 1, "C", readonly=True)
_KINDS: Final = types.Array(types.int8, 1, "C", readonly=True)
_COLUMNS: Final = types.Array(types.int64, 1, "C", readonly=True)
_MATRIX: Final = types.float32[:, ::1]
_NUMBERS: Final = types.float64[::1]
_TALLY: Final = types.Tuple(
    (
        _MATRIX,
        _MATRIX,
        types.float64[:, ::1],
        types.float32[::1],
        _NUMBERS,
        _NUMBERS,
        types.int64[:, ::1],
    )
)


class Tally(NamedTuple):
    """Of n candidates, whose rows have a block for the title and one for the whole text."""

    title: Matrix
    """(n, m): their weights in the m columns that were asked for, in the title."""
    whole: Matrix
    """(n, m): the same in the whole text."""
    by_kind: NDArray[np.float64]
    """(n, 3): the lengths of the whole text's vectors in words, characters and names."""
    scales: Matrix
    """(n,): the least weight over idf of the whole text; infinite for an empty one."""
    lengths: NDArray[np.float64]
    """(n,): how many occurrences of terms the whole text has."""
    title_idf: NDArray[np.float64]
    """(n,): the sum of the idf of the title's terms."""
    counts: NDArray[np.int64]
    """(n, 2): different terms of the title, and of the whole text."""


@compiled(error_model="numpy")
def _least(ratios: Matrix) -> np.float32:
    """The least of some numbers that is not 0; infinite if there is none.

    Positive ones are in the order of their bits, of which several are compared at once.
    """
    bits, least = ratios.view(np.uint32), _HIGHEST
    for number in range(len(ratios)):
        least = min(least, np.uint32(bits[number] - _ONE))  # of 0 it is the highest
    return np.float32(np.inf) if least == _HIGHEST else np.uint32(least + _ONE).view(np.float32)


@compiled(error_model="numpy")
def _length(ratios: Matrix, scale: np.float32, saturation: float, room: Numbers) -> float:
    """The occurrences of terms whose weights over idf are given, 0 for those without idf."""
    for number in range(len(ratios)):
        saturated = np.float64(ratios[number] / scale)
        rest = saturation + 1.0 - saturated
        room[number] = saturation * saturated / (rest if rest > 1e-3 else 1e-3)
    total = 0.0
    for number in range(len(ratios)):  # apart, so that divisions are made several at once
        total += room[number]
    return total


@compiled(
    _TALLY(INTS, INTS, FLOATS, _COLUMNS, FLOATS, _KINDS, types.float64, types.int32[::1]),
    error_model="numpy",
)
def tally(
    indptr: NDArray[np.int32],
    columns: NDArray[np.int32],
    weights: Matrix,
    wanted: NDArray[np.int64],
    idf: Matrix,
    kinds: NDArray[np.int8],
    saturation: float,
    place: NDArray[np.int32],
) -> Any:  # noqa: ANN401 - a Tally
    """Go through CSR rows, and look for the columns ``wanted`` (m,) of their blocks.

    ``place`` : zeros of shape (width of a block,); they are zeros again at the end.

    A row holds s · tf (k + 1) / (tf + k) · idf with one s for the whole row, k being the
    ``saturation``. Nearly every text has a term that occurs once, for which the saturation is 1; so
    the least weight over idf is s, and the occurrences tf follow. What has no idf counts nothing.
    """
    n = len(indptr) - 1
    width = np.int32(len(place))
    title = np.zeros((n, len(wanted)), np.float32)
    whole = np.zeros((n, len(wanted)), np.float32)
    # Most columns are not wanted: a small table tells so without reading from a large one. What
    # passes it is listed without a branch, which nobody could foretell.
    sieve = np.zeros(_SIEVE + _ONE, np.uint8)
    for number in range(len(wanted)):
        place[wanted[number]] = number + 1
        sieve[wanted[number] & _SIEVE] = 1
    squares, counts = np.empty((n, KINDS)), np.empty((n, 2), np.int64)
    scales, lengths, title_idf = np.empty(n, np.float32), np.empty(n), np.empty(n)
    longest = np.diff(indptr).max() if n else 0
    ratios, room = np.empty(longest, np.float32), np.empty(longest)
    passed, is_kind = np.empty(longest + 1, np.int32), np.eye(KINDS)
    for row in range(n):
        start, end = indptr[row], indptr[row + 1]
        middle, count, total = start, 0, 0.0
        while middle < end and columns[middle] < width:
            column = np.uint32(columns[middle])
            total += idf[column]
            passed[count] = middle
            count += sieve[column & _SIEVE]
            middle += 1
        title_idf[row] = total
        for at in passed[:count]:
            if place[columns[at]]:
                title[row, place[columns[at]] - 1] = weights[at]
        words, characters, names, count = 0.0, 0.0, 0.0, 0
        for at in range(middle, end):
            # Unsigned: of others it would be asked each time whether they count from the end.
            column, weight = np.uint32(columns[at] - width), weights[at]
            passed[count] = at
            count += sieve[column & _SIEVE]
            known, kind = idf[column], np.uint8(kinds[column])
            ratios[at - middle] = weight / known if known > 0.0 else np.float32(0.0)
            square = np.float64(weight * weight)
            words += square * is_kind[kind, 0]
            characters += square * is_kind[kind, 1]
            names += square * is_kind[kind, 2]
        for at in passed[:count]:
            if place[columns[at] - width]:
                whole[row, place[columns[at] - width] - 1] = weights[at]
        squares[row] = words, characters, names
        counts[row] = middle - start, end - middle
        found = ratios[: end - middle]
        scales[row] = _least(found)
        lengths[row] = _length(found, scales[row], saturation, room)
    place[wanted] = 0
    return title, whole, np.sqrt(squares), scales, lengths, title_idf, counts
