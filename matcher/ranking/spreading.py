"""How the shares of columns spread over terms and fields: compiled."""

# mypy: disable-error-code="no-untyped-call"
from typing import Any, Final

import numpy as np
from numba import types
from numpy.typing import NDArray

from matcher.compiled import compiled
from matcher.text.traced import Ints, Numbers

Floats = NDArray[np.float64]
_MATRIX: Final = types.Array(types.float32, 2, "C", readonly=True)
_INTS: Final = types.Array(types.int64, 1, "A", readonly=True)
_FLOATS: Final = types.float64[::1]
_OUT: Final = types.int64[::1]
_TABLE: Final = types.float64[:, ::1]
_ROWS: Final = types.int32[:, ::1]


@compiled(
    types.float64(types.float64, types.float64, _TABLE, types.int64, _TABLE, types.int64),
    error_model="numpy",
    inline="always",
)
def _divide(
    title: float, whole: float, counts: Floats, column: int, parts: Floats, at: int
) -> float:
    """One share by field, into one row of ``parts`` (p, f), and the sum."""
    somewhere = 0
    for field in range(parts.shape[1]):
        somewhere += counts[column, field] != 0.0
    if not somewhere:
        counts[column, 0], somewhere = 1.0, 1
    counted = counts[column, 0]
    for field in range(1, parts.shape[1]):
        counted += counts[column, field]
    for field in range(parts.shape[1]):
        if somewhere == 1:
            parts[at, field] = whole if counts[column, field] != 0.0 else 0.0
        else:
            parts[at, field] = whole * counts[column, field] / counted
    parts[at, 0] += title
    late = 0.0 if counts[column, 0] > 0.0 else parts[at, 0]
    total: float = parts[at, 0] - late
    for field in range(1, parts.shape[1]):
        total += parts[at, field]
    return total + late


@compiled(
    types.Tuple((_OUT, _ROWS, _FLOATS, _TABLE, _TABLE, _TABLE, types.boolean))(
        _MATRIX, _MATRIX, _INTS, _INTS, _INTS, _ROWS, _FLOATS
    ),
    error_model="numpy",
)
def spread(
    title: NDArray[np.float32],
    whole: NDArray[np.float32],
    candidates: Ints,
    columns: Ints,
    firsts: Ints,
    places: Numbers,
    weights: Floats,
) -> Any:  # noqa: ANN401 - bounds, terms, totals, by field, sums, of terms, whether all are simple
    """Take p shares of n candidates apart, in order of candidate, the greatest first.

    ``title`` and ``whole`` (N, m) are the shares of all, ``columns`` (t,) those of terms;
    ``places``, those of each text from ``firsts`` (n * f + 1,) on, say where terms stand in the
    candidates; ``weights`` (f,) are those of the fields. A title without a shared term has no
    share: it stands in the whole text.

    Within the whole text a share is in proportion to how often the column's terms stand in each
    field. What stands nowhere is said to stand in the title, which is the first field.

    Returned are the bounds of candidates; of each share (p, 3) the first of the column's terms that
    the candidate has, or -1; the place where it stands first, or -1 if it is not the only one; and
    its kind where it stands last; the sums of the fields added from left to right, the title's
    share last where no term stands in the title; the shares by field, and what they add up to in
    each candidate (n, f); those of the terms (n, t) that are the only ones; and whether all are.
    Equal ones are in order of term.
    """
    n, m, t, f = len(candidates), title.shape[1], len(columns), len(weights)
    sums, of_terms, bounds = np.zeros((n, f)), np.zeros((n, t)), np.zeros(n + 1, np.int64)
    terms, totals, parts = np.empty((n * m, 3), np.int32), np.empty(n * m), np.empty((n * m, f))
    counts, some, some_parts = np.empty((m, f)), np.empty(m), np.empty((m, f))
    first_places, last_kinds = np.empty(t, np.int64), np.empty(t, np.int64)
    first_term, term_count = np.empty(m, np.int64), np.empty(m, np.int64)
    shared, order = np.empty(t + 1, np.int64), np.empty(m + 1, np.int64)
    found, ranks = np.empty(m, np.int64), np.empty(m, np.int64)
    end, is_simple = 0, True
    for record in range(n):
        counts[:], first_places[:], first_term[:], term_count[:] = 0.0, -1, -1, 0
        text, size, count = record * f, 0, 0
        for field in range(f):
            for place in range(firsts[text + field], firsts[text + field + 1]):
                number = places[place, 0]
                counts[columns[number], field] += weights[field]
                if first_places[number] < 0:
                    first_places[number] = place
                last_kinds[number] = places[place, 1]
        is_titled = firsts[text + 1] > firsts[text]
        for number in range(t):
            shared[size] = number
            size += first_places[number] >= 0
        for number in shared[:size]:
            column = columns[number]
            if not term_count[column]:
                first_term[column], order[count] = number, column
                count += 1
            term_count[column] += 1
        for column in range(m):
            order[count] = column  # those without a term come last
            count += first_term[column] < 0
        count = 0
        for column in order[:m]:
            titles = float(title[candidates[record], column])
            wholes = float(whole[candidates[record], column])
            if not is_titled:
                titles, wholes = 0.0, wholes + titles
            if titles == 0.0 and wholes == 0.0:
                continue
            some[count] = _divide(titles, wholes, counts, column, some_parts, count)
            found[count], ranks[count] = column, 0
            for other in range(count):  # without branches, which none could foretell
                is_less = some[other] < some[count]
                ranks[other] += is_less
                ranks[count] += not is_less
            count += 1
        for one in range(count):
            order[ranks[one]] = one
        for one in order[:count]:
            column = found[one]
            number, is_alone = first_term[column], term_count[column] == 1
            terms[end, 0], totals[end] = number, some[one]
            terms[end, 1] = first_places[number] if is_alone else -1
            terms[end, 2] = last_kinds[number] if number >= 0 else 0
            for field in range(f):
                parts[end, field] = some_parts[one, field]
                sums[record, field] += some_parts[one, field]
            if is_alone:
                of_terms[record, number] = some[one]
            is_simple &= is_alone
            end += 1
        bounds[record + 1] = end
    return bounds, terms[:end], totals[:end], parts[:end], sums, of_terms, is_simple
