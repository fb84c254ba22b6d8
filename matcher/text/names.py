"""Wanted names and quantities in texts: what ``scripts.NAME`` finds, compiled."""

# mypy: disable-error-code="no-untyped-call"
import re
from functools import cache
from operator import itemgetter
from typing import Any, Final, NamedTuple

import numpy as np
from numba import types
from numpy.typing import NDArray

from matcher.compiled import compiled
from matcher.text.batch import CHARACTER_END
from matcher.text.bulk import together
from matcher.text.lexicon import units
from matcher.text.scripts import LETTER
from matcher.text.traced import CODES, GIVEN_CODES, Codes, Ints
from matcher.text.wanted import NAME_ROW, NUMBERS, WANTED, Numbers, row

_LATIN, _QUANTITY = 2, 3
_COMMA, _POINT, _HYPHEN = map(ord, ",.-")
_LETTER, _JOINT, _TAIL, _FIGURE, _BLANK, _AFTER, _SMALL, _DIGIT = (
    np.uint8(1 << i) for i in range(8)
)
"""Kinds of a code point: a letter, what joins them, what follows them; a figure, white space; what
no unit is followed by, and not with a hyphen between; a digit, which is more than a figure."""
_CLASSES: Final = {
    _LETTER: LETTER,
    _JOINT: "[-+./'&·]",
    _TAIL: "[+#]",
    _FIGURE: r"\d",
    _BLANK: r"\s",
    _AFTER: "[a-z0-9]",
    _SMALL: "[a-z]",
}
_LAST: Final = 0x10FFFF
_BYTES: Final = types.Array(types.uint8, 1, "C", readonly=True)
_UNITS: Final = (GIVEN_CODES, NUMBERS)


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
    letters = np.flatnonzero(kinds & _LETTER).tolist()
    kinds[[code for code in letters if chr(code).isdigit()]] |= _DIGIT
    ordered = sorted(units(), key=itemgetter(0))
    firsts, at = np.full(1 << 16, -1, np.int32), len("".join(ordered)) + len(ordered)
    for unit in reversed(ordered):
        at -= len(unit) + 1
        firsts[ord(unit[0])] = at
    return Signs(kinds, together(ordered), firsts)


@compiled(types.int64(CODES, types.int64, _BYTES, *_UNITS))
def _quantity(
    codes: Codes, place: int, kinds: NDArray[np.uint8], units: Codes, firsts: Numbers
) -> int:
    """Where the quantity ends whose first figure is given; 0 if it is none.

    As there: 1,000.5 mg/L, with a blank or without. No unit begins with what is in numbers.
    """
    at = place + 1
    while kinds[codes[at]] & _FIGURE:
        at += 1
    if at - place <= 3:
        while (
            codes[at] == _COMMA
            and kinds[codes[at + 1]] & _FIGURE
            and kinds[codes[at + 2]] & _FIGURE
            and kinds[codes[at + 3]] & _FIGURE
        ):
            at += 4
    if codes[at] == _POINT and kinds[codes[at + 1]] & _FIGURE:
        at += 2
        while kinds[codes[at]] & _FIGURE:
            at += 1
    if kinds[codes[at]] & _BLANK:
        at += 1
    first = codes[at]
    unit = firsts[first] if first < len(firsts) else -1
    while 0 <= unit < len(units) and units[unit] == first:
        size = 0
        while units[unit + size] and codes[at + size] == units[unit + size]:
            size += 1
        end = at + size
        if not units[unit + size] and not (
            kinds[codes[end]] & _AFTER or (codes[end] == _HYPHEN and kinds[codes[end + 1]] & _SMALL)
        ):
            return end
        while units[unit]:
            unit += 1
        unit += 1
    return 0


@compiled(types.int64(CODES, types.int64, _BYTES))
def _latin(codes: Codes, place: int, kinds: NDArray[np.uint8]) -> int:
    """Where the name ends that begins with a letter."""
    at = place + 1
    while True:
        while kinds[codes[at]] & _LETTER:
            at += 1
        if not kinds[codes[at]] & _JOINT or not kinds[codes[at + 1]] & _LETTER:
            break
        at += 1
    while kinds[codes[at]] & _TAIL:
        at += 1
    return at


@compiled(types.int64(CODES, types.int64, types.int64, _BYTES, *WANTED))
def _term(
    codes: Codes,
    start: int,
    end: int,
    kinds: NDArray[np.uint8],
    wanted: Codes,
    begins: Ints,
    firsts: Numbers,
    nexts: Numbers,
) -> int:
    """The number of what is written in a place, commas and blanks left out; -1 if not wanted."""
    term = firsts[row(codes[start], NAME_ROW, len(firsts))]
    while term >= 0:
        at, place = begins[term], start
        while place < end and wanted[at]:
            if codes[place] == wanted[at]:
                at += 1
            elif codes[place] != _COMMA and not kinds[codes[place]] & _BLANK:
                break
            place += 1
        if place == end and not wanted[at]:
            return int(term)
        term = nexts[term]
    return -1


@compiled(types.int64[:, ::1](CODES, _BYTES, *_UNITS, *WANTED))
def names(
    codes: Codes,
    kinds: NDArray[np.uint8],
    units: Codes,
    of_units: Numbers,
    wanted: Codes,
    begins: Ints,
    firsts: Numbers,
    nexts: Numbers,
) -> Any:  # noqa: ANN401 - int64 (p, 4)
    """Terms, kinds, starts and ends of the wanted ones, in order of start.

    Quantities are blanked out of ``codes``: their Han characters, of 5 吨, are no words.
    """
    found = np.empty((2 * len(codes), 4), np.int64)
    count = place = 0
    while place < len(codes):
        if not kinds[codes[place]] & _LETTER:
            place += 1
            continue
        end = 0
        if kinds[codes[place]] & _FIGURE:
            end = _quantity(codes, place, kinds, units, of_units)
        kind = _QUANTITY if end else _LATIN
        if not end:
            end = _latin(codes, place, kinds)
        term = _term(codes, place, end, kinds, wanted, begins, firsts, nexts)
        if term >= 0:
            found[count] = term, kind, place, end
            count += 1
        if kind == _QUANTITY:
            codes[place:end] = 0
            place = end
            continue
        at = place
        while at < end:  # the parts of a compound that are long enough to mean something
            part, is_number = at, True
            while kinds[codes[at]] & _LETTER:
                is_number &= (kinds[codes[at]] & _DIGIT) != 0
                at += 1
            is_part = part > place or (at + 1 < end and kinds[codes[at + 1]] & _LETTER)
            if is_part and at > part + 1 and not is_number:
                term = _term(codes, part, at, kinds, wanted, begins, firsts, nexts)
                if term >= 0:
                    found[count] = term, _LATIN, part, at
                    count += 1
            at += 1
        place = end
    return found[:count].copy()
