"""What to highlight: shared words, joined where they touch: compiled."""

# mypy: disable-error-code="no-untyped-call"
from typing import Any, Final

import numpy as np
from numba import types
from numpy.typing import NDArray

from matcher.compiled import compiled

Ints = NDArray[np.int64]
Flags = NDArray[np.bool_]
_INTS: Final = types.Array(types.int64, 1, "A", readonly=True)
_FLAGS: Final = types.boolean[::1]


@compiled(
    types.Tuple((types.int64[:, ::1], types.int64[::1]))(
        types.boolean[:, ::1], types.int64, _INTS, _INTS, _INTS, _INTS, _FLAGS, _INTS, _INTS
    )
)
def joined(
    is_shared: Flags,
    f: int,
    firsts: Ints,
    lasts: Ints,
    fields: Ints,
    numbers: Ints,
    is_word: Flags,
    starts: Ints,
    ends: Ints,
) -> Any:  # noqa: ANN401 - spans (2, s), bounds (n * f + 1,)
    """The unions of the spans of terms in each of f fields of n records; those that touch are one.

    The places of record i, in order of field and start, are those from ``firsts[i]`` to
    ``lasts[i]``. Of the terms that ``is_shared`` (n, t) says it counts the words, and single
    characters only where there is no word.
    """
    n = len(is_shared)
    room = 0
    for record in range(n):
        room += lasts[record] - firsts[record]
    spans, bounds = np.empty((2, room), np.int64), np.zeros(n * f + 1, np.int64)
    count = 0
    for record in range(n):
        has_word = False
        for place in range(firsts[record], lasts[record]):
            if is_word[place] and is_shared[record, numbers[place]]:
                has_word = True
                break
        field = -1
        for place in range(firsts[record], lasts[record]):
            if not is_shared[record, numbers[place]] or (has_word and not is_word[place]):
                continue
            if fields[place] == field and starts[place] <= spans[1, count - 1]:
                spans[1, count - 1] = max(spans[1, count - 1], ends[place])
                continue
            field = fields[place]
            spans[0, count], spans[1, count] = starts[place], ends[place]
            count += 1
            bounds[record * f + field + 1] += 1
    for at in range(n * f):
        bounds[at + 1] += bounds[at]
    return spans[:, :count].copy(), bounds
