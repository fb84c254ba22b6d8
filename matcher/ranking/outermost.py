"""Which of many spans lie inside no other: compiled."""

# mypy: disable-error-code="no-untyped-call"
from typing import Any

import numpy as np
from numba import types

from matcher.compiled import compiled
from matcher.text.traced import INTS, Ints


@compiled(types.boolean[::1](INTS, INTS))
def outermost(starts: Ints, ends: Ints) -> Any:  # noqa: ANN401 - flags (t,)
    """Of t spans those that nothing longer contains; of equal ones the first.

    A span that overlaps others is outermost too, unless one of them that begins before it, or
    together with it, ends no earlier.
    """
    size = starts.max() + 1 if len(starts) else 0
    longest = np.zeros(size, np.int64)  # the last end of those that begin at a place
    for number in range(len(starts)):
        longest[starts[number]] = max(longest[starts[number]], ends[number])
    reached = np.zeros(size, np.int64)  # and of those that begin before it
    for place in range(1, size):
        reached[place] = max(reached[place - 1], longest[place - 1])
    found = np.zeros(len(starts), np.bool_)
    for number in range(len(starts)):
        at, end = starts[number], ends[number]
        if end > reached[at] and end == longest[at]:
            found[number] = True
            longest[at] = 0  # equal ones that follow are inside
    return found
