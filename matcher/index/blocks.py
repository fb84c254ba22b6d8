"""The exact scores of the documents of a block: its terms are found, their postings added up."""

from typing import Final

import numpy as np
from numpy.typing import NDArray

from matcher.compiled import compiled
from matcher.index.instructions import first_one, ones, prefetch, smaller, zeros_before
from matcher.index.postings import BLOCK, Floats, Ints, Longs, Postings, Real, Scores, Words

STEP: Final = 4
"""Terms of a query that are looked up at once."""


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
def highest_of(scores: Scores, passing: np.uint64) -> Real:
    """The highest score of the documents that may be found."""
    if passing == ~np.uint64(0):
        return highest_of_all(scores)
    highest: Real = 0.0
    while passing != 0:
        highest = max(highest, scores[first_one(passing)])
        passing &= passing - np.uint64(1)
    return highest


@compiled(fastmath={"nnan", "nsz"})
def highest_of_all(scores: Scores) -> Real:
    """The highest score; told that none is not a number, the compiler compares eight at once."""
    highest: Real = scores[0]
    for i in range(BLOCK):
        highest = max(highest, scores[i])
    return highest


@compiled()
def ask_for_groups(postings: Postings, terms: Ints, shift: int, block: int) -> None:
    """Fetch what says where the groups of these terms begin in a block."""
    groups = postings.groups
    for i in range(len(terms)):
        prefetch(groups, (block * groups.shape[1] + (terms[i] >> shift)) * 2)


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
