"""Where to look for wanted terms: characters one by one, words and names by how they begin."""

# mypy: disable-error-code="no-untyped-call"
from collections.abc import Collection, Mapping
from functools import cache
from typing import Any, Final, NamedTuple

import numpy as np
from numba import types
from numpy.typing import NDArray

from matcher.compiled import compiled
from matcher.text.batch import CUT, marks
from matcher.text.lexicon import units
from matcher.text.scripts import HAN_CODES, is_character
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


class Wanted(NamedTuple):
    """Terms to look for.

    ``characters`` : (2, c), single characters and their numbers.
    ``words``, ``names`` : the numbers of the others. ``begins_word``, ``begins_name`` say of pairs
        of characters, as ``_pair`` numbers them, whether one of them may begin so.
    """

    characters: Ints
    words: dict[str, int]
    names: dict[str, int]
    begins_word: NDArray[np.bool_]
    begins_name: NDArray[np.bool_]

    @classmethod
    def of(cls, terms: Mapping[str, int]) -> "Wanted":
        """Sort the terms by how they are found."""
        characters, words, names = [], {}, {}
        for term, number in terms.items():
            if len(term) > 1 and _FIRST_HAN <= ord(term[0]) <= _LAST_HAN:
                words[term] = number
            elif is_character(term):
                characters.append((ord(term), number))
            else:
                names[term] = number
        pairs = [(ord(term[0]), ord(term[1])) for term in words]
        single = np.array(characters, np.int64).reshape(-1, 2).T.copy()
        return cls(single, words, names, _flags(pairs), _flags(_beginnings(names)))


def _beginnings(names: Collection[str]) -> list[tuple[int, int]]:
    """The first two characters of names; of quantities too as they may be written: 5 t, 1,000 t."""
    found = [(ord(name[0]), ord(name[1]) if len(name) > 1 else 0) for name in names]
    figures = {ord(name[0]) for name in names if name[0].isdecimal()}
    return found + [(figure, ord(other)) for figure in figures for other in " ,"]


def _flags(pairs: Collection[tuple[int, int]]) -> NDArray[np.bool_]:
    begins = np.zeros(1 << 16, np.bool_)
    begins[[pair(first, second) for first, second in pairs]] = True
    return begins


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


@compiled(types.int64(types.int64, CODES, INTS))
def _number(code: int, keys: Codes, values: Ints) -> int:
    """The value of a character in a table of a power of 2, or -1."""
    slot = code & (len(keys) - 1)
    while keys[slot] != code:
        if not keys[slot]:
            return -1
        slot = (slot + 1) & (len(keys) - 1)
    return int(values[slot])


@compiled(types.Tuple((INTS, INTS, CODES, INTS))(CODES, _BYTES, _FLAGS, types.int64[:, ::1]))
def scan(
    codes: Codes, kinds: NDArray[np.uint8], begins: NDArray[np.bool_], characters: Ints
) -> Any:  # noqa: ANN401 - numbers and places of characters, runs to be cut and their places
    """Single characters, and the runs of Han characters that may hold a wanted word.

    To cut takes the most time, so what is cut has the first two characters of some word. Behind
    each run there is a space.
    """
    numbers, places = np.empty(len(codes), np.int64), np.empty(len(codes), np.int64)
    runs, origins = np.empty(len(codes), np.uint32), np.empty(len(codes), np.int64)
    room = 256
    while room < 4 * characters.shape[1]:
        room *= 2
    keys, values = np.zeros(room, np.uint32), np.zeros(room, np.int64)
    for code, number in characters.T:
        slot = code & (room - 1)
        while keys[slot]:
            slot = (slot + 1) & (room - 1)
        keys[slot], values[slot] = code, number
    count = size = 0
    begin = -1
    is_wanted = False
    for place in range(len(codes)):
        code = codes[place]
        number = _number(code, keys, values) if code else -1
        if number >= 0:
            numbers[count], places[count] = number, place
            count += 1
        if kinds[code] & _CUT:
            if begin < 0:
                begin, is_wanted = place, False
            else:
                is_wanted |= begins[_pair(codes[place - 1], code)]
            continue
        if begin >= 0 and is_wanted:
            for one in range(begin, place + 1):
                runs[size], origins[size] = codes[one], one
                size += 1
            runs[size - 1] = _SPACE
        begin = -1
    return numbers[:count].copy(), places[:count].copy(), runs[:size].copy(), origins[:size].copy()
