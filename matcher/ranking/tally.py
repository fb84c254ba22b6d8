"""What ranking needs of the candidates' embeddings, in one pass over their entries: compiled."""

# mypy: disable-error-code="no-untyped-call"
from typing import Any, Final, NamedTuple

import numpy as np
from numba import types
from numpy.typing import NDArray

from matcher.compiled import compiled

Matrix = NDArray[np.float32]
KINDS: Final = 3
_SIEVE: Final = 4095
"""A mask of the last digits of columns: queries have some hundreds of them."""
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
def _length(ratios: Matrix, scale: np.float32, saturation: float) -> float:
    """The occurrences of terms whose weights over idf are given, 0 for those without idf."""
    occurrences = np.empty(len(ratios))
    for number in range(len(ratios)):
        saturated = np.float64(ratios[number] / scale)
        rest = saturation + 1.0 - saturated
        occurrences[number] = saturation * saturated / (rest if rest > 1e-3 else 1e-3)
    total = 0.0
    for number in range(len(ratios)):  # apart, so that divisions are made several at once
        total += occurrences[number]
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
    # Most columns are not wanted: a small table tells so without reading from a large one.
    sieve = np.zeros(_SIEVE + 1, np.bool_)
    for number in range(len(wanted)):
        place[wanted[number]] = number + 1
        sieve[wanted[number] & _SIEVE] = True
    squares, counts = np.zeros((n, KINDS)), np.zeros((n, 2), np.int64)
    scales = np.full(n, np.float32(np.inf), np.float32)
    lengths, title_idf = np.zeros(n), np.zeros(n)
    ratios = np.zeros(np.diff(indptr).max() if n else 0, np.float32)
    for row in range(n):
        at, end = indptr[row], indptr[row + 1]
        while at < end and columns[at] < width:
            title_idf[row] += idf[columns[at]]
            if place[columns[at]]:
                title[row, place[columns[at]] - 1] = weights[at]
            at += 1
        counts[row, 0], counts[row, 1] = at - indptr[row], end - at
        least = np.float32(np.inf)
        for number in range(end - at):
            # Unsigned: of others it would be asked each time whether they count from the end.
            column, weight = np.uint64(columns[at + number] - width), weights[at + number]
            squares[row, kinds[column]] += weight * weight
            ratio = np.float32(0.0)
            if idf[column] > 0.0:
                ratio = weight / idf[column]
                least = min(least, ratio)
            ratios[number] = ratio
            if sieve[column & np.uint64(_SIEVE)] and place[column]:
                whole[row, place[column] - 1] = weight
        scales[row] = least
        lengths[row] = _length(ratios[: end - at], least, saturation)
    place[wanted] = 0
    return title, whole, np.sqrt(squares), scales, lengths, title_idf, counts
