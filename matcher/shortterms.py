"""Terms of up to four characters to numbers: a hash table of which each is one number, compiled.

Most terms are that short. To find one in a dictionary takes four far places in memory, one after
the other; here it takes two, and those of many terms are fetched side by side.
"""

# mypy: disable-error-code="no-untyped-call"
from typing import Final

import numpy as np
from numba import types
from numpy.typing import NDArray

from matcher.compiled import compiled

_MOST: Final = 4
_BITS: Final = np.uint64(16)
_LIMIT: Final = 1 << 16
_FACTOR: Final = np.uint64(0x9E3779B97F4A7C15)  # Fibonacci hashing
_CODES: Final = types.Array(types.uint32, 1, "C", readonly=True)
_INTS: Final = types.int32[::1]
_KEYS: Final = types.uint64[::1]

Keys = NDArray[np.uint64]
Ints = NDArray[np.int32]


@compiled(_KEYS(_CODES))
def _packed(codes: NDArray[np.uint32]) -> Keys:
    """Each term as one number, 0 if it is longer or a character is beyond 16 bits."""
    keys, count, size = np.zeros(len(codes), np.uint64), 0, 0
    for code in codes:
        if code:
            keys[count] = (keys[count] << _BITS) | np.uint64(code)
            size += 1 if code < _LIMIT else _MOST + 1
            continue
        if size > _MOST:
            keys[count] = 0
        count, size = count + 1, 0
    return keys[:count]


@compiled(types.int64(types.uint64, _KEYS, _INTS))
def _slot(key: int, keys: Keys, slots: Ints) -> int:
    """Where a term is in the table, or would be."""
    slot = np.int64((np.uint64(key) * _FACTOR) >> np.uint64(32)) & (len(slots) - 1)
    while slots[slot] >= 0 and keys[slots[slot]] != key:
        slot = (slot + 1) & (len(slots) - 1)
    return int(slot)


@compiled(types.Tuple((_KEYS, _INTS))(_CODES))
def short_terms(codes: NDArray[np.uint32]) -> tuple[Keys, Ints]:
    """A table of different terms, numbered in order; behind each of them is a gap."""
    keys, room = _packed(codes), 1
    while room < 2 * len(keys):
        room *= 2
    slots = np.full(room, -1, np.int32)
    for number in range(len(keys)):
        if keys[number]:
            slots[_slot(keys[number], keys, slots)] = number
    return keys.copy(), slots


@compiled(_INTS(_CODES, _KEYS, _INTS))
def numbers_of(codes: NDArray[np.uint32], keys: Keys, slots: Ints) -> Ints:
    """The numbers of terms in a table; -1 for one that is not in it."""
    wanted = _packed(codes)
    found = np.full(len(wanted), -1, np.int32)
    for at in range(len(wanted)):
        if wanted[at]:
            found[at] = slots[_slot(wanted[at], keys, slots)]
    return found
