"""What is written at places of terms: compiled."""

# mypy: disable-error-code="no-untyped-call"
from typing import Any, Final

import numpy as np
from numba import types

from matcher.compiled import compiled
from matcher.text.traced import GIVEN_CODES, Codes, Ints, Numbers

END: Final = "。"
"""Stands behind each term; it is part of none."""
_END: Final = ord(END)
_INTS: Final = types.Array(types.int64, 1, "A", readonly=True)
_CHOSEN: Final = types.Array(types.int32, 1, "A", readonly=True)


@compiled(types.uint32[::1](GIVEN_CODES, _INTS, _INTS, types.int32[:, ::1], _CHOSEN))
def spelled(
    codes: Codes,
    gaps: Ints,
    firsts: Ints,
    places: Numbers,
    chosen: Numbers,
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
