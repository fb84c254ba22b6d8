"""The rows of documents, gathered from the postings of their blocks."""

from typing import Any, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from matcher.compiled import compiled
from matcher.index.instructions import LANES, add_to_some, first_one, matches, ones, prefetch
from matcher.index.postings import BLOCK, Floats, Ints, Longs, Postings, Rows, Words, group_shift

_AHEAD: Final = 3
"""Postings of a row that are written for every 64 of a block, there or not; mostly there are no
more, and what is written beyond them is overwritten. To guess their number wrong takes longer."""
_MOST: Final = 1 << 16
"""More runs than a block has."""
_ONE: Final = np.uint64(1)


class Room(NamedTuple):
    """What is known of the block at hand, and where a row of it is put together."""

    names: Ints
    """The term of each run."""
    before: Ints
    """How many runs end in the words before each one of ``ends``."""
    spots: Words
    """Where each posting of the row stands."""


@compiled()
def gather(documents: Longs, sizes: Longs, *arrays: NDArray[Any]) -> Rows:
    """The rows of documents, which have ``sizes`` terms each: where they begin, terms, weights.

    The terms of a row ascend.
    """
    postings, block = Postings(*arrays), -1
    ends = np.zeros(len(documents) + 1, dtype=np.int64)
    ends[1:] = np.cumsum(sizes)
    terms = np.empty(ends[-1], dtype=np.int32)
    weights = np.empty(ends[-1], dtype=np.float32)
    # A block may end within a word, which then has some postings of the next one.
    most = (sizes.max() if len(sizes) else 0) + 64 + _AHEAD
    names, before = np.empty(_MOST + LANES, np.int32), np.empty(_MOST // 64 + 1, np.int32)
    room = Room(names, before, np.empty(most, np.uint64))
    for i in np.argsort(documents):  # so that those of a block follow each other
        if documents[i] // BLOCK != block:
            block = documents[i] // BLOCK
            survey(postings, block, room)
        locate(postings, documents[i], room.spots)
        row = slice(ends[i], ends[i + 1])
        fill(postings, block, room, terms[row], weights[row])
    return ends, terms, weights


@compiled()
def survey(postings: Postings, block: int, room: Room) -> None:
    """Name the runs of a block, and count them by word."""
    groups, stored = postings.groups[block], postings.runs[block]
    shift = group_shift(len(postings.scales), len(groups) - 1)
    for group in range(len(groups) - 1):
        for first in range(groups[group, 0], groups[group + 1, 0], LANES):
            # Those of the next group too, which come after.
            add_to_some(postings.terms, stored + first, group << shift, room.names, first)
    begin = postings.starts[block]
    ends = postings.ends[begin >> 6 : (postings.starts[block + 1] + 63) >> 6]
    count = -ones(ends[0] & ((_ONE << np.uint64(begin & 63)) - _ONE)) if len(ends) else 0
    for word in range(len(ends)):
        room.before[word] = count
        count += ones(ends[word])


@compiled()
def locate(postings: Postings, document: int, spots: Words) -> None:
    """Find the postings of a document among those of its block, 64 at once."""
    block, place, count = document // BLOCK, document % BLOCK, np.uint64(0)
    begin = postings.starts[block]
    own = ~np.uint64(0) << np.uint64(begin & 63)  # not those of the block before
    for word in range(begin >> 6, (postings.starts[block + 1] + 63) >> 6):
        first = np.uint64(word << 6)
        bits, own = matches(postings.places, word << 6, place) & own, ~np.uint64(0)
        behind = count + np.uint64(ones(bits))
        for i in range(count, count + np.uint64(_AHEAD)):
            spots[i] = first + np.uint64(first_one(bits))
            prefetch(postings.weights, spots[i])
            bits &= bits - _ONE
        for i in range(count + np.uint64(_AHEAD), behind):
            spots[i] = first + np.uint64(first_one(bits))
            bits &= bits - _ONE
        count = behind


@compiled()
def fill(postings: Postings, block: int, room: Room, terms: Ints, weights: Floats) -> None:
    """Write the terms and weights of a row whose postings were found."""
    first = np.uint64(postings.starts[block] >> 6)
    for i in range(len(terms)):
        word, below = room.spots[i] >> np.uint64(6), room.spots[i] & np.uint64(63)
        earlier = postings.ends[word] & ((_ONE << below) - _ONE)
        terms[i] = room.names[np.uint64(room.before[word - first] + ones(earlier))]
    for i in range(len(terms)):
        weights[i] = postings.weights[room.spots[i]]
