"""What is written at places of terms: compiled."""

# mypy: disable-error-code="no-untyped-call"
from typing import Any, Final

import numpy as np
from numba import types
from numpy.typing import NDArray

from matcher.compiled import compiled

END: Final = "。"
"""Stands behind each term; it is part of none."""
_END: Final = ord(END)
_CODES: Final = types.Array(types.uint32, 1, "C", readonly=True)
_INTS: Final = types.Array(types.int64, 1, "A", readonly=True)
_CHOSEN: Final = types.Array(types.int32, 1, "A", readonly=True)


@compiled(types.uint32[::1](_CODES, _INTS, _INTS, types.int32[:, ::1], _CHOSEN))
def spelled(
    codes: NDArray[np.uint32],
    gaps: NDArray[np.int64],
    firsts: NDArray[np.int64],
    places: NDArray[np.int32],
    chosen: NDArray[np.int32],
) -> Any:  # noqa: ANN401 - uint32 (c,)
    """The characters at chosen places, an end behind each, and only an end for -1.

    The other arrays are those of ``Places``.
    """
    room, size, text = len(chosen), 0, 0
    for place in chosen:
        if place >= 0:
            room += places[place, 3] - places[place, 2]
    found = np.empty(room, np.uint32)
    for place in chosen:
        if place >= 0:
            while firsts[text + 1] <= place:
                text += 1
            while firsts[text] > place:
                text -= 1
            begin = gaps[text - 1] if text else 0
            for at in range(begin + places[place, 2], begin + places[place, 3]):
                found[size] = codes[at]
                size += 1
        found[size] = _END
        size += 1
    return found
