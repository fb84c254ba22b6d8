"""Where to look for wanted terms: names by how they begin, Han characters and words one by one."""

# mypy: disable-error-code="no-untyped-call"
from typing import Final

import numpy as np
from numba import types

from matcher.compiled import compiled
from matcher.text.scripts import HAN_CODES
from matcher.text.traced import CODES, Codes, Ints
from matcher.text.wanted import NUMBERS, WANTED, Numbers, length_at, row

_SPACE: Final = ord(" ")
_FIRST_HAN: Final = HAN_CODES.start
_LAST_HAN: Final = HAN_CODES.stop - 1


@compiled(types.Tuple((CODES, NUMBERS))(CODES, *WANTED))
def word_runs(
    codes: Codes, wanted: Codes, begins: Ints, firsts: Numbers, nexts: Numbers
) -> tuple[Codes, Numbers]:
    """The runs of Han characters that hold a wanted word, a space behind each; their places.

    To cut takes the most time, so only these are cut.
    """
    runs, origins = np.empty(len(codes), np.uint32), np.empty(len(codes), np.int32)
    size, begin, is_wanted = 0, -1, False
    for place in range(len(codes)):
        if _FIRST_HAN <= codes[place] <= _LAST_HAN:
            if begin < 0:
                begin, is_wanted = place, False
            term = firsts[row(codes[place], codes[place + 1], len(firsts))]
            while term >= 0 and not is_wanted:
                is_wanted = length_at(codes, place, wanted, begins[term]) > 1
                term = nexts[term]
            continue
        if begin >= 0 and is_wanted:
            for one in range(begin, place + 1):
                runs[size], origins[size] = codes[one], one
                size += 1
            runs[size - 1] = _SPACE
        begin = -1
    return runs[:size].copy(), origins[:size].copy()
