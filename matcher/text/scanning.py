"""Where wanted terms may stand: names with their places, Han characters, and what is to be cut."""

# mypy: disable-error-code="no-untyped-call"
from typing import Any, Final

import numpy as np
from numba import types
from numpy.typing import NDArray

from matcher.compiled import compiled
from matcher.text.names import BYTES, UNITS, name
from matcher.text.scripts import HAN_CODES, RARE_CODES
from matcher.text.signs import LETTER
from matcher.text.traced import CODES, GIVEN_CODES, Codes, Ints, Numbers
from matcher.text.wanted import CHARACTER_ROW, WANTED, length_at, row

HITS: Final = types.int32[:, ::1]
_SPACE: Final = ord(" ")
_FIRST_HAN: Final = HAN_CODES.start
_LAST_HAN: Final = HAN_CODES.stop - 1
_FIRST_CHARACTER: Final = RARE_CODES[0].start


@compiled(types.Tuple((HITS, CODES))(GIVEN_CODES, BYTES, *UNITS, *WANTED))
def scanned(
    codes: Codes,
    kinds: NDArray[np.uint8],
    units: Codes,
    of_units: Numbers,
    wanted: Codes,
    begins: Ints,
    firsts: Numbers,
    nexts: Numbers,
) -> Any:  # noqa: ANN401 - int32 (h, 4), uint32 (r,)
    """What to look at, in order of place, and the runs of Han characters that hold a wanted word.

    A hit is a wanted name with its kind, start and end; or -1, where among the runs it stands, and
    start and end of a character with which a wanted term may begin. Behind each run is a space. To
    cut takes the most time, so only these are cut. The characters of quantities are no words.
    """
    hits, runs = np.empty((len(codes), 4), np.int32), np.empty(len(codes), np.uint32)
    count = size = place = 0
    begin, is_wanted = -1, False
    while place < len(codes):
        code = codes[place]
        is_han = _FIRST_HAN <= code <= _LAST_HAN
        if begin >= 0 and not is_han:
            if is_wanted:
                for one in range(begin, place):
                    runs[size] = codes[one]
                    size += 1
                runs[size] = _SPACE
                size += 1
            begin = -1
        if not is_han and kinds[code] & LETTER:
            place, count = name(
                codes, place, kinds, units, of_units, wanted, begins, firsts, nexts, hits, count
            )
            continue
        if is_han and begin < 0:
            begin, is_wanted = place, False
        is_hit = code >= _FIRST_CHARACTER and firsts[row(code, CHARACTER_ROW, len(firsts))] >= 0
        if is_han:
            term = firsts[row(code, codes[place + 1], len(firsts))]
            while term >= 0:
                if length_at(codes, place, wanted, begins[term]) > 1:
                    is_hit = is_wanted = True
                    break
                term = nexts[term]
        if is_hit:
            hits[count] = -1, size + place - begin, place, place + 1
            count += 1
        place += 1
    return hits[:count].copy(), runs[:size].copy()
