"""The heap of the best documents, the worst of them on top, and that of the blocks that wait."""

import numpy as np

from matcher.compiled import compiled
from matcher.index.postings import BLOCK, Floats, Ints, Longs, Real, Scores


@compiled()
def keep(
    scores: Scores,
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
        count = offer(value, block * BLOCK + place, ranks, k, best, found, count)
    return count


@compiled()
def offer(
    score: Real, document: int, ranks: Ints, k: int, best: Floats, found: Ints, count: int
) -> int:
    """Put a document into the heap if it is one of the k best; its new size."""
    if count < k:
        best[count], found[count] = score, document
        rise(best, found, ranks, count)
        return count + 1
    if worse(best[0], ranks[found[0]], score, ranks[document]):
        best[0], found[0] = score, document
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
