"""The rows of documents, gathered from the postings of their blocks."""

from typing import Any, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from matcher.compiled import compiled
from matcher.index.instructions import matches, ones, prefetch, smaller
from matcher.index.postings import BLOCK, Floats, Ints, Longs, Postings, Rows, group_shift

_LANES: Final = 32
"""Numbers that ``smaller`` compares at once."""
_AHEAD: Final = 2
"""Postings of a row that are written for every 64 of a block, there or not; mostly there are no
more, and what is written beyond them is overwritten. To guess their number wrong takes longer."""


Number = int | np.int64


class Room(NamedTuple):
    """Where a row is put together."""

    runs: Ints
    """The run of each posting, counted within its block."""
    spots: Longs
    """Where each posting stands."""
    firsts: NDArray[np.uint16]
    """(G + 32,): where the runs of each group of terms but the first begin, then the highest."""


@compiled()
def gather(documents: Longs, sizes: Longs, *arrays: NDArray[Any]) -> Rows:
    """The rows of documents, which have ``sizes`` terms each: where they begin, terms, weights.

    The terms of a row ascend.
    """
    postings = Postings(*arrays)
    groups = postings.groups.shape[1] - 1
    shift = group_shift(len(postings.scales), groups)
    ends = np.zeros(len(documents) + 1, dtype=np.int64)
    ends[1:] = np.cumsum(sizes)
    terms = np.empty(ends[-1], dtype=np.int32)
    weights = np.empty(ends[-1], dtype=np.float32)
    # A block may end within a word, which then has some postings of the next one.
    most = (sizes.max() if len(sizes) else 0) + 64 + _AHEAD
    firsts = np.full(groups + _LANES, 65535, dtype=np.uint16)
    room, block = Room(np.empty(most, np.int32), np.empty(most, np.int64), firsts), -1
    for i in np.argsort(documents):  # so that those of a block follow each other
        if documents[i] // BLOCK != block:
            block = documents[i] // BLOCK
            firsts[:groups] = postings.groups[block, 1:, 0]
        locate(postings, documents[i], room)
        row = slice(ends[i], ends[i + 1])
        fill(postings, block, shift, room, terms[row], weights[row])
    return ends, terms, weights


@compiled()
def locate(postings: Postings, document: int, room: Room) -> None:
    """Find the postings of a document among those of its block, 64 at once."""
    block, place = document // BLOCK, document % BLOCK
    begin, run, count = postings.starts[block], np.int64(0), np.int64(0)
    skipped = np.uint64(begin & 63)
    for word in range(begin >> 6, (postings.starts[block + 1] + 63) >> 6):
        bits = matches(postings.places, word << 6, place) >> skipped
        borders = postings.ends[word] >> skipped
        first, skipped = (word << 6) + np.int64(skipped), np.uint64(0)
        several = ones(bits)
        for i in range(_AHEAD):
            bits = note(room, count + i, bits, borders, first, run)
        for i in range(_AHEAD, several):
            bits = note(room, count + i, bits, borders, first, run)
        count += several
        run += ones(borders)


@compiled()
def note(
    room: Room, i: Number, bits: np.uint64, borders: np.uint64, first: Number, run: Number
) -> np.uint64:
    """Put the lowest of these bits into the room; the others."""
    below = (bits & (~bits + np.uint64(1))) - np.uint64(1)
    room.runs[i] = run + ones(borders & below)
    room.spots[i] = first + ones(below)
    return bits & (bits - np.uint64(1))


@compiled()
def fill(
    postings: Postings, block: int, shift: int, room: Room, terms: Ints, weights: Floats
) -> None:
    """Write the terms and weights of a row whose postings were found."""
    stored, base, group = postings.terms, postings.runs[block], np.int64(0)
    for i in range(len(terms)):
        prefetch(stored, base + room.runs[i])
        prefetch(postings.weights, room.spots[i])
    for i in range(len(terms)):
        run, behind = np.int64(room.runs[i]), _LANES
        while behind == _LANES:
            behind = ones(smaller(room.firsts, group, run + 1))
            group += behind
        terms[i] = (group << shift) + stored[base + run]
    for i in range(len(terms)):
        weights[i] = postings.weights[room.spots[i]]


@compiled()
def taken(
    documents: Ints,
    known: Longs,
    rows: Rows,
    sizes: NDArray[np.uint16],
    columns: Ints,
    *arrays: NDArray[Any],
) -> tuple[Ints, Ints, Floats]:
    """The rows of documents, most of which are ``known`` already, with columns for terms."""
    order = np.argsort(known)
    places = np.searchsorted(known[order], documents)
    places[places == len(known)] = 0
    places = order[places]
    is_new = known[places] != documents
    new = documents[is_new].astype(np.int64)
    others = gather(new, sizes[new].astype(np.int64), *arrays)
    places[is_new] = np.arange(len(new))
    ends = np.zeros(len(documents) + 1, dtype=np.int32)
    ends[1:] = np.cumsum(sizes[documents].astype(np.int64))
    terms, weights = np.empty(ends[-1], dtype=np.int32), np.empty(ends[-1], dtype=np.float32)
    for i in range(len(documents)):
        row = slice(ends[i], ends[i + 1])
        if is_new[i]:
            copy(others, places[i], columns, terms[row], weights[row])
        else:
            copy(rows, places[i], columns, terms[row], weights[row])
    return ends, terms, weights


@compiled()
def copy(rows: Rows, row: int, columns: Ints, terms: Ints, weights: Floats) -> None:
    """Write one of these rows with columns for terms."""
    starts, own, values = rows
    first = starts[row]
    for i in range(len(terms)):
        terms[i], weights[i] = columns[own[first + i]], values[first + i]
