"""Exact top-k by inner product over blocks of documents, compiled.

Block-max pruning (Mallia, Suel, Tonellotto, "Faster Learned Sparse Retrieval with Block-Max
Pruning", SIGIR 2024) with one level more: the bounds of 32 blocks together are looked at first
(Carlson et al., "Dynamic Superblock Pruning for Fast Learned Sparse Retrieval", SIGIR 2025), and
superblocks and blocks wait in one heap, so that the block with the highest bound is always the next
to be scored. A search ends when no bound left reaches the k-th best score. All weights are ≥ 0.
"""

from typing import Any, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from matcher.compiled import compiled
from matcher.index.instructions import (
    first_one,
    matches,
    ones,
    prefetch,
    smaller,
    zeros_before,
)

BLOCK: Final = 64
"""Documents of a block: the bits of one word of a mask."""
SUPER: Final = 32
"""Blocks of a superblock."""
TRIAL: Final = 8
"""Blocks that are scored, and some more for a large k, before it is said how many will be."""
TILE: Final = 4096
"""Blocks whose bounds are added up at once."""
STEP: Final = 4
"""Terms of a query that are looked up at once."""

Floats = NDArray[np.float32]
Ints = NDArray[np.int32]
Longs = NDArray[np.int64]
Real = float | np.floating[Any]
Words = NDArray[np.uint64]
"""One bit a document, a block to a word, or one bit a posting."""


class Postings(NamedTuple):
    """What the kernel reads. T terms, B blocks, G groups of terms, R runs, P postings.

    A run is what one term has in one block. Runs are stored by block and, in it, by term; the
    postings of a run follow each other in order of document.
    """

    runs: NDArray[np.int64]
    """(B + 1,): where the runs of each block begin."""
    starts: NDArray[np.int64]
    """(B + 1,): where the postings of each block begin."""
    groups: NDArray[np.uint16]
    """(B, G + 1, 2): where the runs and postings of each group begin, from those of the block."""
    terms: NDArray[np.uint16]
    """(R + 32,): each run's term, counted from the first of its group; the rest is padding."""
    places: NDArray[np.uint8]
    """(P,): the document of each posting, counted within its block."""
    ends: NDArray[np.uint64]
    """(P / 64 + 1,): one bit a posting, set for the last posting of each run."""
    weights: NDArray[np.float32]
    """(P,)"""
    scales: NDArray[np.float32]
    """(T,): a bound of 1 stands for this weight."""
    rows: NDArray[np.int32]
    """(T,): the row of ``dense`` that has the term's bounds, or -1: they are sparse."""
    dense: NDArray[np.uint8]
    """(D, B): bounds on the weights of frequent terms by block, rounded up; 0 where absent."""
    sparse: NDArray[np.int64]
    """(T + 1,): where the bounds of each other term begin."""
    blocks: NDArray[np.uint16]
    """The blocks in which a term occurs, ascending …"""
    bounds: NDArray[np.uint8]
    """… and the bounds on its weights there."""


class Found(NamedTuple):
    """The k best of a search, best first, and the work that it took."""

    documents: NDArray[np.int32]
    scores: NDArray[np.float32]
    blocks: int
    postings: int


