"""Wanted names and quantities in texts: what ``scripts.NAME`` finds, compiled."""

# mypy: disable-error-code="no-untyped-call"
from typing import Final

import numpy as np
from numba import types
from numpy.typing import NDArray

from matcher.compiled import compiled
from matcher.text.scripts import KINDS
from matcher.text.signs import AFTER, BLANK, DIGIT, FIGURE, JOINT, LETTER, SMALL, TAIL
from matcher.text.traced import GIVEN_CODES, NUMBERS, Codes, Ints, Numbers
from matcher.text.wanted import NAME_ROW, WANTED, row

_LATIN, _QUANTITY = map(KINDS.index, ("latin", "quantity"))
_COMMA, _POINT, _HYPHEN = map(ord, ",.-")
BYTES: Final = types.Array(types.uint8, 1, "C", readonly=True)
UNITS: Final = (GIVEN_CODES, NUMBERS)


@compiled(types.int64(GIVEN_CODES, types.int64, BYTES, *UNITS), inline="always")
def _quantity(
    codes: Codes, place: int, kinds: NDArray[np.uint8], units: Codes, firsts: Numbers
) -> int:
    """Where the quantity ends whose first figure is given; 0 if it is none.

    As there: 1,000.5 mg/L, with a blank or without. No unit begins with what is in numbers.
    """
    at = place + 1
    while kinds[codes[at]] & FIGURE:
        at += 1
    if at - place <= 3:
        while (
            codes[at] == _COMMA
            and kinds[codes[at + 1]] & FIGURE
            and kinds[codes[at + 2]] & FIGURE
            and kinds[codes[at + 3]] & FIGURE
        ):
            at += 4
    if codes[at] == _POINT and kinds[codes[at + 1]] & FIGURE:
        at += 2
        while kinds[codes[at]] & FIGURE:
            at += 1
    if kinds[codes[at]] & BLANK:
        at += 1
    first = codes[at]
    unit = firsts[first] if first < len(firsts) else -1
    while 0 <= unit < len(units) and units[unit] == first:
        size = 0
        while units[unit + size] and codes[at + size] == units[unit + size]:
            size += 1
        end = at + size
        if not units[unit + size] and not (
            kinds[codes[end]] & AFTER or (codes[end] == _HYPHEN and kinds[codes[end + 1]] & SMALL)
        ):
            return end
        while units[unit]:
            unit += 1
        unit += 1
    return 0


@compiled(types.UniTuple(types.int64, 2)(GIVEN_CODES, types.int64, BYTES), inline="always")
def _latin(codes: Codes, place: int, kinds: NDArray[np.uint8]) -> tuple[int, int]:
    """Where the name ends that begins with a letter, and of how many parts it is."""
    at, parts = place + 1, 1
    while True:
        while kinds[codes[at]] & LETTER:
            at += 1
        if not kinds[codes[at]] & JOINT or not kinds[codes[at + 1]] & LETTER:
            break
        at += 1
        parts += 1
    while kinds[codes[at]] & TAIL:
        at += 1
    return at, parts


@compiled(types.int64(GIVEN_CODES, types.int64, types.int64, BYTES, *WANTED), inline="always")
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
            elif codes[place] != _COMMA and not kinds[codes[place]] & BLANK:
                break
            place += 1
        if place == end and not wanted[at]:
            return int(term)
        term = nexts[term]
    return -1


@compiled(
    types.UniTuple(types.int64, 2)(
        GIVEN_CODES, types.int64, BYTES, *UNITS, *WANTED, types.int32[:, ::1], types.int64
    ),
    inline="always",
)
def name(
    codes: Codes,
    place: int,
    kinds: NDArray[np.uint8],
    units: Codes,
    of_units: Numbers,
    wanted: Codes,
    begins: Ints,
    firsts: Numbers,
    nexts: Numbers,
    found: Numbers,
    count: int,
) -> tuple[int, int]:
    """Where the name or quantity ends that begins there, and how many of ``found`` (h, 4) are set.

    Added to these are the term, kind, start and end of what is wanted, in order of start.
    """
    end, parts = 0, 1
    if kinds[codes[place]] & FIGURE:
        end = _quantity(codes, place, kinds, units, of_units)
    kind = _QUANTITY if end else _LATIN
    if not end:
        end, parts = _latin(codes, place, kinds)
    term = _term(codes, place, end, kinds, wanted, begins, firsts, nexts)
    if term >= 0:
        found[count] = term, kind, place, end
        count += 1
    at = place if parts > 1 else end
    while at < end:  # the parts of a compound that are long enough to mean something
        part, is_number = at, True
        while kinds[codes[at]] & LETTER:
            is_number &= (kinds[codes[at]] & DIGIT) != 0
            at += 1
        if at > part + 1 and not is_number:
            term = _term(codes, part, at, kinds, wanted, begins, firsts, nexts)
            if term >= 0:
                found[count] = term, _LATIN, part, at
                count += 1
        at += 1
    return end, count
