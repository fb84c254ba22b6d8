"""How the shares of columns spread over terms and fields: compiled."""

# mypy: disable-error-code="no-untyped-call"
from typing import Any, Final

import numpy as np
from numba import types
from numpy.typing import NDArray

from matcher.compiled import compiled

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
_MATRIX: Final = types.Array(types.float32, 2, "C", readonly=True)
_INTS: Final = types.Array(types.int64, 1, "A", readonly=True)
_FLOATS: Final = types.float64[::1]
_OUT: Final = types.int64[::1]
_TABLE: Final = types.float64[:, ::1]


@compiled(types.float64(types.float64, types.float64, _FLOATS, _FLOATS), error_model="numpy")
def _divide(title: float, whole: float, counts: Floats, parts: Floats) -> float:
    """One share by field, into ``parts`` (f,), and the sum."""
    somewhere = 0
    for count in counts:
        somewhere += count != 0.0
    if not somewhere:
        counts[0], somewhere = 1.0, 1
    counted = counts[0]
    for field in range(1, len(counts)):
        counted += counts[field]
    for field in range(len(counts)):
        if somewhere == 1:
            parts[field] = whole if counts[field] != 0.0 else 0.0
        else:
            parts[field] = whole * counts[field] / counted
    parts[0] += title
    late = 0.0 if counts[0] > 0.0 else parts[0]
    total: float = parts[0] - late
    for field in range(1, len(counts)):
        total += parts[field]
    return total + late


@compiled(
    types.Tuple((_OUT, _OUT, _OUT, _OUT, _FLOATS, _TABLE, _TABLE))(
        _MATRIX, _MATRIX, _INTS, *(_INTS,) * 5, _FLOATS
    ),
    error_model="numpy",
)
def spread(
    title: NDArray[np.float32],
    whole: NDArray[np.float32],
    candidates: Ints,
    columns: Ints,
    records: Ints,
    fields: Ints,
    numbers: Ints,
    kinds: Ints,
    weights: Floats,
) -> Any:  # noqa: ANN401 - numbers, places, kinds, bounds, totals, by field, of terms
    """Take p shares of n candidates apart, in order of candidate and column.

    ``title`` and ``whole`` (N, m) are the shares of all, ``columns`` (t,) those of terms, and the
    other arrays, of places, say where terms stand in the candidates; ``weights`` (f,) are those of
    the fields. A title without a shared term has no share: it stands in the whole text.

    Within the whole text a share is in proportion to how often the column's terms stand in each
    field. What stands nowhere is said to stand in the title, which is the first field.

    Returned are, of each share, the first of the column's terms that the candidate has, or -1;
    the place where it stands first, or -1 if it is not the only one; its kind where it stands
    last; and the bounds of candidates; the sums of the fields added from left to right, the
    title's share last where no term stands in the title; the shares by field; and those of the
    terms (n, t) that are the only ones.
    """
    n, m, t, f = len(candidates), title.shape[1], len(columns), len(weights)
    counts, of_terms = np.zeros((n, m, f)), np.zeros((n, t))
    first_places, last_kinds = np.full((n, t), -1, np.int64), np.empty((n, t), np.int64)
    is_titled = np.zeros(n, np.bool_)
    for place in range(len(records)):
        record, number, field = records[place], numbers[place], fields[place]
        counts[record, columns[number], field] += weights[field]
        if first_places[record, number] < 0:
            first_places[record, number] = place
        last_kinds[record, number] = kinds[place]
        is_titled[record] |= field == 0
    bounds = np.zeros(n + 1, np.int64)
    firsts, places = np.empty(n * m, np.int64), np.full(n * m, -1, np.int64)
    of_kinds, totals = np.empty(n * m, np.int64), np.empty(n * m)
    parts = np.empty((n * m, f))
    first_term, term_count = np.empty(m, np.int64), np.empty(m, np.int64)
    at = 0
    for record in range(n):
        first_term[:], term_count[:] = -1, 0
        for number in range(t):
            if first_places[record, number] >= 0:
                column = columns[number]
                if not term_count[column]:
                    first_term[column] = number
                term_count[column] += 1
        for column in range(m):
            titles = float(title[candidates[record], column])
            wholes = float(whole[candidates[record], column])
            if not is_titled[record]:
                titles, wholes = 0.0, wholes + titles
            if titles == 0.0 and wholes == 0.0:
                continue
            number = first_term[column]
            firsts[at], of_kinds[at] = number, last_kinds[record, number] if number >= 0 else 0
            totals[at] = _divide(titles, wholes, counts[record, column], parts[at])
            if term_count[column] == 1:
                places[at] = first_places[record, number]
                of_terms[record, number] = totals[at]
            at += 1
        bounds[record + 1] = at
    return firsts[:at], places[:at], of_kinds[:at], bounds, totals[:at], parts[:at], of_terms