@compiled()
def search(
    terms: Ints,
    weights: Floats,
    k: int,
    passing: Words,
    ranks: Ints,
    most: int,
    *arrays: NDArray[Any],
) -> tuple[Ints, Floats, int, int]:
    """The ``k`` best documents with a score > 0; of equal scores those of the lowest rank.

    ``terms`` (m,) ascend; ``weights`` (m,) are the query's, ≥ 0. Bit d of ``passing[b]`` says
    whether document 64 b + d may be found. ``ranks`` (64 B,) is the order of the documents' ids.
    If more than ``most`` blocks look as if they had to be scored, none is found, in -1 blocks.
    """
    postings = Postings(*arrays)
    order = strongest(weights * postings.scales[terms])
    terms, weights = terms[order], weights[order]
    n_blocks = len(postings.starts) - 1
    n_supers = (n_blocks + SUPER - 1) // SUPER
    rows = postings.rows[terms]
    bounds, present = block_bounds(postings, terms, weights, rows, passing)
    waiting = np.empty(n_supers + n_blocks, dtype=np.float32)
    numbers = np.empty(n_supers + n_blocks, dtype=np.int32)
    size = 0
    for number in range(n_supers):
        highest = highest_bound(bounds, number * SUPER, min((number + 1) * SUPER, n_blocks))
        if highest > 0.0:
            size = push(waiting, numbers, size, highest, number + n_blocks)
    best = np.empty(k, dtype=np.float32)
    found = np.empty(k, dtype=np.int32)
    scores = np.zeros(BLOCK, dtype=np.float64)
    spots = np.empty((STEP, 2), dtype=np.int64)
    here, shares = np.empty(len(terms), dtype=np.int32), np.empty(len(terms), dtype=np.float32)
    shift = group_shift(len(postings.scales), postings.groups.shape[1] - 1)
    count, blocks, touched = 0, 0, 0
    trial = TRIAL + k // (BLOCK // 4)
    while size > 0 and (count < k or waiting[0] >= best[0]):
        number = numbers[0]
        size = pop(waiting, numbers, size)
        least = best[0] if count == k else np.float32(0.0)
        if number >= n_blocks:
            first = (number - n_blocks) * SUPER
            for block in range(first, min(first + SUPER, n_blocks)):
                if bounds[block] > 0.0 and bounds[block] >= least:
                    size = push(waiting, numbers, size, bounds[block], block)
            continue
        several = those_here(postings, terms, weights, rows, number, present[number], here, shares)
        matters, work = score(
            postings,
            here[:several],
            shares[:several],
            shift,
            number,
            passing[number],
            bounds[number],
            least,
            scores,
            spots,
        )
        blocks, touched = blocks + 1, touched + work
        if matters:
            count = keep(scores, number, passing[number], ranks, k, best, found, count)
        if blocks == trial and promising(bounds, best[0] if count == k else np.float32(0.0)) > most:
            return found[:0], best[:0], -1, touched
    order = ranking(best[:count], ranks[found[:count]])
    return found[:count][order], best[:count][order], blocks, touched


@compiled()
def terms_of(
    columns: Ints, frequencies: Ints, asked: Ints, values: NDArray[Any]
) -> tuple[Ints, Floats, int]:
    """The terms of a query that occur, ascending, their weights and the sum of their frequencies.

    ``columns`` (T,) and ``frequencies`` (T,) are the segment's; ``asked`` need not ascend.
    """
    terms, weights = np.empty(len(asked), np.int32), np.empty(len(asked), np.float32)
    count, postings = 0, np.int64(0)
    for i in np.argsort(asked, kind="mergesort"):
        term = np.searchsorted(columns, asked[i])
        if term < len(columns) and columns[term] == asked[i]:
            terms[count], weights[count] = term, values[i]
            postings += frequencies[term]
            count += 1
    return terms[:count], weights[:count], int(postings)


@compiled()
def strongest(shares: Floats) -> Longs:
    """The order that puts the terms first which can give most; of equal ones it changes none."""
    return np.argsort(-shares, kind="mergesort")


@compiled()
def group_shift(terms: int, groups: int) -> int:
    """Bits of a term within its group: the fewest that leave no more groups than there are."""
    shift = 0
    while ((terms - 1) >> shift) >= groups:
        shift += 1
    return shift


@compiled()
def block_bounds(
    postings: Postings, terms: Ints, weights: Floats, rows: Ints, passing: Words
) -> tuple[Floats, Words]:
    """What no document of each block exceeds, 0 where none may be found, and sparse terms in it.

    Bit i % 64 of the word of a block is set if the i-th term occurs there.
    """
    bounds = np.zeros(len(postings.starts) - 1, dtype=np.float32)
    present = np.zeros(len(bounds), dtype=np.uint64)
    for i in range(len(terms)):
        if rows[i] < 0:
            prefetch(postings.blocks, postings.sparse[terms[i]])
            prefetch(postings.bounds, postings.sparse[terms[i]])
    for i in range(len(terms)):
        factor, bit = weights[i] * postings.scales[terms[i]], np.uint64(1) << np.uint64(i & 63)
        for at in range(postings.sparse[terms[i]], postings.sparse[terms[i] + 1]):
            bounds[postings.blocks[at]] += factor * np.float32(postings.bounds[at])
            present[postings.blocks[at]] |= bit
    for first in range(0, len(bounds), TILE):
        part = bounds[first : first + TILE]
        for i in range(len(terms)):
            if rows[i] >= 0:
                factor = weights[i] * postings.scales[terms[i]]
                add_scaled(part, factor, postings.dense[rows[i], first : first + TILE])
    lost = slack(len(terms))
    for block in range(len(bounds)):
        bounds[block] = bounds[block] * lost if passing[block] != 0 else np.float32(0.0)
    return bounds, present


