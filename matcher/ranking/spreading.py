"""How the shares of columns spread over terms and fields: compiled."""

# mypy: disable-error-code="no-untyped-call"
from typing import Any, Final

import numpy as np
from numba import types
from numpy.typing import NDArray

from matcher.compiled import compiled

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Numbers = NDArray[np.int32]
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
    types.Tuple((_OUT, _ROWS, _FLOATS, _TABLE, _TABLE, types.boolean))(
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
) -> Any:  # noqa: ANN401 - bounds, terms, totals, by field, of terms, whether all are simple
    """Take p shares of n candidates apart, in order of candidate and term.

    ``title`` and ``whole`` (N, m) are the shares of all, ``columns`` (t,) those of terms;
    ``places``, those of each text from ``firsts`` (n * f + 1,) on, say where terms stand in the
    candidates; ``weights`` (f,) are those of the fields. A title without a shared term has no
    share: it stands in the whole text.

    Within the whole text a share is in proportion to how often the column's terms stand in each
    field. What stands nowhere is said to stand in the title, which is the first field.

    Returned are the bounds of candidates; of each share (p, 3) the first of the column's terms that
    the candidate has, or -1, which come last; the place where it stands first, or -1 if it is not
    the only one; and its kind where it stands last; the sums of the fields added from left to
    right, the title's share last where no term stands in the title; the shares by field; those of
    the terms (n, t) that are the only ones; and whether all are.
    """
    n, m, t, f = len(candidates), title.shape[1], len(columns), len(weights)
    counts, of_terms = np.empty((m, f)), np.zeros((n, t))
    first_places, last_kinds = np.empty(t, np.int64), np.empty(t, np.int64)
    first_term, term_count = np.empty(m, np.int64), np.empty(m, np.int64)
    order, bounds = np.empty(m, np.int64), np.zeros(n + 1, np.int64)
    terms, totals, parts = np.empty((n * m, 3), np.int32), np.empty(n * m), np.empty((n * m, f))
    at, is_simple = 0, True
    for record in range(n):
        counts[:], first_places[:], first_term[:], term_count[:] = 0.0, -1, -1, 0
        text, size = record * f, 0
        for field in range(f):
            for place in range(firsts[text + field], firsts[text + field + 1]):
                number = places[place, 0]
                counts[columns[number], field] += weights[field]
                if first_places[number] < 0:
                    first_places[number] = place
                last_kinds[number] = places[place, 1]
        is_titled = firsts[text + 1] > firsts[text]
        for number in range(t):
            if first_places[number] >= 0:
                column = columns[number]
                if not term_count[column]:
                    first_term[column], order[size] = number, column
                    size += 1
                term_count[column] += 1
        for column in range(m):
            if first_term[column] < 0:
                order[size] = column
                size += 1
        for column in order:
            titles = float(title[candidates[record], column])
            wholes = float(whole[candidates[record], column])
            if not is_titled:
                titles, wholes = 0.0, wholes + titles
            if titles == 0.0 and wholes == 0.0:
                continue
            number = first_term[column]
            totals[at] = _divide(titles, wholes, counts, column, parts, at)
            terms[at, 0], terms[at, 1] = number, -1
            terms[at, 2] = last_kinds[number] if number >= 0 else 0
            if term_count[column] == 1:
                terms[at, 1] = first_places[number]
                of_terms[record, number] = totals[at]
            else:
                is_simple = False
            at += 1
        bounds[record + 1] = at
    return bounds, terms[:at], totals[:at], parts[:at], of_terms, is_simple


@compiled(
    types.Tuple((_ROWS, _FLOATS, _TABLE, _TABLE))(_OUT, _ROWS, _FLOATS, _TABLE),
)
def strongest_first(bounds: Ints, terms: Numbers, totals: Floats, parts: Floats) -> Any:  # noqa: ANN401 - the latter three, and sums (n, f)
    """The same, those of each candidate strongest first, and what they add up to by field."""
    n, f = len(bounds) - 1, parts.shape[1]
    sums = np.zeros((n, f))
    of_terms, of_totals, of_parts = np.empty_like(terms), np.empty_like(totals), np.empty_like(parts)
    for record in range(n):
        start, end = bounds[record], bounds[record + 1]
        order = np.argsort(-totals[start:end], kind="mergesort")
        for at in range(end - start):
            to, one = start + at, start + order[at]
            of_totals[to] = totals[one]
            for part in range(3):
                of_terms[to, part] = terms[one, part]
            for field in range(f):
                of_parts[to, field] = parts[one, field]
                sums[record, field] += parts[one, field]
    return of_terms, of_totals, of_parts, sums
