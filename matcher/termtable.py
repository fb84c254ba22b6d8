"""Terms to numbers, hundreds of thousands at once: a hash table over code points, compiled.

A dictionary would need a string of every occurrence, and three far places in memory to find it.
Terms come as text, parted by spaces, in lines that end with line breaks.
"""

# mypy: disable-error-code="no-untyped-call"
from typing import Final, NamedTuple

import numpy as np
from numba import types
from numpy.typing import NDArray

from matcher.compiled import compiled
from matcher.text.scripts import HAN_CODES

_SPACE: Final = ord(" ")
_BREAK: Final = ord("\n")
_HAN: Final = (HAN_CODES.start, HAN_CODES.stop)
_START: Final = np.uint64(0xCBF29CE484222325)  # FNV-1a
_FACTOR: Final = np.uint64(0x100000001B3)
_TOP: Final = np.uint64(32)
_TEXT: Final = types.Array(types.uint32, 1, "C", readonly=True)
_INTS: Final = types.int32[::1]
_LONGS: Final = types.int64[::1]
_SPANS: Final = types.int64[:, ::1]
_RANGE: Final = types.UniTuple(types.int64, 2)


class Numbered(NamedTuple):
    """``numbers`` : int32, of each term. ``ends`` : int64, where those of each line begin and end.

    ``spans`` : int64 of shape (n, 2), where n terms stand in the text: the different ones of a
    table, or the unknown ones of a search, whose numbers are -1.
    """

    numbers: NDArray[np.int32]
    ends: NDArray[np.int64]
    spans: NDArray[np.int64]


class TermTable:
    """The different terms of a text, numbered as they appear.

    Single Han characters are no terms here: segmenters return them beside the words.
    """

    def __init__(self, text: str) -> None:
        self._text = text
        self._codes = code_points(text)
        room = 1 << (2 * (text.count(" ") + text.count("\n"))).bit_length()
        self._slots = np.full(room, -1, np.int32)
        self.found = Numbered(*_number(self._codes, self._slots, _HAN))

    def terms(self) -> list[str]:
        """The terms by number, made anew: who asks knows how long to keep them."""
        return [self._text[start:end] for start, end in self.found.spans.tolist()]

    def find(self, text: str, values: NDArray[np.int32]) -> Numbered:
        """The terms of another text: ``values`` of their numbers; negative ones are left out."""
        keys = self._codes, self.found.spans, self._slots
        return Numbered(*_find(code_points(text), *keys, values, _HAN))


def code_points(text: str) -> NDArray[np.uint32]:
    """The characters of a text as numbers."""
    return np.frombuffer(text.encode("utf-32-le", "surrogatepass"), np.uint32)


@compiled(types.boolean(_TEXT, types.int64, types.int64, _RANGE))
def _is_term(text: NDArray[np.uint32], start: int, end: int, han: tuple[int, int]) -> bool:
    if end - start == 1:
        return not han[0] <= text[start] < han[1]
    return end > start


@compiled(types.int64(_TEXT, types.int64, types.int64, _TEXT, _SPANS, _INTS))
def _slot(
    text: NDArray[np.uint32],
    start: int,
    end: int,
    keys: NDArray[np.uint32],
    spans: NDArray[np.int64],
    slots: NDArray[np.int32],
) -> int:
    """Where the term ``text[start:end]`` is in the table, or would be."""
    mixed = _START
    for place in range(start, end):
        mixed = (mixed ^ np.uint64(text[place])) * _FACTOR
    slot = np.int64((mixed ^ (mixed >> _TOP)) & np.uint64(len(slots) - 1))
    while slots[slot] >= 0:
        begin = spans[slots[slot], 0]
        same = spans[slots[slot], 1] - begin == end - start
        place = start
        while same and place < end:
            same = text[place] == keys[begin + place - start]
            place += 1
        if same:
            break
        slot = (slot + 1) & (len(slots) - 1)
    return int(slot)


@compiled(types.Tuple((_INTS, _LONGS, _SPANS))(_TEXT, _INTS, _RANGE))
def _number(
    text: NDArray[np.uint32], slots: NDArray[np.int32], han: tuple[int, int]
) -> tuple[NDArray[np.int32], NDArray[np.int64], NDArray[np.int64]]:
    """Number the terms of a text; ``slots`` : -1 everywhere, a power of 2, twice the terms."""
    spans = np.empty((len(slots) // 2 + 1, 2), np.int64)
    numbers = np.empty(len(slots) // 2 + 1, np.int32)
    ends = np.zeros(len(text) + 1, np.int64)
    known = count = lines = start = 0
    for place in range(len(text)):
        if text[place] != _SPACE and text[place] != _BREAK:
            continue
        if _is_term(text, start, place, han):
            slot = _slot(text, start, place, text, spans, slots)
            if slots[slot] < 0:
                slots[slot] = known
                spans[known] = start, place
                known += 1
            numbers[count] = slots[slot]
            count += 1
        start = place + 1
        if text[place] == _BREAK:
            lines += 1
            ends[lines] = count
    return numbers[:count].copy(), ends[: lines + 1].copy(), spans[:known].copy()


@compiled(
    types.Tuple((_INTS, _LONGS, _SPANS))(_TEXT, _TEXT, _SPANS, _INTS, _INTS, _RANGE),
)
def _find(
    text: NDArray[np.uint32],
    keys: NDArray[np.uint32],
    spans: NDArray[np.int64],
    slots: NDArray[np.int32],
    values: NDArray[np.int32],
    han: tuple[int, int],
) -> tuple[NDArray[np.int32], NDArray[np.int64], NDArray[np.int64]]:
    """The values of the terms of a text, -1 for one that is not in the table."""
    unknown = np.empty((len(text) // 2 + 1, 2), np.int64)
    numbers = np.empty(len(text) // 2 + 1, np.int32)
    ends = np.zeros(len(text) + 1, np.int64)
    missing = count = lines = start = 0
    for place in range(len(text)):
        if text[place] != _SPACE and text[place] != _BREAK:
            continue
        if _is_term(text, start, place, han):
            number = slots[_slot(text, start, place, keys, spans, slots)]
            if number < 0:
                unknown[missing] = start, place
                missing += 1
            if number < 0 or values[number] >= 0:
                numbers[count] = -1 if number < 0 else values[number]
                count += 1
        start = place + 1
        if text[place] == _BREAK:
            lines += 1
            ends[lines] = count
    return numbers[:count].copy(), ends[: lines + 1].copy(), unknown[:missing].copy()
