"""What ranking needs to know of a candidate's embedding, whatever the query: compiled."""

# mypy: disable-error-code="no-untyped-call"
from typing import Any, Final

import numpy as np
from numba import types
from numpy.typing import NDArray

from matcher.compiled import compiled

Matrix = NDArray[np.float32]
Numbers = NDArray[np.float64]
BY_KIND: Final = slice(3)
"""Of a tally the lengths of the whole text's vectors in words, characters and names …"""
SCALE: Final = 3
"""… the least weight over idf of the whole text, infinite for an empty one …"""
LENGTH: Final = 4
"""… how many occurrences of terms the whole text has …"""
TITLE_IDF: Final = 5
"""… the sum of the idf of the title's terms …"""
COUNTS: Final = slice(6, 8)
"""… and how many different terms the title has, and the whole text."""
TALLIED: Final = 8
_ONE: Final = np.uint32(1)
_HIGHEST: Final = np.uint32(0xFFFFFFFF)
INTS: Final = types.Array(types.int32, 1, "C", readonly=True)
FLOATS: Final = types.Array(types.float32, 1, "C", readonly=True)
_KINDS: Final = types.Array(types.int8, 1, "C", readonly=True)
_TABLE: Final = types.float64[:, ::1]


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
    _TABLE(INTS, INTS, FLOATS, types.int64[::1], FLOATS, _KINDS, types.float64),
    error_model="numpy",
)
def tally(
    indptr: NDArray[np.int32],
    columns: NDArray[np.int32],
    weights: Matrix,
    chosen: NDArray[np.int64],
    idf: Matrix,
    kinds: NDArray[np.int8],
    saturation: float,
) -> Any:  # noqa: ANN401 - numbers (e, TALLIED)
    """Go through those ``chosen`` (e,) of CSR rows with a block for the title, one for the text.

    A row holds s · tf (k + 1) / (tf + k) · idf with one s for the whole row, k being the
    ``saturation``. Nearly every text has a term that occurs once, for which the saturation is 1; so
    the least weight over idf is s, and the occurrences tf follow. What has no idf counts nothing.
    """
    width, found = np.int32(len(idf)), np.empty((len(chosen), TALLIED))
    longest = np.diff(indptr).max() if len(chosen) else 0
    ratios, room, is_kind = np.empty(longest, np.float32), np.empty(longest), np.eye(3)
    for number in range(len(chosen)):
        start, end = indptr[chosen[number]], indptr[chosen[number] + 1]
        middle, title_idf = start, 0.0
        while middle < end and columns[middle] < width:
            title_idf += idf[np.uint32(columns[middle])]
            middle += 1
        words, characters, names = 0.0, 0.0, 0.0
        for at in range(middle, end):
            # Unsigned: of others it would be asked each time whether they count from the end.
            column, weight = np.uint32(columns[at] - width), weights[at]
            known, kind = idf[column], np.uint8(kinds[column])
            ratios[at - middle] = weight / known if known > 0.0 else np.float32(0.0)
            square = np.float64(weight * weight)
            words += square * is_kind[kind, 0]
            characters += square * is_kind[kind, 1]
            names += square * is_kind[kind, 2]
        rates = ratios[: end - middle]
        scale = _least(rates)
        found[number, :SCALE] = np.sqrt(words), np.sqrt(characters), np.sqrt(names)
        found[number, SCALE] = scale
        found[number, LENGTH] = _length(rates, scale, saturation, room)
        found[number, TITLE_IDF] = title_idf
        found[number, COUNTS] = middle - start, end - middle
    return found
