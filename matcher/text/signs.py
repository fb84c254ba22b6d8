"""What characters are in names and quantities, as tables for compiled code."""

import re
from functools import cache
from operator import itemgetter
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from matcher.text.batch import CHARACTER_END
from matcher.text.bulk import together
from matcher.text.lexicon import units
from matcher.text.scripts import LETTER as A_LETTER
from matcher.text.traced import Codes, Numbers

LETTER, JOINT, TAIL, FIGURE, BLANK, AFTER, SMALL, DIGIT = (np.uint8(1 << i) for i in range(8))
"""Kinds of a code point: a letter, what joins them, what follows them; a figure, white space; what
no unit is followed by, and not with a hyphen between; a digit, which is more than a figure."""
_CLASSES: Final = {
    LETTER: A_LETTER,
    JOINT: "[-+./'&·]",
    TAIL: "[+#]",
    FIGURE: r"\d",
    BLANK: r"\s",
    AFTER: "[a-z0-9]",
    SMALL: "[a-z]",
}
_LAST: Final = 0x10FFFF


class Signs(NamedTuple):
    """What characters are in names.

    ``kinds`` : of every code point.
    ``units`` : the characters of all units, a gap behind each; those that begin alike stand
        together, longest first.
    ``firsts`` : where in them the units stand that begin with a code point, or -1.
    """

    kinds: NDArray[np.uint8]
    units: Codes
    firsts: Numbers


@cache
def signs() -> Signs:
    """Made when first asked for."""
    kinds = np.zeros(_LAST + 1, np.uint8)
    every = "".join(map(chr, range(CHARACTER_END)))  # beyond are no letters
    for kind, pattern in _CLASSES.items():
        for match in re.finditer(f"{pattern}+", every):
            kinds[match.start() : match.end()] |= kind
    letters = np.flatnonzero(kinds & LETTER).tolist()
    kinds[[code for code in letters if chr(code).isdigit()]] |= DIGIT
    ordered = sorted(units(), key=itemgetter(0))
    firsts, at = np.full(1 << 16, -1, np.int32), len("".join(ordered)) + len(ordered)
    for unit in reversed(ordered):
        at -= len(unit) + 1
        firsts[ord(unit[0])] = at
    return Signs(kinds, together(ordered), firsts)