@compiled()
def add_scaled(sums: Floats, factor: Real, codes: NDArray[np.uint8]) -> None:
    """Add so many times the factor."""
    for j in range(len(sums)):
        sums[j] += factor * np.float32(codes[j])


@compiled(fastmath={"nnan", "nsz"})
def highest_bound(bounds: Floats, first: int, last: int) -> Real:
    """The highest of some."""
    highest = np.float32(0.0)
    for block in range(first, last):
        highest = max(highest, bounds[block])
    return highest


@compiled()
def promising(bounds: Floats, least: Real) -> int:
    """How many bounds, of those above 0, reach ``least``."""
    count = 0
    for block in range(len(bounds)):
        count += bounds[block] >= least and bounds[block] > 0.0
    return count


@compiled()
def those_here(
    postings: Postings,
    terms: Ints,
    weights: Floats,
    rows: Ints,
    block: int,
    present: np.uint64,
    here: Ints,
    shares: Floats,
) -> int:
    """Put the terms that may occur in a block, and their weights, to the front; how many."""
    count = 0
    for i in range(len(terms)):
        if rows[i] >= 0:
            is_here = postings.dense[rows[i], block] != 0
        else:
            is_here = (present >> np.uint64(i & 63)) & np.uint64(1) != 0
        if is_here:
            here[count], shares[count] = terms[i], weights[i]
            count += 1
    return count


@compiled()
def slack(terms: int) -> np.float32:
    """What sums of this many float32 products may have lost by rounding, as a factor."""
    return np.float32(1.0 + (terms + 8) * 2.0**-23)


@compiled()
def score(
    postings: Postings,
    terms: Ints,
    weights: Floats,
    shift: int,
    block: int,
    passing: np.uint64,
    bound: Real,
    least: Real,
    scores: NDArray[np.float64],
    spots: Longs,
) -> tuple[bool, int]:
    """Fill ``scores`` with the exact scores of a block; whether any may reach ``least``, and work.

    The terms that can give most come first. Once what is left of the block's ``bound`` cannot lift
    the best of its documents in ``passing`` to ``least``, the rest is not looked at. ``spots``
    (STEP, 2) is room to work in.
    """
    places, values = postings.places, postings.weights
    scores[:] = 0.0
    touched, left = 0, np.float64(bound)
    ask_for_groups(postings, terms, shift, block)
    for begin in range(0, len(terms), STEP):
        some = terms[begin : begin + STEP]
        find(postings, some, shift, block, spots)
        for i in range(len(some)):
            weight, highest = np.float64(weights[begin + i]), np.float32(0.0)
            for at in range(spots[i, 0], spots[i, 1]):
                scores[places[at]] += weight * values[at]
                highest = max(highest, values[at])
            touched += spots[i, 1] - spots[i, 0]
            left -= weight * highest
        if highest_of(scores, passing) + left < least:
            return False, touched
    return True, touched


@compiled()
def highest_of(scores: NDArray[np.float64], passing: np.uint64) -> float:
    """The highest score of the documents that may be found."""
    if passing == ~np.uint64(0):
        return highest_of_all(scores)
    highest = 0.0
    while passing != 0:
        highest = max(highest, scores[first_one(passing)])
        passing &= passing - np.uint64(1)
    return highest


@compiled(fastmath={"nnan", "nsz"})
def highest_of_all(scores: NDArray[np.float64]) -> float:
    """The highest score; told that none is not a number, the compiler compares eight at once."""
    highest = 0.0
    for i in range(BLOCK):
        highest = max(highest, scores[i])
    return highest


