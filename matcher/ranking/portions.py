"""What each term of a query adds to the scores of its candidates: compiled, in one pass."""

# mypy: disable-error-code="no-untyped-call"
from typing import Any, Final, NamedTuple

import numpy as np
from numba import types

from matcher.compiled import compiled
from matcher.ranking.tally import FLOATS, LENGTH, SCALE, Matrix, Numbers

_MATRIX: Final = types.Array(types.float32, 2, "C", readonly=True)
_TALLY: Final = types.Array(types.float64, 2, "C", readonly=True)
_LENGTH_WEIGHT: Final = 0.75
"""BM25's b (Robertson & Zaragoza 2009)."""
_OUT: Final = types.float32[:, ::1]


class Portions(NamedTuple):
    """Of n candidates and the m terms of a query, float32 arrays of shape (n, m)."""

    title: Matrix
    """What each adds to the score in the block of the title."""
    whole: Matrix
    """The same in that of the whole text, and by what the candidate covers."""
    cover: Matrix
    """What each adds to the coverage."""
    rarest: Matrix
    """(n,): the highest idf of the terms that the candidate has; 0 if it has none."""


@compiled(
    types.Tuple((_OUT, _OUT, _OUT, types.float32[::1]))(
        _MATRIX,
        _MATRIX,
        _TALLY,
        FLOATS,
        FLOATS,
        FLOATS,
        FLOATS,
        types.float64,
        types.float64,
        types.float32,
    ),
    error_model="numpy",
)
def portions(
    title: Matrix,
    whole: Matrix,
    tally: Numbers,
    of_title: Matrix,
    of_whole: Matrix,
    of_units: Matrix,
    idf: Matrix,
    saturation: float,
    average_length: float,
    similar: np.float32,
) -> Any:  # noqa: ANN401 - Portions
    """Go through the weights (n, m) of the query's terms in the candidates; most are 0.

    In the score a weight counts ``similar`` times that of the query, ``of_title`` and ``of_whole``
    (m,), and the coverage the rest. A term that occurs tf times covers tf / (tf + norm) of what its
    unit counts, ``of_units``; its weight in the whole text is s · tf (k + 1) / (tf + k) · idf, s
    being the candidate's scale and k the ``saturation``. What has no idf covers nothing.
    """
    covering = np.float32(1.0) - similar
    of_title, of_whole = of_title * similar, of_whole * similar
    k, limit = np.float32(saturation), np.float32(saturation + 1.0)
    least, tiny = np.float32(1e-3), np.float32(1e-9)
    in_whole, cover = np.zeros_like(whole), np.zeros_like(whole)
    rarest = np.zeros(len(whole), np.float32)
    found = np.empty(whole.shape[1] + 1, np.int64)
    for row in range(len(whole)):
        count = 0
        for term in range(whole.shape[1]):  # listed without a branch that nobody could foretell
            found[count] = term
            count += whole[row, term] != 0.0
        highest, scale = np.float32(0.0), np.float32(tally[row, SCALE])
        length = tally[row, LENGTH] / average_length
        norm = np.float32(saturation * (1.0 - _LENGTH_WEIGHT + _LENGTH_WEIGHT * length))
        for term in found[:count]:
            weight = whole[row, term]
            highest = max(highest, idf[term])
            saturated = weight / (idf[term] * scale)
            occurrences = k * saturated / max(limit - saturated, least)
            covered = occurrences / (occurrences + norm + tiny)
            cover[row, term] = covered * of_units[term]
            in_whole[row, term] = weight * of_whole[term] + cover[row, term] * covering
        rarest[row] = highest
    return title * of_title, in_whole, cover, rarest
