"""Where to look for wanted terms: characters one by one, words and names by how they begin."""

# mypy: disable-error-code="no-untyped-call"
from functools import cache
from typing import Any, Final

import numpy as np
from numba import types
from numpy.typing import NDArray

from matcher.compiled import compiled
from matcher.text.batch import CUT, marks
from matcher.text.lexicon import units
from matcher.text.scripts import HAN_CODES
from matcher.text.traced import CODES, INTS, Codes, Ints

_SPACE: Final = ord(" ")
_ASCII: Final = 128
_CUT, _JOINT, _LETTER, _DIGIT, _BLANK = (np.uint8(1 << bit) for bit in range(5))
"""Kinds of a code point: it goes to the segmenter; it may be in a name, may begin one, is a figure,
is white space."""
_END: Final = 0x10000
"""Beyond it everything may be in a name."""
_JOINTS: Final = "-+./'&·#,"
_FIRST_HAN: Final = HAN_CODES.start
_LAST_HAN: Final = HAN_CODES.stop - 1
_BYTES: Final = types.Array(types.uint8, 1, "C", readonly=True)
_FLAGS: Final = types.boolean[::1]


def pair(first: int, second: int) -> int:
    """A number of 16 bits for two code points."""
    return (first * 31 + second) & 0xFFFF


_pair = compiled(types.int64(types.int64, types.int64))(pair)


@cache
def kinds() -> NDArray[np.uint8]:
    """The kinds of every code point; what is in no name of ``scripts.NAME`` may count as one."""
    table = np.full(0x110000, _JOINT | _LETTER | _DIGIT, np.uint8)
    table[:_END] = 0
    for code, char in enumerate(map(chr, range(_END))):
        if marks()[code] & CUT:
            table[code] = _CUT
        elif char.isspace():
            table[code] = _JOINT | _BLANK
        elif char.isalnum() and not marks()[code]:
            table[code] = _JOINT | _LETTER | (_DIGIT if char.isdecimal() else 0)
    table[[ord(char) for char in {*_JOINTS, *"".join(units())}]] |= _JOINT
    return table


@compiled(types.boolean(CODES, _BYTES, _FLAGS, types.int64))
def _begins(codes: Codes, kinds: NDArray[np.uint8], begins: NDArray[np.bool_], place: int) -> bool:
    """Whether a wanted name may begin here; there is always a gap behind.

    It never begins inside of others, unless a unit ends there and no Latin letter follows.
    """
    code, following = codes[place], codes[place + 1]
    before = codes[place - 1] if place else np.uint32(0)
    if code < _ASCII and before < _END and kinds[before] & _LETTER:
        return False
    kind = kinds[following]
    if begins[_pair(code, _SPACE if kind & _BLANK else following)]:
        return True
    return begins[_pair(code, 0)] and not (kind & _LETTER and following < _END)


@compiled(types.int64[:, ::1](CODES, _BYTES, _FLAGS))
def name_runs(codes: Codes, kinds: NDArray[np.uint8], begins: NDArray[np.bool_]) -> Any:  # noqa: ANN401 - spans (m, 2)
    """The runs of what may be in a name in which a wanted one may begin, or figures precede Han.

    No name reaches over the ends of a run, and a quantity may take Han characters away: 5 吨.
    """
    spans = np.empty((len(codes) // 2 + 1, 2), np.int64)
    count = begin = 0
    has_figure = is_wanted = False
    for place in range(len(codes)):
        code, kind = codes[place], kinds[codes[place]]
        if not kind & _JOINT:
            if is_wanted:
                spans[count] = begin, place
                count += 1
            begin, has_figure, is_wanted = place + 1, False, False
            continue
        is_wanted |= has_figure and _FIRST_HAN <= code <= _LAST_HAN
        has_figure |= (kind & _DIGIT) != 0
        if kind & _LETTER and not is_wanted:
            is_wanted = _begins(codes, kinds, begins, place)
    return spans[:count].copy()


@compiled(types.Tuple((CODES, INTS))(types.int64[:, ::1]))
def _table(characters: Ints) -> tuple[Codes, Ints]:
    """Characters and their numbers, in a table of a power of 2 that is nearly empty."""
    room = 256
    while room < 4 * characters.shape[1]:
        room *= 2
    keys, values = np.zeros(room, np.uint32), np.zeros(room, np.int64)
    for code, number in characters.T:
        slot = code & (room - 1)
        while keys[slot]:
            slot = (slot + 1) & (room - 1)
        keys[slot], values[slot] = code, number
    return keys, values


@compiled(types.int64(types.int64, CODES, INTS))
def _number(code: int, keys: Codes, values: Ints) -> int:
    """The value of a character in such a table, or -1."""
    slot = code & (len(keys) - 1)
    while keys[slot] != code:
        if not keys[slot]:
            return -1
        slot = (slot + 1) & (len(keys) - 1)
    return int(values[slot])


@compiled(types.Tuple((INTS, INTS))(CODES, types.int64[:, ::1]))
def single_characters(codes: Codes, characters: Ints) -> tuple[Ints, Ints]:
    """The numbers (p,) of the wanted ones that are there, in order, and their places (p,)."""
    keys, values = _table(characters)
    numbers, places = np.empty(len(codes), np.int64), np.empty(len(codes), np.int64)
    count = 0
    for place in range(len(codes)):
        number = _number(codes[place], keys, values) if codes[place] else -1
        if number >= 0:
            numbers[count], places[count] = number, place
            count += 1
    return numbers[:count].copy(), places[:count].copy()


@compiled(types.Tuple((CODES, INTS))(CODES, _BYTES, _FLAGS))
def word_runs(
    codes: Codes, kinds: NDArray[np.uint8], begins: NDArray[np.bool_]
) -> tuple[Codes, Ints]:
    """The runs of Han characters that may hold a wanted word, a space behind each; their places.

    To cut takes the most time, so what is cut has the first two characters of some word.
    """
    runs, origins = np.empty(len(codes), np.uint32), np.empty(len(codes), np.int64)
    size, begin, is_wanted = 0, -1, False
    for place in range(len(codes)):
        if kinds[codes[place]] & _CUT:
            if begin < 0:
                begin, is_wanted = place, False
            else:
                is_wanted |= begins[_pair(codes[place - 1], codes[place])]
            continue
        if begin >= 0 and is_wanted:
            for one in range(begin, place + 1):
                runs[size], origins[size] = codes[one], one
                size += 1
            runs[size - 1] = _SPACE
        begin = -1
    return runs[:size].copy(), origins[:size].copy()
