"""What to highlight: shared words, joined where they touch: compiled."""

# mypy: disable-error-code="no-untyped-call"
from typing import Any, Final

import numpy as np
from numba import types
from numpy.typing import NDArray

from matcher.compiled import compiled
from matcher.text.traced import Ints, Numbers

Flags = NDArray[np.bool_]
_INTS: Final = types.Array(types.int64, 1, "C", readonly=True)
_SHARES: Final = types.float64[:, ::1]
_FOUND: Final = types.Tuple((types.int64[:, ::1], types.int64[::1]))


@compiled(_FOUND(_SHARES, _INTS, types.int32[:, ::1], types.int64))
def joined(shares: NDArray[np.float64], firsts: Ints, places: Numbers, character: int) -> Any:  # noqa: ANN401 - spans (s, 2), bounds (n * f + 1,)
    """The unions of the spans of terms in each of f fields of n records; those that touch are one.

    ``places``, those of each text from ``firsts`` on, are in order. Of the terms that have
    ``shares`` (n, t) it counts the words, and single characters, which are of the kind
    ``character``, only where there is no word.
    """
    n, f = len(shares), (len(firsts) - 1) // max(len(shares), 1)
    spans, bounds = np.empty((len(places), 2), np.int64), np.zeros(n * f + 1, np.int64)
    count = 0
    for record in range(n):
        has_word = False
        for place in range(firsts[record * f], firsts[record * f + f]):
            if places[place, 1] != character and shares[record, places[place, 0]] > 0.0:
                has_word = True
                break
        for text in range(record * f, record * f + f):
            first = count
            for place in range(firsts[text], firsts[text + 1]):
                if has_word and places[place, 1] == character:
                    continue
                if not shares[record, places[place, 0]] > 0.0:
                    continue
                start, end = places[place, 2], places[place, 3]
                if count > first and start <= spans[count - 1, 1]:
                    spans[count - 1, 1] = max(spans[count - 1, 1], end)
                    continue
                spans[count, 0], spans[count, 1] = start, end
                count += 1
            bounds[text + 1] = count
    return spans[:count].copy(), bounds


@compiled(_FOUND(_INTS, types.int32[:, ::1], types.int64, _INTS, types.boolean[::1], *(_INTS,) * 3))
def covered(
    bounds: Ints,
    parts: Numbers,
    t: int,
    numbers: Ints,
    is_word: Flags,
    starts: Ints,
    ends: Ints,
    gaps: Ints,
) -> Any:  # noqa: ANN401 - spans (s, 2), bounds (n * f + 1,)
    """The same in the f fields of the query, for each record.

    Tokens (q,) have the ``numbers`` of t terms, or -1; they stand from ``starts`` to ``ends`` in
    all fields one behind the other, a gap behind each, which ends before ``gaps`` (f,). A record
    shares the terms among its ``parts``, as in ``Shares``, that stand somewhere.
    """
    n, f, length = len(bounds) - 1, len(gaps), gaps[len(gaps) - 1]
    nexts, firsts = np.empty(len(numbers), np.int64), np.full(t, -1, np.int64)
    for token in range(len(numbers)):
        if numbers[token] >= 0:
            nexts[token], firsts[numbers[token]] = firsts[numbers[token]], token
    spans, found = np.empty((n * length // 2, 2), np.int64), np.zeros(n * f + 1, np.int64)
    is_covered = np.empty(length, np.bool_)
    count = 0
    for record in range(n):
        has_word, is_covered[:] = False, False
        for part in range(bounds[record], bounds[record + 1]):
            has_word |= parts[part, 1] >= 0 and is_word[firsts[parts[part, 0]]]
        for part in range(bounds[record], bounds[record + 1]):
            token = firsts[parts[part, 0]] if parts[part, 1] >= 0 else -1
            while token >= 0:
                if is_word[token] or not has_word:
                    for place in range(starts[token], ends[token]):
                        is_covered[place] = True
                token = nexts[token]
        first = place = 0
        for field in range(f):
            while place < gaps[field]:
                start = place
                while is_covered[place]:  # no gap is
                    place += 1
                if place > start:
                    spans[count, 0], spans[count, 1] = start - first, place - first
                    count += 1
                place += 1
            first = place
            found[record * f + field + 1] = count
    return spans[:count].copy(), found