@compiled()
def find(postings: Postings, terms: Ints, shift: int, block: int, spots: Longs) -> None:
    """Where the postings of each term in a block begin and end.

    Most of the time goes into waiting for memory, so each step asks for what the next one reads.
    """
    groups, stored, ends = postings.groups, postings.terms, postings.ends
    places, values = postings.places, postings.weights
    first_run, first_posting = postings.runs[block], postings.starts[block]
    for i in range(len(terms)):
        group = terms[i] >> shift
        prefetch(stored, first_run + groups[block, group, 0])
        prefetch(ends, (first_posting + groups[block, group, 1]) >> 6)
    for i in range(len(terms)):
        spots[i, 0] = spots[i, 1] = 0
        group = terms[i] >> shift
        wanted = terms[i] - (group << shift)
        run, end = first_run + groups[block, group, 0], first_run + groups[block, group + 1, 0]
        before = smaller_among(stored, run, end, wanted)
        if run + before < end and stored[run + before] == wanted:
            at = first_posting + groups[block, group, 1]
            spots[i, 0], spots[i, 1] = span(ends, at, before)
            prefetch(values, spots[i, 0])
            prefetch(places, spots[i, 0])


@compiled()
def ask_for_groups(postings: Postings, terms: Ints, shift: int, block: int) -> None:
    """Fetch what says where the groups of these terms begin in a block."""
    groups = postings.groups
    for i in range(len(terms)):
        prefetch(groups, (block * groups.shape[1] + (terms[i] >> shift)) * 2)


@compiled()
def smaller_among(stored: NDArray[np.uint16], first: int, end: int, value: int) -> int:
    """How many of ``stored[first:end]``, ascending, are less than ``value``."""
    count = 0
    for at in range(first, end, 32):
        kept = min(end - at, 32)
        mask = (np.uint64(1) << np.uint64(kept)) - np.uint64(1)
        count += ones(smaller(stored, at, value) & mask)
    return count


@compiled()
def span(ends: Words, at: int, before: int) -> tuple[int, int]:
    """Where a run begins and ends, which comes behind ``before`` others that begin at ``at``."""
    offset = np.uint64(at & 63)
    window = ends[at >> 6] >> offset
    if offset:
        window |= ends[(at >> 6) + 1] << (np.uint64(64) - offset)
    if ones(window) <= before:
        first = select(ends, at, before)
        return first, select(ends, first, 1)
    left = window
    for _ in range(before):
        left &= left - np.uint64(1)
    return at + 64 - zeros_before(window ^ left), at + first_one(left) + 1


@compiled()
def select(ends: Words, at: int, runs: int) -> int:
    """Where the next posting stands after this many runs that begin at ``at``."""
    if runs == 0:
        return at
    word = at >> 6
    bits = ends[word] >> np.uint64(at & 63) << np.uint64(at & 63)
    while True:
        if bits == 0:
            word += 1
            bits = ends[word]
            continue
        runs -= 1
        if runs == 0:
            return int((word << 6) + first_one(bits) + 1)
        bits &= bits - np.uint64(1)


@compiled()
def keep(
    scores: NDArray[np.float64],
    block: int,
    passing: np.uint64,
    ranks: Ints,
    k: int,
    best: Floats,
    found: Ints,
    count: int,
) -> int:
    """Put what is better than the k-th best into the heap of the best; its new size."""
    for place in range(BLOCK):
        value = np.float32(scores[place])
        if value <= 0.0 or (count == k and value < best[0]):
            continue
        if (passing >> np.uint64(place)) & np.uint64(1) == 0:
            continue
        document = block * BLOCK + place
        if count < k:
            best[count], found[count] = value, document
            count += 1
            rise(best, found, ranks, count - 1)
        elif worse(best[0], ranks[found[0]], value, ranks[document]):
            best[0], found[0] = value, document
            sink(best, found, ranks, count)
    return count


@compiled()
def worse(score: Real, rank: int, other_score: Real, other_rank: int) -> bool | np.bool_:
    """Whether a document comes behind another one."""
    return score < other_score or (score == other_score and rank > other_rank)


@compiled()
def rise(best: Floats, found: Ints, ranks: Ints, at: int) -> None:
    """Restore the heap, the worst on top, after something was put at its end."""
    while at > 0:
        above = (at - 1) >> 1
        if not worse(best[at], ranks[found[at]], best[above], ranks[found[above]]):
            return
        best[at], best[above] = best[above], best[at]
        found[at], found[above] = found[above], found[at]
        at = above


