"""Terms to look for, in a table by the two characters that they begin with: compiled."""

# mypy: disable-error-code="no-untyped-call"
from collections.abc import Iterable
from typing import Any, Final, NamedTuple

import numpy as np
from numba import types

from matcher.compiled import compiled
from matcher.text.bulk import together
from matcher.text.scripts import HAN_CODES, RARE_CODES
from matcher.text.traced import GIVEN_CODES, INTS, NUMBERS, Codes, Ints, Numbers

CHARACTER_ROW: Final = 0
"""Stands for the second character of a term that is a single Han character."""
NAME_ROW: Final = 1
"""Stands for the second character of a name, for 1000t may be written 1,000 t."""
WANTED: Final = (GIVEN_CODES, INTS, NUMBERS, NUMBERS)
"""The fields of ``Wanted``."""
_CHARACTERS: Final = tuple((codes.start, codes.stop) for codes in (HAN_CODES, *RARE_CODES))


class Wanted(NamedTuple):
    """t terms to look for, in a table of some rows, of which ``row`` says which one a term is in.

    ``codes`` : their characters, one term behind the other, a gap behind each.
    ``begins`` : (t + 1,), where each of them begins.
    ``firsts`` : the first term of each row, or -1.
    ``nexts`` : (t,), the next term in the same row, in order, or -1.
    """

    codes: Codes
    begins: Ints
    firsts: Numbers
    nexts: Numbers

    @classmethod
    def of(cls, terms: Iterable[str]) -> "Wanted":
        """A table of these terms, which are not empty."""
        return cls(*_table(together([*terms])))


@compiled(types.int64(types.int64, types.int64, types.int64))
def row(code: int, other: int, room: int) -> int:
    """The row of terms that begin with two characters, or with one and what stands for another."""
    return (code * 31 + other) & (room - 1)


@compiled(types.int64(GIVEN_CODES, types.int64, GIVEN_CODES, types.int64))
def length_at(codes: Codes, place: int, wanted: Codes, at: int) -> int:
    """How long the term that begins ``at`` is if it stands here; 0 if it does not."""
    size = 0
    while wanted[at + size] and codes[place + size] == wanted[at + size]:
        size += 1
    return 0 if wanted[at + size] else size


@compiled(types.boolean(types.int64))
def _is_character(code: int) -> bool:
    """Whether it is a term by itself."""
    for start, stop in _CHARACTERS:  # noqa: SIM110 - not compiled
        if start <= code < stop:
            return True
    return False


@compiled(types.Tuple((GIVEN_CODES, INTS, NUMBERS, NUMBERS))(GIVEN_CODES))
def _table(codes: Codes) -> Any:  # noqa: ANN401 - the fields of Wanted
    count, room = 0, 4096
    for code in codes:
        count += code == 0
    while room < 16 * count:  # nearly all that is looked up is not there
        room *= 2
    begins = np.zeros(count + 1, np.int64)
    firsts, nexts = np.full(room, -1, np.int32), np.empty(count, np.int32)
    begins[count] = at = len(codes)
    for number in range(count - 1, -1, -1):  # so that the rows are in order
        at -= 2
        while at >= 0 and codes[at]:
            at -= 1
        at += 1
        begins[number] = at
        code, other = codes[at], codes[at + 1]
        if not _is_character(code):
            other = np.uint32(NAME_ROW)
        place = row(code, other, room)
        nexts[number], firsts[place] = firsts[place], number
    return codes, begins, firsts, nexts
