"""The loops of ``packing``, compiled: rows by document to runs by block."""

from typing import Final

import numpy as np
from numpy.typing import NDArray

from matcher.compiled import compiled
from matcher.index.postings import BLOCK, Floats, Ints, Longs, Real, Words

Shorts = NDArray[np.uint16]
Bytes = NDArray[np.uint8]
_NO_PLACE: Final = np.uint8(255)


@compiled()
def statistics(columns: Ints, weights: Floats, seen: Ints) -> tuple[Ints, Ints, Floats]:
    """The columns with weights > 0, ascending; of each their number and the highest (float32).

    ``seen`` (width,) are zeros, and are so again in the end: one that is made anew takes longer
    than to look through a few rows. All are empty if a weight is negative or no finite number.
    """
    most, count = min(len(columns), len(seen)), 0
    found, frequencies = np.empty(most, dtype=np.int32), np.zeros(most, dtype=np.int32)
    highest = np.zeros(most, dtype=np.float32)
    is_sound = True
    for at in range(len(columns)):
        weight = weights[at]
        is_sound &= 0.0 <= weight < np.inf
        if weight > 0.0:
            if seen[columns[at]] == 0:
                found[count] = columns[at]
                count += 1
                seen[columns[at]] = count
            number = seen[columns[at]] - 1
            frequencies[number] += 1
            highest[number] = max(highest[number], weight)
    for column in found[:count]:
        seen[column] = 0
    order = np.argsort(found[:count])[: count if is_sound else 0]
    return found[order], frequencies[order], highest[order]


@compiled()
def by_term(
    indptr: Ints, columns: Ints, weights: Floats, order: Longs, numbers: Ints, n_terms: int
) -> tuple[Longs, Ints, Floats]:
    """The postings of the rows ``order`` by term: where each begins, documents, weights."""
    starts = np.zeros(n_terms + 1, dtype=np.int64)
    for row in order:
        if row >= 0:
            for at in range(indptr[row], indptr[row + 1]):
                if weights[at] > 0.0:
                    starts[numbers[columns[at]] + 1] += 1
    starts = np.cumsum(starts)
    cursors = starts[:-1].copy()
    documents = np.empty(starts[-1], dtype=np.int32)
    values = np.empty(starts[-1], dtype=np.float32)
    for document in range(len(order)):
        row = order[document]
        if row >= 0:
            for at in range(indptr[row], indptr[row + 1]):
                if weights[at] > 0.0:
                    term = numbers[columns[at]]
                    documents[cursors[term]] = document
                    values[cursors[term]] = weights[at]
                    cursors[term] += 1
    return starts, documents, values


@compiled()
def by_block(
    starts: Longs, documents: Ints, values: Floats, n_blocks: int, n_groups: int, shift: int
) -> tuple[Longs, Longs, Shorts, Shorts, Bytes, Words, Floats]:
    """The same postings by block: runs, starts, groups, terms, places, ends and weights."""
    runs, firsts, groups = _counts(starts, documents, n_blocks, n_groups, shift)
    size = firsts[-1] + (-firsts[-1]) % 64  # so that the next range begins at a whole word
    terms = np.empty(runs[-1], dtype=np.uint16)
    places = np.full(size, _NO_PLACE, dtype=np.uint8)
    weights = np.zeros(size, dtype=np.float32)
    ends = np.zeros(size // 64, dtype=np.uint64)
    run, at = runs[:-1].copy(), firsts[:-1].copy()
    for term in range(len(starts) - 1):
        for posting in range(starts[term], starts[term + 1]):
            block = documents[posting] // BLOCK
            places[at[block]] = documents[posting] % BLOCK
            weights[at[block]] = values[posting]
            at[block] += 1
            is_last = posting + 1 == starts[term + 1] or documents[posting + 1] // BLOCK != block
            if is_last:
                terms[run[block]] = term - (term >> shift << shift)
                run[block] += 1
                end = at[block] - 1
                ends[end >> 6] |= np.uint64(1) << np.uint64(end & 63)
    firsts[-1] = size
    return runs, firsts, groups, terms, places, ends, weights


@compiled()
def _counts(
    starts: Longs, documents: Ints, n_blocks: int, n_groups: int, shift: int
) -> tuple[Longs, Longs, Shorts]:
    """Where the runs and postings of blocks and, within them, of groups of terms begin."""
    runs = np.zeros(n_blocks + 1, dtype=np.int64)
    firsts = np.zeros(n_blocks + 1, dtype=np.int64)
    groups = np.zeros((n_blocks, n_groups + 1, 2), dtype=np.uint16)
    for term in range(len(starts) - 1):
        group, before = (term >> shift) + 1, -1
        for posting in range(starts[term], starts[term + 1]):
            block = documents[posting] // BLOCK
            groups[block, group, 0] += block != before
            groups[block, group, 1] += 1
            before = block
    for block in range(n_blocks):
        for group in range(n_groups):
            groups[block, group + 1, 0] += groups[block, group, 0]
            groups[block, group + 1, 1] += groups[block, group, 1]
        runs[block + 1] = runs[block] + groups[block, n_groups, 0]
        firsts[block + 1] = firsts[block] + groups[block, n_groups, 1]
    return runs, firsts, groups


@compiled()
def runs_of_terms(runs: Longs, groups: Shorts, terms: Shorts, shift: int, n_terms: int) -> Longs:
    """In how many blocks each term occurs: int64 (T,)."""
    count = np.zeros(n_terms, dtype=np.int64)
    for block in range(len(groups)):
        for group in range(groups.shape[1] - 1):
            first = runs[block] + groups[block, group, 0]
            for run in range(first, runs[block] + groups[block, group + 1, 0]):
                count[(group << shift) + terms[run]] += 1
    return count


@compiled()
def bound(
    runs: Longs,
    starts: Longs,
    groups: Shorts,
    terms: Shorts,
    ends: Words,
    weights: Floats,
    shift: int,
    scales: Floats,
    rows: Ints,
    cursors: Longs,
    dense: Bytes,
    blocks: Shorts,
    bounds: Bytes,
) -> None:
    """Fill ``dense``, ``blocks`` and ``bounds`` with the highest weight of each run, rounded up."""
    for block in range(len(groups)):
        at = starts[block]
        for group in range(groups.shape[1] - 1):
            first = runs[block] + groups[block, group, 0]
            for run in range(first, runs[block] + groups[block, group + 1, 0]):
                highest = np.float32(0.0)
                while True:
                    highest = max(highest, weights[at])
                    at += 1
                    if ends[(at - 1) >> 6] >> np.uint64((at - 1) & 63) & np.uint64(1):
                        break
                term = (group << shift) + terms[run]
                code = rounded_up(highest, scales[term])
                if rows[term] >= 0:
                    dense[rows[term], block] = code
                else:
                    blocks[cursors[term]] = block
                    bounds[cursors[term]] = code
                    cursors[term] += 1


@compiled()
def rounded_up(weight: Real, scale: Real) -> int:
    """The least code 1 … 255 that stands for no less than ``weight``."""
    code = min(int(np.ceil(weight / scale)), 255)
    while code < 255 and np.float32(code) * scale < weight:
        code += 1
    return max(code, 1)