@compiled()
def sink(best: Floats, found: Ints, ranks: Ints, size: int) -> None:
    """Restore the heap after its top was replaced."""
    at = 0
    while True:
        below = 2 * at + 1
        if below >= size:
            return
        if below + 1 < size and worse(
            best[below + 1], ranks[found[below + 1]], best[below], ranks[found[below]]
        ):
            below += 1
        if not worse(best[below], ranks[found[below]], best[at], ranks[found[at]]):
            return
        best[at], best[below] = best[below], best[at]
        found[at], found[below] = found[below], found[at]
        at = below


@compiled()
def ranking(best: Floats, ranks: Ints) -> Longs:
    """The order that puts the best first, equal ones by rank."""
    order = np.argsort(ranks)
    return order[np.argsort(-best[order], kind="mergesort")]


@compiled()
def push(waiting: Floats, numbers: Ints, size: int, bound: Real, number: int) -> int:
    """Put a block or superblock into the heap of those that wait; its new size."""
    at = size
    while at > 0:
        above = (at - 1) >> 1
        if waiting[above] >= bound:
            break
        waiting[at], numbers[at] = waiting[above], numbers[above]
        at = above
    waiting[at], numbers[at] = bound, number
    return size + 1


@compiled()
def pop(waiting: Floats, numbers: Ints, size: int) -> int:
    """Take away the highest bound; the new size of the heap."""
    size -= 1
    bound, number, at = waiting[size], numbers[size], 0
    while True:
        below = 2 * at + 1
        if below >= size:
            break
        if below + 1 < size and waiting[below + 1] > waiting[below]:
            below += 1
        if waiting[below] <= bound:
            break
        waiting[at], numbers[at] = waiting[below], numbers[below]
        at = below
    waiting[at], numbers[at] = bound, number
    return size


@compiled()
def gather(documents: Longs, sizes: Longs, *arrays: NDArray[Any]) -> tuple[Longs, Ints, Floats]:
    """The rows of documents, which have ``sizes`` terms each: where they begin, terms, weights.

    The terms of a row ascend.
    """
    postings = Postings(*arrays)
    shift = group_shift(len(postings.scales), postings.groups.shape[1] - 1)
    ends = np.zeros(len(documents) + 1, dtype=np.int64)
    ends[1:] = np.cumsum(sizes)
    terms = np.empty(ends[-1], dtype=np.int32)
    weights = np.empty(ends[-1], dtype=np.float32)
    for i in range(len(documents)):
        row = slice(ends[i], ends[i + 1])
        gather_one(postings, documents[i], shift, terms[row], weights[row])
    return ends, terms, weights


@compiled()
def gather_one(postings: Postings, document: int, shift: int, terms: Ints, weights: Floats) -> None:
    """Fill the row of one document: its postings are found among those of its block, 64 at once."""
    block, place = document // BLOCK, document % BLOCK
    places, ends, values = postings.places, postings.ends, postings.weights
    stored, base = postings.terms, postings.runs[block]
    spots = np.empty(len(terms), dtype=np.int64)
    begin, run, count = postings.starts[block], np.int64(0), 0
    skipped = np.uint64(begin & 63)
    for word in range(begin >> 6, (postings.starts[block + 1] + 63) >> 6):
        bits, borders = matches(places, word << 6, place) >> skipped, ends[word] >> skipped
        first, skipped = (word << 6) + np.int64(skipped), np.uint64(0)
        while bits != 0 and count < len(terms):
            below = (bits & (~bits + np.uint64(1))) - np.uint64(1)
            terms[count] = run + ones(borders & below)
            spots[count] = first + ones(below)
            prefetch(values, spots[count])
            prefetch(stored, base + terms[count])
            count += 1
            bits &= bits - np.uint64(1)
        run += ones(borders)
    for i in range(count):
        weights[i] = values[spots[i]]
    name_terms(postings, block, shift, terms)


@compiled()
def name_terms(postings: Postings, block: int, shift: int, runs: Ints) -> None:
    """Put the terms of these runs of a block, ascending, in their place."""
    groups, stored, base = postings.groups[block], postings.terms, postings.runs[block]
    group = 0
    for i in range(len(runs)):
        run = runs[i]
        while groups[group + 1, 0] <= run:
            group += 1
        runs[i] = (group << shift) + stored[base + run]
