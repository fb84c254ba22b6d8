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
    types.Tuple((_OUT, _OUT, _OUT, _OUT, _FLOATS, types.float64[:, ::1]))(
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
) -> Any:  # noqa: ANN401 - numbers, others, kinds, bounds, totals, by field
    """Take p shares of n candidates apart, in order of candidate and column.

    ``title`` and ``whole`` (N, m) are the shares of all, ``columns`` (t,) those of terms, and the
    other arrays, of places, say where terms stand in the candidates; ``weights`` (f,) are those of
    the fields. A title without a shared term has no share: it stands in the whole text.

    Within the whole text a share is in proportion to how often the column's terms stand in each
    field. What stands nowhere is said to stand in the title, which is the first field.

    Returned are, of each share, the first of the column's terms that the candidate has, how many
    it has, the kind of the first where it stands last, and the bounds of candidates; the sums of
    the fields added from left to right, the title's share last where no term stands in the
    title; and the shares by field.
    """
    n, m, t, f = len(candidates), title.shape[1], len(columns), len(weights)
    counts, last_kinds = np.zeros((n, m, f)), np.full((n, t), -1, np.int64)
    is_titled = np.zeros(n, np.bool_)
    for place in range(len(records)):
        record, number, field = records[place], numbers[place], fields[place]
        counts[record, columns[number], field] += weights[field]
        last_kinds[record, number] = kinds[place]
        is_titled[record] |= field == 0
    bounds = np.zeros(n + 1, np.int64)
    firsts, several = np.empty(n * m, np.int64), np.empty(n * m, np.int64)
    of_kinds, totals = np.empty(n * m, np.int64), np.empty(n * m)
    parts = np.empty((n * m, f))
    first_term, term_count = np.empty(m, np.int64), np.empty(m, np.int64)
    at = 0
    for record in range(n):
        first_term[:], term_count[:] = 0, 0
        for number in range(t):
            if last_kinds[record, number] >= 0:
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
            firsts[at], several[at] = first_term[column], term_count[column]
            of_kinds[at] = last_kinds[record, first_term[column]] if term_count[column] else 0
            totals[at] = _divide(titles, wholes, counts[record, column], parts[at])
            at += 1
        bounds[record + 1] = at
    return firsts[:at], several[:at], of_kinds[:at], bounds, totals[:at], parts[:at]
